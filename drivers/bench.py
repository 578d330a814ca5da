"""What a technician asks of the running device program: how things stand, does it work, load it, unlock it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from config.role_tokens import read_tokens
from config.settings import DevicesSettings
from drivers.bench_paper import TEST_RECEIPT, test_page
from drivers.client import (
    AuxiliariesClient,
    BarcodeClient,
    DeviceHub,
    DispenserClient,
    DocumentCameraClient,
    DocumentScannerClient,
    IdCardReaderClient,
    InvoicePrinterClient,
    LightsClient,
    MrzClient,
    PaperClient,
    PinPadClient,
    SignaturePadClient,
    SmartCardClient,
    StampClient,
    UpsClient,
)
from drivers.client.answers import understood
from drivers.client.documents import SeenPage
from drivers.client.errors import AnswerNotUnderstood, DeviceClientError, DeviceCommandFailed
from drivers.ports import PrintOutcome
from drivers.ports_documents import PageOrder
from drivers.services.classes import CLASSES
from drivers.transports.link import Tap
from drivers.xfs.auth import OPERATOR, token_of

WAIT_S: Final = 20.0
_WELL: Final = ("online", "deviceBusy")
_HEALTH: Final = "Supervision.GetHealth"
_RECONNECT: Final = "Supervision.Reconnect"
CONNECTED: Final = "connected"
"""The first thing tried of every device."""
HAND_S: Final = 20.0
"""How long a person has to lay a card down or show a code."""
LOOK_S: Final = 3.0
"""How long all lights stay on for a look."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried."""

    name: str
    ok: bool
    detail: str = ""
    code: str = ""
    """What went wrong, in the interface's own word; empty when nothing did."""
    seconds: float = 0.0


class TrialError(Exception):
    """A device did what it was asked, but not well; ``code`` is the interface's word for it."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


def code_of(error: DeviceClientError | TrialError) -> str:
    """The interface's word for what went wrong: the command's own, else the completion's, else that nobody is there.

    A service that answers what is not of its interface has a fault of its own.
    """
    if isinstance(error, TrialError):
        return error.code
    if isinstance(error, DeviceCommandFailed):
        return error.error_code or error.completion_code
    return "internalError" if isinstance(error, AnswerNotUnderstood) else "deviceOffline"


@asynccontextmanager
async def bench(settings: DevicesSettings, taps: Mapping[str, Tap] | None = None) -> AsyncIterator[DeviceHub]:
    """A hub with the operator's token, ``taps`` in the lines of other publishers; raise ``TokenFileError``."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    uri = f"ws://{host}:{settings.port}/xfs4iot/v1.0"
    elsewhere = {str(role): address for role, address in settings.roles.items()}
    theirs = read_tokens(settings.role_token_files)
    hub = DeviceHub(uri, token_of(settings.token_file, OPERATOR), elsewhere, taps, theirs)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.close()


async def ready(hub: DeviceHub, role: str, wait_s: float = WAIT_S) -> str:
    """The device's state once it is well, or the last one after ``wait_s`` seconds."""
    await _told(hub, lambda: hub.status(role).device in _WELL, wait_s)
    return hub.status(role).device


async def connected(hub: DeviceHub, role: str, wait_s: float = WAIT_S) -> bool:
    """Whether the device is well, or becomes it within ``wait_s`` seconds: before, nobody need lay anything down."""
    return await ready(hub, role, wait_s) in _WELL


async def status(hub: DeviceHub, roles: list[str], wait_s: float = 5.0) -> dict[str, dict[str, Any]]:
    """Status, age and health of each role; those that are still looked for get ``wait_s`` seconds."""
    await _told(
        hub, lambda: all(hub.status(role).device not in ("unknown", "starting") for role in roles), wait_s
    )
    found: dict[str, dict[str, Any]] = {}
    for role in roles:
        known = hub.status(role)
        age = None if known.age_s == float("inf") else round(known.age_s, 3)
        found[role] = {"device": known.device, "age_s": age, "details": dict(known.details)}
        try:
            found[role]["health"] = await hub.request(role, _HEALTH, {}, 5.0)
        except DeviceClientError as error:
            found[role]["health"] = {"cause": str(error)}
    return found


