"""Another vendor's services in our cabinet: named by their URI, driven by the device program, used by role."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter

from config.clock import Deadline, SystemClock
from config.loopback import free_port
from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.client import BarcodeClient, DeviceHub, PaperClient
from drivers.client.errors import DeviceCommandFailed
from drivers.devices.xfs4iot_printers import XfsDocumentPrinter
from drivers.errors import DeviceNotReady
from drivers.ports import PrintOutcome, PrintResult
from drivers.xfs.auth import read_tokens
from tests.drivers.contract.machines import PDF, SLIP
from tests.drivers.xfs.vendor import Failed, Vendor

ROLES = {
    "receiptPrinter": ("xfs4iot-receipt-printer", "Receipt"),
    "documentPrinter": ("xfs4iot-document-printer", "Document"),
    "barcodeReader": ("xfs4iot-barcode-reader", "Barcode"),
}


async def until(look: Callable[[], bool], seconds: float = 8.0) -> None:
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.01)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    made = Vendor()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def hub(vendor: Vendor, tmp_path: Path) -> AsyncIterator[DeviceHub]:
    """Our device program whose ``devices.toml`` names the vendor's services, and an application that uses it."""
    lines = [f'state_dir = "{tmp_path}"', f"port = {free_port()}"]
    for role, (driver, service) in ROLES.items():
        lines += ["[[services]]", f'role = "{role}"', f'driver = "{driver}"']
        lines += [f'options = {{uri = "{vendor.uri(service)}"}}']
    file = tmp_path / "devices.toml"
    file.write_text("\n".join(lines))
    program = DeviceProgram(load_devices(file, {}))
    await program.start()
    assert program.server is not None
    token = next(t for t, c in read_tokens(tmp_path / "tokens.json").items() if c.name == "kiosk-run")
    found = DeviceHub(program.server.publisher_uri, token)
    await found.start()
    await until(lambda: all(found.status(role).device == "online" for role in ROLES))
    yield found
    await found.close()
    await program.stop()


async def test_a_document_is_printed_once_by_the_vendor_s_service(hub: DeviceHub, vendor: Vendor) -> None:
    paper = PaperClient(hub, "documentPrinter")
    for _ in range(2):  # the same key again is the same job
        result = await paper.print_pdf("certificate-job-1", "certificate", PDF, 10)
        assert result.outcome is PrintOutcome.PRINTED
    assert vendor.documents == [PDF]


async def test_a_receipt_reaches_it_as_the_printer_s_own_bytes(hub: DeviceHub, vendor: Vendor) -> None:
    result = await PaperClient(hub, "receiptPrinter").print_receipt("receipt-job-1", SLIP, 10)
    assert result.outcome is PrintOutcome.PRINTED
    (sent,) = vendor.receipts
    assert sent.startswith(b"\x1b@") and b"\x1dv0" in sent and sent.endswith(b"\x1dVB\x00")


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (Failed("commandErrorCode", "paperOut"), PrintOutcome.NOT_PRINTED, "paperOut"),
        (Failed("deviceNotReady"), PrintOutcome.UNCERTAIN, "deviceOffline"),
        (Failed("commandErrorCode", "paperJammed"), PrintOutcome.UNCERTAIN, "paperJammed"),
        (Failed("hardwareError"), PrintOutcome.UNCERTAIN, "hardwareError"),
        (Failed("authorisationRequired"), PrintOutcome.NOT_PRINTED, "deviceOffline"),
    ],
    ids=["paper-out", "not-ready", "jam", "fault", "wants-signed-commands"],
)
async def test_what_the_vendor_says_of_a_failed_print_decides_what_is_known(
    hub: DeviceHub, vendor: Vendor, fault: Failed, outcome: PrintOutcome, code: str
) -> None:
    vendor.fault = fault
    result = await PaperClient(hub, "documentPrinter").print_pdf(
        "certificate-job-2", "certificate", _pdf(1), 10
    )
    assert (result.outcome, result.error_code) == (outcome, code)
    assert vendor.documents == []


