"""Orders that are charged at a card terminal: told by the terminal, settled in the end by the card acquirer's file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bureau.engine.reconcile import Reconciler
from bureau.engine.resolver import Resolver
from bureau.errors import AcquirerUnreachable
from config.clock import CHINA
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, cases, events, order_for, status, status_at_us
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal

NOON = datetime(2026, 10, 12, 12, 0, tzinfo=CHINA)


def opened(terminal: Terminal) -> dict[str, Any]:
    answer = terminal.do("payment.create", order_for(terminal, channel="card"), SHEN)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def word(created: dict[str, Any], outcome: str = "charged", **more: Any) -> dict[str, Any]:
    charged = {
        "rrn": "000000000001",
        "auth_code": "A1B2C3",
        "trace": "000017",
        "batch": "000001",
        "pos": "T0000001",
        "merchant": "M00000000000001",
        "card": "629900*********1234",
        "paid_at": NOON.isoformat(),
    }
    said = {"order": created["order"], "outcome": outcome, "amount_fen": created["amount_fen"]}
    return said | (charged if outcome == "charged" else {"reason": "insufficientFunds"}) | more


def tell(
    terminal: Terminal, created: dict[str, Any], outcome: str = "charged", **more: Any
) -> dict[str, Any]:
    return terminal.do("payment.card", word(created, outcome, **more), SHEN).result


def bank_file(centre: Centre, *movements: tuple[str, str, int], day: date = DAY) -> None:
    """What the card acquirer's desk leaves: order, kind, amount."""
    folder = centre.state_dir / "cards"
    folder.mkdir(exist_ok=True)
    sign = {"sale": 1, "void": -1, "refund": -1}
    rows = [
        f"{order},{kind},{fen},{n:012d},{NOON.isoformat()}"
        for n, (order, kind, fen) in enumerate(movements, 1)
    ]
    total = sum(sign[kind] * fen for _, kind, fen in movements)
    text = "\n".join(["order,kind,amount_fen,rrn,at", *rows, f"END,{len(rows)},{total}", ""])
    (folder / f"{day:%Y%m%d}.csv").write_text(text, "utf-8")


def compare(centre: Centre) -> dict[str, tuple[str, str]]:
    result = Reconciler(centre.system, centre.acquirers).run(DAY)
    return {line.order: (line.result, line.action) for line in result.lines}


