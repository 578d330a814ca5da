"""Payment vouchers (缴款凭证): issued by officers, paid whole by whoever holds one, at most once whichever way."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine import bills
from bureau.engine.rules import Rules
from bureau.errors import BillRefused
from bureau.ports.bills import Bill
from bureau.store import tables
from kiosk.domain.own_numbers import check_number, make_number
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, bookings, status
from tests.bureau.engine.test_payments import CHEN
from tests.bureau.terminals import Terminal, subject

SERVICE = "pay.voucher"
RULES = Rules(built_in())
HOLDER = subject("tang-yue", evidence="document", face=None)
"""A student with her card alone: the voucher is another's."""
OWER = CHEN["taxpayer"]


def books(centre: Centre) -> list[Bill]:
    with centre.system.read() as work:
        return list(work.core.bills.listed(50))


def of_city(centre: Centre) -> Bill:
    (found,) = (bill for bill in books(centre) if bill.taxpayer == OWER)
    return found


def issued(centre: Centre, taxpayer: str = OWER, dues: tuple[str, ...] = (), days: int = 15) -> Bill:
    with centre.system.write() as work:
        return bills.issue(work.core, taxpayer, dues, "于岚", days, RULES)


def withdrawn(centre: Centre, number: str) -> None:
    with centre.system.write() as work:
        bills.withdraw(work.core, number, "于岚")


def look(terminal: Terminal, number: str, who: dict[str, Any] = HOLDER) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("bill.payable", who, {"number": number}, SERVICE)
    return found


def refused(terminal: Terminal, number: str, who: dict[str, Any] = HOLDER) -> Any:
    answer = terminal.ask("bill.payable", who, {"number": number}, SERVICE)
    assert answer.refusal is not None and not answer.data
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return answer.refusal


def order_of(shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "dues": [due["due"] for due in shown["dues"]],
        "amount_fen": shown["total_fen"],
        "channel": "qr-shown",
        "bill": shown["number"],
        **more,
    }


def create(terminal: Terminal, data: dict[str, Any], who: dict[str, Any] = HOLDER, **more: Any) -> Any:
    return terminal.do("payment.create", data, who, **{"service": SERVICE, **more})


def paid(terminal: Terminal, centre: Centre, shown: dict[str, Any]) -> dict[str, Any]:
    answer = create(terminal, order_of(shown))
    assert answer.state == "accepted", answer.refusal
    centre.bank.pay(answer.result["order"])
    return status(terminal, answer.result["order"])


def test_who_holds_it_sees_what_it_is_for_and_pays_it_whole(terminal: Terminal, centre: Centre) -> None:
    bill = of_city(centre)
    shown = look(terminal, bill.bill)
    owed = terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"]
    assert [due["due"] for due in shown["dues"]] == [row["due"] for row in owed]
    assert shown["tax_fen"] == sum(row["amount_fen"] for row in owed)
    assert shown["late_fee_fen"] > 0
    assert shown["total_fen"] == shown["tax_fen"] + shown["late_fee_fen"]
    assert (shown["taxpayer"], shown["valid_until"]) == (OWER, bill.valid_until.isoformat())
    told = paid(terminal, centre, shown)
    assert (told["state"], told["amount_fen"]) == ("approved", shown["total_fen"])
    assert bookings(centre) == [shown["total_fen"]]
    assert terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"] == []
    record = terminal.data("payments.list", CHEN, service="query.payments")["payments"]
    assert record[0]["voucher"] == told["voucher"], "the taxpayer finds it among their own payments"


def test_what_is_paid_already_is_told_with_its_day_whichever_way_it_was_paid(
    terminal: Terminal, centre: Centre
) -> None:
    bill = of_city(centre)
    shown = look(terminal, bill.bill)
    owed = terminal.data("arrears.list", CHEN, service="pay.arrears")
    data = {
        "dues": [row["due"] for row in owed["arrears"]],
        "amount_fen": owed["total_fen"],
        "channel": "qr-shown",
    }
    made = terminal.do("payment.create", data, CHEN, service="pay.arrears")
    assert refused(terminal, bill.bill).code == "billHeld", "while that payment is under way"
    assert create(terminal, order_of(shown)).refusal.code == "billHeld"
    centre.bank.pay(made.result["order"])
    status(terminal, made.result["order"])
    day = centre.clock.now().date()
    centre.clock.at += timedelta(2)
    told = refused(terminal, bill.bill)
    assert told.code == "billPaid"
    assert f"{day.year}年{day.month}月{day.day}日" in told.text["zh-CN"]
    assert create(terminal, order_of(shown)).refusal.code == "billPaid"
    assert bookings(centre) == [owed["total_fen"]]


