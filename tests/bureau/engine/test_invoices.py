from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.cast import CHENXING, FIRMS, HEMU, SHIGUANG
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.engine.reference.stock_check import check_stock
from bureau.errors import StockRefused
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange, add
from tests.bureau.conftest import CODE, SPECIAL, Centre
from tests.bureau.staff import count_unit
from tests.bureau.terminals import Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")
FIRST = "00274801"
FIRM = {firm.name: firm.taxpayer for firm in FIRMS}


def units(next_number: str = FIRST, count: int = 20, code: str = CODE, unit: str = "unit1") -> dict[str, Any]:
    last = add(next_number, count - 1)
    return {
        "units": [
            {"unit": unit, "code": code, "next_number": next_number, "last_number": last, "count": count}
        ]
    }


def wanted(count: int = 5, next_number: str = FIRST, **more: Any) -> dict[str, Any]:
    return {"kind": "04", "count": count, "unit": "unit1", "code": CODE, "next_number": next_number, **more}


def ranges(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"first": first, "last": last} for first, last in pairs]


def settled(reservation: dict[str, Any], **parts: Any) -> dict[str, Any]:
    whole = ranges((reservation["first"], reservation["last"]))
    return {
        "reservation": reservation["reservation"],
        "code": CODE,
        **({"delivered": whole} if not parts else parts),
    }


def proven(centre: Centre) -> bool:
    with centre.system.read() as work:
        return check_stock(work.context) == []


def cases(centre: Centre) -> list[str]:
    t = tables.case_file
    with centre.database.read() as connection:
        return list(connection.execute(select(t.c.kind).order_by(t.c.case_no)).scalars())


@pytest.fixture
def loaded(centre: Centre, terminal: Terminal) -> Terminal:
    centre.load()
    return terminal


def test_what_may_be_collected_follows_from_approval_and_stock(loaded: Terminal) -> None:
    (kind,) = loaded.data("invoice.entitlement", SHEN, units())["kinds"]
    assert (kind["allowed"], kind["binding"]) == (20, "stock")
    assert (kind["per_time_max"], kind["monthly_max"], kind["hold_max"]) == (25, 50, 60)
    assert (kind["unused_held"], kind["collected_this_month"]) == (12, 0)
    assert kind["face_limit_fen"] == 10_000_000
    assert "20" in kind["binding_text"]["zh-CN"] and "20" in kind["binding_text"]["en-US"]


def test_each_limit_binds_in_its_turn(loaded: Terminal, centre: Centre) -> None:
    t = tables.invoice_approval
    for change, allowed, binding in (
        ({"per_time_max": 7}, 7, "perTime"),
        ({"monthly_max": 6}, 6, "monthly"),
        ({"hold_max": 16}, 4, "hold"),
    ):
        with centre.database.write() as connection:
            connection.execute(update(t).where(t.c.taxpayer == HEMU, t.c.kind == "04").values(**change))
        (kind,) = loaded.data("invoice.entitlement", SHEN, units())["kinds"]
        assert (kind["allowed"], kind["binding"]) == (allowed, binding)
    answer = loaded.do("invoice.reserve", wanted(5), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "tooMany"
    assert "4" in answer.refusal.text["zh-CN"]


def test_the_reasons_why_nothing_may_be_collected(loaded: Terminal) -> None:
    expected = {
        ("gao-wei", FIRM["云川远山建材有限公司"], "T"): "unfiledPeriod",
        ("chen-jing", FIRM["云川北斗餐饮管理有限公司"], "T"): "arrears",
        ("qian-sheng", FIRM["云川旧梦服饰有限公司"], "L"): "taxpayerAbnormal",
        ("shen-zhizhou", SHIGUANG, "L"): "noApproval",
        ("he-mulan", FIRM["云川恒泰机械进出口有限公司"], "F"): "noStockOfKind",
    }
    for (who, taxpayer, role), code in expected.items():
        answer = loaded.data("invoice.entitlement", subject(who, taxpayer, role), units())
        assert answer["kinds"] == []
        assert answer["blocked"]["code"] == code
        assert answer["blocked"]["next_step"]["zh-CN"]
        refused = loaded.do("invoice.reserve", wanted(), subject(who, taxpayer, role))
        assert refused.state == "refused"


def test_an_enterprise_that_holds_all_it_may_is_told_so(loaded: Terminal) -> None:
    lin = subject("lin-tao", CHENXING, "L")
    told = loaded.data("invoice.entitlement", lin, units())
    (kind,) = told["kinds"]
    assert (kind["allowed"], kind["binding"]) == (0, "hold")
    assert told["blocked"]["code"] == "limitReached" and "发票验旧" in told["blocked"]["next_step"]["zh-CN"]
    answer = loaded.do("invoice.reserve", wanted(1), lin)
    assert answer.refusal is not None and answer.refusal.code == "limitReached"
    assert "30" in answer.refusal.text["zh-CN"]


def test_what_to_do_goes_with_what_binds_when_nothing_may_be_collected(
    loaded: Terminal, centre: Centre
) -> None:
    t = tables.invoice_approval
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU, t.c.kind == "04").values(monthly_max=0))
    blocked = loaded.data("invoice.entitlement", SHEN, units())["blocked"]
    assert blocked["code"] == "limitReached" and "票种核定" in blocked["next_step"]["zh-CN"]
    assert "next month" in blocked["next_step"]["en-US"]
    empty = {"units": [{**unit, "count": 0} for unit in units()["units"]]}
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU, t.c.kind == "04").values(monthly_max=50))
    assert loaded.data("invoice.entitlement", SHEN, empty)["blocked"]["code"] == "noStockOfKind"


