"""Money that was charged and is no tax goes back once, by two officers, and a daily file confirms it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bureau.engine.repaying.cases import close
from bureau.engine.repaying.ordering import Hands, refused_by_desk
from bureau.errors import CaseRefused, RepaymentRefused
from bureau.ports.acquirer import AcquirerLine
from bureau.ports.cases import Ending
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, opened, status, status_at_us
from tests.bureau.engine.repaying import (
    HANDS,
    UNKNOWN,
    about,
    back_of,
    charge,
    charged,
    compared,
    freed,
    listed,
    messages,
    next_day,
    paid_twice,
    repayer,
    repayments,
    sums,
    today,
)
from tests.bureau.stores import DAY
from tests.bureau.terminals import Terminal


def test_money_for_no_order_goes_back_whole_and_its_case_closes_with_the_file(centre: Centre) -> None:
    charged(centre)
    day = next_day(centre)
    (line,) = compared(centre, day).lines
    assert (line.action, line.ours_fen, line.theirs_fen) == ("refund", None, 50_000)
    (case,) = about(centre)
    done = repayer(centre).order(case.case, HANDS)
    assert (done.state, done.amount_fen, done.order) == ("given", 50_000, UNKNOWN)
    assert back_of(centre) == 50_000
    assert about(centre)[0].open, "a word is no file yet"
    second = next_day(centre)
    result = compared(centre, second)
    (back,) = result.lines
    assert (back.order, back.result) == (done.repayment, "MATCH")
    assert (back.ours_fen, back.theirs_fen) == (-50_000, -50_000)
    assert result.balanced
    (case,) = about(centre)
    assert (case.open, case.outcome, case.closed_by) == (False, "given-back", f"daily file {second}")
    assert sums(centre) == (0, 0), "the day of the charge agrees as well"
    (again,) = compared(centre, day).lines
    assert (again.result, again.action, again.case) == ("MATCH", "given back", None)
    assert sums(centre) == (0, 0)
    with pytest.raises(RepaymentRefused, match="is back already"):
        repayer(centre).order(UNKNOWN, HANDS)


def test_who_paid_twice_is_told_and_sees_it_in_the_list(terminal: Terminal, centre: Centre) -> None:
    first, second = paid_twice(terminal, centre)
    compared(centre, next_day(centre))
    repayer(centre).order(first["order"], HANDS)
    assert messages(centre) == ["payment-given-back"]
    rows = {row["order"]: row for row in listed(terminal)}
    amount = f"{first['amount_fen'] / 100:,.2f}"
    assert rows[first["order"]]["back"]["zh-CN"] == f"已原路退回 {amount} 元"
    assert rows[first["order"]]["voucher"] is None
    assert rows[second["order"]]["back"] is None and rows[second["order"]]["voucher"]
    total = terminal.data("payments.list", SHEN, service="query.payments")["total_fen"]
    assert total == second["amount_fen"], "what goes back is not paid"
    compared(centre, next_day(centre))
    assert messages(centre) == ["payment-given-back"], "once"
    assert not any(case.open for case in about(centre, first["order"]))
    assert sums(centre) == (second["amount_fen"], second["amount_fen"])


def test_what_entered_the_treasury_is_never_reversed(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    compared(centre, next_day(centre))
    with pytest.raises(RepaymentRefused, match=r"entered the treasury .* never reversed.*refund\.overpaid"):
        repayer(centre).order(created["order"], HANDS)
    assert centre.bank.refunds == {} and repayments(centre, created["order"]) == []


def test_of_a_booked_order_goes_back_what_was_charged_beyond_it_and_no_fen_more(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    centre.bank.charged[0] = replace(centre.bank.charged[0], amount_fen=created["amount_fen"] + 700)
    day = next_day(centre)
    compared(centre, day)
    with pytest.raises(RepaymentRefused, match=r"at most 7\.00 yuan"):
        repayer(centre).order(created["order"], HANDS, 701)
    repayer(centre).order(created["order"], HANDS, 300)
    with pytest.raises(RepaymentRefused, match="on their way back already"):
        repayer(centre).order(created["order"], HANDS, 400)
    compared(centre, next_day(centre))
    assert about(centre, created["order"])[0].open, "four yuan are still here"
    repayer(centre).order(created["order"], HANDS)
    compared(centre, next_day(centre))
    assert back_of(centre, created["order"]) == 700
    assert not about(centre, created["order"])[0].open
    assert sums(centre) == (created["amount_fen"], created["amount_fen"])
    assert bookings(centre) == [created["amount_fen"]]


def test_a_booked_order_that_is_charged_again_on_another_day_is_found_whichever_file_comes_first(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    first = next_day(centre)
    charged(centre, created["order"], created["amount_fen"], "R-again")
    second = next_day(centre)
    assert compared(centre, second).balanced, "one charge, one booking: so far it is the same money"
    (line,) = compared(centre, first).lines
    assert (line.result, line.action) == ("MATCH", "refund") and line.case is not None
    (line,) = compared(centre, second).lines
    assert (line.result, line.action) == ("THEIRS_ONLY", "refund")
    repayer(centre).order(created["order"], HANDS)
    compared(centre, next_day(centre))
    assert sums(centre) == (created["amount_fen"], created["amount_fen"])
    assert compared(centre, first).balanced and compared(centre, second).balanced


def test_two_different_officers_a_reason_and_a_file_are_needed(centre: Centre) -> None:
    charged(centre)
    for hands, words in (
        (Hands("周审核", "周审核", "重复扣款"), "another officer"),
        (Hands("Zhou", "zhou", "重复扣款"), "another officer"),
        (Hands("周审核", "吴复核", " "), "say why"),
        (Hands("周审核", "吴复核", "a\nb"), "say why"),
        (HANDS, "no daily file has a charge"),
    ):
        with pytest.raises(RepaymentRefused, match=words):
            repayer(centre).order(UNKNOWN, hands)
    compared(centre, today(centre))
    (case,) = about(centre)
    with centre.system.write() as work:
        close(work.core, case.case, Ending("settled", "周审核", "吴复核", "持卡人当面退"))
    with pytest.raises(RepaymentRefused, match="no case is open"):
        repayer(centre).order(UNKNOWN, HANDS)
    assert centre.bank.refunds == {}
    assert compared(centre, today(centre)).balanced, "two officers have said that nothing is left to do"


def test_a_case_with_money_closes_by_two_officers_only_and_never_while_it_is_on_its_way(
    centre: Centre,
) -> None:
    charged(centre)
    compared(centre, today(centre))
    (case,) = about(centre)

    def closed(ending: Ending) -> None:
        with centre.system.write() as work:
            close(work.core, case.case, ending)

    for ending, words in (
        (Ending("given-back", "周审核", "吴复核", "x"), "--outcome"),
        (Ending("settled", "周审核", "吴复核"), "--note"),
        (Ending("settled", "周审核", "周审核", "x"), "another officer"),
        (Ending("settled", "周审核", "", "x"), "name --second too"),
    ):
        with pytest.raises(CaseRefused, match=words):
            closed(ending)
    repayer(centre).order(UNKNOWN, HANDS)
    with pytest.raises(CaseRefused, match="on its way back"):
        closed(Ending("settled", "周审核", "吴复核", "x"))
    assert about(centre)[0].open


@pytest.mark.parametrize("how", ["lost", "unheard"])
def test_silence_is_doubt_that_is_asked_about_and_ends_in_one_giving(centre: Centre, how: str) -> None:
    charged(centre)
    compared(centre, today(centre))
    centre.bank.on_refund = [how]
    assert repayer(centre).order(UNKNOWN, HANDS).state == "ordered"
    with pytest.raises(RepaymentRefused, match="already"):
        repayer(centre).order(UNKNOWN, HANDS)
    assert repayer(centre).run_once() == 0, "not at once"
    centre.clock.forward(seconds=6)
    assert repayer(centre).run_once() == 1
    assert [one.state for one in repayments(centre)] == ["given"]
    assert back_of(centre) == 50_000
    asked = ["refund", "refund_state", "refund"] if how == "lost" else ["refund", "refund_state"]
    assert [call for call in centre.bank.calls if call.startswith("refund")] == asked


def test_a_centre_killed_before_it_asked_asks_when_it_lives_again(
    city_url: str, make_centre: Callable[..., Centre]
) -> None:
    centre = make_centre(city_url)
    charged(centre)
    compared(centre, today(centre))

    def killed() -> None:
        raise KeyboardInterrupt

    centre.bank.before_refund = killed
    with pytest.raises(KeyboardInterrupt):
        repayer(centre).order(UNKNOWN, HANDS)
    assert [one.state for one in repayments(centre)] == ["ordered"], "written before the acquirer heard of it"
    again = make_centre(city_url, "again", centre.clock)
    centre.clock.forward(seconds=6)
    assert repayer(again).run_once() == 1
    assert back_of(again) == 50_000


def test_what_the_acquirer_refuses_waits_for_officers_again(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    centre.bank.on_refund = ["refused"]
    refused = repayer(centre).order(UNKNOWN, HANDS)
    assert (refused.state, refused.word) == ("refused", "no")
    assert about(centre)[0].open and charge(centre).owed_fen == 50_000
    done = repayer(centre).order(UNKNOWN, HANDS)
    assert done.repayment != refused.repayment and done.state == "given"
    assert back_of(centre) == 50_000


def test_money_on_its_way_back_is_never_booked_meanwhile(terminal: Terminal, centre: Centre) -> None:
    first, second = paid_twice(terminal, centre)
    compared(centre, today(centre))
    centre.bank.on_refund = ["lost"]
    repayer(centre).order(first["order"], HANDS)
    for due in terminal.data("dues.list", SHEN)["dues"]:
        assert due["payable"]
    (line,) = [one for one in compared(centre, today(centre)).lines if one.order == first["order"]]
    assert (line.action, line.case is not None) == ("refund under way", True)
    freed(centre, second["order"])  # nothing else stands against booking the first
    with centre.system.write() as work:
        order = work.core.payments.order(first["order"])
        assert order is not None
        after = work.core.payments.learn(order, centre.bank.orders[first["order"]], "test")
    assert after.state is State.CLOSED
    assert bookings(centre) == [second["amount_fen"]]


def test_an_order_in_doubt_over_another_amount_frees_its_dues_once_its_money_goes_back(
    terminal: Terminal, centre: Centre
) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    known = centre.bank.orders[created["order"]]
    centre.bank.orders[created["order"]] = replace(known, amount_fen=known.amount_fen + 1)
    centre.bank.charged[0] = replace(centre.bank.charged[0], amount_fen=known.amount_fen + 1)
    status(terminal, created["order"])
    compared(centre, today(centre))
    assert status_at_us(centre, created) is State.UNKNOWN
    done = repayer(centre).order(created["order"], HANDS)
    assert done.amount_fen == created["amount_fen"] + 1
    assert status_at_us(centre, created) is State.CLOSED
    assert opened(terminal)["amount_fen"] == created["amount_fen"], "the tax is still due"
    compared(centre, next_day(centre))
    assert bookings(centre) == []


def test_what_no_file_has_is_seen_again_and_a_late_file_ends_it(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    done = repayer(centre).order(UNKNOWN, HANDS)
    (line,), centre.bank.given = centre.bank.given, []
    compared(centre, next_day(centre))
    assert about(centre, done.repayment) == [], "the acquirer's day need not end at midnight"
    result = compared(centre, next_day(centre))
    (missing,) = result.lines
    assert (missing.order, missing.result, missing.ours_fen) == (done.repayment, "OURS_ONLY", -50_000)
    assert [case.kind for case in about(centre, done.repayment)] == ["refund-missing"]
    assert not result.balanced and charge(centre).owed_fen == 0, "nobody gives it back a second time"
    centre.bank.given = [line]
    assert compared(centre, DAY).balanced
    assert not any(case.open for case in (*about(centre), *about(centre, done.repayment)))
    assert sums(centre)[1] == 0


def test_a_file_that_loses_what_it_had_confirmed_is_seen_and_nothing_goes_back_twice(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    done = repayer(centre).order(UNKNOWN, HANDS)
    day = next_day(centre)
    assert compared(centre, day).balanced
    lost, centre.bank.given = centre.bank.given, []
    lines = {line.order: line for line in compared(centre, day).lines}
    assert (lines[done.repayment].result, lines[done.repayment].case is not None) == ("OURS_ONLY", True)
    assert charge(centre).owed_fen == 0
    centre.bank.given = lost
    assert compared(centre, day).balanced
    assert not about(centre, done.repayment)[0].open


def test_what_the_desk_says_it_did_not_give_is_ordered_anew(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    done = repayer(centre).order(UNKNOWN, HANDS)
    with pytest.raises(RepaymentRefused, match="only the acquirer itself"), centre.system.write() as work:
        refused_by_desk(work.core, done.repayment, HANDS)
    centre.bank.given = []
    compared(centre, next_day(centre))
    compared(centre, next_day(centre))
    with centre.system.write() as work:
        assert refused_by_desk(work.core, done.repayment, HANDS).word.startswith("desk: 重复扣款")
    assert not about(centre, done.repayment)[0].open
    assert repayer(centre).order(UNKNOWN, HANDS).state == "given"
    compared(centre, next_day(centre))
    assert not about(centre)[0].open


def test_a_file_with_another_amount_or_a_second_giving_is_a_case(centre: Centre) -> None:
    charged(centre)
    compared(centre, today(centre))
    done = repayer(centre).order(UNKNOWN, HANDS, 20_000)
    whole = centre.bank.given[0]
    centre.bank.given[0] = replace(whole, amount_fen=-20_001)
    day = next_day(centre)
    lines = {line.order: line for line in compared(centre, day).lines}
    assert lines[done.repayment].result == "AMOUNT_DIFF" and lines[done.repayment].case is not None
    centre.bank.given[0] = whole
    compared(centre, day)
    assert not about(centre, done.repayment)[0].open, "the file was put right"
    centre.bank.given.append(replace(whole, reference="B-again", paid_at=centre.clock.now()))
    (line,) = compared(centre, next_day(centre)).lines
    assert (line.order, line.theirs_fen) == (UNKNOWN, -20_000)
    assert "refund-unasked" in [case.kind for case in about(centre)]


def test_tax_that_goes_back_without_officers_of_ours_is_a_case(terminal: Terminal, centre: Centre) -> None:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    status(terminal, created["order"])
    compared(centre, next_day(centre))
    fen, now = created["amount_fen"], centre.clock.now()
    centre.bank.given.append(AcquirerLine(created["order"], -fen, "B-9", now, "refund"))
    (line,) = compared(centre, next_day(centre)).lines
    assert (line.result, line.theirs_fen, line.action) == ("THEIRS_ONLY", -fen, "case")
    assert [case.kind for case in about(centre, created["order"])] == ["refund-unasked"]
    assert bookings(centre) == [fen]


def test_money_that_the_acquirers_desk_gave_back_by_itself_closes_its_case(centre: Centre) -> None:
    charged(centre)
    day = next_day(centre)
    compared(centre, day)
    now = centre.clock.now()
    centre.bank.given.append(AcquirerLine(UNKNOWN, -50_000, "B-9", now, "refund"))
    assert compared(centre, next_day(centre)).balanced
    assert not about(centre)[0].open and sums(centre) == (0, 0)


# --- cards ------------------------------------------------------------------------------------------------


def card_file(centre: Centre, *rows: str, total: int) -> Path:
    folder = centre.state_dir / "cards"
    folder.mkdir(exist_ok=True)
    heading = "order,kind,amount_fen,rrn,at,refund"
    path = folder / f"{today(centre):%Y%m%d}.csv"
    path.write_text("\n".join([heading, *rows, f"END,{len(rows)},{total}", ""]), "utf-8")
    return path


@pytest.mark.parametrize("keyed", [True, False])
def test_a_card_charge_goes_back_by_an_instruction_and_its_file_confirms_it(
    centre: Centre, keyed: bool
) -> None:
    at = centre.clock.now().isoformat()
    card_file(centre, f"{UNKNOWN},sale,900,000000000007,{at},", total=900)
    compared(centre, today(centre))
    done = repayer(centre).order(UNKNOWN, HANDS)
    assert (done.state, done.channel) == ("processing", "card")
    written = (centre.state_dir / "cards" / "refunds" / f"{done.repayment}.csv").read_text("utf-8")
    assert written.splitlines() == [
        "refund,order,amount_fen,rrn,reason",
        f"{done.repayment},{UNKNOWN},900,000000000007,重复扣款",
    ]
    next_day(centre)
    assert repayer(centre).run_once() == 0, "nobody can be asked"
    at, key = centre.clock.now().isoformat(), done.repayment if keyed else ""
    card_file(centre, f"{UNKNOWN},refund,900,000000000008,{at},{key}", total=-900)
    result = compared(centre, today(centre))
    assert result.balanced
    assert compared(centre, today(centre)) == replace(result, at=centre.clock.now()), "repeatable"
    assert not about(centre)[0].open and sums(centre) == (0, 0)


def test_an_instruction_that_the_card_desk_never_carried_out_is_seen_after_a_week(centre: Centre) -> None:
    at = centre.clock.now().isoformat()
    card_file(centre, f"{UNKNOWN},sale,900,000000000007,{at},", total=900)
    compared(centre, today(centre))
    done = repayer(centre).order(UNKNOWN, HANDS)
    centre.clock.forward(days=7)
    card_file(centre, total=0)
    day = next_day(centre)
    assert [line.order for line in compared(centre, day).lines] == [done.repayment]
    assert [case.kind for case in about(centre, done.repayment)] == ["refund-missing"]
    with centre.system.write() as work:
        assert refused_by_desk(work.core, done.repayment, HANDS).state == "refused"
    centre.clock.forward(seconds=timedelta(minutes=1).total_seconds())
    assert repayer(centre).order(UNKNOWN, HANDS).state == "processing"