def test_a_due_that_was_paid_alone_leaves_a_voucher_that_no_longer_fits(
    terminal: Terminal, centre: Centre
) -> None:
    bill = of_city(centre)
    first = terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"][0]
    data = {"dues": [first["due"]], "amount_fen": first["owed_fen"], "channel": "qr-shown"}
    order = terminal.do("payment.create", data, CHEN, service="pay.arrears").result["order"]
    centre.bank.pay(order)
    status(terminal, order)
    assert refused(terminal, bill.bill).code == "billChanged"
    again = issued(centre)
    assert len(again.dues) == len(bill.dues) - 1
    assert look(terminal, again.bill)["total_fen"] > 0


def test_the_surcharge_is_of_the_day_and_yesterdays_amount_is_refused(
    terminal: Terminal, centre: Centre
) -> None:
    bill = of_city(centre)
    yesterday = look(terminal, bill.bill)
    centre.clock.at += timedelta(1)
    shown = look(terminal, bill.bill)
    assert shown["tax_fen"] == yesterday["tax_fen"]
    assert shown["late_fee_fen"] > yesterday["late_fee_fen"]
    answer = create(terminal, order_of(yesterday))
    assert answer.refusal.code == "amountDiffers"
    assert f"{shown['total_fen'] / 100:,.2f}" in answer.refusal.text["zh-CN"]


def test_a_surcharge_below_one_yuan_is_none_on_a_voucher(terminal: Terminal, centre: Centre) -> None:
    """税务总局公告2012年第25号; by the list of arrears, which is no voucher, it is owed."""
    rows = terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"]
    with centre.database.write() as connection:
        t = tables.due
        connection.execute(t.update().where(t.c.due == rows[0]["due"]).values(amount_fen=1_000))
    (small,) = (r for r in terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"]
                if r["due"] == rows[0]["due"])  # fmt: skip
    assert 0 < small["late_fee_fen"] < 100
    shown = look(terminal, of_city(centre).bill)
    (on_it,) = (due for due in shown["dues"] if due["due"] == small["due"])
    assert (on_it["amount_fen"], on_it["late_fee_fen"]) == (1_000, 0)
    assert paid(terminal, centre, shown)["amount_fen"] == shown["total_fen"]


def test_a_part_of_it_is_not_paid(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, of_city(centre).bill)
    first, *_ = shown["dues"]
    less = order_of(shown, dues=[first["due"]], amount_fen=first["amount_fen"] + first["late_fee_fen"])
    assert create(terminal, less).refusal.code == "billChanged"
    twice = order_of(shown, dues=[*order_of(shown)["dues"], first["due"]])
    assert create(terminal, twice).refusal.code == "billChanged"
    assert create(terminal, order_of(shown, dues=[])).refusal.code == "billChanged"


def test_what_cannot_be_paid_says_why_and_what_to_do(terminal: Terminal, centre: Centre) -> None:
    bill = of_city(centre)
    (expired,) = (one for one in books(centre) if one.taxpayer != OWER)
    told = refused(terminal, expired.bill)
    assert told.code == "billExpired"
    assert f"{expired.valid_until.month}月{expired.valid_until.day}日" in told.text["zh-CN"]
    elsewhere = make_number("44", "5100", date(2026, 10, 1), 17)
    assert refused(terminal, elsewhere).code == "billElsewhere"
    wrong = bill.bill[:-1] + str((int(bill.bill[-1]) + 1) % 10)
    order = make_number("41", "5100", date(2026, 10, 1), 17)
    for number in (wrong, order, make_number("44", "9900", date(2026, 10, 1), 17), "1" * 18, "", "缴款"):
        assert refused(terminal, number).code == "billUnknown"
    withdrawn(centre, bill.bill)
    assert refused(terminal, bill.bill).code == "billWithdrawn"
    assert create(terminal, order_of(look(terminal, issued(centre).bill), bill=bill.bill)).refusal.code == (
        "billWithdrawn"
    )


