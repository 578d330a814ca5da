"""From the city's books to what anybody may have: made, looked at by two, opened, asked, withdrawn."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import frictionless
import pytest
from sqlalchemy import select, update

from bureau.errors import DecisionRefused, ReleaseRefused
from bureau.opendata import books
from bureau.opendata.asking import MOST, MOST_TERMS, Question, QuestionError, ask
from bureau.opendata.cells import FEWEST
from bureau.opendata.package import codes, package
from bureau.opendata.recoding import everything, five_years, itself, ten_years
from bureau.opendata.releases import EXAMPLES, Release, Releases, as_csv
from bureau.opendata.schema import Period, PeriodError
from bureau.opendata.sets import KNOWN, SETS, SIZE
from bureau.store import tables
from bureau.store.database import Database
from bureau.texts import LANGUAGES
from tests.bureau.analytics.test_use import enrolled
from tests.bureau.doubles import HandClock

MAKER, OTHER = "段丽", "蒋明"
WHY = {"zh-CN": "算错了期间", "en-US": "It is of another period"}
BUREAU = {"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Bureau"}
OF = {"year": "2025", "quarter": "2026-Q2", "month": "2026-08"}
"""Periods that are settled on the city's day."""


@pytest.fixture
def releases(database: Database, clock: HandClock) -> Releases:
    return Releases(database, clock)


@pytest.fixture
def visited(database: Database) -> None:
    """A month of visits at two terminals of one hall, few of them at night."""
    for name, hall in (("V-1", "H-01"), ("V-2", "H-01"), ("V-3", "H-02")):
        enrolled(database, name, hall)
    with database.write() as connection:
        for name, hour, visits in (("V-1", 9, 3), ("V-2", 9, 4), ("V-1", 22, 4), ("V-3", 9, 4)):
            row = {"terminal": name, "day": date(2026, 8, 3), "hour": hour, "visits": visits, "took_ms": 1}
            connection.execute(
                tables.use_visit.insert().values(**row, lang="zh-CN", mode="standard", signed_in="card")
            )
        for ended, times in (("done", 6), ("told", 2), ("left", 3), ("expired", 2), ("failed", 4)):
            row = {"terminal": "V-1", "day": date(2026, 8, 3), "service": "pay.due", "ended": ended}
            connection.execute(
                tables.use_service.insert().values(**row, code="", offline=False, times=times, took_ms=1)
            )


# --- what is made ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["taxpayers", "vat-returns"])
def test_nobody_of_the_register_is_told_from_fewer_than_five(
    database: Database, releases: Releases, name: str
) -> None:
    """Somebody who knows the register, and how it was recoded, looks for each enterprise of the city."""
    made = releases.propose(name, OF[SETS[name].cycle], MAKER)
    period, at = Period.named(made.period, SETS[name].cycle), made.set.known
    known = [*KNOWN, SIZE][:at]
    rows = Counter({row[:-1]: row[-1] for row in made.rows})
    with database.read() as connection:
        firms = books.firms(connection, period.last)
    found = 0
    for firm in firms.values():
        seen = (firm.section, firm.district, firm.year, firm.size)[:at]
        alike = tuple(
            column.levels[made.levels[column.name]](value) for column, value in zip(known, seen, strict=True)
        )
        candidates = {row: number for row, number in rows.items() if row[:at] == alike}
        found += bool(candidates)
        if candidates:
            assert sum(int(number) for number in candidates.values()) >= 5
            assert all(
                len({row[place] for row in candidates}) >= 2 for place in range(at, len(made.rows[0]) - 1)
            )
    assert found > len(firms) * 0.8, "most of the city is in it"
    assert sum(int(row[-1]) for row in made.rows) == made.of - made.left_out
    assert made.left_out <= made.of // 20


