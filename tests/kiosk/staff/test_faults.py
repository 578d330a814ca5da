"""What a device's status means to the person who stands before it with a tool."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, get_args

import pytest

from config.faults import ANY, Ask, load_faults
from config.faults.seen import load_seen, word_of
from config.settings import Role
from config.texts import all_texts, languages
from drivers import bench
from drivers.books.care import load_profile
from drivers.ports import DeviceState
from kiosk.availability import _STOPS, device_usable
from kiosk.staff.board import icon
from kiosk.staff.faults import BAD, HEALTHY, LOW, UNKNOWN, Fault, FaultLog, fault
from kiosk.staff.guides import CARE_GUIDES, GUIDES
from ui.bridge.pictures import ICONS

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)


def printer(**values: Any) -> Mapping[str, Any]:
    paper = {"paper": {"upper": values.pop("paper")}} if "paper" in values else {}
    return {
        "printer": {**paper, **{k: v for k, v in values.items() if k in ("toner", "media")}},
        "paperJob": values,
    }


@pytest.mark.parametrize(
    ("role", "device", "details", "expected"),
    [
        ("receiptPrinter", "online", printer(paper="full"), HEALTHY),
        ("receiptPrinter", "online", printer(paper="unknown"), HEALTHY),
        ("receiptPrinter", "online", printer(paper="low"), Fault("paperLow", LOW, "roll")),
        ("receiptPrinter", "userError", printer(paper="out"), Fault("paperOut", BAD, "roll")),
        (
            "receiptPrinter",
            "userError",
            printer(paper="full", cover="open"),
            Fault("coverOpen", BAD, "slipCover"),
        ),
        ("receiptPrinter", "hardwareError", printer(cutter="jammed"), Fault("cutterJammed", BAD, "slipJam")),
        ("receiptPrinter", "online", printer(media="jammed"), Fault("paperJammed", BAD, "slipJam")),
        ("documentPrinter", "online", printer(paper="full", toner="low"), Fault("tonerLow", LOW, "toner")),
        ("documentPrinter", "userError", printer(toner="out"), Fault("tonerOut", BAD, "toner")),
        ("documentPrinter", "userError", printer(paper="jammed"), Fault("paperJammed", BAD, "a4Jam")),
        ("documentPrinter", "noDevice", printer(paper="low"), Fault("noDevice", BAD, "cable")),
        (
            "invoiceDispenser",
            "hardwareError",
            {"invoiceDispenser": {"media": "jammed"}},
            Fault("jammed", BAD, "invoiceJam"),
        ),
        (
            "invoiceDispenser",
            "userError",
            {"invoiceDispenser": {"cover": "open", "media": "jammed"}},
            Fault("coverOpen", BAD, "unitDoor"),
        ),
        (
            "invoiceDispenser",
            "online",
            {"invoiceDispenser": {"media": "notPresent", "units": {"unit1": "missing", "unit2": "ok"}}},
            Fault("unitMissing", LOW, "unit"),
        ),
        (
            "invoiceDispenser",
            "online",
            {"invoiceDispenser": {"media": "notPresent", "rejectBin": "full", "retractBin": "ok"}},
            Fault("rejectBinFull", BAD, "bins"),
        ),
        (
            "invoiceDispenser",
            "online",
            {"invoiceDispenser": {"media": "notPresent", "rejectBin": "ok", "retractBin": "full"}},
            Fault("retractBinFull", BAD, "bins"),
        ),
        (
            "ups",
            "online",
            {"powerManagement": {"info": {"batteryStatus": "failure"}}},
            Fault("batteryWorn", LOW, "battery"),
        ),
        ("faceCamera", "online", {"faceCamera": {"frame": "covered"}}, Fault("covered", BAD, "camera")),
        ("faceCamera", "online", {"faceCamera": {"frame": "live"}}, HEALTHY),
        ("documentCamera", "online", {"documentCamera": {"frame": "black"}}, Fault("black", BAD, "camera")),
        ("documentCamera", "online", {"documentCamera": {"frame": "frozen"}}, Fault("frozen", BAD, "cable")),
        (
            "documentScanner",
            "online",
            {"documentScanner": {"frontImageScanner": "ok", "backImageScanner": "fading"}},
            Fault("lampFading", LOW, "scanGlass"),
        ),
        (
            "auxiliaries",
            "online",
            {"auxiliaries": {"tamperSensor": "on", "cabinetDoor": "open"}},
            Fault("tampered", BAD, "tamper"),
        ),
        (
            "auxiliaries",
            "online",
            {"auxiliaries": {"internalTamperSensor": "on"}},
            Fault("tampered", BAD, "tamper"),
        ),
        ("auxiliaries", "online", {"auxiliaries": {"seismicSensor": "on"}}, Fault("tampered", BAD, "tamper")),
        (
            "auxiliaries",
            "online",
            {"auxiliaries": {"cabinetDoor": "tampered"}},
            Fault("tampered", BAD, "tamper"),
        ),
        (
            "auxiliaries",
            "online",
            {"auxiliaries": {"safeDoor": "tampered"}},
            Fault("tampered", BAD, "tamper"),
        ),
        (
            "auxiliaries",
            "online",
            {"auxiliaries": {"vandalShield": "tampered"}},
            Fault("tampered", BAD, "tamper"),
        ),
        ("auxiliaries", "online", {"auxiliaries": {"heatSensor": "on"}}, Fault("tooHot", BAD, "heat")),
        ("pinPad", "online", {"keyManagement": {"encryptionState": "ready"}}, HEALTHY),
        (
            "pinPad",
            "online",
            {"keyManagement": {"encryptionState": "notInitialized"}},
            Fault("noKeys", BAD, "pinKeys"),
        ),
        (
            "pinPad",
            "fraudAttempt",
            {"keyManagement": {"encryptionState": "notReady"}},
            Fault("tampered", BAD, "tamper"),
        ),
        ("signaturePad", "noDevice", {"signaturePad": {"pad": "unknown"}}, Fault("noDevice", BAD, "cable")),
        (
            "stampUnit",
            "online",
            {"stampUnit": {"ink": "out", "cover": "closed"}},
            Fault("inkOut", BAD, "stampInk"),
        ),
        (
            "stampUnit",
            "hardwareError",
            {"stampUnit": {"ink": "low", "media": "jammed"}},
            Fault("jammed", BAD, "stampJam"),
        ),
        (
            "invoicePrinter",
            "online",
            {"printer": {"ink": "low"}},
            Fault("inkLow", LOW, "ribbon"),
        ),
        (
            "documentScanner",
            "userError",
            {"documentScanner": {"cover": "open"}},
            Fault("coverOpen", BAD, "scanCover"),
        ),
        (
            "paymentTerminal",
            "online",
            {"paymentTerminal": {"paper": "out"}},
            Fault("paperOut", BAD, "posPaper"),
        ),
        *(
            ("paymentTerminal", "online", {"paymentTerminal": told}, Fault(word, LOW, guide))
            for told, word, guide in (
                ({"link": "offline", "paper": "low"}, "hostUnreachable", "posLink"),
                ({"batch": "closed"}, "batchClosed", ""),
                ({"unresolved": 1}, "unresolvedPayment", ""),
            )
        ),
        (
            "paymentTerminal",
            "online",
            {"paymentTerminal": {"paper": "out", "link": "offline"}},
            Fault("paperOut", BAD, "posPaper"),
        ),
        (
            "paymentTerminal",
            "noDevice",
            {"paymentTerminal": {"unresolved": 1}},
            Fault("noDevice", BAD, "cable"),
        ),
        ("paymentTerminal", "online", {"paymentTerminal": {"link": "online", "unresolved": 0}}, HEALTHY),
        ("auxiliaries", "online", {"auxiliaries": {"cabinetDoor": "open"}}, Fault("doorOpen", LOW, "door")),
        (
            "auxiliaries",
            "online",
            {"auxiliaries": {"cabinetRearDoor": "open"}},
            Fault("doorOpen", LOW, "door"),
        ),
        ("auxiliaries", "online", {"auxiliaries": {"safeDoor": "open"}}, Fault("doorOpen", LOW, "door")),
        ("auxiliaries", "online", {"auxiliaries": {"cabinetDoor": "locked"}}, HEALTHY),
        (
            "ups",
            "online",
            {"auxiliaries": {"UPS": {"engaged": True, "low": False}}},
            Fault("onBattery", LOW, "mains"),
        ),
        (
            "ups",
            "online",
            {"auxiliaries": {"UPS": {"engaged": True, "low": True}}},
            Fault("batteryLow", BAD, "mains"),
        ),
        ("ups", "online", {"auxiliaries": {"UPS": {"engaged": False, "low": False}}}, HEALTHY),
        ("idReader", "unknown", {}, Fault("silent", UNKNOWN, "cable")),
        ("idReader", "unknown", {"connection": {"lacking": "ResidentIdReader"}}, Fault("wrongService", BAD)),
        ("idReader", "starting", {}, Fault("starting", UNKNOWN, "")),
        ("idReader", "deviceBusy", {}, HEALTHY),
        ("idReader", "fraudAttempt", {}, Fault("tampered", BAD, "tamper")),
        ("idReader", "hardwareError", {"cardReader": "nonsense"}, Fault("hardwareError", BAD, "restart")),
    ],
)
def test_the_worst_that_can_be_mended_is_told(
    role: str, device: str, details: Mapping[str, Any], expected: Fault
) -> None:
    assert fault(role, device, details) == expected


@pytest.mark.parametrize("role", get_args(Role))
def test_what_closes_a_role_is_never_told_as_working(role: str) -> None:
    """Another vendor's service may call itself well and tell in one fact alone that a card or a sheet is stuck."""
    told = [{part: {fact: value}} for part, fact, value, _ in _STOPS]
    told += [{"paperJob": {"fault": code}} for code in load_faults().rows(role)]
    closing = [details for details in told if not device_usable("online", details, role)]
    assert closing
    assert [details for details in closing if fault(role, "online", details) == HEALTHY] == []