@pytest.mark.parametrize("pages", [2, 0], ids=["two-pages", "unreadable"])
async def test_paper_that_ran_out_in_a_document_of_more_pages_leaves_it_uncertain(
    hub: DeviceHub, vendor: Vendor, pages: int
) -> None:
    """The standard's completion does not say before which page."""
    vendor.fault = Failed("commandErrorCode", "paperOut")
    paper = PaperClient(hub, "documentPrinter")
    result = await paper.print_pdf(f"certificate-{pages}", "certificate", _pdf(pages), 10)
    assert (result.outcome, result.error_code) == (PrintOutcome.UNCERTAIN, "paperOut")


async def test_what_is_remembered_of_jobs_is_bounded() -> None:
    printer = XfsDocumentPrinter(SystemClock(), "ws://127.0.0.1:9/xfs4iot/v1.0/Document", "")
    for number in range(1000):
        with pytest.raises(DeviceNotReady):
            await printer.print_pdf(f"job-{number}", PDF, 1, Deadline.after(1))
        printer._remember(f"job-{number}", PrintResult(PrintOutcome.PRINTED, None, 1))
    assert len(printer._told) <= 64
    found = await printer.find_job("job-999", 1.0, Deadline.after(1))
    assert found is not None and found.outcome is PrintOutcome.PRINTED
    old = await printer.find_job("job-0", 1.0, Deadline.after(1))
    assert old is not None and old.outcome is PrintOutcome.UNCERTAIN


async def test_a_service_that_ends_in_the_middle_leaves_the_print_uncertain_and_is_found_again(
    hub: DeviceHub, vendor: Vendor
) -> None:
    vendor._page = 1.0
    paper, port = PaperClient(hub, "documentPrinter"), vendor.port
    printing = asyncio.create_task(paper.print_pdf("certificate-job-3", "certificate", PDF, 10))
    await until(lambda: bool(vendor.services["Document"].pending))
    await vendor.stop()
    assert (await printing).outcome is PrintOutcome.UNCERTAIN
    await until(lambda: hub.status("documentPrinter").device in ("noDevice", "offline"))
    await vendor.start(port)
    await until(lambda: hub.status("documentPrinter").device == "online")
    again = await paper.print_pdf("certificate-job-3", "certificate", PDF, 10)
    assert again.outcome is PrintOutcome.UNCERTAIN, "nobody prints it twice by asking again"
    fresh = await paper.print_pdf("certificate-job-4", "certificate", PDF, 10)
    assert fresh.outcome is PrintOutcome.PRINTED


async def test_its_unsolicited_status_reaches_the_application_with_its_age(
    hub: DeviceHub, vendor: Vendor
) -> None:
    await vendor.services["Receipt"].change(paper={"upper": "low"})
    await until(
        lambda: hub.status("receiptPrinter").details.get("printer", {}).get("paper", {}).get("upper") == "low"
    )
    assert hub.status("receiptPrinter").age_s < 2


async def test_a_code_held_before_the_vendor_s_scanner_is_read(hub: DeviceHub, vendor: Vendor) -> None:
    reading = asyncio.create_task(BarcodeClient(hub).read(5))
    await until(lambda: bool(vendor.services["Barcode"].pending))
    vendor.codes.put_nowait("云川".encode("gb18030"))
    code = await reading
    assert (code.symbology, code.data.decode()) == ("qrCode", "云川")


async def test_the_vendor_s_publisher_is_understood_as_ours_is(vendor: Vendor) -> None:
    """An application may also use a service straight away: found by the publisher, known by what it can do."""
    found = DeviceHub(vendor.uri().rstrip("/"), "")
    await found.start()
    await until(lambda: all(found.status(role).device == "online" for role in ROLES))
    vendor.codes.put_nowait(b"42")
    assert (await BarcodeClient(found).read(5)).data == b"42"
    with pytest.raises(DeviceCommandFailed) as caught:
        await found.request("barcodeReader", "BarcodeReader.Nonsense", {}, 5)
    assert caught.value.completion_code == "unsupportedCommand"
    await found.close()


def _pdf(pages: int) -> bytes:
    """A PDF of empty pages; with none it is no PDF."""
    if not pages:
        return b"%PDF-1.4\nbroken"
    writer, file = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()