async def _told(hub: DeviceHub, holds: Callable[[], bool], within_s: float) -> bool:
    """Wait until what the hub tells makes ``holds`` true; whether it did within ``within_s`` seconds."""
    news = asyncio.Event()
    stop = hub.on_change(lambda _role, _status: news.set())
    try:
        async with asyncio.timeout(within_s):
            while not holds():
                news.clear()
                await news.wait()
    except TimeoutError:
        return holds()
    finally:
        stop()
    return True


async def try_out(hub: DeviceHub, role: str, *, paper: bool, hand: bool) -> list[Check]:
    """Try a device: without ``paper`` nothing is printed, without ``hand`` nobody has to do anything."""
    began = time.monotonic()
    state = await ready(hub, role)
    checks = [Check(CONNECTED, state in _WELL, state, seconds=time.monotonic() - began)]
    if not checks[0].ok:
        return checks
    for name, act in _trials(hub, role, paper, hand):
        began = time.monotonic()
        try:
            with understood(role, name):
                ok, detail, code = True, await act(), ""
        except (DeviceClientError, TrialError) as error:
            ok, detail, code = False, str(error), code_of(error)
        checks.append(Check(name, ok, detail, code, time.monotonic() - began))
    return checks


def can_try(hub: DeviceHub, role: str, *, paper: bool, hand: bool) -> bool:
    """Whether anything is asked of the device itself, beyond what its service said last."""
    return bool(_trials(hub, role, paper, hand))


async def overview(hub: DeviceHub, roles: list[str]) -> dict[str, dict[str, Any]]:
    """Of each role: its XFS4IoT class, state, age, who drives it and what is due."""
    found = await status(hub, roles, 3.0)
    for role, facts in found.items():
        facts["class"] = None
        with contextlib.suppress(DeviceClientError):
            told = await hub.request(role, "Common.Capabilities", {}, 5.0)
            names = [str(interface["name"]) for interface in told["interfaces"]]
            facts["class"] = next(
                (_WRITTEN.get(n.lower(), n) for n in names if n.lower() not in _OF_ALL), None
            )
    return found


_OF_ALL: Final = frozenset({"common", "supervision", "care"})
"""Interfaces that every service has. Some services of others write their names in small letters."""
_WRITTEN: Final = {name.lower(): name for name in CLASSES.values()}