def test_a_card_order_shows_no_code_and_asks_no_acquirer(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    assert created["qr"] == ""
    assert status(terminal, created["order"])["state"] == "created"
    assert centre.bank.calls == []
    assert all(not due["payable"] for due in terminal.data("dues.list", SHEN)["dues"]), "held meanwhile"


def test_where_no_card_acquirer_is_known_no_card_is_taken(
    city_url: str, make_centre: Callable[..., Centre]
) -> None:
    terminal = make_centre(city_url, cards=False).terminal()
    answer = terminal.do("payment.create", order_for(terminal, channel="card"), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "cardNotTaken"
    assert all(due["payable"] for due in terminal.data("dues.list", SHEN)["dues"])


def test_what_was_charged_is_booked_once_and_clears_its_dues(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    signed = terminal.intent("payment.card", word(created), SHEN)
    told = terminal.send(signed)
    assert terminal.send(signed) == told, "told again, answered the same"
    assert (told.result["state"], len(str(told.result["voucher"]))) == ("approved", 18)
    assert told.result["payer_masked"] == "629900*********1234"
    assert bookings(centre) == [created["amount_fen"]]
    assert terminal.data("dues.list", SHEN)["dues"] == []


@pytest.mark.parametrize("off", [timedelta(days=-400), timedelta(days=2)])
def test_a_card_terminal_whose_clock_is_days_off_pays_on_the_day_of_its_order(
    terminal: Terminal, centre: Centre, off: timedelta
) -> None:
    created = opened(terminal)
    tell(terminal, created, paid_at=(NOON + off).isoformat())
    bank_file(centre, (created["order"], "sale", created["amount_fen"]))
    centre.clock.forward(days=1)
    assert compare(centre) == {created["order"]: ("MATCH", "")}


@pytest.mark.parametrize(("outcome", "state"), [("declined", "declined"), ("notCharged", "closed")])
def test_what_was_not_charged_frees_its_dues(
    terminal: Terminal, centre: Centre, outcome: str, state: str
) -> None:
    created = opened(terminal)
    assert tell(terminal, created, outcome)["state"] == state
    assert bookings(centre) == []
    assert opened(terminal)["amount_fen"] == created["amount_fen"], "the next order, by whichever channel"


def test_a_close_is_the_terminals_word_that_no_charge_was_begun(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    assert terminal.do("payment.close", {"order": created["order"]}).result["state"] == "closed"
    assert centre.bank.calls == []


def test_another_terminal_has_no_word_in_it_and_a_code_is_no_card(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    stranger = centre.terminal("B-01").do("payment.card", word(created), SHEN)
    assert stranger.refusal is not None and stranger.refusal.code == "orderUnknown"
    tell(terminal, created, "notCharged")
    code = terminal.do("payment.create", order_for(terminal), SHEN).result
    answer = terminal.do("payment.card", word(code), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "orderUnknown"
    assert bookings(centre) == []


def test_another_amount_than_ordered_is_a_case_and_is_not_booked(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    assert tell(terminal, created, amount_fen=created["amount_fen"] - 1)["state"] == "unknown"
    assert (bookings(centre), cases(centre)) == ([], ["amount-differs"])


def test_a_whole_card_number_is_not_even_taken(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    with pytest.raises(Exception, match="card"):
        tell(terminal, created, card="6299001234567891234")


def test_a_terminal_that_says_nothing_leaves_the_order_in_doubt_and_it_is_never_closed_by_asking(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    centre.clock.forward(minutes=11)
    Resolver(centre.system, centre.acquirers).run_once()
    assert status_at_us(centre, created) is State.UNKNOWN
    assert centre.bank.calls == []
    assert not any(due["payable"] for due in terminal.data("dues.list", SHEN)["dues"])
    assert tell(terminal, created)["state"] == "approved", "however late it is told"
    assert bookings(centre) == [created["amount_fen"]]


def test_a_charge_whose_dues_were_paid_otherwise_meanwhile_is_a_case_for_a_refund(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    tell(terminal, created, "notCharged")
    other = opened(terminal)
    tell(terminal, other)
    told = tell(terminal, created, paid_at=(NOON + timedelta(minutes=1)).isoformat())
    assert told["state"] == "closed"
    assert (bookings(centre), cases(centre)) == ([created["amount_fen"]], ["paid-twice"])


# --- the card acquirer's file -----------------------------------------------------------------------------


def test_a_day_of_codes_and_cards_is_one_comparison(terminal: Terminal, centre: Centre) -> None:
    dues = terminal.data("dues.list", SHEN)["dues"]
    first = dues[0]["amount_fen"] + dues[0]["late_fee_fen"]
    code = {"dues": [dues[0]["due"]], "amount_fen": first, "channel": "qr-shown"}
    coded = terminal.do("payment.create", code, SHEN).result
    centre.bank.pay(coded["order"])
    status(terminal, coded["order"])
    created = opened(terminal)
    tell(terminal, created)
    bank_file(centre, (created["order"], "sale", created["amount_fen"]))
    centre.clock.forward(days=1)
    assert compare(centre) == {coded["order"]: ("MATCH", ""), created["order"]: ("MATCH", "")}


def test_a_charge_that_was_never_told_is_booked_from_the_file(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    bank_file(centre, (created["order"], "sale", created["amount_fen"]))
    centre.clock.forward(days=1)
    assert compare(centre) == {created["order"]: ("THEIRS_ONLY", "booked late")}
    assert bookings(centre) == [created["amount_fen"]]
    assert tell(terminal, created)["state"] == "approved", "its word comes at last and changes nothing"
    assert bookings(centre) == [created["amount_fen"]]


def test_an_order_in_no_final_file_was_not_charged(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    bank_file(centre)
    assert compare(centre) == {}, "the day is not over"
    centre.clock.forward(days=1)
    assert compare(centre) == {created["order"]: ("OURS_ONLY", "closed by the file alone")}
    assert status_at_us(centre, created) is State.CLOSED
    assert events(centre, created["order"])[-1] == ("closed", "reconciliation")
    assert cases(centre) == ["in-no-file"], "an officer asks the terminal's desk"


def test_a_file_that_is_not_there_yet_is_waited_for_and_keeps_no_code_from_being_compared(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    tell(terminal, created)
    centre.clock.forward(days=1)
    reconciler = Reconciler(centre.system, centre.acquirers)
    with pytest.raises(AcquirerUnreachable, match=r"20261012\.csv"):
        reconciler.run(DAY)
    assert not reconciler.done(DAY)
    assert status_at_us(centre, created) is State.APPROVED
    bank_file(centre, (created["order"], "sale", created["amount_fen"]))
    assert reconciler.run(DAY).balanced
    assert reconciler.done(DAY)


def test_a_day_without_cards_needs_no_file(centre: Centre) -> None:
    centre.clock.forward(days=1)
    reconciler = Reconciler(centre.system, centre.acquirers)
    assert reconciler.run(DAY).balanced
    assert reconciler.done(DAY)


@pytest.mark.parametrize("kind", ["void", "refund"])
def test_a_charge_given_back_at_the_terminal_is_looked_into(
    terminal: Terminal, centre: Centre, kind: str
) -> None:
    created = opened(terminal)
    tell(terminal, created)
    fen = created["amount_fen"]
    bank_file(centre, (created["order"], "sale", fen), (created["order"], kind, fen))
    centre.clock.forward(days=1)
    assert compare(centre) == {created["order"]: ("OURS_ONLY", "case")}
    assert cases(centre) == ["ours-only"]


def test_a_card_in_the_next_days_file_is_no_case(terminal: Terminal, centre: Centre) -> None:
    """An acquirer's day may end before midnight."""
    created = opened(terminal)
    tell(terminal, created)
    bank_file(centre)
    centre.clock.forward(days=1)
    reconciler = Reconciler(centre.system, centre.acquirers)
    (line,) = reconciler.run(DAY).lines
    assert (line.action, line.case) == ("waits for the file of 2026-10-13", None)
    assert not reconciler.done(DAY), "it is compared again when that file is there"
    bank_file(centre, (created["order"], "sale", created["amount_fen"]), day=DAY + timedelta(days=1))
    centre.clock.forward(days=1)
    (line,) = reconciler.run(DAY).lines
    assert (line.action, line.case) == ("in the file of 2026-10-13", None)
    assert reconciler.done(DAY)
    assert cases(centre) == []


def test_a_card_in_no_file_at_all_is_a_case(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    tell(terminal, created)
    bank_file(centre)
    centre.clock.forward(days=4)
    assert compare(centre) == {created["order"]: ("OURS_ONLY", "case")}, "no other file has come"
    assert cases(centre) == ["ours-only"]


def test_another_amount_in_the_next_days_file_is_looked_into(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    tell(terminal, created)
    bank_file(centre)
    bank_file(centre, (created["order"], "sale", created["amount_fen"] - 1), day=DAY + timedelta(days=1))
    centre.clock.forward(days=2)
    assert compare(centre) == {created["order"]: ("OURS_ONLY", "case")}


def test_a_card_charged_twice_for_one_order_shows(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    tell(terminal, created)
    sale = (created["order"], "sale", created["amount_fen"])
    bank_file(centre, sale, sale)
    centre.clock.forward(days=1)
    assert compare(centre) == {created["order"]: ("AMOUNT_DIFF", "case")}
    assert cases(centre) == ["amount-differs"]


def test_a_day_whose_file_never_comes_keeps_no_later_day_from_being_compared(
    terminal: Terminal, centre: Centre
) -> None:
    dues = terminal.data("dues.list", SHEN)["dues"]
    lost, told = ({"dues": [d["due"]], "amount_fen": d["amount_fen"] + d["late_fee_fen"]} for d in dues[:2])
    doubted = terminal.do("payment.create", {**lost, "channel": "card"}, SHEN).result
    centre.clock.forward(days=1)
    created = terminal.do("payment.create", {**told, "channel": "card"}, SHEN).result
    tell(terminal, created, paid_at=(NOON + timedelta(days=1)).isoformat())
    bank_file(centre, (created["order"], "sale", created["amount_fen"]), day=DAY + timedelta(days=1))
    centre.clock.forward(days=1)
    result = Reconciler(centre.system, centre.acquirers).run(DAY + timedelta(days=1))
    assert {line.order: line.result for line in result.lines} == {created["order"]: "MATCH"}
    assert status_at_us(centre, doubted) is not State.CLOSED, "no file has said that it was not charged"
    bank_file(centre)
    assert compare(centre) == {doubted["order"]: ("OURS_ONLY", "closed by the file alone")}


def test_a_file_that_has_not_come_within_a_week_is_one_case(terminal: Terminal, centre: Centre) -> None:
    opened(terminal)
    (chore,) = [c for c in centre.container.housekeeping.chores if c.name == "daily comparison"]
    for days in (6, 1):
        assert cases(centre) == []
        centre.clock.forward(days=days)
        for _ in range(2):
            with pytest.raises(AcquirerUnreachable):
                chore.work()
    assert cases(centre) == ["no-daily-file"]
