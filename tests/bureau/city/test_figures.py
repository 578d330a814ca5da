from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import groupby

import pytest
from sqlalchemy import Connection, func, select

from bureau.city.cast import CHENXING, FIRMS, HEMU, PERSONAS, QINGHE, SHIGUANG, WARDS
from bureau.city.city import City, Size
from bureau.city.travellers import STORES
from bureau.engine.reference.context import Context
from bureau.engine.reference.holdings import ReferenceHoldings
from bureau.engine.reference.registration import ReferenceRegistration
from bureau.engine.reference.returns import ReferenceReturns
from bureau.engine.reference.stock_check import check_stock
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.store import tables
from kiosk.domain.identifiers import check_resident_id
from kiosk.domain.ids import Fen
from kiosk.domain.invoice_codes import InvoiceKind, check_code, check_invoice_number
from kiosk.domain.own_numbers import check_number
from kiosk.domain.people import DocumentKind
from kiosk.domain.tax import vat_small
from kiosk.domain.tax.parameters import built_in
from kiosk.domain.taxpayer_ids import check_uscc
from tests.bureau.city.support import DAY, city_of, empty_file

OTHER_DAYS = [
    date(2024, 2, 29),
    date(2026, 10, 1),
    date(2026, 11, 23),
    date(2027, 1, 1),
    date(2028, 2, 29),
]
"""A leap day, the first day of a quarter, after the limit, a new year, and after the reliefs have lapsed."""


@pytest.fixture(scope="module", params=[DAY, *OTHER_DAYS], ids=str)
def any_day(
    request: pytest.FixtureRequest, city: tuple[Connection, City], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Connection, City]]:
    if request.param == DAY:
        yield city
        return
    folder = tmp_path_factory.mktemp("day")
    with city_of(empty_file(folder), day=request.param, size=Size(people=8, enterprises=6)) as made:
        yield made


CHILDREN = {ward.number for ward in WARDS}


def context(connection: Connection, day: date = DAY) -> Context:
    return Context(connection, datetime.combine(day, time(1, 42), UTC), "")


def enterprises(connection: Connection) -> list[str]:
    """Taxpayers that are no people in their own name."""
    t = tables.taxpayer
    return list(connection.execute(select(t.c.taxpayer).where(t.c.kind == "enterprise")).scalars())


def test_every_number_passes_its_check(city: tuple[Connection, City]) -> None:
    connection, _ = city
    for row in connection.execute(select(tables.person)):
        found = check_resident_id(row.number, DAY)
        assert found.kind.value == row.kind
        of_age = (DAY - found.birth).days > 18 * 365
        assert of_age is (row.number not in CHILDREN)
    for taxpayer in enterprises(connection):
        code = check_uscc(taxpayer)
        assert code.check_ok and code.org_check_ok, taxpayer
    for column in (tables.declaration.c.declaration, tables.due.c.due, tables.stock_movement.c.movement):
        for number in connection.execute(select(column)).scalars():
            assert check_number(number).day < DAY
    for sale in connection.execute(select(tables.sale)):
        assert len(check_invoice_number(sale.number)) == (8 if sale.code else 20)
    kinds = {row.code: row.kind for row in connection.execute(select(tables.invoice_code))}
    assert {check_code(code).kind for code in kinds} == {
        InvoiceKind.ORDINARY,
        InvoiceKind.SPECIAL,
        InvoiceKind.ROLL,
    }
    assert all(check_code(code).kind.value == kind for code, kind in kinds.items())


def test_no_number_can_be_a_living_persons_or_a_real_companys(city: tuple[Connection, City]) -> None:
    connection, _ = city
    areas: defaultdict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(tables.person)):
        areas[row.kind].add(row.number[:4])
    assert areas[DocumentKind.RESIDENT_ID.value] == {"5399"}  # the last prefecture of 53 in GB/T 2260 is 5334
    assert areas[DocumentKind.HMT_RESIDENCE.value] <= {"8100", "8200", "8300"}
    assert areas[DocumentKind.FOREIGN_PERMANENT.value] <= {
        f"953{c}" for c in "2378"
    }  # province, first digit of a country
    assert {taxpayer[2:8] for taxpayer in enterprises(connection)} == {"990199"}


