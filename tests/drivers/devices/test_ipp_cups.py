"""The A4 printer's driver against CUPS's own printer, and against any bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import Deadline
from drivers.errors import ProtocolError
from drivers.ports import DeviceState, PrintOutcome
from drivers.protocols.ipp_message import JOB_GROUP, Answer, decode
from tests.drivers.devices import ippeve
from tests.drivers.devices.conftest import until
from tests.drivers.devices.ipp_bench import bench, device, pdf, printer, supplies
from tests.drivers.protocols.splitting import cuts

__all__ = ["bench", "device"]
"""Fixtures that this file uses by their names."""


@pytest.fixture(scope="module")
def real_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    reason = ippeve.reason_to_skip()
    if reason is not None:
        pytest.skip(reason)
    with ippeve.name_service(tmp_path_factory.mktemp("bus")) as address:
        yield address


@pytest.fixture
def real(real_bus: str, tmp_path: Path) -> Iterator[ippeve.RealPrinter]:
    with ippeve.real_printer(tmp_path, real_bus) as running:
        yield running


async def test_cups_own_printer_prints_reports_and_is_believed(real: ippeve.RealPrinter) -> None:
    device = printer(real.uri)
    await device.open()
    try:
        document = pdf()
        result = await device.print_pdf("key-1", document, 1, Deadline.after(10))
        assert (result.outcome, result.sheets) == (PrintOutcome.PRINTED, 1)
        assert real.received() == [document]
        found = await device.find_job("key-1", 0.5, Deadline.after(5))
        assert found is not None
        assert found.outcome is PrintOutcome.PRINTED
        async with asyncio.timeout(10):  # of a job as old as the printer's own start nobody can be sure
            while (unknown := await device.find_job("key-2", 0.0, Deadline.after(5))) is not None:
                assert unknown.outcome is PrintOutcome.UNCERTAIN

        real.tell(state="media-empty", sleep="0.6")
        job = asyncio.create_task(device.print_pdf("key-3", document, 1, Deadline.after(10)))
        # It says "media-empty-warning" and prints on: that tray is not what keeps a sheet from coming out.
        await until(device, lambda s: supplies(s)[0] == "low")
        assert (await job).outcome is PrintOutcome.PRINTED

        real.tell(exit="1")
        failed = await device.print_pdf("key-4", document, 1, Deadline.after(10))
        assert failed.outcome is not PrintOutcome.PRINTED
    finally:
        await device.close()


async def test_cups_own_printer_killed_in_the_middle_leaves_the_job_uncertain(
    real: ippeve.RealPrinter,
) -> None:
    device = printer(real.uri)
    await device.open()
    try:
        real.tell(sleep="3")
        job = asyncio.create_task(device.print_pdf("key-1", pdf(), 1, Deadline.after(2)))
        await ippeve.until_received(real, 1)
        real.process.kill()
        assert (await job).outcome is PrintOutcome.UNCERTAIN
        await until(device, lambda s: s.device is DeviceState.OFFLINE)
    finally:
        await device.close()


GOOD = (
    b"\x02\x00\x00\x00\x00\x00\x00\x07\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x02\x21\x00\x06job-id\x00\x04\x00\x00\x00\x2a\x44\x00\x11job-state-reasons\x00\x04none\x44\x00\x00\x00\x04more"
    b"\x34\x00\x05media\x00\x00\x4a\x00\x00\x00\x01x\x34\x00\x00\x00\x00\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00\x03"
)


def test_an_answer_is_taken_apart_with_lists_and_nested_collections() -> None:
    answer = decode(GOOD)
    assert (answer.status, answer.request_id) == (0, 7)
    (group,) = answer.group(JOB_GROUP)
    assert group == {"job-id": 42, "job-state-reasons": ["none", "more"], "media": None}


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_protocol_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data), Answer)
    except ProtocolError:
        pass


@given(cuts, st.binary(max_size=6))
def test_a_good_answer_with_bytes_replaced_never_hangs(places: list[int], noise: bytes) -> None:
    raw = bytearray(GOOD)
    for place, byte in zip(places, noise, strict=False):
        raw[place % len(raw)] = byte
    try:
        decode(bytes(raw))
    except ProtocolError:
        pass
