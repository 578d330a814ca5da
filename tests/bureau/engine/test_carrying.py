"""Red letters beyond a period's sales: what was overpaid is taken off later returns, whatever becomes of the earlier."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bureau.city.cast import HEMU
from bureau.engine import preferences
from bureau.engine.carrying import ledger
from bureau.engine.recomputing import Outcome
from bureau.engine.rules import Rules
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.carried import overpaid
from kiosk.domain.tax.parameters import built_in
from kiosk.steps.calculators import CALCULATORS
from sync.models import EffectAnswer
from tests.bureau.conftest import Centre
from tests.bureau.engine.mending import code, costs, mended, send, taken_back
from tests.bureau.engine.returns import SHEN, prefill, told
from tests.bureau.engine.test_recomputing import a_year_later, recomputed
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

SALE = tables.sale
Q2 = (date(2026, 4, 1), date(2026, 6, 30))
Q3 = (date(2026, 7, 1), date(2026, 9, 30))
Q4 = (date(2026, 10, 1), date(2026, 12, 31))
JANUARY = datetime(2027, 1, 8, 9, 0, tzinfo=CHINA)
BACK = 12_345_678
"""Sales of the second quarter that came back in the third, in which nothing was sold."""


def kept(centre: Centre, period: tuple[date, date]) -> dict[str, Any]:
    with centre.system.read() as work:
        filed = work.core.returns.filed(HEMU, "vat-small", *period)
        assert filed is not None
        found = work.core.returns.kept(filed.declaration)
        assert found is not None
        return {**found.figures, "declaration": filed.declaration}


def declare_q2(centre: Centre, ordinary: int, vat: int, freed: int = 0) -> None:
    """The second quarter was declared with these sales, beyond the threshold; ``freed`` of them exempt."""
    t = tables.declaration
    figures = {**kept(centre, Q2), "ordinary_sales_fen": ordinary, "special_sales_fen": 0, "vat_fen": vat}
    figures["freed_sales_fen"] = freed
    figures.pop("declaration")
    mine = (t.c.taxpayer == HEMU) & (t.c.period_last == Q2[1]) & (t.c.state == "filed")
    with centre.database.write() as connection:
        connection.execute(update(t).where(mine).values(figures=figures))


def sell(centre: Centre, number: str, day: date, net: int, red_of: str = "", kind: str = "ordinary") -> None:
    with centre.database.write() as connection:
        connection.execute(SALE.insert().values(
            code="", number=number, taxpayer=HEMU, kind=kind, issued_on=day, buyer="个人",
            net_fen=net, tax_fen=round_fen(yuan(Fen(net)) / 100), state="red" if red_of else "valid", red_of=red_of,
        ))  # fmt: skip


@pytest.fixture
def came_back(centre: Centre) -> Centre:
    """In the third quarter nothing was sold, and of the second one's 500,000 yuan came back what ``BACK`` says."""
    with centre.database.write() as connection:
        after = (SALE.c.taxpayer == HEMU) & (SALE.c.issued_on >= Q2[0])
        connection.execute(update(SALE).where(after).values(state="void"))
    declare_q2(centre, 50_000_000, 500_000)
    sell(centre, "26990000000000000001", date(2026, 5, 5), 50_000_000)
    sell(centre, "26990000000000000002", date(2026, 7, 3), -BACK, "26990000000000000001")
    return centre


def file(terminal: Terminal, **changed: Any) -> EffectAnswer:
    return terminal.do("declaration.submit", filled(prefill(terminal), **changed), SHEN)


def filed(terminal: Terminal, **changed: Any) -> dict[str, Any]:
    answer = file(terminal, **changed)
    assert answer.state == "accepted", answer.refusal
    return answer.result


def fourth_quarter(centre: Centre, sold: int = 60_000_000) -> None:
    sell(centre, "26990000000000000009", date(2026, 11, 11), sold)
    centre.clock.at = JANUARY


CREDIT = overpaid(50_000_000, yuan(Fen(1)), 0, BACK)
"""One per cent, on the fen: 1,234.57 yuan."""


def test_it_is_known_beforehand_and_nothing_is_due_of_the_period_itself(
    came_back: Centre, terminal: Terminal
) -> None:
    known = prefill(terminal)
    assert (known["ordinary_sales_fen"], known["returned_sales_fen"], known["carried_fen"]) == (0, BACK, 0)
    result = filed(terminal)
    assert (result["total_fen"], result["dues"]) == (0, [])
    assert kept(came_back, Q3)["returned_sales_fen"] == BACK


def test_what_was_overpaid_is_taken_off_the_next_return_and_off_its_surcharges(
    came_back: Centre, terminal: Terminal
) -> None:
    filed(terminal)
    fourth_quarter(came_back)
    known = prefill(terminal)
    assert (known["returned_sales_fen"], known["carried_fen"]) == (0, CREDIT)
    result = filed(terminal)
    owed = {due["tax"]: due["amount_fen"] for due in result["dues"]}
    vat = 600_000 - CREDIT
    assert owed["vat"] == vat == 476_543
    assert owed["city-construction"] == round_fen(yuan(Fen(vat)) * 7 / 200)
    assert kept(came_back, Q4)["carried_fen"] == CREDIT
    with came_back.system.read() as work:
        books = ledger(work.core, Rules(built_in()), HEMU)
    assert sum(books.balances().values()) == 0
    assert [(one.period, one.of, one.sales_fen, one.tax_fen) for one in books.credits] == [
        (Q3, Q2, BACK, CREDIT)
    ]