def test_the_last_return_that_stands_counts_and_a_person_never(database: Database) -> None:
    period = Period.named("2026-Q2", "quarter")
    t = tables.declaration
    with database.write() as connection:
        before = list(books.small_returns(connection, period))
        one = connection.execute(
            select(t.c.declaration, t.c.taxpayer).where(
                t.c.tax == "vat-small", t.c.period_first == period.first, t.c.state == "filed"
            )
        ).first()
        assert one is not None
        connection.execute(update(t).where(t.c.declaration == one.declaration).values(state="withdrawn"))
        assert len(list(books.small_returns(connection, period))) == len(before) - 1
        other = (
            connection.execute(
                select(t.c.taxpayer).where(
                    t.c.tax == "vat-small", t.c.period_first == period.first, t.c.state == "filed"
                )
            )
            .scalars()
            .first()
        )
        f = tables.taxpayer
        connection.execute(update(f).where(f.c.taxpayer == other).values(kind="person"))
        assert len(list(books.small_returns(connection, period))) == len(before) - 2


def test_invoices_are_summed_as_they_stand_in_the_books(database: Database, releases: Releases) -> None:
    made = releases.propose("invoices", "2026-08", MAKER)
    t = tables.sale
    with database.read() as connection:
        firms = books.firms(connection, date(2026, 8, 31))
        sold = connection.execute(
            select(t.c.taxpayer, t.c.kind, t.c.net_fen).where(
                t.c.issued_on.between(date(2026, 8, 1), date(2026, 8, 31)), t.c.state != "void"
            )
        ).all()
    assert made.rows
    for section, kind, sellers, invoices, net in made.rows:
        mine = [
            s for s in sold if s.kind == kind and s.taxpayer in firms and firms[s.taxpayer].section == section
        ]
        assert (len({s.taxpayer for s in mine}), len(mine)) == (sellers, invoices)
        assert abs(sum(s.net_fen for s in mine) - 100 * int(net)) <= 50
        assert int(sellers) >= FEWEST


def test_visits_are_summed_by_hall_and_few_are_not_told(releases: Releases, visited: None) -> None:
    assert releases.propose("visits", "2026-08", MAKER).rows == (("H-01", "1", "09", 7),)
    made = releases.propose("services", "2026-08", MAKER)
    assert made.rows == (("pay.due", "done", 8), ("pay.due", "turned", 5))
    assert (made.of, made.left_out) == (3, 1)


