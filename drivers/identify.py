"""Shows which piece of hardware plays a role: it prints, lights up, or is found by pulling its cable."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from drivers import bench
from drivers.bench_paper import test_page
from drivers.client import DeviceHub, PaperClient
from drivers.client.errors import DeviceCommandFailed, DeviceUnavailable

SHOW_S: Final = 5.0
PULL_S: Final = 60.0
"""How long a person has to find the cable and pull it."""
_AWAY: Final = ("noDevice", "offline", "powerOff")

Say = Callable[[str], None]


async def identify(hub: DeviceHub, role: str, say: Say, pull_s: float = PULL_S) -> bool:
    """Let the device of ``role`` show itself; whether it did."""
    state = await bench.ready(hub, role)
    if state not in ("online", "deviceBusy"):
        say(f"{role} is {state}: nothing to be seen of it; check its power and cable")
        return False
    act = _SHOWS.get(role)
    if act is None:
        return await _pulled(hub, role, say, pull_s)
    say(await act(hub, role))
    return True


async def _slip(hub: DeviceHub, role: str) -> str:
    lines = [{"type": "title", "text": role}, {"type": "text", "text": "本机 / this one", "align": "center"}]
    await PaperClient(hub, role).print_receipt(f"identify-{uuid.uuid4()}", lines, 30.0)
    return "it has printed a slip with its role"


async def _page(hub: DeviceHub, role: str) -> str:
    await PaperClient(hub, role).print_pdf(f"identify-{uuid.uuid4()}", "identify", test_page(), 90.0)
    return "it has printed a test page"


async def _light(hub: DeviceHub, role: str) -> str:
    try:
        await hub.request(role, "BarcodeReader.Read", {}, SHOW_S)
    except DeviceCommandFailed as error:
        if error.completion_code != "timeOut":
            raise
    return f"its light was on for {SHOW_S:.0f} s"


async def _lens(hub: DeviceHub, role: str) -> str:
    end = asyncio.get_running_loop().time() + SHOW_S
    while asyncio.get_running_loop().time() < end:
        await hub.request(role, "Camera.TakePicture", {"camera": "person"}, 10.0)
    return f"it has filmed for {SHOW_S:.0f} s: the light beside its lens was on"


_SHOWS: Final[Mapping[str, Callable[[DeviceHub, str], Awaitable[Any]]]] = {
    "receiptPrinter": _slip,
    "documentPrinter": _page,
    "barcodeReader": _light,
    "faceCamera": _lens,
}
"""Roles whose device can show itself without moving anything of value. Any other is found by its cable."""


async def _pulled(hub: DeviceHub, role: str, say: Say, pull_s: float) -> bool:
    """A device that can neither print nor light up: pull the cable that you think is its."""
    say(f"within {pull_s:.0f} s pull the cable of what you think is the {role}, and put it back")
    try:
        async with asyncio.timeout(pull_s):
            while hub.status(role).device not in _AWAY:
                await asyncio.sleep(0.05)
            say(f"that is the {role}: it is away now; put its cable back")
            while hub.status(role).device in (*_AWAY, "unknown", "starting"):
                await asyncio.sleep(0.05)
    except TimeoutError:
        say(f"the {role} is {hub.status(role).device}; another cable was pulled, or none was put back")
        return False
    except DeviceUnavailable as error:
        say(str(error))
        return False
    say(f"the {role} is back")
    return True