def test_more_than_that_is_refused_and_less_is_the_taxpayers_to_say(
    came_back: Centre, terminal: Terminal
) -> None:
    filed(terminal)
    fourth_quarter(came_back)
    odd = {**filled(prefill(terminal)), "carried_fen": CREDIT - 1}
    assert code(terminal.do("declaration.submit", odd, SHEN)) == "figuresDiffer"
    more = {**prefill(terminal), "carried_fen": CREDIT + 1}
    assert code(terminal.do("declaration.submit", filled(more), SHEN)) == "carriedTooMuch"
    back = {**prefill(terminal), "returned_sales_fen": 1}
    assert code(terminal.do("declaration.submit", filled(back), SHEN)) == "salesBelowInvoices"
    less = {**prefill(terminal), "carried_fen": 100}
    assert terminal.do("declaration.submit", filled(less), SHEN).state == "accepted"
    with came_back.system.read() as work:
        left = ledger(work.core, Rules(built_in()), HEMU).balances()
    assert sum(left.values()) == CREDIT - 100


def test_a_return_that_waited_without_the_network_takes_nothing_off_and_leaves_it_for_later(
    came_back: Centre, terminal: Terminal
) -> None:
    filed(terminal)
    fourth_quarter(came_back)
    known = {**prefill(terminal), "carried_fen": 0, "returned_sales_fen": 0}
    claim = subject("shen-zhizhou", HEMU, None)
    answer = terminal.do("declaration.submit", filled(known), claim, offline=True)
    assert answer.state == "accepted" and answer.result["dues"][0]["amount_fen"] == 600_000
    sell(came_back, "26990000000000000010", date(2027, 2, 1), 40_000_000)
    came_back.clock.at = datetime(2027, 4, 8, 9, 0, tzinfo=CHINA)
    assert prefill(terminal)["carried_fen"] == CREDIT


def test_nothing_is_carried_of_sales_that_were_not_taxed(came_back: Centre, terminal: Terminal) -> None:
    declare_q2(came_back, 25_000_000, 0)
    filed(terminal)
    fourth_quarter(came_back)
    assert prefill(terminal)["carried_fen"] == 0


def project(centre: Centre, since: date) -> None:
    """A project of HEMU is exempt from the first day of that month on."""
    name = next(name for name, kind in preferences.kinds().items() if kind.does == "freed")
    with centre.system.write() as work:
        work.core.registration.enter(HEMU, f"preference.{name}", f"begun {since:%Y-%m}", since, None)


