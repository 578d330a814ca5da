"""Charges given back over the acquirer's wire: each number once, never more than was charged, silence found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bureau.acquirer.card_files import CardFiles
from bureau.acquirer.client import AcquirerClient
from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import Acquirer, RefundAsked
from tests.bureau.acquirer.conftest import Desk, HandClock
from tests.bureau.acquirer.test_client import create

ORDER, KEY = "20261012-0001", "45990026101200000012"


def asked(fen: int = 409_584, key: str = KEY, order: str = ORDER) -> RefundAsked:
    return RefundAsked(key, order, fen, "T26101200000001", "重复扣款")


@pytest.fixture
def card_files(tmp_path: Path, clock: HandClock) -> CardFiles:
    return CardFiles(tmp_path / "cards", clock)


@pytest.fixture
def paid(desk: Desk) -> Desk:
    desk.pay(create(desk))
    return desk


def test_a_charge_goes_back_once_and_the_daily_file_has_it_below_zero(paid: Desk) -> None:
    port: Acquirer = paid.client
    first = port.refund(asked())
    assert (first.state, port.refund(asked()), port.refund_state(KEY)) == ("given", first, first)
    day = paid.clock.now().date()
    sale, back = port.daily(day).lines
    assert (back.order, back.amount_fen, back.kind, back.refund) == (ORDER, -409_584, "refund", KEY)
    assert (sale.kind, sale.refund) == ("sale", "")
    assert len(paid.ledger()["refunds"]) == 1  # type: ignore[arg-type]
    assert paid.ledger()["total_fen"] == 409_584, "payments are as they were"


def test_parts_go_back_up_to_the_charge_and_a_refusal_is_for_ever(paid: Desk) -> None:
    assert paid.client.refund(asked(9_584)).state == "given"
    beyond = paid.client.refund(asked(400_001, "45990026101200000029"))
    assert (beyond.state, beyond.word) == ("refused", "refundExceedsCharge")
    assert paid.client.refund(asked(400_000, "45990026101200000036")).state == "given"
    paid.faults(refuse_refund=1)
    late = asked(1, "45990026101200000043")
    assert paid.client.refund(late).word == "merchantFundsShort"
    assert paid.client.refund(late).state == "refused", "also once there would be funds"
    assert [line.amount_fen for line in paid.client.daily(paid.clock.now().date()).lines[1:]] == [
        -9_584,
        -400_000,
    ]


def test_what_was_never_charged_or_stands_for_something_else_is_refused(paid: Desk) -> None:
    create(paid, "20261012-0002")
    assert paid.client.refund(asked(1, "45990026101200000050", "20261012-0002")).state == "refused"
    with pytest.raises(OrderUnknown):
        paid.client.refund(asked(1, "45990026101200000067", "20261012-0404"))
    with pytest.raises(OrderUnknown):
        paid.client.refund_state(KEY)
    paid.client.refund(asked(1))
    with pytest.raises(AcquirerRefused, match="refundConflict"):
        paid.client.refund(asked(2))


@pytest.mark.parametrize("fault", ["silent", "doubtful"])
def test_silence_is_found_out_by_asking(paid: Desk, fault: str) -> None:
    paid.faults(**{fault: 1})
    with pytest.raises(AcquirerUnreachable):
        AcquirerClient(paid.url, timeout_s=0.4).refund(asked())
    if fault == "silent":
        with pytest.raises(OrderUnknown):
            paid.client.refund_state(KEY)
    paid.clock.forward(seconds=31)
    assert paid.client.refund(asked()).state == paid.client.refund_state(KEY).state == "given"
    assert len(paid.client.daily(paid.clock.now().date()).lines) == 2


def test_many_at_once_never_give_back_more_than_was_charged(paid: Desk) -> None:
    keys = [f"4599002610120000{n:04d}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda key: paid.client.refund(asked(150_000, key)).state, keys))
    assert states.count("given") == 2


def test_a_card_instruction_is_written_once_and_answered_by_files_alone(card_files: CardFiles) -> None:
    with pytest.raises(OrderUnknown):
        card_files.refund_state(KEY)
    assert card_files.refund(asked()).state == "processing"
    assert card_files.refund(asked()).state == card_files.refund_state(KEY).state == "processing"


def test_an_instruction_that_cannot_be_written_is_no_answer(card_files: CardFiles, tmp_path: Path) -> None:
    folder = tmp_path / "cards" / "refunds"
    folder.parent.mkdir()
    folder.write_text("a file in its place", "utf-8")
    with pytest.raises(AcquirerUnreachable, match="cannot be"):
        card_files.refund(asked())
