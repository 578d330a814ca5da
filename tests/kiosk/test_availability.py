from __future__ import annotations

from typing import Any

import pytest

from config.faults import load_faults
from kiosk import availability
from kiosk.availability import device_faults, device_usable
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent
from kiosk.flow.frame import GROUP
from kiosk.flow.pages import Choice, HomePage
from kiosk.flow.state import FlowState, Phase, ServiceState, WorldChanged
from kiosk.watch import AT_CHOICE, ROLES
from tests.kiosk.flow.visitor import UNITS, surroundings
from tests.shipped import CATALOGUE

FULL = ServiceState(True)
EMPTY = ({**UNITS[0], "count": 0},)
INVOICES, RETURN, DUES, CERTIFICATE = (
    "invoice.collect",
    "declare.vat-small",
    "pay.due",
    "certificate.iit-record",
)

DISPENSED = (INVOICES, "invoice.pick-up")
"""The services that give paper invoices out."""


def needing(device: str) -> dict[str, ServiceState]:
    """What becomes of the services without a device, as their files say of it."""
    devices = {name: published.service.devices for name, published in CATALOGUE.items()}
    return {
        **{name: ServiceState(True, degraded=device) for name, d in devices.items() if device in d.helpful},
        **{name: ServiceState(False, device) for name, d in devices.items() if device in d.required},
    }


# what is missing -> what each service can do then; a service that is not named can do everything
TABLE: dict[str, dict[str, ServiceState]] = {
    **{role: needing(role) for role in ROLES},
    "network": {
        name: ServiceState(False, "network")
        for name, published in CATALOGUE.items()
        if published.service.offline == "online"
    },
    "stock": dict.fromkeys(DISPENSED, ServiceState(False, "stock")),
    "units": dict.fromkeys(DISPENSED, ServiceState(False, "stock")),
    "settlement": dict.fromkeys(DISPENSED, ServiceState(False, "unsettled")),
    "nothing": {},
}


def without(missing: str) -> Any:
    """The terminal when one thing is missing."""
    return availability.world(
        CATALOGUE,
        missing != "network",
        {
            role: role != missing
            for role in (*ROLES, "documentCamera", "signaturePad", "smartCardReader", "mrzReader")
        },
        EMPTY if missing == "stock" else () if missing == "units" else UNITS,
        missing == "settlement",
    )


def test_what_the_four_first_services_need_is_as_people_were_told() -> None:
    """The table is made of the files; these are not."""
    assert TABLE["idReader"][RETURN] == ServiceState(False, "idReader")
    assert TABLE["faceCamera"][DUES] == ServiceState(True, degraded="faceCamera")
    assert TABLE["documentPrinter"][CERTIFICATE] == ServiceState(False, "documentPrinter")
    assert TABLE["invoiceDispenser"] == dict.fromkeys(DISPENSED, ServiceState(False, "invoiceDispenser"))
    assert {CERTIFICATE, INVOICES, DUES} <= set(TABLE["network"]) and RETURN not in TABLE["network"]


@pytest.mark.parametrize("service", list(CATALOGUE))
@pytest.mark.parametrize("missing", list(TABLE))
def test_what_each_service_can_do_when_one_thing_is_missing(missing: str, service: str) -> None:
    assert without(missing).services[service] == TABLE[missing].get(service, FULL)


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("missing", list(TABLE))
def test_the_home_page_says_in_every_language_what_is_missing(missing: str, lang: str) -> None:
    engine = Engine(CATALOGUE, surroundings())
    state, _ = engine.step(FlowState(lang=lang), WorldChanged(without(missing)))
    state, _ = engine.step(state, Intent(Action.BEGIN))
    page = engine.screen(state).page
    assert isinstance(page, HomePage)
    assert bool(page.banner) == bool(page.banner_text) == bool(TABLE[missing])
    for tile in _tiles(engine, state):
        now = TABLE[missing].get(tile.id, FULL)
        assert tile.enabled == now.usable
        assert bool(tile.reason) == (now != FULL)
        opened, _ = engine.step(state, Intent(Action.OPEN, tile.id))
        assert (opened.phase is Phase.SERVICE) == now.usable


def _tiles(engine: Engine, home: FlowState) -> list[Choice]:
    """The tile of each service, on the home page or behind a group's."""
    page = engine.screen(home).page
    found: list[Choice] = []
    for tile in (*page.large, *page.tiles) if isinstance(page, HomePage) else page.services:
        if tile.id.startswith(GROUP):
            found += _tiles(engine, engine.step(home, Intent(Action.OPEN, tile.id))[0])
        else:
            found.append(tile)
    assert {tile.id for tile in found} <= set(CATALOGUE)
    return found


def test_what_cannot_be_done_at_all_counts_before_what_is_only_less_comfortable() -> None:
    nothing = availability.world(CATALOGUE, False, {}, ())
    usable = {name for name, state in nothing.services.items() if state.usable}
    services = [published.service for published in CATALOGUE.values()]
    assert usable == {one.id for one in services if one.offline != "online" and not one.devices.required}
    reader = [name for name in CATALOGUE if "idReader" in CATALOGUE[name].service.devices.required]
    assert reader and all(nothing.services[service].reason == "idReader" for service in reader)


