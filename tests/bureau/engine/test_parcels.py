"""Paper invoices by courier: what becomes of a parcel and its numbers, and what the courier's file says of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from bureau.city.cast import HEMU
from bureau.city.deliveries import SHEETS, number_of
from bureau.engine.delivering import courier, following
from bureau.engine.reference.stockroom import Stockroom
from bureau.errors import DeliveryRefused, StockRefused
from bureau.ports.deliveries import Parcel
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange
from tests.bureau import stores
from tests.bureau.conftest import CODE, HANDS, SPECIAL, Centre
from tests.bureau.engine.delivering import (
    BY,
    FIRST,
    RULES,
    WITH,
    at_work,
    kinds,
    order,
    orders,
    packed,
    sent,
    where,
)
from tests.bureau.engine.matters import notices
from tests.bureau.engine.test_invoices import cases, proven
from tests.bureau.terminals import Terminal

# --- on its way -----------------------------------------------------------------------------------------------


def test_numbers_are_nobodys_until_somebody_signs(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    sent(centre, number)
    assert where(centre) == ("onHand", None) and proven(centre)
    (row,) = orders(terminal)
    assert row["state"] == "sent" and "EZ123456789CN" in row["next_step"]["zh-CN"]
    ordinary = kinds(terminal)["ordinary"]
    assert (ordinary["collected_this_month"], ordinary["unused_held"]) == (5, 17)
    at_work(centre, following.delivered, number, stores.DAY, "周小满", BY)
    assert where(centre) == ("issued", HEMU) and proven(centre)
    ordinary = kinds(terminal)["ordinary"]
    assert (ordinary["collected_this_month"], ordinary["unused_held"]) == (5, 17)
    (row,) = orders(terminal)
    assert row["state"] == "delivered" and "周**" in row["next_step"]["zh-CN"]
    assert "小满" not in json.dumps(orders(terminal), ensure_ascii=False)
    assert notices(terminal) == ["delivery-delivered", "delivery-sent"]


def test_a_parcel_that_came_back_waits_in_quarantine_and_is_not_counted(
    terminal: Terminal, centre: Centre
) -> None:
    number = order(terminal).result["case"]
    sent(centre, number)
    with pytest.raises(StockRefused, match="somebody else"):
        at_work(centre, following.returned, number, BY, BY, "无人签收")
    at_work(centre, following.returned, number, BY, WITH, "无人签收")
    assert where(centre) == ("quarantined", None) and proven(centre)
    assert kinds(terminal)["ordinary"]["allowed"] == 25
    assert "无人签收" in orders(terminal)[0]["next_step"]["zh-CN"]
    assert order(terminal).state == "accepted"
    with pytest.raises(StockRefused, match="shelf"):
        packed(centre, orders(terminal)[0]["order"])  # not before two people released them


def test_a_lost_parcel_is_lost_once_and_its_numbers_never_come_back(
    terminal: Terminal, centre: Centre
) -> None:
    number = order(terminal).result["case"]
    sent(centre, number)
    at_work(centre, following.lost, number, BY, WITH, "快递理赔")
    assert where(centre) == ("lost", None) and proven(centre)
    assert cases(centre) == ["parcel-lost"]
    assert kinds(terminal)["ordinary"]["allowed"] == 25
    again = order(terminal).result["case"]
    with pytest.raises(StockRefused):
        packed(centre, again)
    for do, more in ((following.lost, ("x",)), (following.returned, ("x",))):
        with pytest.raises(DeliveryRefused, match="lost"):
            at_work(centre, do, number, BY, WITH, *more)
    assert notices(terminal) == ["delivery-lost", "delivery-sent"]


def test_what_was_packed_wrong_is_unpacked_and_packed_again(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    packed(centre, number)
    at_work(centre, following.unpack, number, BY, WITH)
    assert where(centre) == ("onHand", None) and proven(centre)
    assert orders(terminal)[0]["cancellable"] is True
    packed(centre, number, first="00274911")
    assert orders(terminal)[0]["numbers"] == "00274911–00274915" and proven(centre)


@pytest.mark.parametrize(
    ("count", "first", "paper", "told"),
    [(4, FIRST, CODE, "5 sheets"), (5, FIRST, SPECIAL, "of kind 01"), (5, "00270001", CODE, "shelf")],
)
def test_only_what_was_ordered_and_lies_on_the_shelf_is_packed(
    terminal: Terminal, centre: Centre, count: int, first: str, paper: str, told: str
) -> None:
    number = order(terminal).result["case"]
    with pytest.raises((DeliveryRefused, StockRefused), match=told):
        packed(centre, number, count, first, paper)
    assert orders(terminal)[0]["state"] == "ordered" and proven(centre)


def test_a_number_is_packed_once(terminal: Terminal, centre: Centre) -> None:
    number, other = order(terminal).result["case"], number_of(stores.DAY)
    at_once = Parcel(SPECIAL, InvoiceRange.starting("01652901", SHEETS))
    at_work(centre, following.pack, other, at_once, BY, WITH, RULES)
    second = order(terminal, SHEETS, kind="special").result["case"]
    with pytest.raises(StockRefused, match="shelf"):
        packed(centre, second, SHEETS, "01652903", SPECIAL)
    assert packed(centre, number).state == "packed" and proven(centre)


def test_who_may_not_collect_any_more_gets_nothing_packed(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    t = tables.taxpayer
    with centre.database.write() as connection:
        connection.execute(update(t).where(t.c.taxpayer == HEMU).values(risk="high"))
    with pytest.raises(DeliveryRefused, match="highRisk"):
        packed(centre, number)


def test_what_is_in_a_parcel_is_not_written_off_behind_its_order(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    sent(centre, number)
    for work in ("spoil", "unload"):
        with centre.system.write() as writing, pytest.raises(StockRefused):
            getattr(Stockroom(writing.context), work)(CODE, InvoiceRange(FIRST, FIRST), HANDS, "水渍")
    at_work(centre, following.delivered, number, stores.DAY, "周小满", BY)
    assert where(centre) == ("issued", HEMU) and proven(centre)


@pytest.mark.parametrize(
    ("name", "consignment", "told"),
    [
        ("dhl", "EZ123456789CN", "no courier"),
        ("ems", "EZ 1", "no consignment"),
        ("ems", "EZ123456789CN", "label"),
    ],
)
def test_a_consignment_is_one_parcels(
    terminal: Terminal, centre: Centre, name: str, consignment: str, told: str
) -> None:
    sent(centre, order(terminal, kind="ordinary").result["case"])
    second = order(terminal, kind="special").result["case"]
    packed(centre, second, 5, "01652901", SPECIAL)
    with pytest.raises(DeliveryRefused, match=told):
        at_work(centre, following.hand_over, second, name, consignment)
    assert at_work(centre, following.hand_over, second, "sf", "EZ123456789CN").courier == "sf"


def test_a_signature_has_a_name_and_a_day_of_the_journey(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    with pytest.raises(DeliveryRefused, match="ordered"):
        at_work(centre, following.delivered, number, stores.DAY, "周小满", BY)
    sent(centre, number)
    for day, name in (
        (stores.DAY - timedelta(days=1), "周小满"),
        (stores.DAY + timedelta(days=1), "周小满"),
        (stores.DAY, " "),
    ):
        with pytest.raises(DeliveryRefused):
            at_work(centre, following.delivered, number, day, name, BY)
    assert where(centre) == ("onHand", None)


# --- what the courier reports ---------------------------------------------------------------------------------

HEAD = "consignment,status,day,signed_by\n"


def report(centre: Centre, text: str) -> list[tuple[str, str]]:
    with centre.system.write() as work:
        found = list(courier.take(work.core, "ems", HEAD + text, "库管"))
    return [(one.outcome, one.told) for one in found]


def test_a_report_delivers_once_and_leaves_the_rest_to_people(terminal: Terminal, centre: Centre) -> None:
    number = order(terminal).result["case"]
    sent(centre, number)
    assert report(centre, "EZ123456789CN,on-the-way,,\n") == [("known", "")]
    assert [r[0] for r in report(centre, "EZ123456789CN,returned,,\nez123456789cn,lost,,\n")] == [
        "waits",
        "waits",
    ]
    assert where(centre) == ("onHand", None)
    line = f"ez123456789cn,delivered,{stores.DAY},周小满\n"
    assert report(centre, line) == [("done", "")]
    assert report(centre, line) == [("known", "")]
    assert report(centre, line.replace("周小满", "李四"))[0][0] == "wrong"
    assert where(centre) == ("issued", HEMU) and proven(centre)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("EZ999999999CN,delivered,2026-10-12,周小满", "under this number"),
        ("EZ123456789CN,eaten,2026-10-12,周小满", "status"),
        ("EZ123456789CN,delivered,12.10.2026,周小满", "no day"),
        ("EZ123456789CN,delivered,2026-10-12,", "who signed"),
        ("EZ123456789CN,delivered", "no day"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_the_others_are_taken(
    terminal: Terminal, centre: Centre, line: str, told: str
) -> None:
    sent(centre, order(terminal).result["case"])
    first, second = report(centre, f"{line}\nEZ123456789CN,delivered,{stores.DAY},周小满\n")
    assert first[0] == "wrong" and told in first[1]
    assert second == ("done", "")


def test_another_file_is_refused_whole(centre: Centre) -> None:
    with centre.system.write() as work, pytest.raises(DeliveryRefused, match="columns"):
        list(courier.take(work.core, "ems", "number,state\n", "库管"))
