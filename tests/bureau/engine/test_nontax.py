"""Notices of non-tax revenue (非税收入缴款通知书): issued by officers, paid once by whoever holds one, unnamed."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import HEMU
from bureau.engine import nontax
from bureau.engine.rules import Rules
from bureau.errors import NontaxRefused
from bureau.ports.acquirer import AcquirerOrder
from bureau.ports.nontax import NewNontax, NontaxNotice
from bureau.store import tables
from kiosk.domain.notice_codes import check_code, make_code
from kiosk.domain.tax.parameters import built_in
from sync.models import PaymentStateName as State
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import bookings, cases, status
from tests.bureau.terminals import CAST, Terminal, subject

SERVICE = "pay.non-tax"
RULES = Rules(built_in())
NOBODY: dict[str, Any] = {}
OWNER = subject("he-mulan", HEMU, "L")


def issued(
    centre: Centre, item: str = "water-soil", amount_fen: int = 1_264_000, **changed: Any
) -> NontaxNotice:
    day = centre.clock.now().date()
    given = {
        "payer": HEMU, "authority": "云川市水务局", "item": item, "amount_fen": amount_fen,
        "limit_date": day + timedelta(10), "valid_until": day + timedelta(40), "by": "于岚", **changed,
    }  # fmt: skip
    with centre.system.write() as work:
        return nontax.issue(work.core, NewNontax(**given), RULES)


def withdrawn(centre: Centre, code: str) -> None:
    with centre.system.write() as work:
        nontax.withdraw(work.core, code, "于岚")


def of_city(centre: Centre) -> dict[str, NontaxNotice]:
    with centre.system.read() as work:
        return {notice.item: notice for notice in work.core.nontax.listed(50)}


def look(terminal: Terminal, code: str) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("nontax.payable", NOBODY, {"code": code}, SERVICE)
    return found


def refused(terminal: Terminal, code: str) -> Any:
    answer = terminal.ask("nontax.payable", NOBODY, {"code": code}, SERVICE)
    assert answer.refusal is not None and not answer.data
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    return answer.refusal


def order_of(shown: dict[str, Any], **more: Any) -> dict[str, Any]:
    code = shown["code"]
    return {"dues": [code], "amount_fen": shown["total_fen"], "channel": "qr-shown", "notice": code, **more}


def create(
    terminal: Terminal, data: dict[str, Any], who: dict[str, Any] = NOBODY, service: str = SERVICE
) -> Any:
    return terminal.do("payment.create", data, who, service=service)


def opened(terminal: Terminal, shown: dict[str, Any], **more: Any) -> str:
    answer = create(terminal, order_of(shown, **more))
    assert answer.state == "accepted", answer.refusal
    return str(answer.result["order"])


def paid(terminal: Terminal, centre: Centre, shown: dict[str, Any]) -> dict[str, Any]:
    order = opened(terminal, shown)
    centre.bank.pay(order)
    return status(terminal, order)


def test_who_holds_it_sees_what_it_is_for_and_pays_it_unnamed(terminal: Terminal, centre: Centre) -> None:
    notice = issued(centre)
    shown = look(terminal, notice.code)
    assert (shown["payer"], shown["authority"], shown["item"]) == (HEMU, "云川市水务局", "103044609")
    assert shown["item_name"]["zh-CN"] == "水土保持补偿费"
    assert (shown["amount_fen"], shown["late_fee_fen"], shown["total_fen"]) == (1_264_000, 0, 1_264_000)
    assert shown["basis"] == {}
    told = paid(terminal, centre, shown)
    assert (told["state"], told["amount_fen"]) == ("approved", 1_264_000)
    assert bookings(centre) == [1_264_000]
    receipt = told["receipt"]
    assert (len(receipt["code"]), receipt["code"][2:6], len(receipt["number"])) == (8, "0301", 10)
    assert len(receipt["check"]) == 6
    record = terminal.data("payments.list", OWNER, service="query.payments")["payments"][0]
    assert (record["voucher"], record["taxes"]["zh-CN"]) == (told["voucher"], "水土保持补偿费")
    assert terminal.data("dues.list", OWNER)["dues"] is not None, "it is no tax and none of their dues"


def test_each_payment_has_a_receipt_of_its_own(terminal: Terminal, centre: Centre) -> None:
    receipts = [paid(terminal, centre, look(terminal, issued(centre).code))["receipt"] for _ in range(3)]
    assert len({receipt["number"] for receipt in receipts}) == 3
    assert len({receipt["check"] for receipt in receipts}) == 3


def test_what_is_paid_says_so_and_is_paid_no_second_time(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, issued(centre).code)
    paid(terminal, centre, shown)
    day = centre.clock.now().date()
    centre.clock.at += timedelta(2)
    told = refused(terminal, shown["code"])
    assert told.code == "nontaxPaid"
    assert f"{day.year}年{day.month}月{day.day}日" in told.text["zh-CN"]
    assert create(terminal, order_of(shown)).refusal.code == "nontaxPaid"
    assert bookings(centre) == [shown["total_fen"]]


@pytest.mark.parametrize(
    ("item", "percent", "days", "fee"),
    [("water-soil", "0.05", 20, 12_640), ("disability-fund", "0.5", 20, 126_400),
     ("land-transfer", "0.1", 20, 25_280), ("civil-defence", "", 20, 0), ("household-waste", "", 20, 0),
     ("water-soil", "0.05", 1, 632), ("disability-fund", "0.5", 0, 0)],
)  # fmt: skip
def test_lateness_costs_what_the_item_says_from_the_day_after_the_limit(
    terminal: Terminal, centre: Centre, item: str, percent: str, days: int, fee: int
) -> None:
    notice = issued(centre, item)
    centre.clock.at += timedelta(10 + days)
    shown = look(terminal, notice.code)
    assert (shown["late_fee_fen"], shown["total_fen"]) == (fee, 1_264_000 + fee)
    basis = shown["basis"].get("en-US", "")
    assert bool(basis) == bool(fee)
    if fee:
        assert f"{days} days" in basis and f"{percent} %" in basis
    assert paid(terminal, centre, shown)["amount_fen"] == 1_264_000 + fee


def test_it_never_costs_more_than_the_amount_itself_but_by_contract(
    terminal: Terminal, centre: Centre
) -> None:
    """行政强制法 art. 45; what a contract agrees on is none of it."""
    day = centre.clock.now().date()
    fund, land = (
        issued(centre, item, 100_000, limit_date=day, valid_until=day + timedelta(366))
        for item in ("disability-fund", "land-transfer")
    )
    centre.clock.at += timedelta(366)
    assert look(terminal, fund.code)["late_fee_fen"] == 100_000
    assert look(terminal, land.code)["late_fee_fen"] == 36_600
    assert nontax.late_fee_of(land, day + timedelta(1_200), RULES) == 120_000


def test_the_late_fee_is_of_the_day_and_yesterdays_amount_is_refused(
    terminal: Terminal, centre: Centre
) -> None:
    notice = issued(centre)
    centre.clock.at += timedelta(12)
    yesterday = look(terminal, notice.code)
    centre.clock.at += timedelta(1)
    shown = look(terminal, notice.code)
    assert shown["late_fee_fen"] > yesterday["late_fee_fen"]
    answer = create(terminal, order_of(yesterday))
    assert answer.refusal.code == "amountDiffers"
    assert f"{shown['total_fen'] / 100:,.2f}" in answer.refusal.text["zh-CN"]


def test_what_cannot_be_paid_says_why_and_what_to_do(terminal: Terminal, centre: Centre) -> None:
    notice = issued(centre)
    wrong = notice.code[:-1] + str((int(notice.code[-1]) + 1) % 10)
    for code in (wrong, "1" * 19, "", "缴款码"):
        assert refused(terminal, code).code == "nontaxCodeWrong"
    year = centre.clock.now().year
    assert refused(terminal, make_code("510100", year, 1, 17)).code == "nontaxElsewhere"
    with centre.database.read() as connection:
        voucher = str(connection.execute(select(tables.bill.c.bill)).scalars().first())
    assert refused(terminal, voucher).code == "nontaxVoucher", "its check is reckoned alike"
    assert refused(terminal, make_code("990199", year - 1, 1, 17)).code == "nontaxUnknown"
    withdrawn(centre, notice.code)
    told = refused(terminal, notice.code)
    assert told.code == "nontaxWithdrawn" and "云川市水务局" in told.next_step["zh-CN"]
    other = issued(centre)
    answer = create(terminal, order_of(look(terminal, other.code), dues=[notice.code], notice=notice.code))
    assert answer.refusal.code == "nontaxWithdrawn"


def test_it_holds_to_the_end_of_its_last_day(terminal: Terminal, centre: Centre) -> None:
    notice = issued(centre)
    centre.clock.at += notice.valid_until - centre.clock.now().date()
    shown = look(terminal, notice.code)
    centre.clock.at += timedelta(1)
    told = refused(terminal, notice.code)
    assert told.code == "nontaxExpired"
    assert f"{notice.valid_until.month}月{notice.valid_until.day}日" in told.text["zh-CN"]
    assert create(terminal, order_of(shown)).refusal.code == "nontaxExpired"


def test_the_same_key_is_the_same_order_and_another_holder_waits(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, issued(centre).code)
    signed = terminal.intent("payment.create", order_of(shown), NOBODY, service=SERVICE)
    first, again = terminal.send(signed), terminal.send(signed)
    assert first.result["order"] == again.result["order"]
    other = centre.terminal("A-08")
    assert refused(other, shown["code"]).code == "nontaxHeld"
    assert create(other, order_of(shown)).refusal.code == "nontaxHeld"
    with pytest.raises(NontaxRefused):
        withdrawn(centre, shown["code"])
    closed = terminal.do("payment.close", {"order": first.result["order"]}, service=SERVICE)
    assert closed.result["state"] == "closed"
    assert look(other, shown["code"])["total_fen"] == shown["total_fen"], (
        "who changed their mind left it free"
    )


def test_two_at_once_charge_it_once(centre: Centre, terminal: Terminal) -> None:
    shown = look(terminal, issued(centre).code)
    other = centre.terminal("A-08")
    answers: list[Any] = []
    both = [
        (one, one.intent("payment.create", order_of(shown), NOBODY, service=SERVICE))
        for one in (terminal, other)
    ]
    threads = [threading.Thread(target=lambda a=a, b=b: answers.append(a.send(b))) for a, b in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    codes = sorted(answer.refusal.code if answer.refusal else "" for answer in answers)
    assert codes == ["", "nontaxHeld"]


def test_in_doubt_it_is_held_and_settled_once_later(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, issued(centre).code)
    order = opened(terminal, shown)
    centre.bank.pay(order)
    centre.bank.silent = True
    told = terminal.do("payment.close", {"order": order}, service=SERVICE)
    assert told.result["state"] == "unknown"
    assert refused(terminal, shown["code"]).code == "nontaxHeld", "nobody pays beside an order in doubt"
    centre.bank.silent = False
    after = status(terminal, order)
    assert (after["state"], bool(after["receipt"])) == ("approved", True)
    assert bookings(centre) == [shown["total_fen"]]
    assert refused(terminal, shown["code"]).code == "nontaxPaid"


@pytest.mark.parametrize("meanwhile", ["free", "withdrawn", "paid"])
def test_money_that_is_heard_of_after_the_close_is_booked_if_the_notice_waits(
    terminal: Terminal, centre: Centre, meanwhile: str
) -> None:
    shown = look(terminal, issued(centre).code)
    order = opened(terminal, shown)
    terminal.do("payment.close", {"order": order}, service=SERVICE)
    if meanwhile == "withdrawn":
        withdrawn(centre, shown["code"])
    elif meanwhile == "paid":
        paid(terminal, centre, shown)
    with centre.system.write() as work:
        known = work.core.payments.order(order)
        assert known is not None
        work.core.payments.learn(known, AcquirerOrder(order, shown["total_fen"], State.APPROVED), "file")
    if meanwhile == "free":
        assert refused(terminal, shown["code"]).code == "nontaxPaid" and cases(centre) == []
    else:
        assert cases(centre) == ["paid-twice"], "it goes back"
    assert len(bookings(centre)) == (0 if meanwhile == "withdrawn" else 1)


def test_by_card_it_is_the_same_notice_and_the_word_of_the_terminal_brings_the_receipt(
    terminal: Terminal, centre: Centre
) -> None:
    shown = look(terminal, issued(centre).code)
    order = opened(terminal, shown, channel="card")
    word = {"order": order, "outcome": "charged", "amount_fen": shown["total_fen"], "rrn": "612345678901"}
    told = terminal.do("payment.card", word, service=SERVICE)
    assert told.result["state"] == "approved" and told.result["receipt"]["check"]
    again = terminal.do("payment.card", word, service=SERVICE)
    assert again.result["receipt"] == told.result["receipt"]
    assert bookings(centre) == [shown["total_fen"]]


def test_no_notice_pays_in_another_service_and_nothing_else_is_paid_in_this_one(
    terminal: Terminal, centre: Centre
) -> None:
    shown = look(terminal, issued(centre).code)
    owed = create(terminal, order_of(shown), OWNER, "pay.due")
    assert owed.refusal is not None and owed.refusal.code == "notOfThisService"
    for wrong in ({"bill": "44990026101200042185"}, {"part": True}):
        assert create(terminal, order_of(shown, **wrong)).refusal.code == "notOfThisService"
    for code in ({"notice": ""}, {"dues": []}, {"dues": [shown["code"], shown["code"]]}):
        assert create(terminal, order_of(shown, **code)).refusal.code == "nontaxCodeWrong"
    less = order_of(shown, amount_fen=shown["total_fen"] - 1)
    assert create(terminal, less).refusal.code == "amountDiffers"
    assert bookings(centre) == []


def test_a_person_s_name_and_number_are_masked(terminal: Terminal, centre: Centre) -> None:
    person = CAST["tang-yue"]
    with centre.database.write() as connection:
        firm = connection.execute(
            select(tables.taxpayer).where(tables.taxpayer.c.taxpayer == HEMU)
        ).mappings().one()  # fmt: skip
        own = {**firm, "taxpayer": person.number, "name": person.name, "kind": "person"}
        connection.execute(tables.taxpayer.insert().values(own))
    shown = look(terminal, issued(centre, "household-waste", payer=person.number).code)
    assert person.name not in str(shown) and person.number not in str(shown)
    assert shown["payer"].endswith(person.number[-4:]) and "*" in shown["payer"]


def test_its_code_is_drawn_and_leads_to_no_other(centre: Centre) -> None:
    codes = [check_code(issued(centre).code) for _ in range(20)]
    assert len({(code.batch, code.serial) for code in codes}) == 20
    steps = {b.serial - a.serial for a, b in zip(codes, codes[1:], strict=False)}
    assert len(steps) > 15, "not one after the other"


def test_what_an_officer_may_not_issue_or_withdraw(terminal: Terminal, centre: Centre) -> None:
    day = centre.clock.now().date()
    for wrong in (
        {"payer": "91990199MA6000000X"},
        {"item": "vat"},
        {"amount_fen": 0},
        {"limit_date": day - timedelta(1)},
        {"valid_until": day + timedelta(9)},
        {"valid_until": day + timedelta(367)},
    ):
        with pytest.raises(NontaxRefused):
            issued(centre, **{"item": "water-soil", "amount_fen": 5, **wrong})  # type: ignore[arg-type]
    with pytest.raises(NontaxRefused):
        withdrawn(centre, make_code("990199", day.year, 1, 1))
    code = issued(centre).code
    withdrawn(centre, code)
    with pytest.raises(NontaxRefused):
        withdrawn(centre, code)
    shown = look(terminal, issued(centre).code)
    paid(terminal, centre, shown)
    with pytest.raises(NontaxRefused):
        withdrawn(centre, shown["code"])


def test_an_item_is_issued_only_once_tax_authorities_collect_it() -> None:
    assert nontax.item_code("land-transfer", date(2021, 6, 30), RULES) == ""
    assert nontax.item_code("land-transfer", date(2021, 7, 1), RULES) == "1030148"


def test_the_city_has_one_of_each_kind(terminal: Terminal, centre: Centre) -> None:
    found = of_city(centre)
    assert set(found) == set(nontax.ITEMS)
    late = look(terminal, found["water-soil"].code)
    assert late["late_fee_fen"] == 12_640, "20 days late, 0.05 % a day of 12,640.00"
    assert look(terminal, found["disability-fund"].code)["late_fee_fen"] == 0
    assert look(terminal, found["land-transfer"].code)["total_fen"] == 386_000_000
    assert refused(terminal, found["civil-defence"].code).code == "nontaxExpired"
    assert refused(terminal, found["household-waste"].code).code == "nontaxWithdrawn"


def test_whoever_follows_the_slip_sees_the_receipt(terminal: Terminal, centre: Centre) -> None:
    shown = look(terminal, issued(centre).code)
    answer = create(terminal, order_of(shown))
    centre.bank.pay(answer.result["order"])
    receipt = status(terminal, answer.result["order"])["receipt"]
    slip = centre.container.site.records.slip(answer.key)
    assert {value for _, value in slip.facts} >= set(receipt.values())
