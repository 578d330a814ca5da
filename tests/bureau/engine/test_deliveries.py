"""Paper invoices by courier: ordered within the rules of collecting, followed, cancelled while not packed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import select, update

from bureau.city.cast import CHENXING, FIRMS, HEMU, SHIGUANG
from bureau.city.deliveries import SHEETS, number_of
from bureau.engine.delivering import following
from bureau.engine.entitlement import allowed
from bureau.errors import DeliveryRefused
from bureau.fleet.vault import SealingVault
from bureau.opening import open_keys
from bureau.ports.deliveries import State
from bureau.store import tables
from bureau.texts import has, ids
from config.settings import load_bureau
from tests.bureau import stores
from tests.bureau.conftest import CODE, Centre
from tests.bureau.engine.delivering import (
    BY,
    CHEN,
    MA,
    MULAN,
    SERVICE,
    WHERE,
    XINHUANG,
    approve,
    at_work,
    cancel,
    kinds,
    order,
    orders,
    packed,
    sent,
)
from tests.bureau.engine.matters import code, notices, progress
from tests.bureau.engine.test_invoices import proven
from tests.bureau.terminals import Terminal, subject

FIRM = {firm.name: firm.taxpayer for firm in FIRMS}


# --- ordering -------------------------------------------------------------------------------------------------


def test_what_can_be_ordered_follows_from_the_rules_of_collecting(terminal: Terminal) -> None:
    found = kinds(terminal)
    assert set(found) == {"ordinary", "special"}
    ordinary = found["ordinary"]
    assert (ordinary["allowed"], ordinary["orderable"]) == (25, True)
    assert (ordinary["unused_held"], ordinary["collected_this_month"], ordinary["monthly_max"]) == (12, 0, 50)
    assert "25" in ordinary["binding_text"]["zh-CN"]
    assert ordinary["address"].startswith("云川市") and len(ordinary["phone"]) == 11


def test_an_order_counts_at_once_and_shows_in_its_list_and_in_progress(
    terminal: Terminal, centre: Centre
) -> None:
    answer = order(terminal)
    assert (answer.state, answer.result["state"]) == ("accepted", "approved")
    number = answer.result["case"]
    (row,) = orders(terminal)
    assert (row["order"], row["count"], row["state"], row["cancellable"]) == (number, 5, "ordered", True)
    ordinary = kinds(terminal)["ordinary"]
    assert (ordinary["collected_this_month"], ordinary["unused_held"]) == (5, 17)
    assert (ordinary["orderable"], ordinary["allowed"]) == (False, 0)
    assert number in ordinary["binding_text"]["en-US"]
    (case,) = (row for row in progress(terminal) if row["case"] == number)
    assert case["next_step"]["zh-CN"] == "备货中，装箱前可以撤销"
    slip = centre.container.site.records.slip(answer.key)
    assert (slip.state, slip.text["zh-CN"]) == ("accepted", "备货中，装箱前可以撤销")


def test_the_same_key_again_is_the_same_order(terminal: Terminal) -> None:
    signed = terminal.intent(
        "matter.submit", {"kind": "ordinary", "count": 5, **WHERE}, MULAN, service=SERVICE
    )
    first, again = terminal.send(signed), terminal.send(signed)
    assert first.state == "accepted" and again.result == first.result
    assert len(orders(terminal)) == 1


def test_one_order_of_a_kind_is_open_at_a_time(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    assert code(order(terminal, 1, CHEN)) == "deliveryOpen"
    assert order(terminal, 1, kind="special").state == "accepted"
    sent(centre, number)
    assert code(order(terminal, 1)) == "deliveryOpen"
    at_work(centre, following.delivered, number, stores.DAY, "周小满", BY)
    assert order(terminal, 1).state == "accepted"


def test_two_terminals_at_once_order_once(terminal: Terminal, centre: Centre) -> None:
    both = (terminal, centre.terminal("A-08"))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda at: order(at), both))
    assert sorted(answer.state for answer in answers) == ["accepted", "refused"]
    assert {answer.refusal.code for answer in answers if answer.refusal} == {"deliveryOpen"}
    assert len(orders(terminal)) == 1


@pytest.mark.parametrize(
    ("change", "count", "told"),
    [
        ({"per_time_max": 7}, 8, "tooMany"),
        ({"monthly_max": 6}, 7, "tooMany"),
        ({"hold_max": 16}, 5, "tooMany"),
        ({"hold_max": 12}, 1, "limitReached"),
    ],
)
def test_each_limit_binds(
    terminal: Terminal, centre: Centre, change: dict[str, int], count: int, told: str
) -> None:
    approve(centre, **change)
    assert kinds(terminal)["ordinary"]["allowed"] == count - 1
    assert code(order(terminal, count)) == told
    assert count == 1 or order(terminal, count - 1).state == "accepted"


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (subject("gao-wei", FIRM["云川远山建材有限公司"], "T"), "unfiledPeriod"),
        (subject("chen-jing", FIRM["云川北斗餐饮管理有限公司"], "T"), "arrears"),
        (subject("qian-sheng", FIRM["云川旧梦服饰有限公司"], "L"), "taxpayerAbnormal"),
        (subject("shen-zhizhou", SHIGUANG, "L"), "noApproval"),
        (subject("lin-tao", CHENXING, "L"), "limitReached"),
        (subject("xie-an", CHENXING, "A"), "roleNotAllowed"),
        (subject("tang-yue", HEMU), "roleMissing"),
    ],
)
def test_what_blocks_collecting_blocks_ordering(terminal: Terminal, who: dict[str, Any], told: str) -> None:
    answer = order(terminal, 1, who)
    assert code(answer) == told
    assert answer.refusal.next_step["zh-CN"] and answer.refusal.next_step["en-US"]
    if told != "limitReached":
        asked = terminal.ask("invoice.deliverable", who, {}, SERVICE)
        assert asked.refusal is not None and asked.refusal.code == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": None}, "fieldMissing"),
        ({"kind": "roll"}, "noApproval"),
        ({"kind": "electronic"}, "fieldWrong"),
        ({"count": 0}, "fieldWrong"),
        ({"name": None}, "fieldMissing"),
        ({"phone": "12345"}, "fieldWrong"),
        ({"address": "路"}, "fieldWrong"),
        ({"order": "1"}, "fieldUnknown"),
    ],
)
def test_what_cannot_be_ordered(terminal: Terminal, changed: dict[str, Any], told: str) -> None:
    assert code(order(terminal, **changed)) == told
    assert orders(terminal) == []


def test_no_more_is_ordered_than_the_shelf_holds_for_everybody(terminal: Terminal, centre: Centre) -> None:
    with centre.system.write() as work:
        left = work.core.deliveries.in_stock("01")
    with centre.database.write() as connection:
        t = tables.invoice_delivery
        connection.execute(update(t).where(t.c.kind == "01").values(sheets=SHEETS + left - 3))
    row = kinds(terminal)["special"]
    assert (row["allowed"], row["orderable"]) == (3, True) and "3" in row["binding_text"]["zh-CN"]
    assert code(order(terminal, 4, kind="special")) == "deliveryNoStock"
    assert order(terminal, 3, kind="special").state == "accepted"


def test_an_order_leaves_less_to_collect_at_a_terminal(terminal: Terminal, centre: Centre) -> None:
    centre.load(count=20)
    approve(centre, monthly_max=12)
    order(terminal, 9)
    wanted = {"kind": "04", "count": 4, "unit": "unit1", "code": CODE, "next_number": "00274801"}
    assert code(terminal.do("invoice.reserve", wanted, MULAN)) == "tooMany"
    assert terminal.do("invoice.reserve", {**wanted, "count": 3}, MULAN).state == "accepted"


def test_it_counts_in_the_month_of_the_order_wherever_it_arrives(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    sent(centre, number)
    centre.clock.forward(days=25)
    on = stores.DAY + timedelta(days=25)
    at_work(centre, following.delivered, number, on, "周小满", BY)
    with centre.system.write() as work:
        taxpayer = work.core.registration.taxpayer(HEMU)
        approval = next(a for a in work.core.invoices.approvals(HEMU, on) if a.kind == "04")
        assert taxpayer is not None
        figures = allowed(work.core, taxpayer, approval, 100)
    assert (figures.collected, figures.held) == (0, 17)


# --- cancelling -----------------------------------------------------------------------------------------------


def test_what_is_not_packed_is_cancelled_and_counts_no_longer(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    done = cancel(terminal, number, CHEN)
    assert (done.state, done.result["state"]) == ("accepted", "approved")
    (row,) = orders(terminal)
    assert (row["state"], row["cancellable"]) == ("cancelled", False)
    assert row["next_step"]["zh-CN"] == "10月12日已撤销" and row["why_not"]["zh-CN"] == "已结束"
    assert kinds(terminal)["ordinary"]["allowed"] == 25
    assert code(cancel(terminal, number)) == "deliveryEnded"
    with pytest.raises(DeliveryRefused, match="cancelled"):
        packed(centre, number)


def test_what_is_packed_is_not_cancelled(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    packed(centre, number)
    (row,) = orders(terminal)
    assert (row["state"], row["cancellable"], row["numbers"]) == ("packed", False, "00274901–00274905")
    assert code(cancel(terminal, number)) == "deliveryPacked"
    with pytest.raises(DeliveryRefused):
        at_work(centre, following.cancel, number, "缺货")


def test_another_enterprises_order_is_nobodys_to_cancel_or_see(terminal: Terminal) -> None:
    number = number_of(stores.DAY)
    assert code(cancel(terminal, number)) == "deliveryUnknown"
    assert code(cancel(terminal, "63990026101299999999")) == "deliveryUnknown"
    assert code(cancel(terminal, number, subject("xie-an", XINHUANG.taxpayer, "A"))) == "roleNotAllowed"
    assert orders(terminal) == [] and [row["order"] for row in orders(terminal, MA)] == [number]
    assert cancel(terminal, number, MA).state == "accepted"


def test_packed_and_cancelled_at_once_is_one_of_the_two(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]

    def pack() -> str:
        try:
            packed(centre, number)
        except DeliveryRefused:
            return "refused"
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(pack), pool.submit(lambda: cancel(terminal, number).state)
        assert sorted((one.result(), two.result())) == ["accepted", "refused"]
    assert proven(centre)


def test_an_officer_cancels_with_a_reason_that_is_told(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    with pytest.raises(DeliveryRefused, match="reason"):
        at_work(centre, following.cancel, number, " ")
    at_work(centre, following.cancel, number, "地址不在投递范围")
    assert "地址不在投递范围" in orders(terminal)[0]["next_step"]["zh-CN"]
    assert notices(terminal) == ["delivery-cancelled"]


# --- whose data -----------------------------------------------------------------------------------------------


def test_the_recipient_is_sealed_opens_for_the_centre_and_is_forgotten_at_the_end(
    terminal: Terminal, centre: Centre
) -> None:
    number = order(terminal).result["case"]
    with centre.database.read() as connection:
        rows = [
            *connection.execute(select(tables.matter_case)).mappings(),
            *connection.execute(select(tables.invoice_delivery)).mappings(),
        ]
    told = str(rows)
    assert number in told and not any(value in told for value in WHERE.values())
    with centre.system.read() as work:
        kept = work.core.deliveries.order(number)
    assert kept is not None and kept.recipient is not None
    settings = load_bureau(None, {"BUREAU_STATE_DIR": str(centre.state_dir)})
    vault = SealingVault(open_keys(settings).sealing)
    assert json.loads(vault.open(number, kept.recipient)) == WHERE
    cancel(terminal, number)
    with centre.system.read() as work:
        ended = work.core.deliveries.order(number)
    assert ended is not None and ended.recipient is None


def test_every_state_has_its_words() -> None:
    for state in get_args(State):
        assert has(f"delivery.next.{state}")
    for state in ("sent", "delivered", "returned", "lost", "cancelled"):
        assert has(f"notice.delivery-{state}.text")
    assert set(ids("courier")) == {"ems", "sf"}


# --- offline --------------------------------------------------------------------------------------------------


def test_what_was_ordered_offline_is_checked_when_it_arrives_and_told(
    terminal: Terminal, centre: Centre
) -> None:
    data = {"kind": "ordinary", "count": 5, **WHERE}
    signed = [
        terminal.intent("matter.submit", data, subject("he-mulan", HEMU), service=SERVICE, offline=True)
        for _ in range(2)
    ]
    centre.clock.forward(hours=5)
    first, second = (terminal.send(one, queued=True) for one in signed)
    assert first.state == "accepted" and code(second) == "deliveryOpen"
    assert sorted(notices(terminal)) == ["matter-accepted", "matter-refused"]
    assert [row["order"] for row in orders(terminal)] == [first.result["case"]]
    slip = centre.container.site.records.slip(second.key)
    assert slip.state == "refused" and "签收" in slip.text["zh-CN"]