def test_a_card_that_is_stuck_in_a_reader_that_calls_itself_well_is_taken_out_by_a_guide() -> None:
    stuck = {"cardReader": {"media": "jammed"}}
    assert fault("idReader", "online", stuck) == Fault("cardJammed", BAD, "cardJam")


def test_every_fault_that_closes_a_role_and_asks_the_staff_has_a_word() -> None:
    table = load_faults()
    found = {
        code
        for role in (ANY, *table.roles)
        for code, row in table.rows(role).items()
        if row.closes and row.ask is Ask.STAFF
    }
    assert {"retractBinFull", "cutterError", "feederInop"} <= found
    assert sorted(code for code in found if word_of(code) is None) == []


@pytest.mark.parametrize("role", load_seen()["coverOpen"].guides)
def test_an_open_cover_is_closed_and_no_part_is_asked_for(role: str) -> None:
    guide = GUIDES[load_seen()["coverOpen"].guide_for(role)]
    assert (guide.role, guide.brings, guide.resets) == (role, "", False)


def test_the_beginning_of_a_fault_is_kept_until_another_takes_its_place() -> None:
    log = FaultLog()
    out, low = Fault("paperOut", BAD), Fault("paperLow", LOW)
    assert log.see("receiptPrinter", HEALTHY, NOW) is None
    assert log.see("receiptPrinter", low, NOW) == NOW
    assert log.see("receiptPrinter", low, NOW + timedelta(minutes=5)) == NOW
    assert log.see("receiptPrinter", out, NOW + timedelta(minutes=6)) == NOW + timedelta(minutes=6)
    assert log.see("receiptPrinter", HEALTHY, NOW + timedelta(minutes=7)) is None
    assert log.see("receiptPrinter", out, NOW + timedelta(minutes=8)) == NOW + timedelta(minutes=8)