def test_risk_and_unverified_invoices_block_too(loaded: Terminal, centre: Centre) -> None:
    t = tables.taxpayer
    for change, code in (
        ({"used_verified_to": centre.clock.now().date().replace(month=7)}, "previousUnverified"),
        ({"used_verified_to": None, "risk": "high"}, "highRisk"),
    ):
        with centre.database.write() as connection:
            connection.execute(update(t).where(t.c.taxpayer == HEMU).values(**change))
        assert loaded.data("invoice.entitlement", SHEN, units())["blocked"]["code"] == code


def test_numbers_are_locked_then_settled_and_the_ledger_proves_it(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(5), SHEN).result
    assert (reserved["first"], reserved["last"], reserved["count"]) == ("00274801", "00274805", 5)
    (kind,) = loaded.data("invoice.entitlement", SHEN, units("00274806", 15))["kinds"]
    assert (kind["unused_held"], kind["collected_this_month"], kind["allowed"]) == (17, 5, 15)
    answer = loaded.do("invoice.commit", settled(reserved))
    assert answer.result["delivered"] == 5
    (kind,) = loaded.data("invoice.entitlement", SHEN, units("00274806", 15))["kinds"]
    assert (kind["unused_held"], kind["collected_this_month"]) == (17, 5)
    assert proven(centre)
    assert cases(centre) == []


def test_k_of_n_are_delivered_and_the_rest_goes_back(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(5), SHEN).result
    parts = {
        "delivered": ranges(("00274801", "00274802")),
        "quarantined": ranges(("00274803", "00274803")),
        "released": ranges(("00274804", "00274805")),
        "cause": "mediaJammed",
    }
    answer = loaded.do("invoice.commit", settled(reserved, **parts))
    assert (answer.result["delivered"], answer.result["quarantined"], answer.result["released"]) == (2, 1, 2)
    assert proven(centre)
    assert cases(centre) == ["quarantined"]
    (kind,) = loaded.data("invoice.entitlement", SHEN, units("00274804", 17))["kinds"]
    assert (kind["allowed"], kind["collected_this_month"]) == (17, 2)