@pytest.mark.parametrize(
    ("since", "freed", "taxed_back"),
    [
        (date(2026, 4, 1), 30_000_000, 0),
        (date(2026, 4, 1), 10_000_000, BACK - 10_000_000),
        (date(2026, 6, 1), 10_000_000, BACK),
    ],
    ids=["all of it exempt", "more than was exempt", "sold before the project"],
)
def test_what_came_back_of_an_exempt_project_overpaid_nothing(
    came_back: Centre, terminal: Terminal, since: date, freed: int, taxed_back: int
) -> None:
    taxed = 50_000_000 - freed
    declare_q2(came_back, 50_000_000, taxed // 100, freed)
    project(came_back, since)
    with came_back.database.write() as connection:
        connection.execute(update(SALE).where(SALE.c.net_fen == -BACK).values(net_fen=1 - BACK))
    # The same in two parts: what was exempt is taken off once.
    sell(came_back, "26990000000000000003", date(2026, 7, 4), -1, "26990000000000000001")
    filed(terminal)
    fourth_quarter(came_back)
    assert prefill(terminal)["carried_fen"] == overpaid(taxed, yuan(Fen(1)), 0, taxed_back)


@pytest.mark.parametrize(
    ("second", "kind", "carried"),
    [(50_000_000, "ordinary", 600_000), (50_000_000, "special", 600_000), (25_000_000, "special", 476_543)],
    ids=["of its own kind", "of another kind", "of what was not taxed"],
)
def test_what_was_sold_and_taxed_less_by_what_came_back_is_overpaid_as_far_as_both_were_taxed(
    came_back: Centre, terminal: Terminal, second: int, kind: str, carried: int
) -> None:
    """The third quarter's sales come back in the fourth; the second's that were taken off them count if taxed."""
    declare_q2(came_back, second, 500_000 if second == 50_000_000 else 0)
    sell(came_back, "26990000000000000004", date(2026, 8, 8), 60_000_000, kind=kind)
    assert filed(terminal)["total_fen"] > 0 and kept(came_back, Q3)["vat_fen"] == 476_543
    sell(came_back, "26990000000000000005", date(2026, 11, 11), -60_000_000, "26990000000000000004", kind)
    came_back.clock.at = JANUARY
    filed(terminal)
    sell(came_back, "26990000000000000010", date(2027, 2, 1), 90_000_000)
    came_back.clock.at = datetime(2027, 4, 8, 9, 0, tzinfo=CHINA)
    assert prefill(terminal)["carried_fen"] == carried


def test_the_later_return_may_come_first(came_back: Centre, terminal: Terminal) -> None:
    fourth_quarter(came_back)
    days = {"period_first": Q3[0].isoformat(), "period_last": Q3[1].isoformat()}
    assert prefill(terminal)["carried_fen"] == 0, "nothing is overpaid before the third quarter is filed"
    late = filed(terminal)
    third = terminal.data("vat.prefill", SHEN, days)
    assert terminal.do("declaration.submit", filled(third), SHEN).state == "accepted"
    mine = mended(terminal, late["declaration"], SHEN)
    assert mine["facts"]["carried_fen"] == CREDIT, "the return may be corrected, and then has it"
    sell(came_back, "26990000000000000010", date(2027, 2, 1), 40_000_000)
    came_back.clock.at = datetime(2027, 4, 8, 9, 0, tzinfo=CHINA)
    assert prefill(terminal)["carried_fen"] == CREDIT, "or the next one"


def test_a_nil_return_of_the_period_does_the_same(came_back: Centre, terminal: Terminal) -> None:
    known = terminal.data("return.prefill", SHEN, {}, service="declare.zero")
    figures = CALCULATORS["zero"].derive(known, {}, terminal.clock.now().date())
    data = {"tax": "zero", **{name: figures[name] for name in ("facts", "total_fen", "parameters_hash")}}
    assert terminal.do("declaration.submit", data, SHEN, service="declare.zero").state == "accepted"
    fourth_quarter(came_back)
    assert prefill(terminal)["carried_fen"] == CREDIT


def test_a_return_taken_back_gives_back_what_it_took(came_back: Centre, terminal: Terminal) -> None:
    filed(terminal)
    fourth_quarter(came_back)
    number = filed(terminal)["declaration"]
    assert send(terminal, taken_back(terminal, number, SHEN), who=SHEN).state == "accepted"
    assert prefill(terminal)["carried_fen"] == CREDIT


def test_when_an_earlier_return_is_corrected_the_later_one_is_named_and_owes_since_its_limit(
    came_back: Centre, terminal: Terminal
) -> None:
    first = filed(terminal)["declaration"]
    fourth_quarter(came_back)
    later = filed(terminal)["declaration"]
    came_back.clock.at = datetime(2027, 2, 1, 9, 0, tzinfo=CHINA)  # after the limit of the fourth quarter
    # Sales without invoice of the third quarter come to light: what came back is taken off them instead.
    data = mended(terminal, first, SHEN, uninvoiced=10_000_000)
    assert data["total_fen"] == 0, "less came back than that, and nothing is left to tax"
    assert send(terminal, data, who=SHEN).state == "accepted"
    assert "carried-overdrawn" in told(terminal)
    rest = overpaid(50_000_000, yuan(Fen(1)), 0, BACK - 10_000_000)
    again = mended(terminal, later, SHEN)
    assert again["facts"]["carried_fen"] == rest
    cost = costs(terminal, again, SHEN)
    assert cost["days"] > 0 and cost["late_fee_fen"] > 0
    answer = send(terminal, again, who=SHEN)
    assert answer.state == "accepted"
    vat = next(due for due in answer.result["dues"] if due["tax"] == "vat")
    assert vat["amount_fen"] == 600_000 - rest and vat["limit_date"] == "2027-01-15"
    with came_back.system.read() as work:
        assert ledger(work.core, Rules(built_in()), HEMU).overdrawn() == []


def test_it_stands_on_the_printed_form(came_back: Centre, terminal: Terminal) -> None:
    filed(terminal)
    fourth_quarter(came_back)
    number = filed(terminal)["declaration"]
    sheet = terminal.data("certificate.preview", SHEN, {"item": number}, service="declare.vat-small")
    rows = {row[0]["zh-CN"]: row[1]["zh-CN"] for row in sheet["rows"]}
    assert rows["以前多缴税款抵减"] == "1,234.57" and rows["增值税"] == "4,765.43"
    assert "红字冲减超出同类销售额的部分" not in rows, "of this period nothing"


def test_a_year_later_it_comes_to_the_same(came_back: Centre, terminal: Terminal, tmp_path: Path) -> None:
    mine = {filed(terminal)["declaration"]}
    fourth_quarter(came_back)
    mine.add(filed(terminal)["declaration"])
    found = recomputed(came_back, a_year_later(came_back, tmp_path))
    assert {found[number].outcome for number in mine} == {Outcome.SAME}


def test_the_red_letters_of_a_taxpayer_are_told_with_the_day_of_the_sale(came_back: Centre) -> None:
    with came_back.system.read() as work:
        mine = [one for one in work.core.returns.taken_back(HEMU) if one.issued_on == date(2026, 7, 3)]
    assert [(one.sold_on, one.kind, one.net_fen) for one in mine] == [(date(2026, 5, 5), "ordinary", BACK)]
