"""A key prints once for ever; what became of a job is told exactly, and in doubt it is told so."""

import asyncio
import json

import pytest

from drivers.errors import DeviceNotReady, HardwareFault, LinkLost, UserFault
from drivers.ports import PrintOutcome, PrintResult
from tests.drivers.cabinet import OTHER, fakes
from tests.drivers.running import running
from tests.drivers.xfs_client import b64, code

V = "1.0"
KEY = "0190a5f2-0000-7000-8000-000000000001"
PDF = b"%PDF-1.7 a certificate"
SLIP = [{"type": "title", "text": "云川市税务局"}, {"type": "row", "label": "金额", "value": "¥1.00"}]


def pdf(key=KEY, data=PDF, **more):
    return {"jobKey": key, "format": "pdf", "data": b64(data), "name": "certificate", **more}


def slip(key=KEY, receipt=SLIP, **more):
    return {"jobKey": key, "format": "receipt", "receipt": receipt, **more}


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "ReceiptPrinter", "DocumentPrinter") as cab:
        yield cab


def printed(wire, body, **options):
    _, completion = wire.ask("PaperJob.Print", body, version=V, **options)
    assert code(completion) == "success", completion
    return completion["payload"]


def query(wire, key=KEY):
    return wire.do("PaperJob.Query", {"jobKey": key}, version=V)


@pytest.mark.parametrize(("name", "body"), [("DocumentPrinter", pdf()), ("ReceiptPrinter", slip())])
def test_a_key_prints_once_for_ever(cab, tmp_path, name, body):
    device = cab.device(name)
    with cab.wire(name) as wire:
        assert query(wire) == {"known": False}
        for _ in range(3):
            assert printed(wire, body) == {"outcome": "printed", "sheets": 1}
        assert query(wire) == {"known": True, "outcome": "printed", "sheets": 1}
    assert len(device.out) == 1


def test_a_key_prints_once_even_after_a_restart_and_from_two_connections(tmp_path):
    devices = fakes()
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab:
        devices["DocumentPrinter"].delay = 0.2
        with cab.wire("DocumentPrinter") as one, cab.wire("DocumentPrinter") as two:
            first = one.send("PaperJob.Print", pdf(), version=V)
            second = two.send("PaperJob.Print", pdf(), version=V)
            for wire, number in ((one, first), (two, second)):
                assert wire.acknowledged(number) is None
                assert wire.finish(number)[1]["payload"]["outcome"] == "printed"
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab, cab.wire("DocumentPrinter") as wire:
        assert printed(wire, pdf())["outcome"] == "printed"
    assert len(devices["DocumentPrinter"].out) == 1


@pytest.mark.parametrize("other", [pdf(data=PDF + b"!"), pdf(copies=2)])
def test_a_key_cannot_be_used_for_something_else(cab, other):
    with cab.wire("DocumentPrinter") as wire:
        printed(wire, pdf())
        assert code(wire.ask("PaperJob.Print", other, version=V)[1]) == "keyReused"
    with cab.wire("ReceiptPrinter") as wire:
        assert code(wire.ask("PaperJob.Print", slip(), version=V)[1]) == "keyReused"
        assert query(wire) == {"known": False}


def test_a_failure_is_an_outcome_and_stays_one(cab):
    device = cab.device("DocumentPrinter")
    device.result = PrintResult(PrintOutcome.NOT_PRINTED, "paperOut")
    with cab.wire("DocumentPrinter") as wire:
        expected = {"outcome": "notPrinted", "sheets": 0, "errorCode": "paperOut"}
        assert printed(wire, pdf()) == expected
        device.result = PrintResult(PrintOutcome.PRINTED, sheets=1)
        assert printed(wire, pdf()) == expected
        assert query(wire) == {"known": True, **expected}
        assert printed(wire, pdf(key="another-key-1"))["outcome"] == "printed"
    assert len(device.out) == 1


