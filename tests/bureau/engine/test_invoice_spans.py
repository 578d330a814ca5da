"""Among many issued invoices a person says first from which time: every one of them is in some list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bureau.city.cast import HEMU
from bureau.engine.einvoices.spans import MOST, spans, stretches
from bureau.ports.einvoices import IssuedDay
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject

MULAN = subject("he-mulan", HEMU, "L")
LIST = "einvoice.list"
LAST = date(2026, 10, 12)
DAYS = st.lists(
    st.tuples(st.integers(0, 366), st.integers(1, 90)), max_size=80, unique_by=lambda one: one[0]
).map(lambda found: [IssuedDay(LAST - timedelta(days=ago), count) for ago, count in sorted(found)])


def test_who_issued_few_is_not_asked() -> None:
    assert [one.id for one in spans([IssuedDay(LAST, MOST)]).spans] == ["latest"]
    assert spans([]).spans == []


def test_whole_months_are_named_as_such_and_cut_ones_by_their_days() -> None:
    days = [IssuedDay(date(2026, 9, day), 20) for day in (30, 20, 12, 11, 2)] + [
        IssuedDay(date(2026, 8, 3), 1)
    ]
    found = spans(days).spans[1:]
    assert [(one.first, one.last) for one in found] == [
        (date(2026, 9, 12), date(2026, 9, 30)),
        (date(2026, 9, 1), date(2026, 9, 11)),
        (date(2026, 8, 1), date(2026, 8, 31)),
    ]
    assert [one.title["zh-CN"] for one in found] == ["2026年9月12–30日", "2026年9月1–11日", "2026年8月"]
    assert [one.note["en-US"] for one in found] == ["Invoices: 60", "Invoices: 40", "Invoices: 1"]


@given(DAYS)
def test_each_day_is_in_one_stretch_that_a_list_has_room_for(days: list[IssuedDay]) -> None:
    found = list(stretches(days, MOST))
    for one in days:
        (held,) = [stretch for stretch in found if stretch.first <= one.day <= stretch.last]
        inside = [other for other in days if held.first <= other.day <= held.last]
        assert held.count == sum(other.count for other in inside)
        assert held.count <= MOST or len(inside) == 1
    ends = [(stretch.first, stretch.last) for stretch in found]
    assert ends == sorted(ends, reverse=True)
    assert all(first.month == last.month for first, last in ends)


def test_every_invoice_of_the_year_is_in_some_list(terminal: Terminal, centre: Centre) -> None:
    told = terminal.data("einvoices.spans", MULAN, service=LIST)["spans"]
    assert told[0]["id"] == "latest" and len(told) > 2
    seen: set[str] = set()
    for span in told[1:]:
        asked = {"first": span["first"], "last": span["last"]}
        rows = terminal.data("einvoices.list", MULAN, asked, LIST)["invoices"]
        assert all(span["first"] <= row["issued"] <= span["last"] for row in rows)
        seen |= {row["id"] for row in rows}
    t = tables.sale
    with centre.database.read() as connection:
        mine = (t.c.taxpayer == HEMU) & (t.c.issued_on >= LAST - timedelta(days=366))
        assert len(seen) == connection.execute(select(func.count()).where(mine)).scalar_one()


@pytest.mark.parametrize(("first", "last"), [("2020-01-01", "2025-01-01"), ("2026-09-30", "2026-09-01")])
def test_days_of_which_nothing_is_told_list_nothing(terminal: Terminal, first: str, last: str) -> None:
    assert terminal.data("einvoices.list", MULAN, {"first": first, "last": last}, LIST)["invoices"] == []
