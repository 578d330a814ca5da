"""The simulated POS, driven over its line by a host written from docs/pos-ecr.md."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from functools import reduce
from pathlib import Path

import pytest

from config.clock import SystemClock
from drivers.simulators.base import Pace
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pos_bank import CARDS
from tests.drivers.simulators.lines import Host

ECHO, LOGIN, SALE, VOID, REFUND, QUERY, SETTLE, TOTALS, CANCEL = (f"0{n}" for n in range(9))
CODE, STATE, RESULT, STAGE, CARD, BATCH = "10", "12", "13", "20", "15", "19"
Values = dict[str, str]
PATIENT = Pace(8)
"""Slow enough for a hand of the test to come in between."""


def frame(data: bytes) -> bytes:
    checked = bytes.fromhex(f"{len(data):04d}") + data + b"\x03"
    return b"\x02" + checked + bytes([reduce(lambda a, b: a ^ b, checked)])


def question(kind: str, seq: int, values: Values) -> bytes:
    fields = "".join(f"{tag}{len(value):03d}{value}" for tag, value in values.items())
    return frame(f"Q{kind}{seq:03d}{fields}".encode("ascii"))


def fields(data: bytes) -> Values:
    found, place = {}, 6
    while place < len(data):
        size = int(data[place + 2 : place + 5])
        found[data[place : place + 2].decode()] = data[place + 5 : place + 5 + size].decode("gb18030")
        place += 5 + size
    assert place == len(data)
    return found


class Ecr:
    """Asks, acknowledges, and keeps what it hears."""

    def __init__(self, link: Path) -> None:
        self.line = Host(link)
        self.seq = 0
        self.signals: list[int] = []
        self.stages: list[str] = []
        self.frames = 0
        self.acknowledge = True

    async def heard(self, within: float = 3.0) -> bytes | None:
        """The next frame."""
        until = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < until:
            first = await self.line.read(1, 0.02)
            if first == b"\x02":
                head = await self.line.read(2)
                rest = await self.line.read(int(head.hex()) + 2)
                assert rest[-2:-1] == b"\x03"
                assert rest[-1] == reduce(lambda a, b: a ^ b, head + rest[:-1])
                self.frames += 1
                if self.acknowledge:
                    await self.line.write(b"\x06")
                return rest[:-2]
            self.signals += first
        return None

    async def reply(self, seq: int, within: float = 3.0) -> Values | None:
        while (data := await self.heard(within)) is not None:
            if data[:1] == b"N":
                self.stages.append(fields(data)[STAGE])
            elif int(data[3:6]) == seq:
                return fields(data)
        return None

    async def send(self, kind: str, values: Values | None = None) -> int:
        self.seq += 1
        await self.line.write(question(kind, self.seq, values or {}))
        return self.seq

    async def ask(self, kind: str, values: Values | None = None, within: float = 3.0) -> Values:
        told = await self.reply(await self.send(kind, values), within)
        assert told is not None, "no reply"
        return told

    async def pay(self, reference: str, fen: int = 4200, channel: str = "0") -> Values:
        return await self.ask(SALE, {"01": reference, "03": f"{fen:012d}", "04": channel})

    async def record(self, reference: str) -> Values:
        return await self.ask(QUERY, {"01": reference})


def pos_in(place: Path, speed: float = 200) -> PaymentTerminalSimulator:
    return PaymentTerminalSimulator(place / "tty", Pace(speed), place, SystemClock(), ack_s=0.3)


@pytest.fixture
async def pos(tmp_path: Path) -> AsyncIterator[PaymentTerminalSimulator]:
    sim = pos_in(tmp_path)
    await sim.start()
    yield sim
    await sim.stop()


@pytest.fixture
async def ecr(pos: PaymentTerminalSimulator) -> AsyncIterator[Ecr]:
    host = Ecr(pos.port.link)
    assert (await host.ask(LOGIN))[CODE] == "00"
    yield host
    host.line.close()


async def auto(pos: PaymentTerminalSimulator, **how: object) -> None:
    await pos.do("auto", how)


async def test_it_says_who_it_is(ecr: Ecr) -> None:
    told = await ecr.ask(ECHO)
    assert (told[CODE], told["31"], told["33"], told["34"], told["35"], told["36"]) == (
        "00", "YP-0042173", "1", "1", "2", "0",
    )  # fmt: skip
    assert ecr.signals == [6, 6]


async def test_a_card_pays_and_the_bank_has_booked_it_once(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos, card="debit")
    told = await ecr.pay("A1")
    assert (told[CODE], told["01"], told["03"], told["16"]) == ("00", "A1", "000000004200", "05")
    assert re.fullmatch(r"629900\*{9}\d{4}", told[CARD])
    assert [entry.amount for entry in pos.bank.moved("A1")] == [4200]
    assert list(dict.fromkeys(ecr.stages)) == ["01", "02", "07", "08"]
    assert (await ecr.record("A1"))[STATE] == "A"
    assert (await ecr.record("A2"))[CODE] == "N1"


async def test_the_card_is_taken_after_the_reply(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos, card="debit", takes=20)
    await ecr.pay("A1")
    later = [fields(data)[STAGE] for data in (await ecr.heard(), await ecr.heard()) if data is not None]
    assert later == ["09", "00"]


@pytest.mark.parametrize(
    ("hand", "fen", "code"),
    [
        ({"card": "poor"}, 4200, "51"),
        ({"card": "expired"}, 4200, "54"),
        ({"card": "locked"}, 4200, "75"),
        ({"card": "debit", "pin": "wrong"}, 4200, "55"),
        ({"card": "debit", "pin": "cancel"}, 4200, "C4"),
        ({"card": "debit", "fault": "torn"}, 4200, "C3"),
        ({"card": "debit", "entry": "contactless", "pin": "wrong"}, 100_000, "00"),
        ({"card": "debit", "entry": "contactless", "pin": "wrong"}, 100_001, "55"),
        ({"card": "wallet", "entry": "qr"}, 4200, "00"),
        ({"card": "credit", "entry": "magstripe"}, 4200, "00"),
        ({"card": "debit", "fault": "unreadable"}, 4200, "00"),
        ({"card": "debit", "fault": "multiple"}, 4200, "00"),
    ],
)
async def test_every_card_ends_in_its_own_way(
    pos: PaymentTerminalSimulator, ecr: Ecr, hand: dict[str, object], fen: int, code: str
) -> None:
    await auto(pos, **hand)
    assert (await ecr.pay("A1", fen))[CODE] == code
    assert len(pos.bank.moved("A1")) == (code == "00")


async def test_three_wrong_pins_lock_the_card_for_good(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    await auto(pos, card="debit", pin="wrong")
    assert [(await ecr.pay(f"A{n}"))[CODE] for n in range(3)] == ["55", "55", "75"]
    await auto(pos, card="debit", pin="right")
    assert (await ecr.pay("A3"))[CODE] == "75"


async def test_the_channel_is_kept_to(pos: PaymentTerminalSimulator, ecr: Ecr) -> None:
    pos.pace = PATIENT
    paying = asyncio.ensure_future(ecr.pay("A1", channel="2"))
    await until(lambda: pos.state()["stage"] == "insertCard")
    await pos.do("present", {"card": "debit"})
    await until(lambda: pos.state()["stage"] == "tryAnotherInterface")
    await pos.do("present", {"card": "wallet", "entry": "qr"})
    assert (await paying)[CODE] == "00"


async def until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_nobody_comes_and_the_red_key_and_the_host_give_up(
    pos: PaymentTerminalSimulator, ecr: Ecr
) -> None:
    assert (await ecr.pay("A1"))[CODE] == "C2"
    pos.pace = PATIENT
    paying = asyncio.ensure_future(ecr.pay("A2"))
    await until(lambda: pos.state()["stage"] == "insertCard")
    await pos.do("cancelKey")
    assert (await paying)[CODE] == "C1"
    seq = await ecr.send(SALE, {"01": "A3", "03": "000000000100", "04": "0"})
    await until(lambda: pos.state()["stage"] == "insertCard")
    await ecr.send(CANCEL)
    told = await ecr.reply(seq)
    assert told is not None
    assert told[CODE] == "C1"
    assert (await ecr.record("A3"))[STATE] == "E"
    assert not pos.bank.entries


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


async def test_money_is_taken_back_once_and_never_more_than_was_paid(
    pos: PaymentTerminalSimulator, ecr: Ecr
) -> None:
    await auto(pos)
    await ecr.pay("A1", 1000)
    await ecr.pay("A2", 1000)

    async def back(kind: str, reference: str, original: str, fen: int) -> str:
        return (await ecr.ask(kind, {"01": reference, "02": original, "03": f"{fen:012d}"}))[CODE]

    assert await back(VOID, "V1", "nobody", 1000) == "V1"
    assert await back(VOID, "V2", "A1", 999) == "V1"
    assert await back(VOID, "V3", "A1", 1000) == "00"
    assert await back(VOID, "V4", "A1", 1000) == "V2"
    assert (await ecr.record("A1"))[STATE] == "V"
    assert await back(REFUND, "R1", "A2", 600) == "00"
    assert await back(REFUND, "R2", "A2", 401) == "V4"
    assert await back(VOID, "V5", "A2", 1000) == "V3"
    assert await back(REFUND, "R3", "A2", 400) == "00"
    told = await ecr.ask(TOTALS)
    assert [int(told[tag]) for tag in ("40", "41", "42", "43", "44", "45")] == [2, 2000, 1, 1000, 2, 1000]
    assert (await ecr.ask(SETTLE))[CODE] == "00"
    assert (await ecr.ask(SETTLE))[CODE] == "B2"
    assert (await ecr.pay("A3"))[CODE] == "B2"
    assert (await ecr.ask(LOGIN))[BATCH] == "000002"
    assert await back(VOID, "V6", "A2", 1000) == "V3"


async def test_a_batch_the_bank_counts_otherwise_is_closed_all_the_same(
    pos: PaymentTerminalSimulator, ecr: Ecr
) -> None:
    await auto(pos)
    await ecr.pay("A1")
    await pos.do("mismatch", {"fen": 100})
    told = await ecr.ask(SETTLE)
    assert (told[CODE], told["11"], told[BATCH]) == ("S1", "对账不平", "000001")
    assert (await ecr.ask(ECHO))["34"] == "0"


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


async def test_no_card_number_is_kept_or_sent(
    pos: PaymentTerminalSimulator, ecr: Ecr, tmp_path: Path
) -> None:
    for number, name in enumerate(CARDS):
        await auto(pos, card=name, entry="contactless")
        told = await ecr.pay(f"A{number}")
        assert CARDS[name].number not in str(told)
    kept = "".join(file.read_text("utf-8") for file in tmp_path.glob("*.json")) + json.dumps(pos.state())
    assert not [card for card in CARDS.values() if card.number in kept]
    for card in CARDS.values():
        assert _luhn(card.number)


def _luhn(number: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


async def test_hands_are_refused_when_nothing_is_asked(pos: PaymentTerminalSimulator) -> None:
    for action in ("present", "cancelKey"):
        with pytest.raises(ActionRefusedError):
            await pos.do(action)
    with pytest.raises(BadParameterError):
        await pos.do("present", {"card": "gold"})
    assert {"present", "auto", "host", "cutAt", "loseReplies", "nak", "slow", "mismatch", "paper", "power", "unplug",
            "replug", "silent", "garbage", "link", "clear", "cancelKey"} == set(pos.actions())  # fmt: skip