def test_people_have_phones_of_their_own_and_all_sorts_of_documents(city: tuple[Connection, City]) -> None:
    connection, _ = city
    everybody = connection.execute(select(tables.person)).all()
    rows = [row for row in everybody if row.number not in CHILDREN]
    assert {row.mobile for row in everybody if row.number in CHILDREN} == {""}
    assert len({row.mobile for row in rows}) == len(rows)
    assert all(len(row.mobile) == 11 and row.mobile.startswith("1990") for row in rows)
    assert {row.kind for row in rows} == {
        "resident-id",
        "hmt-residence",
        "foreign-permanent",
    }
    roles = connection.execute(select(tables.role.c.role).distinct()).scalars()
    assert set(roles) == set("LFTBA")


def test_the_company_of_the_mock_ups_has_their_figures_and_has_not_filed(
    city: tuple[Connection, City],
) -> None:
    connection, _ = city
    firm = connection.execute(select(tables.taxpayer).where(tables.taxpayer.c.taxpayer == HEMU)).one()
    assert (firm.name, firm.levy_rate, firm.city_rate, firm.half_six_taxes, firm.state) == (
        "云川禾木文具有限公司",
        "0.01",
        "0.07",
        True,
        "normal",
    )
    returns, quarter = ReferenceReturns(context(connection)), (date(2026, 7, 1), date(2026, 9, 30))
    sales = returns.sales(HEMU, *quarter)
    assert (sales.count, sales.ordinary_fen, sales.special_fen) == (128, 35_240_000, 0)
    assert returns.filed(HEMU, VAT_SMALL, *quarter) is None
    before = returns.filed(HEMU, VAT_SMALL, date(2026, 4, 1), date(2026, 6, 30))
    assert before is not None and before.total_fen > 0
    given = vat_small.VatSmallInput(
        Fen(sales.ordinary_fen), Fen(0), Fen(3_400_000), True, Decimal("0.07"), True, quarter[1]
    )
    result = vat_small.compute(given, built_in())
    assert (result.vat_fen, result.city_fen, result.education_fen, result.local_education_fen) == (
        386_400,
        13_524,
        5_796,
        3_864,
    )
    assert result.total_fen == 409_584


def test_taxpayer_numbers_end_as_in_the_mock_ups() -> None:
    assert [code[-4:] for code in (HEMU, QINGHE, SHIGUANG, CHENXING)] == ["0M7X", "1K2M", "8B5K", "2C3T"]
    assert HEMU.startswith("9199")
    assert SHIGUANG.startswith("92")


def test_returns_say_what_the_invoices_say_and_dues_what_the_returns_say(
    any_day: tuple[Connection, City],
) -> None:
    connection, city = any_day
    returns = ReferenceReturns(context(connection, city.as_of))
    due = tables.due
    declared = connection.execute(select(tables.declaration)).all()
    assert len(declared) > 30
    for row in declared:
        sales = returns.sales(row.taxpayer, row.period_first, row.period_last)
        if row.tax == VAT_SMALL:
            said = (row.figures["ordinary_sales_fen"], row.figures["special_sales_fen"])
            assert said == (sales.ordinary_fen, sales.special_fen)
        elif "form" not in row.figures:
            assert row.figures["sales_fen"] == sales.ordinary_fen + sales.special_fen
        owed = connection.execute(
            select(func.coalesce(func.sum(due.c.amount_fen), 0)).where(due.c.declaration == row.declaration)
        ).scalar_one()
        assert owed == row.total_fen == row.figures["total_fen"]
        within = row.tax == "vehicle-vessel"  # the tax of a calendar year, paid in it
        over = row.period_first if within else row.period_last
        assert over < row.filed_at.date() <= min(row.limit_date, city.as_of)


def test_nothing_in_the_city_has_happened_today_or_later(any_day: tuple[Connection, City]) -> None:
    connection, city = any_day
    day = city.as_of
    for column in (
        tables.sale.c.issued_on,
        tables.income.c.entry_date,
        tables.stock_movement.c.day,
        tables.role.c.valid_from,
        tables.taxpayer.c.registered_on,
    ):
        assert connection.execute(select(func.max(column))).scalar_one() < day, column
    for moment in (tables.declaration.c.filed_at, tables.person.c.enrolled_at):
        assert connection.execute(select(func.max(moment))).scalar_one().date() < day


def test_every_blank_is_where_its_movements_put_it(any_day: tuple[Connection, City]) -> None:
    connection, city = any_day
    assert check_stock(context(connection, city.as_of)) == []