def _trials(
    hub: DeviceHub, role: str, paper: bool, hand: bool
) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    async def ask(command: str, body: Mapping[str, Any], limit: float = 15.0) -> Mapping[str, Any]:
        return await hub.request(role, command, body, limit)

    async def sam() -> str:
        told = await ask("CardReader.QueryIFMIdentifier", {})
        return ", ".join(map(str, told["ifmIdentifiers"].values()))

    async def card() -> str:
        await IdCardReaderClient(hub, role).read_card(HAND_S)
        return "a card was read"

    async def picture() -> str:
        taken = await ask("Camera.TakePicture", {"camera": "person"})
        return f"{len(str(taken.get('pictureFile', ''))) * 3 // 4} bytes"

    async def code() -> str:
        return (await BarcodeClient(hub, role).read(HAND_S)).symbology

    async def answer_to_reset() -> str:
        return (await SmartCardClient(hub, role).read_atr(HAND_S)).hex(" ").upper()

    async def lamps() -> str:
        lit = await LightsClient(hub, role).all_on()
        await asyncio.sleep(LOOK_S)
        await LightsClient(hub, role).all_off()
        return f"{len(lit)} lights were on for {LOOK_S:.0f} s"

    async def sensors() -> str:
        told = AuxiliariesClient(hub, role).state()
        return ", ".join(f"{name} {value}" for name, value in told.items() if isinstance(value, str | int))

    async def alarms() -> str:
        events = await AuxiliariesClient(hub, role).events(5)
        return "; ".join(f"{e['at']} {e['sensor']} {e['value']}" for e in events) or "none so far"

    async def battery() -> str:
        told = await UpsClient(hub, role).read()
        return ", ".join(f"{name} {value}" for name, value in told.items())

    async def stamp() -> str:
        told = await StampClient(hub, role).stamp(f"bench-{uuid.uuid4()}")
        if told["outcome"] != "stamped":
            raise TrialError(str(told["outcome"]), str(told.get("errorCode") or "hardwareError"))
        return f"{told['impressions']} impressions"

    async def signature() -> str:
        nothing = hashlib.sha256(b"bench").digest()
        signed = await SignaturePadClient(hub, role).sign(nothing, HAND_S)
        return f"{len(signed.compact)} bytes, whole"

    async def held() -> str:
        return ", ".join(await PinPadClient(hub, role).keys()) or "no keys: load them"

    async def typed() -> str:
        entry = await PinPadClient(hub, role).type_digits(6, HAND_S)
        return f"{len(entry.digits)} digits, {entry.completion}"

    async def batch() -> str:
        told = await ask("PaymentTerminal.GetTotals", {})
        return f"batch {told['batch']}, {'as' if told['agrees'] else 'NOT as'} in our book"

    async def forms() -> str:
        return ", ".join(await InvoicePrinterClient(hub, role).forms())

    async def alignment() -> str:
        await InvoicePrinterClient(hub, role).print_alignment(90.0)
        return "printed; measure it"

    async def sheet() -> str:
        return _seen(await DocumentScannerClient(hub, role).scan(PageOrder(), HAND_S))

    async def page_seen() -> str:
        return _seen([await DocumentCameraClient(hub, role).read(PageOrder(), HAND_S)])

    async def zone() -> str:
        told = await MrzClient(hub, role).read(HAND_S)
        return f"{told['layout']} of {told['issuer']}"

    async def page() -> str:
        client = PaperClient(hub, role)
        key = f"bench-{uuid.uuid4()}"
        if role == "documentPrinter":
            result = await client.print_pdf(key, "test-page", test_page(), 90.0)
        else:
            result = await client.print_receipt(key, TEST_RECEIPT, 30.0)
        if result.outcome is not PrintOutcome.PRINTED:
            raise TrialError(f"{result.outcome}: {result.error_code}", result.error_code or "hardwareError")
        return f"{result.sheets} sheets"

    async def units() -> str:
        found = await DispenserClient(hub).ranges()
        return "; ".join(f"{name}: {unit['count']} left, {unit['status']}" for name, unit in found.items())

    trials: dict[str, list[tuple[str, Callable[[], Awaitable[str]], bool]]] = {
        "idReader": [("security module", sam, True), ("card", card, hand)],
        "receiptPrinter": [("test slip", page, paper)],
        "documentPrinter": [("test page", page, paper)],
        "invoiceDispenser": [("units", units, True)],
        "barcodeReader": [("code", code, hand)],
        "signaturePad": [("signature", signature, hand)],
        "pinPad": [("keys", held, True), ("entry", typed, hand)],
        "invoicePrinter": [("forms", forms, True), ("alignment page", alignment, paper and hand)],
        "smartCardReader": [("answer to reset", answer_to_reset, hand)],
        "auxiliaries": [("lights", lamps, True), ("sensors", sensors, True), ("alarms", alarms, True)],
        "ups": [("battery", battery, True)],
        "stampUnit": [("test stamp", stamp, paper and hand)],
        "paymentTerminal": [("batch", batch, True)],
        "faceCamera": [("picture", picture, True)],
        "documentScanner": [("sheet", sheet, hand)],
        "documentCamera": [("page", page_seen, hand)],
        "mrzReader": [("zone", zone, hand)],
    }
    return [(name, act) for name, act, wanted in trials.get(role, []) if wanted]