def test_every_word_has_its_text_and_no_text_is_left_over() -> None:
    words = {f"bench.fault.{word}" for word in (*load_seen(), HEALTHY.word)}
    for lang in languages():
        assert {text for text in all_texts()[lang].all() if text.startswith("bench.fault.")} == words


def test_every_word_stands_for_codes_of_the_table_and_names_guides_that_exist() -> None:
    codes = {code for role in load_faults().roles for code in load_faults().rows(role)}
    for word, seen in load_seen().items():
        assert set(seen.codes) <= codes, word
        assert {guide for guide in (seen.guide, *seen.guides.values()) if guide} <= GUIDES.keys(), word
    named = [code for seen in load_seen().values() for code in seen.codes]
    assert len(named) == len(set(named)), "a code has two words"


def test_every_state_that_closes_a_role_has_a_word() -> None:
    states = {state.value for state in DeviceState if state is not DeviceState.ONLINE} | {"unknown"}
    closing = {state for state in states if load_faults().closes("idReader", state)}
    assert {"offline", "unknown"} <= closing
    assert [state for state in sorted(closing) if word_of(state) is None] == []


def test_every_guide_has_its_pictures_and_sentences() -> None:
    for lang in languages():
        texts = all_texts()[lang]
        for name, guide in GUIDES.items():
            assert texts.get(f"bench.guide.{name}")
            for number, picture in enumerate(guide.pictures, 1):
                assert texts.get(f"bench.guide.{name}.{number}")
                assert (ICONS / "guides" / f"{picture}.svg").is_file()


def test_every_role_has_a_name_and_a_picture() -> None:
    for role in get_args(Role):
        assert (ICONS / f"{icon(role)}.svg").is_file()
        for lang in languages():
            assert all_texts()[lang].get(f"bench.device.{role}")


def test_every_trial_has_a_name_and_every_role_a_way_to_begin_anew() -> None:
    names = {name for role in get_args(Role) for name, _ in bench._trials(None, role, paper=True, hand=True)}  # type: ignore[arg-type]
    for lang in languages():
        for name in (bench.CONNECTED, *names):
            assert all_texts()[lang].get(f"bench.check.{name.replace(' ', '')}")
    assert set(bench.RESETS) == set(get_args(Role))


def test_every_guide_is_reached_from_a_fault_or_from_what_is_cleaned_and_tells_what_to_bring() -> None:
    reached = {
        guide for seen in load_seen().values() for guide in (seen.guide, *seen.guides.values()) if guide
    }
    # that a unit is empty, and how many sheets lie in a bin, is known by the book, not sensed
    assert reached | set(CARE_GUIDES.values()) | {"invoices", "bins"} == GUIDES.keys()
    for lang in languages():
        for guide in GUIDES.values():
            assert not guide.brings or all_texts()[lang].get(f"bench.bring.{guide.brings}")


def test_every_care_that_has_a_guide_is_of_a_profile_that_is_shipped() -> None:
    named = {
        entry.name
        for file in (files("config") / "care").iterdir()
        for entry in load_profile(file.name.removesuffix(".toml")).entries
    }
    assert {name for _, name in CARE_GUIDES} <= named


def test_no_picture_of_a_guide_is_left_over() -> None:
    drawn = {path.stem for path in (ICONS / "guides").glob("*.svg")}
    assert drawn == {picture for guide in GUIDES.values() for picture in guide.pictures}
