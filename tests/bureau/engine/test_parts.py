"""A due is paid in parts: tax first, to the fen, the surcharge by the day on what was unpaid; each part once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bureau.engine import bills
from bureau.engine.reconcile import Reconciler
from bureau.engine.reminding.matters import open_matters
from bureau.engine.rules import Rules
from bureau.ports.acquirer import AcquirerOrder
from bureau.store import tables
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax import late_fee
from kiosk.domain.tax.parameters import built_in
from sync.models import PaymentStateName as State
from tests.bureau.conftest import CODE, Centre
from tests.bureau.engine.paying import SHEN, bookings, cases, status
from tests.bureau.engine.test_payments import CHEN
from tests.bureau.terminals import Terminal

SERVICE = "pay.arrears"
RULES = Rules(built_in())
DAILY = Decimal("0.0005")


def owed(terminal: Terminal) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = terminal.data("arrears.list", CHEN, service=SERVICE)["arrears"]
    return found


def of(terminal: Terminal, due: str) -> dict[str, Any]:
    (row,) = (row for row in owed(terminal) if row["due"] == due)
    return row


def wanted(due: str, amount: int, **more: Any) -> dict[str, Any]:
    return {"dues": [due], "amount_fen": amount, "channel": "qr-shown", "part": True, **more}


def create(terminal: Terminal, data: dict[str, Any], service: str = SERVICE, **more: Any) -> Any:
    return terminal.do("payment.create", data, CHEN, service=service, **more)


def pay(terminal: Terminal, centre: Centre, due: str, amount: int, **more: Any) -> str:
    answer = create(terminal, wanted(due, amount, **more))
    assert answer.state == "accepted", answer.refusal
    order = str(answer.result["order"])
    centre.bank.pay(order)
    assert status(terminal, order)["state"] == "approved"
    return order


def heard_late(centre: Centre, order: str, amount: int) -> State:
    late = AcquirerOrder(order, amount, State.APPROVED, paid_at=centre.clock.now())
    with centre.system.write() as work:
        known = work.core.payments.order(order)
        assert known is not None
        return work.core.payments.learn(known, late, "test").state


def days_late(centre: Centre, row: dict[str, Any]) -> int:
    return (centre.clock.now().date() - date.fromisoformat(row["limit_date"])).days


def surcharge(*stretches: tuple[int, int]) -> int:
    """Tax unpaid, and for how many days; art. 32: five parts in ten thousand a day."""
    exact = sum((Decimal(tax) * DAILY * days for tax, days in stretches), Decimal(0))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_two_parts_of_one_day_are_the_whole_to_the_fen(terminal: Terminal, centre: Centre) -> None:
    first = max(owed(terminal), key=lambda row: row["amount_fen"])
    half = first["amount_fen"] // 3 + 1
    pay(terminal, centre, first["due"], half)
    rest = of(terminal, first["due"])
    assert rest["amount_fen"] == first["amount_fen"] - half
    assert rest["owed_fen"] == first["owed_fen"] - half
    assert rest["payable"] and rest["late_fee_fen"] == first["late_fee_fen"], "the tax was paid first"
    pay(terminal, centre, first["due"], rest["owed_fen"])
    assert first["due"] not in [row["due"] for row in owed(terminal)]
    assert sorted(bookings(centre)) == sorted([half, first["owed_fen"] - half])
    with centre.system.read() as work:
        paid = work.core.returns.paid(CHEN["taxpayer"], "vat-small", *_period(first))
    assert paid.get(first["tax"], 0) == first["amount_fen"]


def _period(row: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(row["period_first"]), date.fromisoformat(row["period_last"])


def test_the_surcharge_runs_by_the_day_on_what_was_unpaid(terminal: Terminal, centre: Centre) -> None:
    first = max(owed(terminal), key=lambda row: row["amount_fen"])
    due, tax, before = first["due"], first["amount_fen"], days_late(centre, first)
    pay(terminal, centre, due, 100_000)
    centre.clock.at += timedelta(10)
    second = of(terminal, due)
    assert second["late_fee_fen"] == surcharge((tax, before), (tax - 100_000, 10))
    assert str(before + 10) in second["basis"]["zh-CN"]
    pay(terminal, centre, due, 50_000)
    centre.clock.at += timedelta(7)
    third = of(terminal, due)
    assert third["late_fee_fen"] == surcharge((tax, before), (tax - 100_000, 10), (tax - 150_000, 7))
    pay(terminal, centre, due, third["owed_fen"])
    assert due not in [row["due"] for row in owed(terminal)]
    assert sum(bookings(centre)) == tax + third["late_fee_fen"]


def test_the_tax_first_and_its_surcharge_stands_still(terminal: Terminal, centre: Centre) -> None:
    first = owed(terminal)[0]
    pay(terminal, centre, first["due"], first["amount_fen"])
    centre.clock.at += timedelta(30)
    rest = of(terminal, first["due"])
    assert (rest["amount_fen"], rest["late_fee_fen"]) == (0, first["late_fee_fen"])
    pay(terminal, centre, first["due"], rest["late_fee_fen"] - 1)
    assert of(terminal, first["due"])["owed_fen"] == 1
    pay(terminal, centre, first["due"], 1)
    assert first["due"] not in [row["due"] for row in owed(terminal)]
    assert sum(bookings(centre)) == first["owed_fen"]


def test_invoices_are_kept_back_for_what_is_owed_in_all_also_for_a_surcharge_alone(
    terminal: Terminal, centre: Centre
) -> None:
    for row in owed(terminal):
        pay(terminal, centre, row["due"], row["amount_fen"])
    left = terminal.data("arrears.list", CHEN, service=SERVICE)["total_fen"]
    assert left > 0 and not any(row["amount_fen"] for row in owed(terminal))
    units = {
        "units": [
            {"unit": "unit1", "code": CODE, "next_number": "00274801", "last_number": "00274820", "count": 20}
        ]
    }
    no = terminal.data("invoice.entitlement", CHEN, units, "invoice.collect")["blocked"]
    assert (no["code"], f" {format_yuan(Fen(left))} " in no["text"]["zh-CN"]) == ("arrears", True)


@pytest.mark.parametrize("more", [0, None])
def test_nothing_and_more_than_is_left_are_refused_with_what_is_left(terminal: Terminal, more: Any) -> None:
    first = owed(terminal)[0]
    amount = first["owed_fen"] + 1 if more is None else 0
    refusal = create(terminal, wanted(first["due"], amount)).refusal
    assert refusal is not None and refusal.code == "partBeyond"
    assert f"{first['owed_fen'] / 100:,.2f}" in refusal.text["zh-CN"] and refusal.next_step["en-US"]


def test_a_part_of_several_or_where_none_is_offered_is_refused(terminal: Terminal) -> None:
    rows = owed(terminal)
    several = wanted(rows[0]["due"], 100) | {"dues": [row["due"] for row in rows]}
    assert create(terminal, several).refusal.code == "partOfOne"
    elsewhere = create(terminal, wanted(rows[0]["due"], 100), "declare.vat-small")
    assert elsewhere.refusal.code == "notOfThisService"
    assert create(terminal, wanted(rows[0]["due"], 100) | {"part": False}).refusal.code == "amountDiffers"


def test_more_than_the_rest_is_refused_at_the_second_visit(terminal: Terminal, centre: Centre) -> None:
    first = owed(terminal)[0]
    pay(terminal, centre, first["due"], first["owed_fen"] - 500)
    refusal = create(terminal, wanted(first["due"], 501)).refusal
    assert refusal.code == "partBeyond" and "5.00" in refusal.text["zh-CN"]
    whole = {"dues": [first["due"]], "amount_fen": first["owed_fen"], "channel": "qr-shown"}
    assert create(terminal, whole).refusal.code == "amountDiffers"


def test_the_same_key_is_one_order_and_one_part(terminal: Terminal, centre: Centre) -> None:
    first = owed(terminal)[0]
    signed = terminal.intent("payment.create", wanted(first["due"], 300), CHEN, service=SERVICE)
    answer = terminal.send(signed)
    centre.bank.pay(answer.result["order"])
    assert status(terminal, answer.result["order"])["state"] == "approved"
    assert terminal.send(signed) == answer
    assert status(terminal, answer.result["order"])["state"] == "approved"
    assert of(terminal, first["due"])["amount_fen"] == first["amount_fen"] - 300
    assert bookings(centre) == [300]


def test_two_terminals_at_once_pay_one_part(terminal: Terminal, centre: Centre) -> None:
    data, other = wanted(owed(terminal)[0]["due"], 300), centre.terminal("A-08")
    both = [(one, one.intent("payment.create", data, CHEN, service=SERVICE)) for one in (terminal, other)]
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda a=a, b=b: answers.append(a.send(b))) for a, b in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(one.refusal.code if one.refusal else "" for one in answers) == ["", "dueHeld"]


def test_a_part_in_doubt_blocks_its_due_and_no_other(terminal: Terminal, centre: Centre) -> None:
    first, *rest = owed(terminal)
    order = create(terminal, wanted(first["due"], 300)).result["order"]
    centre.bank.silent = True
    assert terminal.do("payment.close", {"order": order}, service=SERVICE).result["state"] == "unknown"
    centre.bank.silent = False
    assert [row["payable"] for row in owed(terminal)] == [False, *[True] * len(rest)]
    assert create(terminal, wanted(first["due"], 300)).refusal.code == "dueHeld"
    pay(terminal, centre, rest[0]["due"], 200)
    assert heard_late(centre, order, 300) is State.APPROVED
    after = of(terminal, first["due"])
    assert after["payable"] and after["amount_fen"] == first["amount_fen"] - 300


def test_a_part_whose_payment_is_heard_of_days_later_stops_the_surcharge_when_it_was_made(
    terminal: Terminal, centre: Centre
) -> None:
    first = max(owed(terminal), key=lambda row: row["amount_fen"])
    before = days_late(centre, first)
    order = create(terminal, wanted(first["due"], 100_000)).result["order"]
    terminal.do("payment.close", {"order": order}, service=SERVICE)
    centre.clock.at += timedelta(3)
    assert heard_late(centre, order, 100_000) is State.APPROVED
    tax = first["amount_fen"]
    assert of(terminal, first["due"])["late_fee_fen"] == surcharge((tax, before), (tax - 100_000, 3))


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_charged_late_for_a_due_that_another_part_has_changed_goes_back(
    terminal: Terminal, centre: Centre, whole: bool
) -> None:
    first = owed(terminal)[0]
    amount = first["owed_fen"] if whole else 300
    order = create(terminal, wanted(first["due"], amount)).result["order"]
    terminal.do("payment.close", {"order": order}, service=SERVICE)
    pay(terminal, centre, first["due"], 200)
    assert heard_late(centre, order, amount) is State.CLOSED
    assert cases(centre) == ["paid-twice"] and bookings(centre) == [200]
    assert of(terminal, first["due"])["amount_fen"] == first["amount_fen"] - 200


def test_what_is_open_is_all_that_others_see(terminal: Terminal, centre: Centre) -> None:
    first = owed(terminal)[0]
    before = terminal.data("obligations.list", CHEN, service="query.due")["total_fen"]
    order = pay(terminal, centre, first["due"], 300)
    assert terminal.data("obligations.list", CHEN, service="query.due")["total_fen"] == before - 300
    (paid,) = terminal.data("payments.list", CHEN, service="query.payments")["payments"][:1]
    assert (paid["order"], paid["amount_fen"], paid["late_fee_fen"]) == (order, 300, 0)
    rows = owed(terminal)
    with centre.system.read() as work:
        known = work.core.registration.taxpayer(CHEN["taxpayer"])
        assert known is not None
        matters = open_matters(work.core, known, RULES, centre.clock.now().date())
        to_pay = [one for one in matters if one.what == "pay" and one.late_fee_fen]
        bill = next(one for one in work.core.bills.listed(50) if one.taxpayer == CHEN["taxpayer"])
        shown = bills.shown(work.core, bill, RULES)
    assert sum(one.amount_fen + one.late_fee_fen for one in to_pay) == sum(row["owed_fen"] for row in rows)
    assert {due.due: due.amount_fen for due in shown} == {row["due"]: row["amount_fen"] for row in rows}


def test_the_daily_comparison_knows_each_part(terminal: Terminal, centre: Centre) -> None:
    first = owed(terminal)[0]
    orders = [pay(terminal, centre, first["due"], amount) for amount in (300, 200)]
    found = Reconciler(centre.system, centre.acquirers).run(centre.clock.now().date())
    assert found.balanced and {line.order for line in found.lines} >= set(orders)


def test_the_certificate_says_what_was_paid_and_what_is_left(terminal: Terminal, centre: Centre) -> None:
    first = owed(terminal)[0]
    pay(terminal, centre, first["due"], 30_000)
    month = f"{centre.clock.now():%Y-%m}"
    for form in ("list", "text"):
        params = {"first": month, "last": month, "form": form}
        shown = terminal.data("certificate.preview", CHEN, params, "certificate.tax-payment")
        assert "300.00" in str(shown["rows"])
        left = next(f for f in shown["facts"] if f["label"]["zh-CN"].startswith("尚欠"))
        rest = of(terminal, first["due"])
        for amount in (rest["amount_fen"], rest["late_fee_fen"]):
            assert f"{amount / 100:,.2f}" in left["value"]["zh-CN"]
            assert f"{amount / 100:,.2f}" in left["value"]["en-US"]
    pay(terminal, centre, first["due"], of(terminal, first["due"])["owed_fen"])
    params = {"first": month, "last": month, "form": "list"}
    shown = terminal.data("certificate.preview", CHEN, params, "certificate.tax-payment")
    assert not [f for f in shown["facts"] if f["label"]["zh-CN"].startswith("尚欠")]


def test_each_part_has_a_due_of_its_own_and_the_rest_keeps_the_number(
    terminal: Terminal, centre: Centre
) -> None:
    first = owed(terminal)[0]
    pay(terminal, centre, first["due"], 300)
    t, line = tables.due, tables.payment_due
    with centre.database.read() as connection:
        (part,) = connection.execute(select(t).where(t.c.part_of == first["due"])).all()
        (paid,) = connection.execute(select(line).where(line.c.due == part.due)).all()
    assert (part.state, part.amount_fen, part.declaration is None) == ("paid", 300, False)
    assert (paid.amount_fen, paid.late_fee_fen, paid.left_fen) == (300, 0, first["owed_fen"] - 300)


def test_another_terminal_neither_pays_nor_sees_a_part_of_others(terminal: Terminal) -> None:
    answer = terminal.do("payment.create", wanted(owed(terminal)[0]["due"], 1), SHEN, service=SERVICE)
    assert answer.refusal is not None and answer.refusal.code == "dueTaken"


# --- the surcharge, for any parts on any days ----------------------------------------------------------------

LIMIT = date(2026, 7, 15)
AMOUNT = st.integers(1, 10_000_000_000)


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, list[late_fee.Paid]]:
    """A tax, and parts of it by their days; a part may have paid some of the charge that ran up to it."""
    tax = draw(AMOUNT)
    days = sorted(draw(st.lists(st.integers(-20, 300), max_size=5)))
    open_, parts = tax, list[late_fee.Paid]()
    for day in days:
        at = LIMIT + timedelta(day)
        part = draw(st.integers(0, open_))
        fee = late_fee.left(
            Fen(open_ - part), [*parts, late_fee.Paid(at, Fen(part), Fen(0))], LIMIT, at, built_in()
        )
        parts.append(late_fee.Paid(at, Fen(part), Fen(draw(st.integers(0, int(fee.fee_fen))))))
        open_ -= part
    return tax, parts


def _left(tax: int, parts: list[late_fee.Paid], day: date) -> int:
    rest = tax - sum(one.tax_fen for one in parts)
    return int(late_fee.left(Fen(rest), parts, LIMIT, day, built_in()).fee_fen)


@given(histories(), st.integers(0, 60), st.integers(0, 60))
def test_what_runs_never_falls_and_is_never_more_than_unpaid_all_along(
    history: tuple[int, list[late_fee.Paid]], after: int, more: int
) -> None:
    tax, parts = history
    last = max([one.day for one in parts], default=LIMIT) + timedelta(after)
    whole = sum(one.fee_fen for one in parts) + _left(tax, parts, last)
    later = sum(one.fee_fen for one in parts) + _left(tax, parts, last + timedelta(more))
    assert whole <= later
    assert whole <= late_fee.compute(Fen(tax), LIMIT, last, built_in()).fee_fen


@given(histories(), st.integers(0, 60))
def test_it_is_the_tax_unpaid_in_each_stretch(history: tuple[int, list[late_fee.Paid]], after: int) -> None:
    tax, parts = history
    day = max([one.day for one in parts], default=LIMIT) + timedelta(after)
    open_, at, stretches = tax, LIMIT, list[tuple[int, int]]()
    for one in [*parts, late_fee.Paid(day, Fen(0), Fen(0))]:
        stretches.append((open_, max(0, (one.day - at).days)))
        open_, at = open_ - one.tax_fen, max(at, one.day)
    assert sum(one.fee_fen for one in parts) + _left(tax, parts, day) == surcharge(*stretches)


@given(AMOUNT, st.lists(st.integers(1, 10_000_000_000), max_size=5), st.integers(-20, 300))
def test_parts_of_one_day_are_the_whole_to_the_fen(tax: int, amounts: list[int], days: int) -> None:
    day, open_, parts = LIMIT + timedelta(days), tax, list[late_fee.Paid]()
    whole = tax + int(late_fee.compute(Fen(tax), LIMIT, day, built_in()).fee_fen)
    paid = 0
    for amount in [*amounts, whole]:
        fee = int(late_fee.left(Fen(open_), parts, LIMIT, day, built_in()).fee_fen)
        amount = min(amount, open_ + fee)
        part = min(amount, open_)
        parts.append(late_fee.Paid(day, Fen(part), Fen(amount - part)))
        open_, paid = open_ - part, paid + amount
    assert paid == whole and open_ == 0