def test_it_holds_to_the_end_of_its_last_day(terminal: Terminal, centre: Centre) -> None:
    bill = of_city(centre)
    centre.clock.at += bill.valid_until - centre.clock.now().date()
    assert look(terminal, bill.bill)["total_fen"] > 0
    centre.clock.at += timedelta(1)
    assert refused(terminal, bill.bill).code == "billExpired"


def test_an_order_that_was_opened_in_time_is_booked_after_all(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, of_city(centre).bill)
    order = create(terminal, order_of(shown)).result["order"]
    withdrawn(centre, shown["number"])
    centre.bank.pay(order)
    assert status(terminal, order)["state"] == "approved"
    assert refused(terminal, shown["number"]).code == "billPaid"


def test_the_same_key_is_the_same_order_and_another_holder_waits(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, of_city(centre).bill)
    signed = terminal.intent("payment.create", order_of(shown), HOLDER, service=SERVICE)
    first, again = terminal.send(signed), terminal.send(signed)
    assert first.result["order"] == again.result["order"]
    other = centre.terminal("A-08")
    assert refused(other, shown["number"]).code == "billHeld"
    assert create(other, order_of(shown)).refusal.code == "billHeld"
    closed = terminal.do("payment.close", {"order": first.result["order"]}, service=SERVICE)
    assert closed.result["state"] == "closed"
    assert look(other, shown["number"])["total_fen"] == shown["total_fen"]