def test_before_the_first_look_around_no_device_is_believed_in() -> None:
    seen = availability.world(CATALOGUE, True, {}, UNITS).services
    deviceless = [name for name in CATALOGUE if not CATALOGUE[name].service.devices.required]
    assert [name for name, state in seen.items() if state.usable] == deviceless


@pytest.mark.parametrize(
    ("device", "usable"),
    [
        ("online", True),
        ("deviceBusy", True),
        ("offline", False),
        ("powerOff", False),
        ("noDevice", False),
        ("hardwareError", False),
        ("userError", False),
        ("starting", False),
        ("unknown", False),
        ("potentialFraud", False),
        ("", False),
    ],
)
def test_only_a_device_that_is_there_can_serve(device: str, usable: bool) -> None:
    assert device_usable(device, {}) is usable


@pytest.mark.parametrize(
    ("paper", "usable"),
    [
        ({"upper": "full"}, True),
        ({"upper": "low"}, True),
        ({"upper": "unknown"}, True),
        ({"upper": "out"}, False),
        ({"upper": "jammed"}, False),
        ({"upper": "full", "lower": "out"}, False),
        ({}, True),
    ],
)
def test_a_printer_without_paper_cannot(paper: dict[str, str], usable: bool) -> None:
    assert device_usable("online", {"printer": {"paper": paper}}) is usable
    assert not device_usable("offline", {"printer": {"paper": paper}})


@pytest.mark.parametrize(
    ("role", "details", "code"),
    [
        ("documentPrinter", {"printer": {"toner": "out"}}, "tonerOut"),
        ("invoicePrinter", {"printer": {"ink": "out"}}, "inkOut"),
        ("receiptPrinter", {"printer": {"media": "jammed"}}, "mediaJammed"),
        ("receiptPrinter", {"paperJob": {"cover": "open"}}, "coverOpen"),
        ("receiptPrinter", {"paperJob": {"cutter": "jammed"}}, "cutterError"),
        ("smartCardReader", {"cardReader": {"media": "jammed"}}, "mediaJam"),
        ("invoiceDispenser", {"invoiceDispenser": {"cover": "open"}}, "coverOpen"),
        ("invoiceDispenser", {"invoiceDispenser": {"media": "jammed"}}, "jammed"),
        ("documentScanner", {"documentScanner": {"media": "jammed"}}, "mediaJammed"),
        ("stampUnit", {"stampUnit": {"ink": "out"}}, "inkOut"),
    ],
)
def test_what_stops_a_device_closes_its_role_also_where_no_job_has_failed(
    role: str, details: dict[str, Any], code: str
) -> None:
    assert device_faults("online", details) == [code]
    assert load_faults().row(role, code), "a code that the table knows"
    assert not device_usable("online", details, role)
    ((part, facts),) = details.items()
    well = {part: dict.fromkeys(facts, "unknown")}
    assert device_usable("online", well, role)


@pytest.mark.parametrize(
    "details", [{"printer": None}, {"printer": {}}, {"printer": {"paper": "full"}}, {"x": 1}]
)
def test_a_status_that_says_nothing_of_paper_closes_nothing(details: dict[str, Any]) -> None:
    assert device_usable("online", details)


def test_every_device_a_service_names_is_one_the_terminal_looks_at() -> None:
    for service_id in CATALOGUE:
        devices = CATALOGUE[service_id].service.devices
        assert {*devices.required, *devices.helpful} <= {*ROLES, *AT_CHOICE}


# --- one of several devices is enough ------------------------------------------------------------------------------

PAPERS = "materials.supply"
NEEDED = dict.fromkeys(ROLES, True)


@pytest.mark.parametrize(
    ("there", "state"),
    [
        ({"documentCamera": True, "documentScanner": False}, FULL),
        ({"documentCamera": False, "documentScanner": True}, FULL),
        ({"documentScanner": True}, FULL),
        ({"documentCamera": False, "documentScanner": False}, ServiceState(False, "documentCamera")),
        ({"documentScanner": False}, ServiceState(False, "documentScanner")),
        ({}, ServiceState(False, "notHere")),
    ],
)
def test_papers_are_scanned_by_whichever_device_is_there(there: dict[str, bool], state: ServiceState) -> None:
    assert availability.world(CATALOGUE, True, {**NEEDED, **there}, UNITS).services[PAPERS] == state


def test_a_terminal_that_never_had_one_announces_no_trouble() -> None:
    engine = Engine(CATALOGUE, surroundings())
    world = availability.world(CATALOGUE, True, NEEDED, UNITS)
    state, _ = engine.step(FlowState(), WorldChanged(world))
    state, _ = engine.step(state, Intent(Action.BEGIN))
    page = engine.screen(state).page
    assert isinstance(page, HomePage) and page.banner == ""
    (tile,) = [tile for tile in _tiles(engine, state) if tile.id == PAPERS]
    assert not tile.enabled and tile.reason


@pytest.mark.parametrize(
    ("there", "state"),
    [
        ({"signaturePad": True}, FULL),
        ({"signaturePad": False}, ServiceState(False, "signaturePad")),
        ({}, ServiceState(False, "notHere")),
    ],
)
def test_a_signature_needs_a_pad_and_a_broken_one_is_told(
    there: dict[str, bool], state: ServiceState
) -> None:
    assert "signaturePad" in AT_CHOICE
    found = availability.world(CATALOGUE, True, {**NEEDED, **there}, UNITS)
    assert found.services["identity.enrol"] == state