@pytest.mark.parametrize(
    ("error", "outcome", "error_code"),
    [
        (DeviceNotReady("away"), "notPrinted", "deviceNotReady"),
        (LinkLost("cut"), "uncertain", None),
        (HardwareFault("paperJammed"), "uncertain", "paperJammed"),
        (UserFault("open", "coverOpen"), "uncertain", "coverOpen"),
    ],
)
def test_an_error_of_the_driver_becomes_an_outcome(cab, error, outcome, error_code):
    cab.device("ReceiptPrinter").fault = error
    with cab.wire("ReceiptPrinter") as wire:
        told = printed(wire, slip())
        assert (told["outcome"], told.get("errorCode")) == (outcome, error_code)
        assert query(wire)["outcome"] == outcome


def test_the_printer_itself_settles_a_job_in_doubt(cab):
    device = cab.device("DocumentPrinter")
    device.fault = LinkLost("cut")
    with cab.wire("DocumentPrinter") as wire:
        body = pdf()
        device.names[f"certificate-{KEY}"] = PrintResult(PrintOutcome.PRINTED, sheets=2)
        assert printed(wire, body) == {"outcome": "printed", "sheets": 2}
        device.names = {}
        assert printed(wire, pdf(key="other-key-1")) == {"outcome": "notPrinted", "sheets": 0}


def test_a_slip_of_which_a_part_came_out_is_told_so_for_ever(cab):
    device = cab.device("ReceiptPrinter")
    device.result = PrintResult(PrintOutcome.NOT_PRINTED, "paperOut", partly=True)
    with cab.wire("ReceiptPrinter") as wire:
        expected = {"outcome": "notPrinted", "sheets": 0, "errorCode": "paperOut", "partly": True}
        assert printed(wire, slip()) == expected
        device.result = PrintResult(PrintOutcome.PRINTED, sheets=1)
        assert printed(wire, slip()) == expected
        assert query(wire) == {"known": True, **expected}


def test_a_slip_never_hangs_on_what_an_earlier_one_left_in_the_printer(tmp_path):
    """The driver may have died since, and knows nothing: the book says whose paper may hang out."""
    told = []

    def cut_first(wire, device, key, result):
        device.result = result
        printed(wire, slip(key=key))
        told.append(device.cut_first)

    whole = PrintResult(PrintOutcome.PRINTED, sheets=1)
    nothing = PrintResult(PrintOutcome.NOT_PRINTED, "coverOpen")
    with running(tmp_path, "ReceiptPrinter") as cab, cab.wire("ReceiptPrinter") as wire:
        device = cab.device("ReceiptPrinter")
        cut_first(wire, device, "slip-0001", nothing)
        cut_first(wire, device, "slip-0002", PrintResult(PrintOutcome.NOT_PRINTED, "jammed", partly=True))
        cut_first(wire, device, "slip-0003", nothing)
        cut_first(wire, device, "slip-0004", whole)
        cut_first(wire, device, "slip-0005", PrintResult(PrintOutcome.UNCERTAIN))
    with running(tmp_path, "ReceiptPrinter") as cab, cab.wire("ReceiptPrinter") as wire:
        device = cab.device("ReceiptPrinter")
        cut_first(wire, device, "slip-0006", whole)
        cut_first(wire, device, "slip-0007", whole)
    assert told == [False, False, True, True, False, True, False]


def test_an_uncertain_job_is_asked_for_again_until_the_printer_knows(cab):
    device = cab.device("DocumentPrinter")
    device.fault = LinkLost("cut")
    device.names[f"certificate-{KEY}"] = PrintResult(PrintOutcome.UNCERTAIN)
    with cab.wire("DocumentPrinter") as wire:
        assert printed(wire, pdf())["outcome"] == "uncertain"
        device.names[f"certificate-{KEY}"] = PrintResult(PrintOutcome.PRINTED, sheets=1)
        assert query(wire)["outcome"] == "printed"
        device.names = {}
        assert query(wire)["outcome"] == "printed"


def test_while_it_prints_a_job_is_known_without_an_outcome(cab):
    cab.device("DocumentPrinter").delay = 0.4
    with cab.wire("DocumentPrinter") as wire, cab.wire("DocumentPrinter") as other:
        number = wire.send("PaperJob.Print", pdf(), version=V)
        assert wire.acknowledged(number) is None
        while not (told := query(other))["known"]:
            pass
        assert told == {"known": True}
        assert wire.finish(number)[1]["payload"]["outcome"] == "printed"
        assert query(other)["outcome"] == "printed"


