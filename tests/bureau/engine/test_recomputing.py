"""Kept returns computed again a year later, when the tables have changed, come to the same by the rules of their period."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bureau.engine.publishing import publish
from bureau.engine.recomputing import Outcome, Recomputed, recompute_all
from bureau.engine.rules import Rules
from bureau.store import tables
from config import parameter_tables
from kiosk.domain.tax.parameters import built_in
from tests.bureau.conftest import Centre
from tests.bureau.engine.returns import SHEN
from tests.bureau.engine.returns import prefill as vat_prefill
from tests.bureau.engine.test_returns import COFFEE, OWN, SHOP, file, filled, prefill
from tests.bureau.returns import filled as vat_filled
from tests.bureau.terminals import Terminal, subject

EVER = date(2000, 1, 1)


@pytest.fixture
def filed(terminal: Terminal) -> set[str]:
    """A return of every kind in the books."""
    made = [terminal.do("declaration.submit", vat_filled(vat_prefill(terminal), 3_400_000), SHEN)]
    for kind, who in {**{k: subject(w) for k, w in OWN.items()}, "fixed-quota": SHOP, "zero": COFFEE}.items():
        made.append(file(terminal, kind, filled(kind, prefill(terminal, kind, who)), who))
    assert [answer.state for answer in made] == ["accepted"] * len(made), [answer.refusal for answer in made]
    return {str(answer.result["declaration"]) for answer in made}


def a_year_later(centre: Centre, tmp_path: Path) -> Rules:
    """New tables at the centre: another rate from now on, and one of the past that somebody changed as well."""
    folder = tmp_path / "parameters"
    folder.mkdir()
    for path in parameter_tables.BUILT_IN.glob("*.yaml"):
        text = (
            path.read_text("utf-8")
            .replace('rate: "0.01"', 'rate: "0.02"')
            .replace('rate: "0.0005"', 'rate: "0.0004"')
        )
        (folder / path.name).write_text(text, "utf-8")
    centre.clock.forward(days=366)
    _, rules = publish(centre.database, centre.clock.now(), parameters=folder)
    assert rules.current.hash != built_in().hash
    return rules


def recomputed(centre: Centre, rules: Rules) -> dict[str, Recomputed]:
    with centre.system.read() as work:
        return {one.declaration: one for one in recompute_all(work.core, rules, EVER)}


def test_every_kind_of_return_comes_to_the_same_under_the_rules_that_it_names(
    centre: Centre, filed: set[str], tmp_path: Path
) -> None:
    rules = a_year_later(centre, tmp_path)
    found = recomputed(centre, rules)
    assert filed <= found.keys()
    assert {found[one].outcome for one in filed} == {Outcome.SAME}
    assert all(found[one].computed_fen == found[one].declared_fen for one in filed)
    without = recomputed(
        centre, Rules(rules.current)
    )  # nothing is guessed where the tables of its time are not there
    assert {without[one].outcome for one in filed} == {Outcome.RULES_UNKNOWN}


@pytest.mark.parametrize("tax", ["vat-small", "stamp"])
def test_a_figure_that_was_changed_in_the_books_is_found(centre: Centre, filed: set[str], tax: str) -> None:
    t = tables.declaration
    with centre.database.write() as connection:
        query = select(t).where(t.c.tax == tax, t.c.declaration.in_(filed))
        (row, *_) = connection.execute(query).all()
        figures: dict[str, Any] = {**row.figures, "total_fen": row.figures["total_fen"] - 1}
        connection.execute(update(t).where(t.c.declaration == row.declaration).values(figures=figures))
    found = recomputed(centre, Rules(built_in()))
    wrong = {name for name, one in found.items() if one.outcome is Outcome.DIFFERS}
    assert wrong == {row.declaration}
    assert found[row.declaration].computed_fen == row.figures["total_fen"]


def test_a_return_whose_facts_were_lost_is_found_and_ends_nothing(centre: Centre, filed: set[str]) -> None:
    t = tables.declaration
    with centre.database.write() as connection:
        row = connection.execute(select(t).where(t.c.tax == "deed", t.c.declaration.in_(filed))).one()
        figures = {name: value for name, value in row.figures.items() if name != "facts"}
        connection.execute(update(t).where(t.c.declaration == row.declaration).values(figures=figures))
    assert recomputed(centre, Rules(built_in()))[row.declaration].outcome is Outcome.DIFFERS


def test_the_seeded_citys_returns_are_right_or_say_that_they_keep_no_facts(centre: Centre) -> None:
    counted = Counter(one.outcome for one in recomputed(centre, Rules(built_in())).values())
    assert counted.keys() <= {Outcome.SAME, Outcome.NO_FACTS}
    assert counted[Outcome.SAME] > 0