def test_a_wrong_number_locks_the_unit_until_two_people_counted_it(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(3), SHEN).result
    parts = {
        "delivered": [],
        "quarantined": ranges(("00274801", "00274801")),
        "released": ranges(("00274802", "00274803")),
        "cause": "numberMismatch",
    }
    loaded.do("invoice.commit", settled(reserved, **parts))
    (kind,) = loaded.data("invoice.entitlement", SHEN, units("00274802", 19))["kinds"]
    assert (kind["allowed"], kind["binding"]) == (0, "stock")
    answer = loaded.do("invoice.reserve", wanted(1, "00274802"), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "unitLocked"
    assert count_unit(centre, [(CODE, InvoiceRange("00274802", "00274820"))]) == "BALANCED"
    assert loaded.do("invoice.reserve", wanted(1, "00274802"), SHEN).state == "accepted"


def test_what_came_along_without_being_reserved_leaves_the_stock_too(
    loaded: Terminal, centre: Centre
) -> None:
    """A double feed of the last reserved sheet; and a number read that lies elsewhere moves nothing there."""
    reserved = loaded.do("invoice.reserve", wanted(2), SHEN).result
    parts = {
        "delivered": ranges(("00274801", "00274801")),
        "quarantined": ranges(("00274802", "00274802")),
        "beyond": ranges(("00274803", "00274803"), ("99999999", "99999999")),
        "cause": "doubleFeed",
    }
    first = loaded.do("invoice.commit", settled(reserved, **parts))
    assert (first.state, first.result["quarantined"]) == ("accepted", 1)
    assert loaded.do("invoice.commit", settled(reserved, **parts)).result == first.result
    with centre.system.read() as work:
        slot = ReferenceInvoices(work.context).slot("A-07", "unit1")
    assert slot is not None
    assert (slot.next_number, slot.on_hand) == ("00274804", 17)
    assert proven(centre)
    assert cases(centre) == ["quarantined"]
    assert count_unit(centre, [(CODE, InvoiceRange("00274804", "00274820"))]) == "BALANCED"


def test_what_came_along_cannot_be_reserved_as_well(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(2), SHEN).result
    answer = loaded.do("invoice.commit", settled(reserved) | {"beyond": ranges(("00274802", "00274803"))})
    assert answer.refusal is not None and answer.refusal.code == "settlementDiffers"
    assert cases(centre) == ["disputed-commit"]


def test_a_commit_told_again_under_another_key_is_a_success(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(5), SHEN).result
    first = loaded.do("invoice.commit", settled(reserved))
    again = loaded.do("invoice.commit", settled(reserved))
    assert again.state == "accepted"
    assert again.result == first.result
    assert cases(centre) == []
    different = loaded.do("invoice.commit", settled(reserved, delivered=ranges(("00274801", "00274804")),
                                                    released=ranges(("00274805", "00274805"))))  # fmt: skip
    assert different.refusal is not None and different.refusal.code == "settlementDiffers"
    assert cases(centre) == ["disputed-commit"]
    assert proven(centre)


def test_a_settlement_must_be_exactly_the_reservation(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(3), SHEN).result
    for parts in (
        {"delivered": ranges(("00274801", "00274804"))},
        {"delivered": ranges(("00274801", "00274802"))},
        {"delivered": ranges(("00274801", "00274803")), "released": ranges(("00274803", "00274803"))},
    ):
        answer = loaded.do("invoice.commit", settled(reserved, **parts))
        assert answer.refusal is not None
    assert proven(centre)
    assert cases(centre) == ["disputed-commit"]


def test_a_reservation_of_another_terminal_is_unknown(loaded: Terminal, centre: Centre) -> None:
    reserved = loaded.do("invoice.reserve", wanted(3), SHEN).result
    answer = centre.terminal("B-01").do("invoice.commit", settled(reserved))
    assert answer.refusal is not None and answer.refusal.code == "reservationUnknown"


def test_a_reservation_lapses_after_five_minutes(loaded: Terminal, centre: Centre) -> None:
    loaded.do("invoice.reserve", wanted(5), SHEN)
    centre.clock.forward(minutes=4, seconds=59)
    with centre.system.write() as work:
        assert work.core.invoices.expire(work.core.now) == 0
    centre.clock.forward(seconds=1)
    with centre.system.write() as work:
        assert work.core.invoices.expire(work.core.now) == 1
    assert loaded.do("invoice.reserve", wanted(5), SHEN).state == "accepted"
    assert proven(centre)


def test_a_late_commit_is_taken_while_the_numbers_still_wait(loaded: Terminal, centre: Centre) -> None:
    """The network went away after dispensing began: the paper is gone, whatever the clock says."""
    reserved = loaded.do("invoice.reserve", wanted(5), SHEN).result
    centre.clock.forward(hours=3)
    with centre.system.write() as work:
        work.core.invoices.expire(work.core.now)
    assert loaded.do("invoice.commit", settled(reserved)).state == "accepted"
    assert proven(centre)


def test_a_late_commit_of_numbers_that_went_elsewhere_is_for_a_person(
    loaded: Terminal, centre: Centre
) -> None:
    reserved = loaded.do("invoice.reserve", wanted(5), SHEN).result
    centre.clock.forward(minutes=6)
    second = loaded.do("invoice.reserve", wanted(5), subject("he-mulan", HEMU, "L")).result
    loaded.do("invoice.commit", settled(second))
    answer = loaded.do("invoice.commit", settled(reserved))
    assert answer.refusal is not None and answer.refusal.code == "numbersMoved"
    assert cases(centre) == ["disputed-commit"]
    assert proven(centre)


def test_numbers_the_ledger_does_not_have_in_front_are_not_given(loaded: Terminal, centre: Centre) -> None:
    for data in (wanted(2, "00274802"), wanted(2, code=SPECIAL), wanted(2, code="000000000000")):
        answer = loaded.do("invoice.reserve", data, SHEN)
        assert answer.refusal is not None and answer.refusal.code == "stockDiffers"
    assert set(cases(centre)) == {"stock-differs"}
    (kind,) = loaded.data("invoice.entitlement", SHEN, units("00274802", 19))["kinds"]
    assert kind["allowed"] == 0


def test_more_than_lies_in_a_row_is_refused(loaded: Terminal) -> None:
    answer = loaded.do("invoice.reserve", wanted(21), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "stockShort"


def test_a_terminal_without_stock_gives_nothing(terminal: Terminal) -> None:
    answer = terminal.do("invoice.reserve", wanted(1), SHEN)
    assert answer.refusal is not None and answer.refusal.code == "stockShort"


def test_two_people_of_one_enterprise_cannot_take_more_than_it_may(loaded: Terminal, centre: Centre) -> None:
    """Two terminals at once for the same enterprise: together they stay within the limit."""
    centre.load("B-01", "unit1", first="00275201")
    other, t = centre.terminal("B-01"), tables.invoice_approval
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU, t.c.kind == "04").values(hold_max=20))
    barrier = threading.Barrier(2)

    def reserve(sender: Terminal, first: str, who: dict[str, Any]) -> str:
        signed = sender.intent("invoice.reserve", wanted(8, first), who)
        barrier.wait(20)
        return sender.send(signed).state.value

    with ThreadPoolExecutor(2) as pool:
        mine = pool.submit(reserve, loaded, FIRST, SHEN)
        theirs = pool.submit(reserve, other, "00275201", subject("zhou-mingyuan", HEMU, "B"))
        assert sorted([mine.result(30), theirs.result(30)]) == ["accepted", "refused"]
    assert proven(centre)


def test_two_visits_racing_for_one_range_get_different_numbers(loaded: Terminal, centre: Centre) -> None:
    barrier = threading.Barrier(2)
    lin = subject("shen-zhizhou", HEMU, "T")

    def reserve(who: dict[str, Any]) -> Any:
        signed = loaded.intent("invoice.reserve", wanted(2), who)
        barrier.wait(20)
        return loaded.send(signed)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(reserve, [lin, subject("he-mulan", HEMU, "L")]))
    assert sorted(a.state.value for a in answers) == ["accepted", "refused"]
    codes = [a.refusal.code for a in answers if a.refusal is not None]
    assert codes == ["stockDiffers"]
    assert proven(centre)


def test_a_number_can_never_be_loaded_twice(loaded: Terminal, centre: Centre) -> None:
    with pytest.raises(StockRefused):
        centre.load("B-01", "unit1", first=FIRST)
    reserved = loaded.do("invoice.reserve", wanted(5), SHEN).result
    loaded.do("invoice.commit", settled(reserved))
    with pytest.raises(StockRefused):
        centre.load("B-01", "unit1", first="00274805", count=1)
    assert proven(centre)