def test_a_client_that_goes_away_does_not_stop_the_paper(cab):
    cab.device("DocumentPrinter").delay = 0.2
    wire = cab.wire("DocumentPrinter")
    number = wire.send("PaperJob.Print", pdf(), version=V)
    assert wire.acknowledged(number) is None
    while not query(wire)["known"]:
        pass
    wire.close()
    with cab.wire("DocumentPrinter") as other:
        assert printed(other, pdf())["outcome"] == "printed"
    assert len(cab.device("DocumentPrinter").out) == 1


def test_with_too_little_time_left_nothing_is_begun(cab):
    with cab.wire("DocumentPrinter") as wire:
        _, completion = wire.ask("PaperJob.Print", pdf(), version=V, timeout_ms=1500)
        assert code(completion) == "timeOut"
        assert query(wire) == {"known": False}
    assert not cab.device("DocumentPrinter").out


def test_a_printer_that_is_away_takes_no_job(cab):
    device = cab.device("DocumentPrinter")
    cab.do(device.unplug)
    with cab.wire("DocumentPrinter") as wire:
        while wire.do("Common.Status")["common"]["device"] == "online":
            pass
        assert code(wire.ask("PaperJob.Print", pdf(), version=V)[1]) == "deviceNotReady"
        assert query(wire) == {"known": False}


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("DocumentPrinter", pdf(data=b"not a pdf"), "invalidData"),
        ("DocumentPrinter", slip(), "unsupportedData"),
        ("ReceiptPrinter", pdf(), "unsupportedData"),
        ("ReceiptPrinter", slip(receipt=[]), "invalidData"),
        ("ReceiptPrinter", slip(receipt=[{"type": "poem"}]), "invalidData"),
        ("ReceiptPrinter", slip(copies=2), "unsupportedData"),
        ("DocumentPrinter", pdf(copies=0), "invalidData"),
        ("DocumentPrinter", {"jobKey": KEY, "format": "pdf"}, "invalidData"),
        ("DocumentPrinter", pdf(key="a b"), "invalidData"),
        ("DocumentPrinter", {**pdf(), "data": "%%%"}, "invalidData"),
        ("DocumentPrinter", {**pdf(), "data": ""}, "invalidData"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_its_key_stays_free(cab, name, body, expected):
    with cab.wire(name) as wire:
        assert code(wire.ask("PaperJob.Print", body, version=V)[1]) == expected
        good = pdf() if name == "DocumentPrinter" else slip()
        assert printed(wire, good)["outcome"] == "printed"


def test_native_documents_are_printed_as_the_standard_has_it(cab):
    with cab.wire("DocumentPrinter") as wire:
        control = {"move": "eject"}
        events, completion = wire.ask(
            "Printer.PrintNative", {"data": b64(PDF), "mediaControl": control}, version="3.0"
        )
        assert code(completion) == "success"
        assert events[0]["payload"] == {"wadIndex": 1, "totalWads": 1}
        for never in ("stamp", "cut"):
            asked = {"data": b64(PDF), "mediaControl": {never: True}}
            assert code(wire.ask("Printer.PrintNative", asked, version="3.0")[1]) == "unsupportedData"
        lower = {"data": b64(PDF), "paperSource": "lower"}
        assert code(wire.ask("Printer.PrintNative", lower, version="3.0")[1]) == "unsupportedData"
        media = {"mediaControl": {"move": "eject"}}
        assert code(wire.ask("Printer.ControlMedia", media, version="3.0")[1]) == "noMediaPresent"
        cab.device("DocumentPrinter").result = PrintResult(PrintOutcome.NOT_PRINTED, "paperOut")
        assert code(wire.ask("Printer.PrintNative", {"data": b64(PDF)}, version="3.0")[1]) == "paperOut"
        assert (
            code(wire.ask("Printer.Reset", {"mediaControl": "expel"}, version="3.0")[1]) == "unsupportedData"
        )
        wire.do("Printer.Reset", {"mediaControl": "eject"}, version="3.0")
    with cab.wire("ReceiptPrinter") as wire:
        cut = {"data": b64(json.dumps(SLIP).encode()), "mediaControl": {"move": "eject", "cut": True}}
        wire.do("Printer.PrintNative", cut, version="3.0")
        bad = {"data": b64(b"\x1b@raw")}
        assert code(wire.ask("Printer.PrintNative", bad, version="3.0")[1]) == "invalidData"
    assert cab.device("ReceiptPrinter").out == [SLIP]


def test_raw_bytes_are_taken_by_a_driver_that_offers_it_and_by_no_other(tmp_path):
    devices = fakes()

    async def print_raw(data, deadline):
        return await devices["ReceiptPrinter"]._print(data)

    devices["ReceiptPrinter"].print_raw = print_raw
    body = {"inputData": "no", "data": b64(b"\x1b@OK\n")}
    with running(tmp_path, "ReceiptPrinter", devices=devices) as cab, cab.wire("ReceiptPrinter") as wire:
        events, completion = wire.ask("Printer.PrintRaw", body, version="3.0")
        assert code(completion) == "success"
        assert events[0]["header"]["name"] == "Printer.MediaPresentedEvent"
        answer = {"inputData": "yes", "data": b64(b"?")}
        assert code(wire.ask("Printer.PrintRaw", answer, version="3.0")[1]) == "unsupportedData"
    assert devices["ReceiptPrinter"].out == [b"\x1b@OK\n"]
    with running(tmp_path, "ReceiptPrinter") as cab, cab.wire("ReceiptPrinter") as wire:
        assert code(wire.ask("Printer.PrintRaw", body, version="3.0")[1]) == "unsupportedCommand"


def test_supplies_that_run_low_are_told_to_everybody(cab):
    with cab.wire("DocumentPrinter") as wire, cab.wire("DocumentPrinter", OTHER) as other:
        other.do("Common.Status")
        device = cab.device("DocumentPrinter")
        status = {"media": "notPresent", "paper": {"upper": "low"}, "toner": "out"}
        cab.do(lambda: device.show(printer=status))
        for line in (wire, other):
            paper = line.wait_unsolicited("Printer.PaperThresholdEvent")
            assert paper["payload"] == {"paperSource": "upper", "threshold": "low"}
            toner = line.wait_unsolicited("Printer.TonerThresholdEvent")
            assert toner["payload"] == {"state": "out"}


def test_capabilities_say_which_printer_it_is(cab):
    for name, kind in (("ReceiptPrinter", "receipt"), ("DocumentPrinter", "document")):
        with cab.wire(name) as wire:
            told = wire.do("Common.Capabilities")
            assert told["printer"]["type"] == {kind: True}
            assert "writeForm" not in told["printer"], "it fills in no forms"
            printing = next(one for one in told["interfaces"] if one["name"] == "Printer")
            assert "Printer.MediaTakenEvent" not in printing["events"], "nothing sees it taken"
            assert "PaperJob" in [interface["name"] for interface in told["interfaces"]]


def cut_in_the_middle(cab, name, body):
    """The power goes with the job under way."""
    wire = cab.wire(name)
    number = wire.send("PaperJob.Print", body, version=V)
    assert wire.acknowledged(number) is None
    while not query(wire)["known"]:
        pass

    def kill():
        cab.service(name).queue._worker.cancel()
        cab.service(name).queue._running._task.cancel()

    cab.do(kill)
    wire.close()


async def die(*_):
    await asyncio.sleep(3600)


def test_a_receipt_left_open_by_a_power_cut_is_in_doubt_for_ever(tmp_path):
    devices = fakes()
    devices["ReceiptPrinter"].print_receipt = die
    with running(tmp_path, "ReceiptPrinter", devices=devices) as cab:
        cut_in_the_middle(cab, "ReceiptPrinter", slip())
    with running(tmp_path, "ReceiptPrinter") as cab, cab.wire("ReceiptPrinter") as wire:
        assert query(wire)["outcome"] == "uncertain"
        assert printed(wire, slip())["outcome"] == "uncertain"
        assert cab.device("ReceiptPrinter").out == []


def test_a_page_that_its_printer_has_forgotten_is_not_asked_for_at_every_start(tmp_path):
    devices = fakes()
    devices["DocumentPrinter"].print_pdf = die
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab:
        cut_in_the_middle(cab, "DocumentPrinter", pdf())
    asked = []
    for start in range(2):
        devices = fakes()
        printer = devices["DocumentPrinter"]

        async def find_job(name, age_s, deadline, start=start):
            asked.append((start, name))
            return PrintResult(PrintOutcome.UNCERTAIN, evidence={"jobKnown": None})

        printer.find_job = find_job
        with (
            running(tmp_path, "DocumentPrinter", devices=devices) as cab,
            cab.wire("DocumentPrinter") as wire,
        ):
            assert (
                printed(wire, pdf(key=f"another-{start}"))["outcome"] == "printed"
            )  # behind what is settled first
    assert asked == [(0, f"certificate-{KEY}")]


def test_a_page_that_its_printer_still_prints_after_a_restart_has_no_outcome_yet(tmp_path):
    """Told uncertain, somebody would be sent to look for a sheet that is on its way."""
    devices = fakes()
    devices["DocumentPrinter"].print_pdf = die
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab:
        cut_in_the_middle(cab, "DocumentPrinter", pdf())
    devices = fakes()
    name = f"certificate-{KEY}"
    devices["DocumentPrinter"].names[name] = PrintResult(PrintOutcome.UNCERTAIN, evidence={"underWay": True})
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab, cab.wire("DocumentPrinter") as wire:
        assert query(wire) == {"known": True}
        devices["DocumentPrinter"].names[name] = PrintResult(PrintOutcome.PRINTED, sheets=8)
        assert query(wire)["outcome"] == "printed"


def test_a_key_printed_again_while_its_printer_still_prints_it_waits_for_the_same_outcome(tmp_path):
    devices = fakes()
    devices["DocumentPrinter"].print_pdf = die
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab:
        cut_in_the_middle(cab, "DocumentPrinter", pdf())
    devices = fakes()
    name, asked = f"certificate-{KEY}", []

    async def find_job(name, age_s, deadline):
        asked.append(name)
        if len(asked) < 4:
            return PrintResult(PrintOutcome.UNCERTAIN, evidence={"underWay": True})
        return PrintResult(PrintOutcome.PRINTED, sheets=8)

    devices["DocumentPrinter"].find_job = find_job
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab, cab.wire("DocumentPrinter") as wire:
        assert printed(wire, pdf()) == {"outcome": "printed", "sheets": 8}
        assert query(wire) == {"known": True, "outcome": "printed", "sheets": 8}
    assert (set(asked), devices["DocumentPrinter"].out) == ({name}, [])


def test_a_key_printed_again_for_which_there_is_no_outcome_in_time_is_not_told_one(tmp_path):
    devices = fakes()
    devices["DocumentPrinter"].print_pdf = die
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab:
        cut_in_the_middle(cab, "DocumentPrinter", pdf())
    devices = fakes()
    name = f"certificate-{KEY}"
    devices["DocumentPrinter"].names[name] = PrintResult(PrintOutcome.UNCERTAIN, evidence={"underWay": True})
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab, cab.wire("DocumentPrinter") as wire:
        _, completion = wire.ask("PaperJob.Print", pdf(), version=V, timeout_ms=5500)
        assert code(completion) == "timeOut"
        assert query(wire) == {"known": True}
        devices["DocumentPrinter"].names[name] = PrintResult(PrintOutcome.PRINTED, sheets=8)
        assert query(wire)["outcome"] == "printed"


def test_a_driver_that_is_lost_while_its_printer_goes_on_leaves_no_doubt_behind(tmp_path):
    devices = fakes()
    printer, asked = devices["DocumentPrinter"], []
    printer.fault = LinkLost("the driver has died")

    async def find_job(name, age_s, deadline):
        asked.append(name)
        if len(asked) < 3:
            return PrintResult(PrintOutcome.UNCERTAIN, evidence={"underWay": True})
        return PrintResult(PrintOutcome.PRINTED, sheets=8)

    printer.find_job = find_job
    with running(tmp_path, "DocumentPrinter", devices=devices) as cab, cab.wire("DocumentPrinter") as wire:
        assert printed(wire, pdf())["outcome"] == "printed"
    assert len(asked) == 3
