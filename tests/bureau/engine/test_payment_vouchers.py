"""The voucher of a payment: one of each, whoever asks and wherever, and every print after the first says so."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bureau.city.cast import HEMU
from bureau.engine import voiding
from bureau.engine.repaying.ordering import Hands
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.engine.paying import SHEN, opened, status
from tests.bureau.terminals import Terminal, subject

SERVICE = "query.payments"


@pytest.fixture
def order(terminal: Terminal, centre: Centre) -> str:
    created = opened(terminal)
    centre.bank.pay(created["order"])
    assert status(terminal, created["order"])["voucher"]
    return str(created["order"])


def preview(terminal: Terminal, order: str, who: dict[str, Any] = SHEN) -> Any:
    return terminal.ask("certificate.preview", who, {"item": order}, SERVICE)


def printed(terminal: Terminal, order: str, who: dict[str, Any] = SHEN) -> Any:
    shown = preview(terminal, order, who)
    wanted = {
        "certificate": "payment-voucher", "item": order, "content_sha256": shown.data["content_sha256"],
    }  # fmt: skip
    return terminal.do("certificate.issue", wanted, who, service=SERVICE)


def rows(terminal: Terminal, who: dict[str, Any] = SHEN) -> dict[str, dict[str, Any]]:
    listed = terminal.data("payments.list", who, service=SERVICE)["payments"]
    return {row["order"]: row for row in listed}


def test_it_says_what_was_paid_together_and_to_the_fen(
    terminal: Terminal, centre: Centre, order: str
) -> None:
    assert rows(terminal)[order]["printable"]
    assert printed(terminal, order).state == "accepted"
    sheet = centre.office.sheets[-1].sheet
    row = rows(terminal)[order]
    assert sheet.amount_fen == row["amount_fen"]
    assert any(fact.value["zh-CN"] == row["voucher"] for fact in sheet.facts)
    sums = [cells[-1]["zh-CN"] for cells in sheet.rows]
    assert sum(round(float(text.replace(",", "")) * 100) for text in sums) == sheet.amount_fen


def test_there_is_one_of_each_payment_and_who_asks_again_gets_a_marked_copy(
    terminal: Terminal, centre: Centre, order: str
) -> None:
    first = printed(terminal, order).result["number"]
    copies = centre.container.copies
    copies.for_job(first, "job-1", "A-07")
    terminal.do("certificate.printed", {"number": first, "outcome": "printed", "job": "job-1"})
    other = centre.terminal("B-01")
    assert printed(other, order).result["number"] == first
    copies.for_job(first, "job-2", "B-01")
    assert [copy for _, _, copy in centre.office.reprinted] == [2]
    assert len(centre.office.sheets) == 1, "no second original is drawn"


def test_two_at_once_make_one(terminal: Terminal, centre: Centre, order: str) -> None:
    other, numbers = centre.terminal("B-01"), []

    def meanwhile() -> None:
        centre.office.before = lambda: None
        numbers.append(printed(other, order).result["number"])

    centre.office.before = meanwhile
    numbers.append(printed(terminal, order).result["number"])
    assert len(set(numbers)) == 1
    with centre.database.read() as connection:
        t = tables.certificate
        kinds = connection.execute(select(t.c.kind)).scalars().all()
    assert kinds == ["payment-voucher"]


def test_one_that_officers_made_void_is_followed_by_a_new_one(
    terminal: Terminal, centre: Centre, order: str
) -> None:
    first = printed(terminal, order).result["number"]
    with centre.system.write() as work:
        voiding.void(work.core, first, "wrong", Hands("段丽", "蒋明", "重开"))
    assert printed(terminal, order).result["number"] != first


def test_it_is_had_once_more_and_nothing_takes_its_place(terminal: Terminal, order: str) -> None:
    number = printed(terminal, order).result["number"]
    (held,) = terminal.data("certificate.held", SHEN)["certificates"]
    assert held["number"] == number and [way["enabled"] for way in held["ways"]] == [True, False]


def test_what_is_not_booked_or_not_theirs_has_none(terminal: Terminal, centre: Centre, order: str) -> None:
    other = subject("he-mulan", HEMU, "L")
    assert preview(terminal, order, other).refusal.code == "paymentUnknown"
    assert preview(terminal, "41990026101299999998").refusal.code == "paymentUnknown"
    created = opened(terminal, other)
    assert preview(terminal, created["order"], other).refusal.code == "paymentWithoutVoucher"