def test_invoices_on_paper_are_the_blanks_their_sellers_used_up(any_day: tuple[Connection, City]) -> None:
    connection, city = any_day
    t, sale = tables.stock_range, tables.sale
    used = connection.execute(select(t).where(t.c.state == "used")).all()
    known = {(r.code, f"{n:08d}"): r.holder for r in used for n in range(r.first, r.last + 1)}
    written = connection.execute(select(sale).where(sale.c.code != "")).all()
    unchecked = [
        r for firm in FIRMS for r in ReferenceHoldings(context(connection, city.as_of)).runs(firm.taxpayer)
    ]
    for run in unchecked:
        known |= {(run.code, n): CHENXING for n in run.numbers if run.uploaded}
    assert 0 < sum(run.numbers.count for run in unchecked if run.uploaded) <= 4  # as many as it sold by then
    assert {(row.code, row.number): row.taxpayer for row in written} == known
    assert len(written) > 10
    assert all(row.issued_on < city.as_of.replace(day=1) for row in written)
    special = {row.code for row in connection.execute(select(tables.invoice_code)) if row.kind == "01"}
    assert all((row.kind == "special") == (row.code in special) for row in written)


def test_taxes_of_invoices_and_the_signs_of_red_ones_are_right(city: tuple[Connection, City]) -> None:
    connection, _ = city
    sellers = connection.execute(select(tables.taxpayer).where(tables.taxpayer.c.kind == "enterprise"))
    rates = {row.taxpayer: Decimal(row.levy_rate) for row in sellers}
    states: set[str] = set()
    mixed = {store.taxpayer for store in STORES}  # priced with tax, and of goods at two rates
    for row in connection.execute(select(tables.sale)):
        if row.taxpayer in mixed:
            for line in row.lines:
                off = line["net_fen"] * Decimal(line["rate"]) - line["tax_fen"]
                assert abs(off) <= Decimal("0.5") * (1 + Decimal(line["rate"]))
            assert sum(line["net_fen"] for line in row.lines) == row.net_fen
            assert sum(line["tax_fen"] for line in row.lines) == row.tax_fen
        else:
            assert abs(Decimal(row.net_fen) * rates[row.taxpayer] - row.tax_fen) <= Decimal("0.5")
        assert (row.net_fen < 0) == (row.state == "red")
        assert row.kind == "ordinary" or row.buyer != "个人"
        states.add(row.state)
    assert states == {"valid", "red"}


def test_every_enterprise_has_a_head_and_some_roles_have_ended(city: tuple[Connection, City]) -> None:
    connection, _ = city
    roles = connection.execute(select(tables.role)).all()
    heads = {r.taxpayer for r in roles if r.role == "L" and r.valid_to is None}
    assert heads == set(enterprises(connection))
    assert any(r.valid_to is not None and r.valid_to < DAY for r in roles)


def test_months_of_wages_follow_each_other_up_to_the_newest(any_day: tuple[Connection, City]) -> None:
    connection, city = any_day
    li = next(p for p in PERSONAS if p.id == "li-xiulan")
    t = tables.income
    lines = connection.execute(
        select(t).where(t.c.person_number == li.number).order_by(t.c.month, t.c.item)
    ).all()
    months = [month for month, _ in groupby(row.month for row in lines)]
    assert len(months) == 30
    numbers = [int(m[:4]) * 12 + int(m[5:]) for m in months]
    assert numbers == list(range(numbers[0], numbers[0] + 30))
    assert lines[-1].entry_date.day >= 10
    if built_in().at(lines[-1].entry_date).row("iit.bonus") is not None:
        bonuses = {row.month[5:] for row in lines if row.item == "bonus"}
        assert bonuses == {"02"}
    assert all(row.tax_fen > 0 for row in lines if row.item == "bonus")
    assert sum(row.tax_fen for row in lines) > 0


def test_last_periods_lie_where_the_rules_put_them(any_day: tuple[Connection, City]) -> None:
    connection, city = any_day
    rules = Rules(built_in())
    returns = ReferenceReturns(context(connection, city.as_of))
    hemu = ReferenceRegistration(context(connection, city.as_of)).taxpayer(HEMU)
    assert hemu is not None
    period = rules.last_period(hemu, city.as_of)
    assert returns.sales(HEMU, period.first, period.last).ordinary_fen == 35_240_000
    assert returns.filed(HEMU, VAT_SMALL, period.first, period.last) is None
    assert city.filing_open == (city.as_of <= period.limit)
