"""Refunds: what was paid too much is found, applied for, allowed, set off against arrears, and paid back once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bureau.city.cast import CHENXING, FIRMS
from bureau.engine.matters.deciding import approve, refuse_case
from bureau.engine.refunds import ordering
from bureau.engine.rules import Rules
from bureau.errors import RefundRefused
from bureau.ports.refunds import Account, Refund
from bureau.store import tables
from kiosk.domain.ids import Fen
from kiosk.domain.money import fen
from kiosk.domain.tax import deposit_interest, late_fee
from kiosk.domain.tax.parameters import built_in
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import status
from tests.bureau.terminals import Terminal, subject

LIN = subject("lin-tao", CHENXING, "L")
JIAXIN = subject("he-jiaxin")
OVERPAID, IIT, TRACK = "refund.overpaid", "refund.iit", "refund.track"
RULES = Rules(built_in())
CARD = {"bank": "icbc", "account": "6217000000000001234"}


def found(terminal: Terminal, who: dict[str, Any] = LIN, service: str = OVERPAID) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("refund.overpaid", who, service=service)["rows"]
    return rows


def apply(terminal: Terminal, row: dict[str, Any], **changed: Any) -> EffectAnswer:
    data = {
        "declaration": row["declaration"],
        "reason": "corrected",
        "bank": row["bank"],
        "account": row["account"],
        **changed,
    }
    return terminal.do("matter.submit", data, LIN, service=OVERPAID)


def allowed(centre: Centre, terminal: Terminal) -> Refund:
    """Applied for, and allowed by an officer."""
    (row,) = found(terminal)
    case = apply(terminal, row).result["case"]
    with centre.system.write() as work:
        approve(work.core, case, "周审核")
        refund = work.core.refunds.of_case(case)
    assert refund is not None
    return refund


def ordered(centre: Centre, number: str, officer: str = "吴批准") -> Refund:
    with centre.system.write() as work:
        return ordering.order(work.core, number, officer, RULES)


def track(terminal: Terminal) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.data("refund.list", LIN, service=TRACK)["rows"]
    return rows


def code(answer: EffectAnswer) -> str:
    assert answer.refusal is not None, answer
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return answer.refusal.code


def owe(centre: Centre, amount_fen: int, limit: date) -> None:
    """An overdue tax of the enterprise."""
    due = {
        "due": f"43990026{limit:%m%d}{amount_fen:08d}"[:20],
        "taxpayer": CHENXING,
        "tax": "stamp",
        "period_first": limit.replace(day=1),
        "period_last": limit,
        "amount_fen": amount_fen,
        "limit_date": limit,
        "declaration": None,
        "state": "open",
        "held_by": None,
    }
    with centre.database.write() as connection:
        connection.execute(insert(tables.due), [due])


def stamp_dues(centre: Centre) -> list[tuple[int, str]]:
    t = tables.due
    query = select(t.c.amount_fen, t.c.state).where(t.c.taxpayer == CHENXING, t.c.tax == "stamp")
    with centre.database.read() as connection:
        return sorted((int(fen), str(state)) for fen, state in connection.execute(query))


def told(terminal: Terminal) -> list[str]:
    return [n["kind"] for n in terminal.data("person.profile", LIN)["notices"]]


def test_what_a_corrected_return_left_too_much_is_paid_back_once(centre: Centre, terminal: Terminal) -> None:
    (row,) = found(terminal)
    assert row["tax_fen"] > 0 and row["payable"]
    assert row["total_fen"] == row["tax_fen"] + row["late_fee_fen"] + row["interest_fen"]
    refund = allowed(centre, terminal)
    assert refund.tax_fen == row["tax_fen"] and found(terminal) == [], "it is asked for once"
    done = ordered(centre, refund.refund)
    assert (done.state, done.set_off_fen, done.to_account_fen) == ("ordered", 0, row["total_fen"])
    with centre.system.write() as work:
        paid = ordering.paid(work.core, refund.refund, centre.clock.now().date())
    assert paid.state == "paid"
    (shown,) = track(terminal)
    assert (shown["state"], shown["to_account_fen"]) == ("paid", row["total_fen"])
    assert {"refund-ordered", "refund-paid"} <= set(told(terminal))


def test_a_refund_is_below_zero_in_what_the_treasury_holds(centre: Centre, terminal: Terminal) -> None:
    first, last = date(2020, 1, 1), date(2030, 1, 1)

    def held() -> int:
        with centre.system.read() as work:
            return sum(one.amount_fen for one in work.core.returns.entered(CHENXING, first, last))

    before, refund = held(), allowed(centre, terminal)
    ordered(centre, refund.refund)
    assert held() == before, "nothing has left the treasury yet"
    with centre.system.write() as work:
        ordering.paid(work.core, refund.refund, centre.clock.now().date())
    assert held() == before - refund.tax_fen


def test_two_officers_have_to_agree(centre: Centre, terminal: Terminal) -> None:
    refund = allowed(centre, terminal)
    with pytest.raises(RefundRefused, match="another officer"):
        ordered(centre, refund.refund, "周审核")
    ordered(centre, refund.refund)
    with pytest.raises(RefundRefused, match="is ordered, not approved"):
        ordered(centre, refund.refund)


def test_arrears_are_paid_with_it_first_and_the_last_one_in_part(centre: Centre, terminal: Terminal) -> None:
    day = centre.clock.now().date()
    refund = allowed(centre, terminal)
    small, large = 10_000, refund.tax_fen
    owe(centre, small, day - timedelta(days=90))
    owe(centre, large, day - timedelta(days=30))
    done = ordered(centre, refund.refund)
    assert (done.state, done.to_account_fen) == ("paid", 0)
    paid = [fen for fen, state in stamp_dues(centre) if state == "paid"]
    open_ = [fen for fen, state in stamp_dues(centre) if state == "open"]
    assert sum(paid) + sum(open_) == small + large and small in paid
    late = sum(
        int(late_fee.compute(Fen(fen), limit, day, RULES.current).fee_fen)
        for fen, limit in ((small, day - timedelta(days=90)), (sum(paid) - small, day - timedelta(days=30)))
    )
    assert done.set_off_fen == sum(paid) + late == done.total_fen
    assert "refund-set-off" in told(terminal)
    (shown,) = track(terminal)
    assert "抵缴" in shown["next_step"]["zh-CN"]


def test_a_small_arrear_leaves_the_rest_for_the_account(centre: Centre, terminal: Terminal) -> None:
    refund = allowed(centre, terminal)
    owe(centre, 10_000, centre.clock.now().date() - timedelta(days=10))
    (row,) = terminal.data("arrears.list", LIN, service="pay.arrears")["arrears"]
    done = ordered(centre, refund.refund)
    assert (done.state, done.set_off_fen) == ("ordered", row["owed_fen"])
    assert done.to_account_fen == done.total_fen - row["owed_fen"]
    assert stamp_dues(centre) == [(10_000, "paid")]


def test_a_surcharge_that_it_does_not_reach_keeps_no_other_arrear_from_being_paid(
    centre: Centre, terminal: Terminal
) -> None:
    refund, day = allowed(centre, terminal), centre.clock.now().date()
    owe(centre, 10 * refund.tax_fen, day - timedelta(days=1000))
    (row,) = terminal.data("arrears.list", LIN, service="pay.arrears")["arrears"]
    assert row["late_fee_fen"] > refund.total_fen
    tax_alone = {"dues": [row["due"]], "amount_fen": row["amount_fen"], "channel": "qr-shown", "part": True}
    order = str(terminal.do("payment.create", tax_alone, LIN, service="pay.arrears").result["order"])
    centre.bank.pay(order)
    assert status(terminal, order)["state"] == "approved"
    owe(centre, 10_000, day - timedelta(days=10))
    ordered(centre, refund.refund)
    assert (10_000, "paid") in stamp_dues(centre) and (0, "open") in stamp_dues(centre)


def test_money_that_the_bank_sends_back_goes_to_another_account(centre: Centre, terminal: Terminal) -> None:
    number, day = allowed(centre, terminal).refund, centre.clock.now().date()
    ordered(centre, number)
    with centre.system.write() as work:
        with pytest.raises(RefundRefused, match="say why"):
            ordering.returned(work.core, number, day, " ")
        assert ordering.returned(work.core, number, day, "账号与户名不符").state == "returned"
    assert "账号与户名不符" in track(terminal)[0]["next_step"]["zh-CN"]
    with centre.system.write() as work:
        for hand in ("周审核", "吴批准"):
            with pytest.raises(RefundRefused, match="another officer"):
                ordering.again(work.core, number, hand, Account(**_number(CARD)))
        for wrong in (Account("nobank", "6217000000000001234"), Account("icbc", "12")):
            with pytest.raises(RefundRefused):
                ordering.again(work.core, number, "郑复核", wrong)
        again = ordering.again(work.core, number, "郑复核", Account(**_number(CARD)))
        assert (again.state, again.account.bank) == ("ordered", "icbc")
        assert ordering.paid(work.core, number, day).state == "paid"
        with pytest.raises(RefundRefused):
            ordering.paid(work.core, number, day)


def _number(card: dict[str, str]) -> dict[str, str]:
    return {"bank": card["bank"], "number": card["account"]}


def test_it_goes_to_the_registered_account_alone_and_to_nobody_else(
    centre: Centre, terminal: Terminal
) -> None:
    (row,) = found(terminal)
    assert code(apply(terminal, row, account="6217000000000009999")) == "refundOtherAccount"
    assert code(apply(terminal, {**row, "declaration": "31990026070500000017"})) == "refundNothing"
    other = subject("xu-wen", _enterprise("xu-wen"), "F")
    assert found(terminal, other) == []
    answer = terminal.do("matter.submit", {"declaration": row["declaration"], "reason": "other", **CARD}, other,
                         service=OVERPAID)  # fmt: skip
    assert code(answer) == "refundNothing"


def _enterprise(persona: str) -> str:
    return next(firm.taxpayer for firm in FIRMS if any(name == persona for name, _ in firm.people))


def test_what_was_refused_or_left_open_may_be_asked_for_again(centre: Centre, terminal: Terminal) -> None:
    (row,) = found(terminal)
    first = apply(terminal, row)
    assert code(apply(terminal, row)) == "caseOpen"
    with centre.system.write() as work:
        refuse_case(work.core, first.result["case"], "周审核", "请补充合同")
    assert [one["state"] for one in track(terminal)] == ["refused"]
    assert apply(terminal, row).state == "accepted"


def test_after_three_years_it_is_too_late(centre: Centre, terminal: Terminal) -> None:
    (row,) = found(terminal)
    centre.clock.at += timedelta(days=366 * 3 + 10)
    assert found(terminal) == []
    assert code(apply(terminal, row)) == "refundNothing"


def test_a_case_whose_money_is_gone_meanwhile_cannot_be_allowed(centre: Centre, terminal: Terminal) -> None:
    (row,) = found(terminal)
    case = apply(terminal, row).result["case"]
    centre.clock.at += timedelta(days=366 * 3 + 10)
    with centre.system.write() as work, pytest.raises(RefundRefused, match="refuse the case"):
        approve(work.core, case, "周审核")


def test_income_tax_withheld_beyond_the_year_is_paid_back_without_interest(
    centre: Centre, terminal: Terminal
) -> None:
    (row,) = found(terminal, JIAXIN, IIT)
    assert row["tax_fen"] == row["total_fen"] > 0 and row["account"] is None
    data = {"declaration": row["declaration"], **CARD}
    answer = terminal.do("matter.submit", data, JIAXIN, service=IIT)
    assert answer.state == "accepted", answer.refusal
    with centre.system.write() as work:
        approve(work.core, answer.result["case"], "周审核")
        refund = work.core.refunds.of_case(answer.result["case"])
    assert refund is not None
    assert found(terminal, JIAXIN, IIT) == []
    done = ordered(centre, refund.refund)
    assert (done.interest_fen, done.to_account_fen) == (0, row["tax_fen"])
    weak = subject("he-jiaxin", evidence="document", face=None)
    assert terminal.ask("refund.overpaid", weak, service=IIT).refusal is not None


def test_who_never_declared_anything_has_nothing_to_get_back(terminal: Terminal) -> None:
    assert found(terminal, subject("tang-yue"), IIT) == []


@given(st.integers(0, 10**10), st.integers(0, 2000), st.integers(0, 400))
def test_interest_never_falls_with_time_and_none_is_below_zero(fen: int, days: int, more: int) -> None:
    first = date(2021, 3, 1)
    sooner = deposit_interest.compute(Fen(fen), first, first + timedelta(days), RULES.current)
    later = deposit_interest.compute(Fen(fen), first, first + timedelta(days + more), RULES.current)
    assert 0 <= sooner <= later


def test_interest_is_that_of_a_current_account() -> None:
    day = date(2026, 10, 12)
    assert deposit_interest.compute(Fen(1_000_000), day - timedelta(360), day, RULES.current) == 3_500


def test_a_certificate_of_taxes_paid_shows_it_below_zero(centre: Centre, terminal: Terminal) -> None:
    refund, day = allowed(centre, terminal), centre.clock.now().date()
    ordered(centre, refund.refund)
    with centre.system.write() as work:
        ordering.paid(work.core, refund.refund, day)

    def sheet(first: str, last: str) -> Any:
        wish = {"first": first, "last": last, "form": "list"}
        return terminal.ask("certificate.preview", LIN, wish, "certificate.tax-payment")

    whole = sheet("2025-11", f"{day:%Y-%m}").data
    amounts = [fen(row[-1]["zh-CN"].replace(",", "")) for row in whole["rows"]]
    assert sum(amount for amount in amounts if amount < 0) == -refund.tax_fen
    only = sheet(f"{day:%Y-%m}", f"{day:%Y-%m}").refusal
    assert only is not None and only.code == "noTaxPaid"