def test_two_at_once_charge_it_once(centre: Centre, terminal: Terminal) -> None:
    shown = look(terminal, of_city(centre).bill)
    other = centre.terminal("A-08")
    answers: list[Any] = []
    both = [
        (one, one.intent("payment.create", order_of(shown), HOLDER, service=SERVICE))
        for one in (terminal, other)
    ]
    threads = [threading.Thread(target=lambda a=a, b=b: answers.append(a.send(b))) for a, b in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    codes = sorted(answer.refusal.code if answer.refusal else "" for answer in answers)
    assert codes == ["", "billHeld"]


def test_no_voucher_pays_in_a_service_that_has_none_and_none_is_paid_without_one(
    terminal: Terminal, centre: Centre
) -> None:
    shown = look(terminal, of_city(centre).bill)
    by_due = terminal.do("payment.create", order_of(shown), CHEN, service="pay.due")
    assert by_due.refusal is not None and by_due.refusal.code == "notOfThisService"
    bare = {name: value for name, value in order_of(shown).items() if name != "bill"}
    assert create(terminal, bare, subject("tang-yue")).refusal.code == "billUnknown"


def test_nobody_is_told_without_a_card(terminal: Terminal, centre: Centre) -> None:
    number = of_city(centre).bill
    assert refused(terminal, number, {}).code == "identityMissing"
    assert refused(terminal, number, subject("sun-li")).code == "personUnknown"
    assert create(terminal, order_of(look(terminal, number)), {}).refusal.code == "identityMissing"


def test_a_person_who_owes_is_shown_with_most_of_name_and_number_hidden(
    terminal: Terminal, centre: Centre
) -> None:
    t, d = tables.taxpayer, tables.due
    with centre.database.write() as connection:
        person = connection.execute(select(t).where(t.c.kind == "person")).first()
        assert person is not None
        mine = connection.execute(select(d.c.due).where(d.c.taxpayer == OWER, d.c.state == "open")).scalars()
        connection.execute(d.update().where(d.c.due.in_(list(mine))).values(taxpayer=person.taxpayer))
    shown = look(terminal, issued_anew(centre, person.taxpayer).bill)
    assert shown["name"] != person.name and shown["name"][0] == person.name[0] and "*" in shown["name"]
    assert person.taxpayer not in str(shown) and re.fullmatch(r"\d{3}\*+\w{4}", shown["taxpayer"])


def issued_anew(centre: Centre, taxpayer: str) -> Bill:
    withdrawn(centre, of_city(centre).bill)
    return issued(centre, taxpayer)


def test_an_officer_issues_over_what_is_open_and_in_no_other_voucher(
    terminal: Terminal, centre: Centre
) -> None:
    standing = of_city(centre)
    with pytest.raises(BillRefused, match=standing.bill):
        issued(centre)
    withdrawn(centre, standing.bill)
    bill = issued(centre, days=3)
    assert [due.due for due in bill.dues] == [due.due for due in standing.dues]
    assert bill.valid_until == centre.clock.now().date() + timedelta(3)
    assert check_number(bill.bill).type == "44"
    owed = terminal.data("dues.list", SHEN)["dues"]
    one = issued(centre, SHEN["taxpayer"], (owed[0]["due"],))
    assert [due.due for due in one.dues] == [owed[0]["due"]]
    rest = issued(centre, SHEN["taxpayer"], tuple(due["due"] for due in owed[1:]))
    assert len(rest.dues) == len(owed) - 1


@pytest.mark.parametrize(
    ("taxpayer", "dues", "days", "why"),
    [
        ("91990199MA6000000X", (), 15, "no taxpayer"),
        (OWER, ("43990026101200000017",), 15, "none of"),
        (OWER, (), 16, "1 to 15 days"),
        (OWER, (), 0, "1 to 15 days"),
    ],
)
def test_what_no_voucher_can_be_issued_over(
    centre: Centre, taxpayer: str, dues: tuple[str, ...], days: int, why: str
) -> None:
    with pytest.raises(BillRefused, match=why):
        issued(centre, taxpayer, dues, days)


def test_no_voucher_over_what_is_being_paid_paid_or_too_small(terminal: Terminal, centre: Centre) -> None:
    withdrawn(centre, of_city(centre).bill)
    first, second, *_ = terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"]
    data = {"dues": [first["due"]], "amount_fen": first["owed_fen"], "channel": "qr-shown"}
    order = terminal.do("payment.create", data, CHEN, service="pay.arrears").result["order"]
    with pytest.raises(BillRefused, match=order):
        issued(centre, dues=(first["due"],))
    assert first["due"] not in [due.due for due in issued_anew_without(centre)]
    centre.bank.pay(order)
    status(terminal, order)
    with pytest.raises(BillRefused, match="none of"):
        issued(centre, dues=(first["due"],))
    with centre.database.write() as connection:
        t = tables.due
        connection.execute(t.update().where(t.c.due == second["due"]).values(amount_fen=99))
    with pytest.raises(BillRefused, match="below"):
        issued(centre, dues=(second["due"],))


def test_a_surcharge_that_alone_is_left_is_paid_by_voucher(terminal: Terminal, centre: Centre) -> None:
    withdrawn(centre, of_city(centre).bill)
    first = terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"][0]
    data = {"dues": [first["due"]], "amount_fen": first["amount_fen"], "channel": "qr-shown", "part": True}
    order = terminal.do("payment.create", data, CHEN, service="pay.arrears").result["order"]
    centre.bank.pay(order)
    status(terminal, order)
    shown = look(terminal, issued(centre, dues=(first["due"],)).bill)
    assert shown["total_fen"] == first["late_fee_fen"] >= 100
    order = create(terminal, order_of(shown)).result["order"]
    centre.bank.pay(order)
    assert status(terminal, order)["state"] == "approved"
    assert first["due"] not in [
        row["due"] for row in terminal.data("arrears.list", CHEN, service="pay.arrears")["arrears"]
    ]


def issued_anew_without(centre: Centre) -> Any:
    bill = issued(centre)
    withdrawn(centre, bill.bill)
    return bill.dues


def test_a_paid_or_withdrawn_voucher_is_not_withdrawn(terminal: Terminal, centre: Centre) -> None:
    bill = of_city(centre)
    paid(terminal, centre, look(terminal, bill.bill))
    for number in (bill.bill, "44990026101200042185"):
        with pytest.raises(BillRefused):
            withdrawn(centre, number)
    (other,) = (one for one in books(centre) if one.taxpayer != OWER)
    withdrawn(centre, other.bill)
    with pytest.raises(BillRefused):
        withdrawn(centre, other.bill)
