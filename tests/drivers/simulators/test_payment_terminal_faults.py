"""What the simulated POS does when frames, the bank, its paper or its power fail: never two charges, never a forgotten one."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from tests.drivers.simulators.ecr import (
    CODE,
    ECHO,
    LOGIN,
    PATIENT,
    RESULT,
    SALE,
    SETTLE,
    STATE,
    Ecr,
    auto,
    ecr,
    frame,
    pos,
    pos_in,
    question,
    until,
)
from tests.drivers.simulators.lines import Host

__all__ = ["ecr", "pos"]
"""Fixtures that this file uses by their names."""


async def test_the_same_reference_is_never_charged_again(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await ecr.pay("A1")
    again = await ecr.pay("A1")
    assert (again[CODE], again[STATE], again[RESULT]) == ("K1", "A", "00")
    assert (await ecr.pay("A1", 4300))[CODE] == "K2"
    assert len(pos.bank.entries) == 1


async def test_the_same_frame_is_obeyed_once_and_its_reply_sent_again(
    pos: PaymentTerminalSimulator, ecr: Ecr
) -> None:
    await auto(pos)
    sent = question(SALE, 77, {"01": "A1", "03": "000000000100", "04": "0"})
    await ecr.line.write(sent + sent)
    first = await ecr.reply(77)
    await ecr.line.write(sent)
    assert await ecr.reply(77) == first
    assert len(pos.bank.entries) == 1


async def test_a_reply_is_repeated_until_it_is_acknowledged(ecr: Ecr) -> None:
    ecr.acknowledge = False
    seq = await ecr.send(ECHO)
    assert await ecr.reply(seq)
    assert await ecr.reply(seq)
    await ecr.line.write(b"\x15")
    assert await ecr.reply(seq)
    ecr.acknowledge = True
    assert await ecr.reply(seq)
    assert await ecr.reply(seq, 0.8) is None


async def test_a_notice_that_is_acknowledged_late_does_not_acknowledge_the_reply(
    pos: PaymentTerminalSimulator, ecr: Ecr
) -> None:
    await auto(pos)
    ecr.acknowledge = False
    seq = await ecr.send(SALE, {"01": "A1", "03": "000000000100", "04": "0"})
    first = await ecr.reply(seq)
    assert ecr.stages
    await ecr.line.write(b"\x06" * len(ecr.stages))
    ecr.acknowledge = True
    assert await ecr.reply(seq) == first
    assert await ecr.reply(seq, 0.8) is None


async def test_bad_frames_are_refused_and_a_torn_one_forgotten(
    pos: PaymentTerminalSimulator, ecr: Ecr
) -> None:
    good = question(ECHO, 500, {})
    ecr.signals.clear()
    await ecr.line.write(good[:-1] + bytes([good[-1] ^ 1]))
    assert await ecr.reply(500, 0.2) is None
    await ecr.line.write(good[:5])
    assert await ecr.reply(500, 0.5) is None
    await ecr.line.write(frame(b"Q0050199005abc"))
    assert await ecr.reply(501, 0.2) is None
    assert ecr.signals == [0x15, 0x15, 0x15]
    await ecr.line.write(b"\x00noise\x06" + good)
    assert await ecr.reply(500)
    await pos.do("nak", {"count": 2})
    for signal in (0x15, 0x15, 0x06):
        ecr.signals.clear()
        await ecr.line.write(question(ECHO, 600, {}))
        await ecr.reply(600, 0.2)
        assert ecr.signals[0] == signal


async def test_the_bank_is_not_there(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await pos.do("host", {"reachable": False})
    assert (await ecr.pay("A1"))[CODE] == "H1"
    assert (await ecr.ask(LOGIN))[CODE] == "H1"
    assert (await ecr.ask(SETTLE))[CODE] == "H1"
    assert (await ecr.ask(ECHO))["33"] == "0"
    assert not pos.bank.entries


async def test_what_the_bank_does_not_answer_is_reversed(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await pos.do("host", {"loseAnswers": 1})
    assert (await ecr.pay("A1"))[CODE] == "98"
    await until(lambda: not pos.bank.moved("A1"))
    told = await ecr.record("A1")
    assert (told[STATE], told[RESULT]) == ("R", "98")
    assert [entry.reversed for entry in pos.bank.entries] == [True]


async def test_while_a_reversal_waits_nothing_new_is_begun(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await pos.do("cutAt", {"at": "charged", "what": "host"})
    await pos.do("host", {"loseAnswers": 1})
    assert (await ecr.pay("A1"))[CODE] == "98"
    assert (await ecr.record("A1"))[STATE] == "X"
    assert (await ecr.pay("A2"))[CODE] == "H1"
    assert (await ecr.record("A2"))[CODE] == "N1"
    assert len(pos.bank.moved("A1")) == 1
    await pos.do("clear")
    await until(lambda: not pos.bank.moved("A1"))
    assert (await ecr.pay("A2"))[CODE] == "00"


@pytest.mark.parametrize(
    ("at", "state", "booked"),
    [
        ("begun", "E", 0),
        ("card", "E", 0),
        ("pin", "E", 0),
        ("sent", "R", 0),
        ("charged", "R", 0),
        ("answered", "A", 1),
    ],
)
async def test_a_power_cut_leaves_no_charge_that_is_not_remembered(
    pos: PaymentTerminalSimulator, ecr: Ecr, at: str, state: str, booked: int
) -> None:
    await auto(pos)
    await pos.do("cutAt", {"at": at})
    seq = await ecr.send(SALE, {"01": "A1", "03": "000000000100", "04": "0"})
    await until(lambda: pos.state()["power"] == "off")
    assert await ecr.reply(seq, 0.3) is None
    await pos.do("power", {"state": "on"})
    await until(lambda: not any(r.state == "X" for r in pos.memory.records))
    assert (await ecr.record("A1"))[STATE] == state
    assert len(pos.bank.moved("A1")) == booked


async def test_the_dangerous_one_charges_and_says_nothing(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await pos.do("loseReplies")
    seq = await ecr.send(SALE, {"01": "A1", "03": "000000000100", "04": "0"})
    assert await ecr.reply(seq, 1.0) is None
    assert len(pos.bank.moved("A1")) == 1
    assert (await ecr.record("A1"))[STATE] == "A"


async def test_a_line_that_is_cut_does_not_stop_the_order(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await pos.do("cutAt", {"at": "card", "what": "line"})
    await ecr.send(SALE, {"01": "A1", "03": "000000000100", "04": "0"})
    await until(lambda: pos.bank.moved("A1"))
    ecr.line.close()
    await pos.do("replug")
    ecr.line = Host(pos.port.link)
    assert (await ecr.record("A1"))[STATE] == "A"


async def test_without_paper_nothing_is_begun(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos)
    await pos.do("paper", {"level": "low"})
    assert (await ecr.ask(ECHO))["35"] == "1"
    await pos.do("paper", {"level": "out"})
    assert (await ecr.pay("A1"))[CODE] == "P1"
    assert (await ecr.record("A1"))[CODE] == "N1"


async def test_one_order_at_a_time(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    pos.pace = PATIENT
    first = await ecr.send(SALE, {"01": "A1", "03": "000000000100", "04": "0"})
    await until(lambda: pos.state()["stage"] == "insertCard")
    assert (await ecr.pay("A2"))[CODE] == "B1"
    assert (await ecr.ask(ECHO))["36"] == "1"
    assert (await ecr.record("A1"))[STATE] == "O"
    await pos.do("present", {"card": "debit", "entry": "contactless"})
    await until(lambda: pos.bank.moved("A1"))
    assert first


async def test_memory_and_ledger_outlive_the_process(
    pos: PaymentTerminalSimulator, ecr: Ecr, tmp_path: Path
) -> None:
    await auto(pos)
    await ecr.pay("A1")
    ecr.line.close()
    await pos.stop()
    again = pos_in(tmp_path)
    await again.start()
    try:
        ecr.line = Host(again.port.link)
        assert (await ecr.record("A1"))[STATE] == "A"
        assert len(again.bank.moved("A1")) == 1
    finally:
        await again.stop()
