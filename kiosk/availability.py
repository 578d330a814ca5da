"""What each service can do at this moment, computed from network, devices, supplies and what waits to be settled.

The home screen shows it before a person has spent a minute on a service that would fail at its last step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from config.catalogue import Catalogue
from config.catalogue.models import Service
from config.faults import ANY, load_faults
from kiosk.flow.state import ServiceState, World
from kiosk.supplies import PAPER_WORDS, paper_states

_WELL = "online"
_USABLE_SUPPLIES = ("full", "low", "unknown")
"""Paper that is low still prints; paper nobody can sense is tried."""
NOT_HERE = "notHere"
"""Why a service is closed of whose devices this terminal has none: nothing is broken, so nothing is announced."""
_NO_FAULT = ("none", "unknown")
CABINET_OPEN: Final = "cabinetOpen"


def device_faults(device: str, details: Mapping[str, object]) -> list[str]:
    """Every fault that a device's status tells of, by its code in ``config.faults``."""
    found = [] if device == _WELL else [device]
    found += [
        PAPER_WORDS.get(state, state) for state in paper_states(details) if state not in _USABLE_SUPPLIES
    ]
    stopped = [code for part, fact, value, code in _STOPS if _fact(details, part, fact) == value]
    found += [fault for fault in dict.fromkeys([*card_faults(details), *stopped]) if fault not in found]
    job = details.get("paperJob")
    fault = job.get("fault") if isinstance(job, Mapping) else None
    if isinstance(fault, str) and fault not in (*_NO_FAULT, *found):
        found.append(fault)
    return found


_STOPS: Final = (
    ("printer", "media", "jammed", "mediaJammed"),
    ("printer", "toner", "out", "tonerOut"),
    ("printer", "ink", "out", "inkOut"),
    ("paperJob", "cover", "open", "coverOpen"),
    ("paperJob", "cutter", "jammed", "cutterError"),
    ("cardReader", "media", "jammed", "mediaJam"),
    ("common", "exchange", "active", "exchangeActive"),
    ("invoiceDispenser", "cover", "open", "coverOpen"),
    ("invoiceDispenser", "media", "jammed", "jammed"),
    ("invoiceDispenser", "rejectBin", "full", "rejectBinFull"),
    ("invoiceDispenser", "retractBin", "full", "retractBinFull"),
    ("documentScanner", "cover", "open", "coverOpen"),
    ("documentScanner", "media", "jammed", "mediaJammed"),
    ("documentScanner", "mediaFeeder", "inoperative", "feederInop"),
    ("stampUnit", "cover", "open", "coverOpen"),
    ("stampUnit", "media", "jammed", "mediaJammed"),
    ("stampUnit", "ink", "out", "inkOut"),
)
"""Part, fact and value of a status (XFS4IoT's and ours), and the code of ``config.faults`` for it: another vendor's
service tells these, and no fault of a job."""


def _fact(details: Mapping[str, object], part: str, fact: str) -> object:
    told = details.get(part)
    return told.get(fact) if isinstance(told, Mapping) else None


def motion_blocked(details: Mapping[str, object]) -> bool:
    """Whether the cabinet's board says that nothing with moving parts may run: a door is open."""
    return _fact(details, "cabinetBoard", "motion") == "blocked"


def stops_with_doors(role: str) -> bool:
    """Whether the role is closed while a door of the cabinet is open."""
    row = load_faults().row(role, CABINET_OPEN)
    return row is not None and row.closes


def card_faults(details: Mapping[str, object]) -> list[str]:
    """Why a card terminal takes no card now, by its status ``paymentTerminal``; what it does not say is no fault."""
    told = details.get("paymentTerminal")
    if not isinstance(told, Mapping):
        return []
    return [
        code
        for code, stands in {
            "hostUnreachable": told.get("link") == "offline",
            "batchClosed": told.get("batch") == "closed",
            "paperOut": told.get("paper") == "out",
            "unresolvedPayment": bool(told.get("unresolved")),
        }.items()
        if stands
    ]


def device_usable(device: str, details: Mapping[str, object], role: str = ANY) -> bool:
    """Whether a device can serve: nothing that it tells of closes its role."""
    return not closing_faults(role, device, details)


def closing_faults(role: str, device: str, details: Mapping[str, object]) -> list[str]:
    """Every fault that a device's status tells of and that closes its role, by its code in ``config.faults``."""
    faults = load_faults()
    return [code for code in device_faults(device, details) if faults.closes(role, code)]


def device_word(role: str, device: str, details: Mapping[str, object]) -> str:
    """A device's state in one word for the centre's staff: XFS4IoT's, a wrong service, or what a well one lacks.

    One that calls itself well is told by its paper, else by what closes its role: it never reads as well while it
    serves nobody.
    """
    connection = details.get("connection")
    if isinstance(connection, Mapping) and connection.get("lacking"):
        return "wrongService"
    if device != _WELL:
        return device
    states = paper_states(details)
    papers = [word for state, word in PAPER_WORDS.items() if state in states]
    stops = [*(word for word in papers if word != PAPER_WORDS["low"]), *closing_faults(role, device, details)]
    return next(iter([*stops, *papers]), device)


def card_lies(details: Mapping[str, object]) -> bool | None:
    """Whether the ID reader has a card on it; None when it does not say."""
    reader = details.get("cardReader")
    media = reader.get("media") if isinstance(reader, Mapping) else None
    return {"present": True, "notPresent": False}.get(str(media))


def service_state(
    service: Service,
    online: bool,
    devices: Mapping[str, bool],
    units: Sequence[Mapping[str, object]],
    unsettled_collection: bool,
    overdue: bool = False,
) -> ServiceState:
    """Full, degraded (with what is missing), or not now (with why).

    A helpful role that ``devices`` does not name is none of this terminal's: nothing is missing.
    """
    for role in service.devices.required:
        if not devices.get(role, False):
            return ServiceState(False, role)
    choices = [[role] for role in service.devices.fitted] + [service.devices.one_of]
    for choice in filter(None, choices):
        if not any(devices.get(role) for role in choice):
            return ServiceState(False, next((role for role in choice if role in devices), NOT_HERE))
    if not online and service.offline == "online":
        return ServiceState(False, "network")
    if not online and overdue and service.offline == "queue":
        return ServiceState(False, "overdue")
    if "invoiceDispenser" in service.devices.required:
        if unsettled_collection:
            return ServiceState(False, "unsettled")
        if not any(unit.get("count") for unit in units):
            return ServiceState(False, "stock")
    missing = next((role for role in service.devices.helpful if devices.get(role) is False), "")
    return ServiceState(True, degraded=missing)


def world(
    catalogue: Catalogue,
    online: bool,
    devices: Mapping[str, bool],
    units: Sequence[Mapping[str, object]] = (),
    unsettled_collection: bool = False,
    out_of_service: str = "",
    *,
    overdue: bool = False,
    card: bool | None = None,
) -> World:
    """All of it as the flow sees it."""
    services = {
        service_id: service_state(
            catalogue[service_id].service, online, devices, units, unsettled_collection, overdue
        )
        for service_id in catalogue
    }
    return World(
        online=online,
        services=services,
        devices=dict(devices),
        units=tuple(units),
        out_of_service=out_of_service,
        card=card,
    )
