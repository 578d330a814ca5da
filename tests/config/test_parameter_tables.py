"""Parameter tables: what ships is whole, and a slip of the pen is refused with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from config.errors import ConfigError
from config.parameter_tables import BUILT_IN, load_tables, read_tables
from kiosk.domain.errors import ParameterMissingError
from kiosk.domain.tax.parameters import TaxParameters, built_in

ROW = """
table: t
about: a test
rows:
  - name: levy
    rate: "0.03"
    valid_from: 2023-01-01
    valid_to: 2025-12-31
    legal_basis: some law
    confidence: K
"""


def _problem(*texts: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_tables({f"t{n}.yaml": text.encode() for n, text in enumerate(texts)})
    return str(caught.value)


def test_every_shipped_row_has_its_law_its_mark_and_its_days() -> None:
    tables = load_tables()
    assert len(tables.rows) > 60
    for rows in tables.rows.values():
        for row in rows:
            assert row.legal_basis and row.confidence in ("K+", "K", "K?")


def test_what_a_bureau_must_confirm_is_listed() -> None:
    found = built_in().unconfirmed(date(2026, 10, 12))
    assert found["vat-small.transaction-threshold"].confidence == "K?"
    assert found["vat-small.reduced-levy-rate"].confidence == "K"
    assert "surcharges.city-rate-city" not in found
    assert "vat-small.reduced-levy-rate" not in built_in().unconfirmed(date(2025, 12, 31))


def test_a_row_is_in_force_on_its_first_and_last_day() -> None:
    parameters = TaxParameters.of_files({"t.yaml": ROW.encode()})
    for day in (date(2023, 1, 1), date(2025, 12, 31)):
        assert parameters.at(day).rate("t.levy") == Decimal("0.03")
    for day in (date(2022, 12, 31), date(2026, 1, 1)):
        assert parameters.at(day).rate_or_none("t.levy") is None
        with pytest.raises(ParameterMissingError, match="t.levy"):
            parameters.at(day).rate("t.levy")


def test_a_parameter_is_read_as_what_it_is() -> None:
    rules = TaxParameters.of_files({"t.yaml": ROW.encode()}).at(date(2024, 1, 1))
    with pytest.raises(ParameterMissingError, match="is no yuan"):
        rules.amount("t.levy")
    with pytest.raises(ParameterMissingError, match="is no brackets"):
        rules.brackets("t.levy")
    with pytest.raises(ParameterMissingError, match="is no number"):
        rules.number("t.levy")
    with pytest.raises(ParameterMissingError, match="is no band"):
        rules.band("t.levy")


def test_the_hash_names_the_bytes_and_not_the_folder() -> None:
    files = {path.name: path.read_bytes() for path in BUILT_IN.glob("*.yaml")}
    assert read_tables(files).hash == load_tables().hash
    assert read_tables({f"/elsewhere/{name}": raw for name, raw in files.items()}).hash == load_tables().hash
    files["common.yaml"] += b"\n"
    assert read_tables(files).hash != load_tables().hash


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('rate: "0.03"', "rate: 0.03", "must be written in quotes"),
        ('rate: "0.03"', 'rate: "1.5"', "less than or equal to 1"),
        ('rate: "0.03"', 'rate: "three"', "rows.0.rate"),
        ('rate: "0.03"', 'rate: "NaN"', "rows.0.rate"),
        ('rate: "0.03"', 'yuan: "-1"', "rows.0.yuan"),
        ('rate: "0.03"', "note: none", "needs one of rate, yuan"),
        ('rate: "0.03"', 'rate: "0.03"\n    yuan: "1"', "needs one of rate, yuan"),
        ('rate: "0.03"', 'band: {low: "2", high: "1"}', "low is above its high"),
        ("valid_to: 2025-12-31", "valid_to: 2022-12-31", "valid_to lies before valid_from"),
        ("legal_basis: some law", 'legal_basis: ""', "rows.0.legal_basis"),
        ("confidence: K", "confidence: sure", "rows.0.confidence"),
        ("name: levy", "name: Levy Rate", "rows.0.name"),
        ("about: a test", "abuot: a test", "abuot"),
        ("table: t", "table: [", "is not YAML"),
        ("valid_to: 2025-12-31", "valid_to: 2025-02-31", "is not YAML: day is out of range"),
        ("table: t", "table: " + "[" * 5000, "is not YAML"),
    ],
)
def test_a_slip_in_a_row_is_refused(old: str, new: str, problem: str) -> None:
    told = _problem(ROW.replace(old, new))
    assert problem in told
    assert told.startswith("t0.yaml")


def test_two_rows_in_force_on_one_day_are_refused() -> None:
    second = (
        ROW.split("rows:")[1]
        .replace("2023-01-01", "2025-12-31")
        .replace("2025-12-31\n    legal", "2026-12-31\n    legal")
    )
    told = _problem(ROW + second)
    assert "has two rows in force on 2025-12-31" in told
    assert "end the earlier row on 2025-12-30" in told


@pytest.mark.parametrize(
    ("levels", "problem"),
    [
        ('[{upto: "10", rate: "0.1", quick: "0"}]', "the last level has no end"),
        (
            '[{upto: "10", rate: "0.1", quick: "0"}, {upto: "5", rate: "0.2", quick: "1"},'
            ' {upto: null, rate: "0.3", quick: "1"}]',
            "the levels must rise",
        ),
        (
            '[{upto: "10", rate: "0.1", quick: "0"}, {upto: null, rate: "0.2", quick: "2"}]',
            "makes the tax jump at 10",
        ),
        ('[{upto: null, rate: "0.1", quick: "1"}]', "the first level has no quick deduction"),
        ("[]", "the last level has no end"),
    ],
)
def test_levels_that_make_no_sense_are_refused(levels: str, problem: str) -> None:
    assert problem in _problem(ROW.replace('rate: "0.03"', f"brackets: {levels}"))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("last: 2026-01-03", "last: 2025-12-31", "is not in 2026"),
        (
            "first: 2026-05-01, last: 2026-05-05",
            "first: 2026-05-05, last: 2026-05-01",
            "ends before it begins",
        ),
        ("- 2026-07-15", "- 2026-06-16", "two dates in one month"),
        ("2026-10-10", "2026-10-05", "is a holiday and a workday"),
    ],
)
def test_a_slip_in_the_calendar_is_refused(old: str, new: str, problem: str) -> None:
    raw = (BUILT_IN / "calendar.yaml").read_text(encoding="utf-8").replace(old, new)
    with pytest.raises(ConfigError, match=problem):
        read_tables({"calendar.yaml": raw.encode()})


def test_the_mistakes_of_all_files_are_told_together() -> None:
    told = _problem(ROW.replace("confidence: K", "confidence: 1"), ROW.replace('rate: "0.03"', "rate: 3"))
    assert "t0.yaml" in told
    assert "t1.yaml" in told
