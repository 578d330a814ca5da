"""Shows which piece of hardware plays a role: it prints, lights up, or is found by pulling its cable."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from drivers import bench
from drivers.bench_advice import advice
from drivers.bench_paper import test_page
from drivers.client import DeviceHub, PaperClient
from drivers.client.errors import DeviceCommandFailed
from drivers.ports import PrintOutcome, PrintResult

SHOW_S: Final = 5.0
PULL_S: Final = 60.0
"""How long a person has to find the cable and pull it, and as long again to put it back."""
_AWAY: Final = ("noDevice", "offline", "powerOff")
_UNTOLD: Final = ("unknown", "starting")
_WELL: Final = ("online", "deviceBusy")

Say = Callable[[str], None]
Shows = Callable[[DeviceHub, str, Say], Awaitable[bool]]


async def identify(
    hub: DeviceHub, role: str, say: Say, pull_s: float = PULL_S, *, by_cable: bool = False
) -> bool:
    """Let the device of ``role`` show itself; whether it did.

    One that waits for a hand, such as a printer with its cover open, and any one with ``by_cable``, is found by its
    cable.
    """
    state = str((await bench.status(hub, [role], bench.WAIT_S))[role]["device"])
    if state in (*_AWAY, *_UNTOLD):
        say(f"{role} is {state}: nothing to be seen of it; {advice(role, state)}")
        return False
    act = None if by_cable else _SHOWS.get(role)
    if act is not None and state in _WELL:
        return await act(hub, role, say)
    if act is not None:
        say(f"{role} is {state}, so it cannot show itself; {advice(role, state)}")
    return await _pulled(hub, role, say, pull_s)


async def _slip(hub: DeviceHub, role: str, say: Say) -> bool:
    say(f"the {role} prints a slip with its role")
    lines = [{"type": "title", "text": role}, {"type": "text", "text": "本机 / this one", "align": "center"}]
    return _printed(
        hub, role, say, await PaperClient(hub, role).print_receipt(f"identify-{uuid.uuid4()}", lines, 30.0)
    )


async def _page(hub: DeviceHub, role: str, say: Say) -> bool:
    say(f"the {role} prints a test page")
    key = f"identify-{uuid.uuid4()}"
    return _printed(
        hub, role, say, await PaperClient(hub, role).print_pdf(key, "identify", test_page(), 90.0)
    )


def _printed(hub: DeviceHub, role: str, say: Say, result: PrintResult) -> bool:
    """Whether paper came out of it for certain, and what to do when not."""
    if result.outcome is PrintOutcome.PRINTED:
        say("it has printed")
        return True
    cause = f" ({result.error_code})" if result.error_code else ""
    what = advice(role, hub.status(role).device) or "look at its paper, or find it by its cable (--cable)"
    say(f"its paper is {result.outcome}{cause}: {what}")
    return False


async def _light(hub: DeviceHub, role: str, say: Say) -> bool:
    say(f"look: for {SHOW_S:.0f} s the light of the {role} is on")
    end = asyncio.get_running_loop().time() + SHOW_S
    while (left := end - asyncio.get_running_loop().time()) > 0:  # a code shown to it puts the light out
        try:
            await hub.request(role, "BarcodeReader.Read", {}, left)
        except DeviceCommandFailed as error:
            if error.completion_code != "timeOut":
                raise
            break
    say(
        "its light is as before; one that lights up by itself has shown nothing: find it by its cable (--cable)"
    )
    return True


async def _lens(hub: DeviceHub, role: str, say: Say) -> bool:
    say(f"look: for {SHOW_S:.0f} s the {role} films, and the light beside its lens is on")
    end = asyncio.get_running_loop().time() + SHOW_S
    while asyncio.get_running_loop().time() < end:
        await hub.request(role, "Camera.TakePicture", {"camera": "person"}, 10.0)
    say("it films no more; one without a light is found by its cable (--cable)")
    return True


_SHOWS: Final[Mapping[str, Shows]] = {
    "receiptPrinter": _slip,
    "documentPrinter": _page,
    "barcodeReader": _light,
    "faceCamera": _lens,
}
"""Roles whose device can show itself without moving anything of value. Any other is found by its cable."""


async def _pulled(hub: DeviceHub, role: str, say: Say, pull_s: float) -> bool:
    """A device that can neither print nor light up: pull the cable that you think is its."""
    say(
        f"within {pull_s:.0f} s pull the cable of what you think is the {role}, and leave it out until it is named"
    )
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(pull_s):
            await _gone(hub, role, say)
    if hub.status(role).device not in _AWAY:
        say(f"the {role} is {hub.status(role).device}: its cable was not pulled")
        return False
    say(f"that is the {role}: it is away now; put its cable back within {pull_s:.0f} s")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(pull_s):
            while hub.status(role).device in (*_AWAY, *_UNTOLD):
                await asyncio.sleep(0.05)
    if (state := hub.status(role).device) in (*_AWAY, *_UNTOLD):
        say(f"the {role} was found, but is still {state}: {advice(role, state)}")
        return False
    say(f"the {role} is back")
    return True


async def _gone(hub: DeviceHub, role: str, say: Say) -> None:
    """Wait until the device is away; tell whose cable it was when another one goes."""
    there: set[str] = set()
    while hub.status(role).device not in _AWAY:
        for other in hub.roles():
            state = hub.status(other).device
            if state not in (*_AWAY, *_UNTOLD):
                there.add(other)
            elif state in _AWAY and other in there:
                there.remove(other)
                say(f"that is the {other}, not the {role}: put its cable back and pull another one")
        await asyncio.sleep(0.05)
