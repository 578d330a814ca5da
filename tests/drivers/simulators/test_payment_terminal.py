"""The simulated POS, driven over its line by a host written from docs/pos-ecr.md."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.payment_terminal import PaymentTerminalSimulator
from drivers.simulators.pos_bank import CARDS
from tests.drivers.simulators.ecr import (
    BATCH,
    CANCEL,
    CARD,
    CODE,
    ECHO,
    LOGIN,
    PATIENT,
    REFUND,
    SALE,
    SETTLE,
    STAGE,
    STATE,
    TOTALS,
    VOID,
    Ecr,
    auto,
    ecr,
    fields,
    pos,
    until,
)

__all__ = ["ecr", "pos"]
"""Fixtures that this file uses by their names."""


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
