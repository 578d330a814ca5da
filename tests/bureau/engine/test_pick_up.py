"""Orders of paper invoices: approved at the centre, told by code, picked up whole at a terminal, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.city.cast import CHENXING, FIRMS, HEMU
from bureau.city.stock import ORDERED, PICK_UP_CODE
from bureau.engine.ordering import approve_order, cancel_order
from bureau.errors import OrderRefused
from bureau.ports.orders import PickUp
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.engine.test_holdings import code
from tests.bureau.engine.test_invoices import proven, ranges, settled, units, wanted
from tests.bureau.terminals import CAST, Terminal, subject

XINHUANG = next(firm.taxpayer for firm in FIRMS if firm.ordered)
MA = subject("ma-yuan", XINHUANG, "B")
CHEN = subject("chen-mo", HEMU, "B")
SERVICE = "invoice.pick-up"


@pytest.fixture
def loaded(centre: Centre, terminal: Terminal) -> Terminal:
    centre.load()
    return terminal


def ask(terminal: Terminal, pickup: str = PICK_UP_CODE, who: dict[str, Any] = MA, **where: Any) -> Any:
    return terminal.data("invoice.order", who, {"pickup": pickup, **units(**where)}, service=SERVICE)


def reserve(terminal: Terminal, kind: dict[str, Any], who: dict[str, Any] = MA, **changed: Any) -> Any:
    data = wanted(kind["allowed"], order=kind["order"], **changed)
    return terminal.do("invoice.reserve", data, who, service=SERVICE)


def approve(centre: Centre, taxpayer: str = HEMU, count: int = 5) -> PickUp:
    with centre.system.write() as work:
        return approve_order(work.core, taxpayer, "04", count, "周审核", timedelta(days=7))


def test_an_order_is_picked_up_whole_and_once(loaded: Terminal, centre: Centre) -> None:
    (kind,) = ask(loaded)["kinds"]
    assert (kind["kind"], kind["unit"], kind["allowed"]) == ("04", "unit1", ORDERED)
    reserved = reserve(loaded, kind)
    assert (reserved.state, reserved.result["count"]) == ("accepted", ORDERED)
    again = ask(loaded, next_number="00274804", count=17)
    assert again["blocked"]["code"] == "pickedUp"
    assert code(reserve(loaded, kind, next_number="00274804")) == "pickedUp"
    done = loaded.do("invoice.commit", settled(reserved.result), service=SERVICE)
    assert (done.state, done.result["delivered"]) == ("accepted", ORDERED)
    assert ask(loaded, next_number="00274804", count=17)["blocked"]["code"] == "pickedUp"
    assert proven(centre)


def test_what_the_machine_did_not_give_is_picked_up_the_next_time(loaded: Terminal, centre: Centre) -> None:
    (kind,) = ask(loaded)["kinds"]
    reserved = reserve(loaded, kind).result
    parts = {
        "delivered": ranges(("00274801", "00274801")),
        "quarantined": ranges(("00274802", "00274802")),
        "released": ranges(("00274803", "00274803")),
        "cause": "mediaJammed",
    }
    loaded.do("invoice.commit", settled(reserved, **parts), service=SERVICE)
    (left,) = ask(loaded, next_number="00274803", count=18)["kinds"]
    assert left["allowed"] == 2
    assert code(reserve(loaded, kind, next_number="00274803")) == "pickUpChanged"
    second = reserve(loaded, left, next_number="00274803")
    assert loaded.do("invoice.commit", settled(second.result), service=SERVICE).state == "accepted"
    assert ask(loaded, next_number="00274805", count=16)["blocked"]["code"] == "pickedUp"
    assert proven(centre)


def test_a_reservation_that_ran_out_leaves_the_order(loaded: Terminal, centre: Centre) -> None:
    (kind,) = ask(loaded)["kinds"]
    reserve(loaded, kind)
    centre.clock.forward(minutes=6)
    with centre.system.write() as work:
        assert work.core.invoices.expire(work.core.now) == 1
    assert ask(loaded)["kinds"][0]["allowed"] == ORDERED
    assert reserve(loaded, kind).state == "accepted"


def test_two_terminals_at_once_pick_up_one_order_once(loaded: Terminal, centre: Centre) -> None:
    other = centre.terminal("A-08")
    centre.load("A-08", first="00275001")
    (kind,), (there,) = ask(loaded)["kinds"], ask(other, next_number="00275001")["kinds"]
    assert reserve(loaded, kind).state == "accepted"
    assert code(reserve(other, there, next_number="00275001")) == "pickedUp"


def test_an_approved_order_is_told_to_the_enterprises_collectors(loaded: Terminal, centre: Centre) -> None:
    order = approve(centre)
    t = tables.notice
    with centre.database.read() as connection:
        query = select(t.c.person_number, t.c.text).where(t.c.kind == "order-ready")
        told = {row.person_number: row.text["zh-CN"] for row in connection.execute(query)}
    assert CAST["chen-mo"].number in told and CAST["xie-an"].number not in told
    assert all(order.code in text and "5 份" in text for text in told.values())
    (kind,) = ask(loaded, order.code, CHEN)["kinds"]
    assert kind["allowed"] == 5


@pytest.mark.parametrize("count", [0, 26, 500])
def test_an_order_is_approved_within_what_may_be_collected(centre: Centre, count: int) -> None:
    if count:
        with pytest.raises(OrderRefused):
            approve(centre, count=count)
    with pytest.raises(OrderRefused):
        approve(centre, CHENXING, 1)  # holds all it may
    with pytest.raises(OrderRefused):
        approve(centre, next(firm.taxpayer for firm in FIRMS if firm.state == "abnormal"), 1)
    with pytest.raises(OrderRefused):
        approve(centre, "91110108MA01K1050C", 1)


def test_a_cancelled_or_lapsed_order_is_not_picked_up(loaded: Terminal, centre: Centre) -> None:
    (kind,) = ask(loaded)["kinds"]
    with centre.system.write() as work:
        order = approve_order(work.core, HEMU, "04", 2, "周审核", timedelta(days=7))
    (held,) = ask(loaded, order.code, CHEN)["kinds"]
    with centre.system.write() as work:
        cancel_order(work.core, order.order)
    assert ask(loaded, order.code, CHEN)["blocked"]["code"] == "pickUpCancelled"
    assert code(reserve(loaded, held, CHEN)) == "pickUpCancelled"
    with centre.system.write() as work, pytest.raises(OrderRefused):
        cancel_order(work.core, order.order)
    centre.clock.forward(days=8)
    assert ask(loaded)["blocked"]["code"] == "pickUpLapsed"
    assert code(reserve(loaded, kind)) == "pickUpLapsed"


def test_a_code_is_good_for_its_own_enterprise_alone(loaded: Terminal, centre: Centre) -> None:
    (kind,) = ask(loaded)["kinds"]
    assert ask(loaded, PICK_UP_CODE, CHEN)["blocked"]["code"] == "pickUpUnknown"
    assert code(reserve(loaded, kind, CHEN)) == "pickUpUnknown"
    assert ask(loaded, "AAAAAAAA")["blocked"]["code"] == "pickUpUnknown"
    stranger = loaded.ask(
        "invoice.order", subject("tang-yue", XINHUANG), {"pickup": PICK_UP_CODE, **units()}, SERVICE
    )
    assert stranger.refusal is not None and stranger.refusal.code == "roleMissing"


def test_collecting_takes_no_order_and_picking_up_nothing_else(loaded: Terminal) -> None:
    (kind,) = ask(loaded)["kinds"]
    assert code(loaded.do("invoice.reserve", wanted(2, order=kind["order"]), MA)) == "notOfThisService"
    assert code(loaded.do("invoice.reserve", wanted(2), MA, service=SERVICE)) == "pickUpUnknown"


def test_a_machine_without_enough_sheets_says_where_to_go(loaded: Terminal) -> None:
    told = ask(loaded, count=2)
    assert told["kinds"] == [] and told["blocked"]["code"] == "orderNoStock"
    assert ask(loaded, next_number="00274899")["blocked"]["code"] == "orderNoStock"


def test_what_blocks_collecting_blocks_picking_up(loaded: Terminal, centre: Centre) -> None:
    t = tables.taxpayer
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == XINHUANG).values(risk="high"))
    assert ask(loaded)["blocked"]["code"] == "highRisk"