RESETS: Final[Mapping[str, str]] = {
    "idReader": "CardReader.Reset",
    "receiptPrinter": "Printer.Reset",
    "documentPrinter": "Printer.Reset",
    "invoiceDispenser": "InvoiceDispenser.Reset",
    "barcodeReader": "BarcodeReader.Reset",
    "faceCamera": "Camera.Reset",
    "documentScanner": "DocumentScanner.Reset",
    "documentCamera": "DocumentCamera.Reset",
    "mrzReader": "MrzReader.Reset",
    "smartCardReader": "CardReader.Reset",
    "signaturePad": "SignaturePad.Reset",
    "pinPad": "Keyboard.Reset",
    "paymentTerminal": "PaymentTerminal.Reset",
    "invoicePrinter": "Printer.Reset",
    "auxiliaries": "CabinetBoard.Reset",
    "ups": _RECONNECT,
    "stampUnit": "StampUnit.Reset",
    "watchdog": _RECONNECT,
}


REACHED_S: Final = 5.0
"""How long a device's service may take to be found."""
OPENED_S: Final = 35.0
"""Closing a device and opening it may take 15 s each (``supervision.Policy.open_s``)."""
LOOK_EVERY_S: Final = 0.1
"""Between two questions for what no event tells: the age of a status, and whether a device was tried."""
SEEN_S: Final = 5.0
"""How long a device may take to say how it is after a reset: it is asked every second or two."""


async def reset(hub: DeviceHub, role: str, seen_s: float = SEEN_S) -> str:
    """Bring a device back to a known state, as after a jam was cleared; one that is not connected is opened first.

    Gives the device's state, if it has told it since, ``seen_s`` seconds at most; ``unknown`` when it has not.
    Raise ``DeviceClientError`` when the reset fails or there is no such service.
    """
    health = await _health(hub, role)
    if RESETS[role] == _RECONNECT or (health is not None and health["state"] != "online"):
        await reconnect(hub, role)
    if RESETS[role] != _RECONNECT:
        await hub.request(role, RESETS[role], {}, 45.0)
    return await _state_since(hub, role, time.monotonic(), seen_s)


async def reconnect(hub: DeviceHub, role: str, within_s: float = OPENED_S) -> str:
    """Close and open a device again, also one that is left alone since it fell too often.

    Gives the device's state once that was tried, or the last one after ``within_s`` seconds. Raise
    ``DeviceClientError`` when there is no such service, or one of another publisher that has no such command.
    """
    before = await _tries(hub, role)
    await hub.request(role, _RECONNECT, {}, 10.0)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while await _tries(hub, role) == before:
                await asyncio.sleep(LOOK_EVERY_S)
    return hub.status(role).device


async def _tries(hub: DeviceHub, role: str) -> int:
    """How often it was tried to connect the device; 0 from a service that does not count."""
    return int((await _health(hub, role) or {}).get("tries") or 0)


async def _health(hub: DeviceHub, role: str) -> Mapping[str, Any] | None:
    """How the watching of a role's device goes; None from a service that is not ours.

    Raise ``DeviceUnavailable`` when none plays the role within ``REACHED_S``, ``DeviceTimeout``.
    """
    await _told(hub, lambda: hub.status(role).age_s < float("inf"), REACHED_S)
    try:
        return await hub.request(role, _HEALTH, {}, 5.0)
    except DeviceCommandFailed:
        return None


async def _state_since(hub: DeviceHub, role: str, moment: float, within_s: float) -> str:
    """The state that the device has confirmed after ``moment``; ``unknown`` if it has not by ``within_s`` seconds."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                asked = time.monotonic()  # an age is that of when it was told, at this moment or later
                health = await _health(hub, role)
                age = hub.status(role).age_s if health is None else (health["ageMs"] + 1) / 1000
                if age < asked - moment:
                    return hub.status(role).device
                await asyncio.sleep(LOOK_EVERY_S)
    except TimeoutError:
        return "unknown"


def _seen(pages: Sequence[SeenPage]) -> str:
    """What came, without showing it."""
    return ", ".join(f"{one.side} {one.width} x {one.height}, {len(one.codes)} codes" for one in pages)
