"""What becomes of a form when paper, power or line fail, and what each model of printer proves."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from config.clock import Deadline
from drivers.errors import DeviceNotReady, UserFault
from drivers.ports import DeviceState, PrintOutcome
from drivers.protocols.escpos_status import Query, ask
from drivers.transports.serial import SerialLink
from tests.drivers.devices.conftest import until
from tests.drivers.devices.escp_bench import FAST, Bench, bench, profile

__all__ = ["bench"]
"""Fixtures that this file uses by their names."""


async def test_without_a_form_nothing_is_sent(bench: Bench) -> None:
    told = await bench.print(own="国")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "noMediaPresent")
    await bench.use(profile(single=False))
    told = await bench.print(own="国")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "paperOut")
    assert bench.sim.buffered == 0


@pytest.mark.parametrize(
    ("device", "parameters", "code"),
    [
        ("cover", {"state": "open"}, "coverOpen"),
        ("online", {"on": False}, "deviceOffline"),
        ("jam", {}, "paperJammed"),
        ("jam", {"where": "broken"}, "hardwareError"),
        ("jam", {"where": "skew"}, "paperJammed"),
    ],
)
async def test_a_fault_before_is_not_printed_and_one_in_the_middle_in_doubt(
    bench: Bench, device: str, parameters: dict[str, Any], code: str
) -> None:
    await bench.sim.do("insert", {})
    await bench.sim.do(device, parameters)
    told = await bench.print("vat-folded")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, code)
    assert bench.sim.sheet is not None and not bench.sim.ink_inside()
    await bench.sim.do("clear")
    if bench.sim.sheet is None:
        await bench.sim.do("insert", {})
    await bench.use(profile(line_s=0.1))
    job = asyncio.ensure_future(bench.print("vat-folded"))
    await bench.passes(2)
    await bench.sim.do(device, parameters)
    told = await job
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, code)
    assert 2 <= told.evidence["passesBegun"] < told.evidence["passes"]


async def test_power_cut_in_mid_page_is_in_doubt_and_the_sheet_can_be_voided(bench: Bench) -> None:
    await bench.sim.do("insert", {})
    await bench.sim.do("power", {"state": "off", "afterPasses": 3})
    told = await bench.print("vat-folded")
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, "deviceOffline")
    assert bench.sim.ink_inside(), "what was struck is struck"
    await until(bench.device, lambda s: s.device is DeviceState.OFFLINE)
    with contextlib.suppress(DeviceNotReady):  # or it has noticed already
        told = await bench.device.void_current("vat-folded", Deadline.after(5))
        assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "deviceOffline")
    await bench.sim.do("power", {"state": "on"})
    await until(bench.device, lambda s: s.device is DeviceState.ONLINE)
    told = await bench.device.void_current("vat-folded", Deadline.after(10))
    assert (told.outcome, told.sheets) == (PrintOutcome.VOIDED, 1)
    (item,) = await bench.items()
    assert item["text"].count("作　废") >= 5
    beside = bench.store.counters("invoicePrinter")["beside"]
    assert beside == 0, "it is struck from where the head was, and not below the end of the form"


async def test_a_form_pulled_out_in_mid_page_is_in_doubt(bench: Bench) -> None:
    await bench.use(profile(line_s=0.1))
    await bench.sim.do("insert", {})
    job = asyncio.ensure_future(bench.print("vat-folded"))
    await bench.passes(3)
    await bench.sim.do("eject")
    told = await job
    assert (told.outcome, told.error_code) == (PrintOutcome.UNCERTAIN, "paperOut")


async def test_a_printer_that_always_says_stopped_can_be_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = type(bench.sim.sensors).answer
    monkeypatch.setattr(
        type(bench.sim.sensors),
        "answer",
        lambda self, n: answer(self, n) | (0x20 if n == 2 and not self.paper else 0),
    )
    await bench.insert()
    assert (await bench.print(own="国")).error_code == "paperOut"
    await bench.use(profile(stop_bit=False))
    await bench.insert()
    assert (await bench.print(own="国")).outcome is PrintOutcome.PRINTED


async def test_to_void_needs_a_form_in_the_printer(bench: Bench) -> None:
    with pytest.raises(UserFault, match="no form") as caught:
        await bench.device.void_current("vat-folded", Deadline.after(5))
    assert caught.value.code == "noMediaPresent"


async def test_time_that_runs_out_before_the_first_pass_leaves_the_form_as_it_was(bench: Bench) -> None:
    await bench.sim.do("silent")
    result = await bench.device.print_raw(b"\n", Deadline.after(FAST.answer + FAST.late / 2))
    assert (result.outcome, result.error_code) == (PrintOutcome.NOT_PRINTED, "timeOut")


async def test_a_printer_that_tells_nothing_proves_nothing(bench: Bench) -> None:
    for reports in ("none", "dsr"):
        await bench.use(profile(reports=reports))
        details = bench.device.snapshot.details
        assert bench.device.snapshot.device is DeviceState.ONLINE
        assert details["printer"]["media"] == "unknown"  # type: ignore[index]
        assert details["paperJob"] == {"cover": "unknown", "recovery": "unknown", "fault": "unknown"}
        await bench.insert()
        told = await bench.print(own="国")
        assert (told.outcome, told.error_code, told.sheets) == (PrintOutcome.UNCERTAIN, None, 0)
        while bench.sim.sheet is not None:
            await asyncio.sleep(0.01)


async def test_a_dsr_line_that_is_down_holds_the_data_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = True
    monkeypatch.setattr(SerialLink, "dsr", lambda self: ready)
    await bench.use(profile(reports="dsr"))
    assert bench.device.snapshot.device is DeviceState.ONLINE
    ready = False
    await until(bench.device, lambda s: s.device is DeviceState.OFFLINE)
    await bench.insert()
    told = await bench.print(own="国")
    assert (told.outcome, told.error_code) == (PrintOutcome.NOT_PRINTED, "deviceOffline")
    ready = True
    job = asyncio.ensure_future(bench.print(own="国" * 20, rows=["国" * 15] * 4))
    await bench.passes(1)
    ready = False
    await asyncio.sleep(0.15)  # look is 0.05: it has noticed
    ready = True
    assert (await job).outcome is PrintOutcome.UNCERTAIN
    while bench.sim.sheet is not None:
        await asyncio.sleep(0.01)
    assert (await bench.items(1))[0]["passes"] == 5, "all of it came out in the end"


async def test_with_a_stack_the_proof_is_that_its_time_has_passed(bench: Bench) -> None:
    await bench.use(profile(single=False))
    await bench.sim.do("insert", {"number": "00012301"})
    await bench.sim.do("stack", {"sheets": 1})
    for _ in range(2):
        async with asyncio.timeout(5):
            while bench.sim.sheet is None:  # the next one of the stack is on its way in
                await asyncio.sleep(0.01)
        told = await bench.print("vat-folded")
        assert (told.outcome, told.evidence["proof"]) == (PrintOutcome.PRINTED, "realTime")
        async with asyncio.timeout(5):
            while bench.sim.buffered:
                await asyncio.sleep(0.01)
    assert [item["number"] for item in await bench.items(2)] == ["00012301", "00012302"]


async def test_a_form_of_a_stack_that_comes_in_while_the_printer_is_asked_is_no_fault(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off line for want of a form, says the first answer; a form lies there, says the last."""
    await bench.use(profile(single=False))
    await bench.insert()
    await bench.sim.do("stack", {"sheets": 1})
    hear = bench.sim.heard
    torn: list[int] = []

    def heard(channel: Any, data: bytes) -> None:
        form = bench.sim.sheet
        if (
            data == ask(Query.PRINTER)
            and form is not None
            and len(torn) < wanted
            and form.struck >= wanted - 1
        ):
            torn.append(form.struck)
            bench.sim.sheet, bench.sim.sensors.paper = None, False
            hear(channel, data)
            bench.sim.sheet, bench.sim.sensors.paper = form, True
        else:
            hear(channel, data)

    monkeypatch.setattr(bench.sim, "heard", heard)
    for wanted in (1, 2):  # before the first form is begun, and in the second one
        async with asyncio.timeout(5):
            while bench.sim.sheet is None:
                await asyncio.sleep(0.01)
        told = await bench.print(own="国", rows=["国" * 15] * 4)
        assert (told.outcome, len(torn)) == (PrintOutcome.PRINTED, wanted)


async def test_answers_lost_cost_no_form(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with no form in the path: off line is then no fault only as long as that is known."""
    await bench.insert()
    hear, reply, lost = bench.sim.heard, bench.sim._reply, []
    asked: list[bytes] = []

    def heard(channel: Any, data: bytes) -> None:
        asked[:] = [data]
        hear(channel, data)

    def answered(channel: Any, data: bytes) -> None:
        if asked == [ask(Query.PAPER)] and bench.sim.sheet is None and len(lost) < 2:
            lost.append(data)
        else:
            reply(channel, data)

    monkeypatch.setattr(bench.sim, "heard", heard)
    monkeypatch.setattr(bench.sim, "_reply", answered)
    told = await bench.print(own="国")
    assert (told.outcome, len(lost)) == (PrintOutcome.PRINTED, 2)
    lost.clear()
    await bench.device.reset(Deadline.after(20))
    assert len(lost) == 2