@pytest.mark.parametrize(
    ("name", "period", "code"),
    [
        ("wages", "2026-08", "set"),
        ("invoices", "2026-8", "period"),
        ("invoices", "2026-13", "period"),
        ("invoices", "２０２６-08", "period"),
        ("vat-returns", "2026-Q5", "period"),
        ("taxpayers", "2026-Q1", "period"),
        ("taxpayers", "0000", "period"),
        ("invoices", "2026-09", "early"),
        ("taxpayers", "2026", "early"),
        ("vat-returns", "2026-Q3", "early"),
        ("taxpayers", "2008", "few"),
        ("invoices", "2001-01", "empty"),
        ("visits", "2026-08", "empty"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_kept(
    releases: Releases, name: str, period: str, code: str
) -> None:
    with pytest.raises(ReleaseRefused) as refused:
        releases.propose(name, period, MAKER)
    assert refused.value.code == code
    assert releases.entries() == []


def test_periods_are_whole() -> None:
    spans = {
        "2025": (1, 1, 12, 31),
        "2026-Q1": (1, 1, 3, 31),
        "2026-Q4": (10, 1, 12, 31),
        "2024-02": (2, 1, 2, 29),
    }
    for name, (month, day, last_month, last_day) in spans.items():
        cycle = "quarter" if "Q" in name else "month" if "-" in name else "year"
        found = Period.named(name, cycle)  # type: ignore[arg-type]
        year = int(name[:4])
        assert (found.first, found.last) == (date(year, month, day), date(year, last_month, last_day))
    for cycle, example in EXAMPLES.items():
        assert Period.named(example, cycle).name == example  # type: ignore[arg-type]
    with pytest.raises(PeriodError):
        Period.named("2026-01\n", "month")


def test_the_last_period_that_is_settled_is_due_until_it_is_made(
    releases: Releases, clock: HandClock
) -> None:
    due = {of.name: period.name for of, period in releases.due()}
    assert due == {
        "taxpayers": "2025",
        "vat-returns": "2026-Q2",
        "invoices": "2026-08",
        "visits": "2026-09",
        "services": "2026-09",
    }
    releases.propose("invoices", "2026-08", MAKER)
    assert "invoices" not in {of.name for of, _ in releases.due()}
    clock.forward(days=21)  # 2 November: thirty days after September are over
    assert {of.name: period.name for of, period in releases.due()}["invoices"] == "2026-09"


# --- two officers ---------------------------------------------------------------------------------------------


@pytest.fixture
def proposed(releases: Releases) -> Release:
    return releases.propose("taxpayers", "2025", MAKER)


def test_another_opens_it_and_then_anybody_has_it(
    releases: Releases, proposed: Release, clock: HandClock
) -> None:
    assert releases.open("taxpayers", "2025") is None and releases.published() == []
    with pytest.raises(DecisionRefused, match="another officer"):
        releases.publish(proposed.release, MAKER)
    done = releases.publish(proposed.release, OTHER)
    assert (done.state, done.decided_by) == ("published", OTHER)
    assert releases.open("taxpayers", "2025") == done and releases.published("taxpayers") == [done]
    assert releases.published("invoices") == []
    for again in (releases.publish, lambda name, who: releases.refuse(name, who, WHY)):
        with pytest.raises(ReleaseRefused, match="must be proposed"):
            again(proposed.release, OTHER)
    with pytest.raises(ReleaseRefused, match="stands already"):
        releases.propose("taxpayers", "2025", MAKER)
    clock.forward(days=1)
    closed = releases.withdraw(done.release, OTHER, WHY)
    assert closed.state == "withdrawn" and closed.reason == WHY and releases.open("taxpayers", "2025") is None
    assert releases.propose("taxpayers", "2025", OTHER).release == "taxpayers-2025-2"
    assert [(e.did, e.officer) for e in releases.history(done.release)] == [
        ("proposed", MAKER),
        ("published", OTHER),
        ("withdrawn", OTHER),
    ]


def test_one_that_is_refused_says_why_and_can_be_made_again(releases: Releases, proposed: Release) -> None:
    with pytest.raises(DecisionRefused, match="another officer"):
        releases.refuse(proposed.release, MAKER, WHY)
    with pytest.raises(DecisionRefused, match="en-US"):
        releases.refuse(proposed.release, OTHER, {"zh-CN": "不行"})
    assert releases.refuse(proposed.release, OTHER, WHY).reason == WHY
    assert releases.propose("taxpayers", "2025", MAKER).run == 2
    with pytest.raises(ReleaseRefused, match="there is no release"):
        releases.publish("taxpayers-2025-9", OTHER)


@pytest.mark.parametrize(
    ("name", "spoil", "code"),
    [
        ("taxpayers", lambda rows: [*rows, [*rows[0][:4], "A", 0]], "altered"),
        ("taxpayers", lambda rows: [*rows, ["C", "书院区", "1999", "general", "A", 1]], "unsafe"),
        ("taxpayers", lambda rows: [*rows, ["C", "书院区", "1999", "general", "A", 9]], "unsafe"),
        ("invoices", lambda rows: [*rows, ["A", "special", 4, 9, 100]], "unsafe"),
    ],
)
def test_what_would_tell_of_somebody_is_not_opened_whoever_made_it(
    database: Database, releases: Releases, name: str, spoil: Any, code: str
) -> None:
    """The second look is at the file itself: a maker that went wrong, or a hand in the store, does not get by it."""
    made = releases.propose(name, OF[SETS[name].cycle], MAKER)
    rows = spoil([list(row) for row in made.rows])
    values: dict[str, Any] = {"rows": rows}
    if code == "unsafe":
        values["sha256"] = sha256(as_csv(made.set, [tuple(row) for row in rows])).hexdigest()
    t = tables.open_release
    with database.write() as connection:
        connection.execute(update(t).where(t.c.release == made.release).values(**values))
    with pytest.raises(ReleaseRefused) as refused:
        releases.publish(made.release, OTHER)
    assert refused.value.code == code
    assert releases.published() == []


# --- as others read it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["taxpayers", "vat-returns", "invoices"])
def test_a_reader_of_data_packages_that_is_not_ours_takes_it(
    releases: Releases, tmp_path: Path, name: str
) -> None:
    made = releases.propose(name, OF[SETS[name].cycle], MAKER)
    made = releases.publish(made.release, OTHER)
    (tmp_path / "data.csv").write_bytes(made.csv)
    file = tmp_path / "datapackage.json"
    file.write_text(json.dumps(package(made, BUREAU), ensure_ascii=False))
    report = frictionless.validate(str(file))
    assert report.valid, report.flatten(["type", "note"])
    (resource,) = frictionless.Package(str(file)).resources
    rows = [tuple(row.to_dict().values()) for row in resource.read_rows()]
    assert rows == list(made.rows)
    (tmp_path / "data.csv").write_bytes(made.csv.replace(b"\r\n", b"\r\nX,", 1))
    assert not frictionless.validate(str(file)).valid, "the digest says so"


def test_every_set_and_column_has_its_words_and_its_codes() -> None:
    for one in SETS.values():
        assert set(one.title) == set(one.about) == set(LANGUAGES)
        assert [column.role for column in one.columns] == sorted(
            (column.role for column in one.columns), key=["known", "kept", "told"].index
        )
        assert (one.rule is None) == (one.known == 0)
        for column in one.columns:
            assert all(column.title.values()) and all(column.about.values())
            assert bool(codes(column)) == bool(column.codes or column.role == "known")


# --- questions ------------------------------------------------------------------------------------------------


def test_rows_are_asked_for_by_value_order_and_part(releases: Releases) -> None:
    made = releases.propose("invoices", "2026-08", MAKER)
    ordinary = ask(made, Question(where=["kind:ordinary"]))
    assert ordinary.total == len(ordinary.rows) > 0 and {row[1] for row in ordinary.rows} == {"ordinary"}
    both = ask(made, Question(where=["kind:ordinary", "kind:special"]))
    assert both.total == len(made.rows)
    assert ask(made, Question(where=["kind:special", "section:F"])).total <= 1
    falling = [row[4] for row in ask(made, Question(order="-net_yuan")).rows]
    assert falling == sorted(falling, reverse=True)
    pieces = [ask(made, Question(order="invoices", offset=at, limit=1)) for at in range(len(made.rows))]
    assert [piece.rows[0][3] for piece in pieces] == sorted(row[3] for row in made.rows)
    assert ask(made, Question(offset=10_000)).rows == []
    assert ask(made, Question(where=["section:没有"])).total == 0


@pytest.mark.parametrize(
    ("question", "at"),
    [
        (Question(where=["taxpayer:91990199MA6000001K"]), "where"),
        (Question(where=["kind"]), "where"),
        (Question(where=["kind:special"] * (MOST_TERMS + 1)), "where"),
        (Question(order="name"), "order"),
        (Question(limit=0), "limit"),
        (Question(limit=MOST + 1), "limit"),
        (Question(offset=-1), "limit"),
    ],
)
def test_a_question_that_cannot_be_asked_says_which_part(
    releases: Releases, question: Question, at: str
) -> None:
    made = releases.propose("invoices", "2026-08", MAKER)
    with pytest.raises(QuestionError) as refused:
        ask(made, question)
    assert refused.value.at == at


def test_the_file_is_what_spreadsheets_read(releases: Releases) -> None:
    made = releases.propose("vat-returns", "2026-Q2", MAKER)
    heading, *rows = csv.reader(io.StringIO(made.csv.decode(), newline=""))
    assert heading == [column.name for column in made.set.columns]
    assert [tuple(row) for row in rows] == [tuple(map(str, row)) for row in made.rows]
    assert {itself, five_years, ten_years, everything} == set(KNOWN[2].levels)
