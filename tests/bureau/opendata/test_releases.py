"""From the city's books to what anybody may have: made, looked at by two, opened, asked, withdrawn."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import frictionless
import pytest
from sqlalchemy import Update, select, update

from bureau.city.places import DISTRICTS
from bureau.errors import DecisionRefused, ReleaseRefused
from bureau.opendata import books
from bureau.opendata import releases as module
from bureau.opendata.asking import MOST, MOST_TERMS, Question, QuestionError, ask
from bureau.opendata.books import Books
from bureau.opendata.cells import FEWEST
from bureau.opendata.package import codes, package
from bureau.opendata.releases import EXAMPLES, Release, Releases, as_csv
from bureau.opendata.schema import Column, Period, PeriodError, Row
from bureau.opendata.sets import FEWEST_VISITS, KNOWN, RATED, SETS
from bureau.store import tables
from bureau.store.database import Database
from bureau.texts import LANGUAGES
from tests.bureau.analytics.test_use import enrolled
from tests.bureau.doubles import HandClock

MAKER, OTHER = "段丽", "蒋明"
WHY = {"zh-CN": "算错了期间", "en-US": "It is of another period"}
BUREAU = {"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Bureau"}
NAMES = [district.name for district in DISTRICTS]
OF = {"year": "2025", "quarter": "2026-Q2", "month": "2026-08"}
"""Periods that are settled on the city's day."""


@pytest.fixture
def releases(database: Database, clock: HandClock) -> Releases:
    return Releases(database, clock, NAMES)


@pytest.fixture
def visited(database: Database) -> None:
    """A month of visits at two terminals of one hall and one of another, few of them at night."""
    day = date(2026, 7, 6)
    for name, hall in (("V-1", "H-01"), ("V-2", "H-01"), ("V-3", "H-02")):
        enrolled(database, name, hall)
    with database.write() as connection:
        for name, hour, visits in (("V-1", 9, 13), ("V-2", 9, 14), ("V-1", 22, 19), ("V-3", 9, 19)):
            row = {"terminal": name, "day": day, "hour": hour, "visits": visits, "took_ms": 1}
            connection.execute(
                tables.use_visit.insert().values(**row, lang="zh-CN", mode="standard", signed_in="card")
            )
        for ended, times in (("done", 16), ("told", 12), ("left", 13), ("expired", 12), ("failed", 4)):
            row = {"terminal": "V-1", "day": day, "service": "pay.due", "ended": ended}
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
    period = Period.named(made.period, SETS[name].cycle)
    known = RATED if name == "taxpayers" else KNOWN
    with database.read() as connection:
        read = Books(connection, NAMES)
        firms = books.rated(read, period) if name == "taxpayers" else books.small_returns(read, period)
    seen = Counter[Row]()
    for firm, number in firms.items():
        seen[
            tuple(
                column.levels[made.levels[column.name]](value)
                for column, value in zip(known, firm, strict=False)
            )
        ] += number
    told, kept = Counter[Row](), {}
    for *row, number in releases.rows(made):
        told[tuple(row[: len(known)])] += int(number)
        kept.setdefault(tuple(row[: len(known)]), []).append(row[len(known) :])
    assert told and min(told.values()) >= 5
    assert all(told[alike] == seen[alike] for alike in told), "all of a group or none"
    assert all(seen[alike] < 5 for alike in seen if alike not in told), "who is missing is like too few"
    for group in kept.values():
        assert all(len(set(values)) >= 2 for values in zip(*group, strict=True))
    assert made.of == sum(firms.values()) and made.left_out == made.of - told.total() <= made.of // 20


def test_sole_traders_persons_and_the_cancelled_are_in_no_set(database: Database) -> None:
    t, until = tables.taxpayer, date(2026, 6, 30)
    with database.write() as connection:
        read = Books(connection, NAMES)
        before = books.firms(read, until)
        every = {row.taxpayer for row in connection.execute(select(t.c.taxpayer))}
        assert {number for number in every if number.startswith("92")} and not any(
            n.startswith("92") for n in before
        )
        one, two, *_ = before
        connection.execute(update(t).where(t.c.taxpayer == one).values(state="cancelled"))
        connection.execute(update(t).where(t.c.taxpayer == two).values(kind="person"))
        assert set(before) - set(books.firms(read, until)) == {one, two}


def test_a_return_that_was_taken_back_counts_no_more_and_one_without_figures_is_named(
    database: Database,
) -> None:
    period = Period.named("2026-Q2", "quarter")
    t = tables.declaration
    of_quarter = (t.c.tax == "vat-small", t.c.period_first == period.first, t.c.state == "filed")
    with database.write() as connection:
        read = Books(connection, NAMES)
        before = books.small_returns(read, period).total()
        filed = [
            row.declaration
            for row in connection.execute(select(t.c.declaration, t.c.taxpayer).where(*of_quarter))
            if row.taxpayer in books.firms(read, period.last)
        ]
        connection.execute(update(t).where(t.c.declaration == filed[0]).values(state="withdrawn"))
        assert books.small_returns(read, period).total() == before - 1
        connection.execute(update(t).where(t.c.declaration == filed[1]).values(figures={"tax": "vat-small"}))
        with pytest.raises(ReleaseRefused, match=filed[1]):
            books.small_returns(read, period)


def test_invoices_are_summed_as_they_stand_in_the_books(database: Database, releases: Releases) -> None:
    made = releases.propose("invoices", "2026-08", MAKER)
    t = tables.sale
    with database.read() as connection:
        firms = books.firms(Books(connection, NAMES), date(2026, 8, 31))
        sold = connection.execute(
            select(t.c.taxpayer, t.c.kind, t.c.net_fen).where(
                t.c.issued_on.between(date(2026, 8, 1), date(2026, 8, 31)), t.c.state != "void"
            )
        ).all()
    rows = releases.rows(made)
    assert rows
    for section, kind, sellers, invoices, net in rows:
        mine = [
            s for s in sold if s.kind == kind and s.taxpayer in firms and firms[s.taxpayer].section == section
        ]
        assert (len({s.taxpayer for s in mine}), len(mine)) == (sellers, invoices)
        assert abs(sum(s.net_fen for s in mine) - 100 * int(net)) <= 50
        assert int(sellers) >= FEWEST


def test_visits_are_summed_by_hall_and_few_are_not_told(releases: Releases, visited: None) -> None:
    (row,) = releases.rows(releases.propose("visits", "2026-07", MAKER))
    assert (row[0], *row[2:]) == ("H-01", "1", "09", 27) and row[1] == "中心大厅"
    made = releases.propose("services", "2026-07", MAKER)
    assert [(row[0], *row[2:]) for row in releases.rows(made)] == [
        ("pay.due", "done", 28),
        ("pay.due", "turned", 25),
    ]
    assert (made.of, made.left_out) == (3, 1) and FEWEST_VISITS == 20


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
        ("visits", "2026-07", "empty"),
        ("visits", "2026-08", "early"),
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
        "visits": "2026-07",
        "services": "2026-07",
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
    assert releases.open("taxpayers", "2025") == done and releases.published() == [done]
    for again in (releases.publish, lambda name, who: releases.refuse(name, who, WHY)):
        with pytest.raises(ReleaseRefused, match="must be proposed"):
            again(proposed.release, OTHER)
    with pytest.raises(ReleaseRefused, match="stands already"):
        releases.propose("taxpayers", "2025", MAKER)
    clock.forward(days=1)
    closed = releases.withdraw(done.release, OTHER, WHY)
    assert closed.state == "withdrawn" and closed.reason == WHY and releases.open("taxpayers", "2025") is None
    assert [(e.did, e.officer) for e in releases.history(done.release)] == [
        ("proposed", MAKER),
        ("published", OTHER),
        ("withdrawn", OTHER),
    ]


def test_what_was_open_once_is_not_made_again(releases: Releases, proposed: Release) -> None:
    """Who has the first would see in the second what changed between them: one taxpayer."""
    releases.withdraw(releases.publish(proposed.release, OTHER).release, OTHER, WHY)
    with pytest.raises(ReleaseRefused, match="was open once"):
        releases.propose("taxpayers", "2025", MAKER)
    assert "taxpayers" not in {of.name for of, _ in releases.due()}


def test_one_that_is_refused_says_why_and_can_be_made_again(releases: Releases, proposed: Release) -> None:
    with pytest.raises(DecisionRefused, match="another officer"):
        releases.refuse(proposed.release, MAKER, WHY)
    with pytest.raises(DecisionRefused, match="en-US"):
        releases.refuse(proposed.release, OTHER, {"zh-CN": "不行"})
    assert releases.refuse(proposed.release, OTHER, WHY).reason == WHY
    assert releases.propose("taxpayers", "2025", MAKER).run == 2
    for act in (releases.publish, lambda name, who: releases.withdraw(name, who, WHY)):
        with pytest.raises(ReleaseRefused, match="there is no release"):
            act("taxpayers-2025-9", OTHER)


def test_two_who_make_the_same_at_once_make_one(releases: Releases) -> None:
    done: list[str] = []

    def make(officer: str) -> None:
        try:
            done.append(releases.propose("invoices", "2026-08", officer).release)
        except ReleaseRefused as refused:
            done.append(refused.code)

    both = [threading.Thread(target=make, args=(officer,)) for officer in (MAKER, OTHER)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert sorted(done) == ["invoices-2026-08-1", "there"] and len(releases.entries()) == 1


RARE = ["C", "书院区", "1999", "general", "A"]


@pytest.mark.parametrize(
    ("name", "more", "signed", "code"),
    [
        ("taxpayers", [*RARE, "1"], False, "altered"),
        ("taxpayers", [*RARE, "1"], True, "unsafe"),
        ("taxpayers", [*RARE, "0"], True, "unsafe"),
        ("taxpayers", [*RARE, "-4"], True, "unsafe"),
        ("taxpayers", [*RARE, "9"], True, "changed"),
        ("taxpayers", [*RARE, "many"], True, "altered"),
        ("taxpayers", ["C"], True, "altered"),
        ("vat-returns", ["C", "书院区", "1999", "0", "0", "9"], True, "unsafe"),
        ("invoices", ["A", "special", "4", "9", "100"], True, "changed"),
        ("invoices", ["A", "special", "0", "9", "100"], True, "unsafe"),
    ],
)
def test_what_the_books_do_not_give_is_not_opened_whoever_made_it(
    database: Database, releases: Releases, name: str, more: list[str], signed: bool, code: str
) -> None:
    """The second look is at the file itself: a maker that went wrong, or a hand in the store, does not get by it."""
    made = releases.propose(name, OF[SETS[name].cycle], MAKER)
    content = releases.file(made) + ",".join(more).encode() + b"\r\n"
    values: dict[str, Any] = {"content": content}
    if signed:
        values["sha256"] = sha256(content).hexdigest()
    _written(database, made, update(tables.open_release).values(**values))
    module._file.cache_clear()
    module._rows.cache_clear()
    with pytest.raises(ReleaseRefused) as refused:
        releases.publish(made.release, OTHER)
    assert refused.value.code == code
    assert releases.published() == []


def _written(database: Database, release: Release, change: Update) -> None:
    with database.write() as connection:
        connection.execute(change.where(tables.open_release.c.release == release.release))


def test_books_that_changed_since_are_another_release(database: Database, releases: Releases) -> None:
    made = releases.propose("invoices", "2026-08", MAKER)
    section, kind, *_ = releases.rows(made)[0]
    t = tables.sale
    with database.write() as connection:
        firms = books.firms(Books(connection, NAMES), date(2026, 8, 31))
        of_cell = [number for number, firm in firms.items() if firm.section == section]
        one = connection.execute(
            select(t.c.code, t.c.number).where(
                t.c.taxpayer.in_(of_cell),
                t.c.kind == kind,
                t.c.issued_on.between(date(2026, 8, 1), date(2026, 8, 31)),
            )
        ).first()
        assert one is not None
        connection.execute(
            update(t).where(t.c.code == one.code, t.c.number == one.number).values(state="void")
        )
    with pytest.raises(ReleaseRefused, match="make it again"):
        releases.publish(made.release, OTHER)


def test_a_release_stays_as_it_was_when_its_set_changes(
    releases: Releases, proposed: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = releases.publish(proposed.release, OTHER)
    before, content = package(done, 1, BUREAU), releases.file(done)
    of = SETS["taxpayers"]
    assert of.rule is not None
    other = replace(of, columns=(Column("more", "string", "told"), *of.columns), rule=replace(of.rule, k=10))
    monkeypatch.setattr(module, "SETS", {"taxpayers": other})
    again = releases.there(done.release)
    assert (package(again, 1, BUREAU), releases.file(again)) == (before, content)
    monkeypatch.setattr(module, "SETS", {})
    assert releases.published() == [done] and done.title["en-US"] == "Registered enterprises"


# --- as others read it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["taxpayers", "vat-returns", "invoices"])
def test_a_reader_of_data_packages_that_is_not_ours_takes_it(
    releases: Releases, tmp_path: Path, name: str
) -> None:
    made = releases.propose(name, OF[SETS[name].cycle], MAKER)
    made = releases.publish(made.release, OTHER)
    content = releases.file(made)
    (tmp_path / "data.csv").write_bytes(content)
    file = tmp_path / "datapackage.json"
    file.write_text(json.dumps(package(made, len(content), BUREAU), ensure_ascii=False))
    report = frictionless.validate(str(file))
    assert report.valid, report.flatten(["type", "note"])
    (resource,) = frictionless.Package(str(file)).resources
    rows = [tuple(row.to_dict().values()) for row in resource.read_rows()]
    assert rows == list(releases.rows(made)) and len(rows) == made.count
    (tmp_path / "data.csv").write_bytes(content.replace(b"\r\n", b"\r\nX,", 1))
    assert not frictionless.validate(str(file)).valid, "the digest says so"


def test_every_set_and_column_has_its_words_and_its_codes() -> None:
    for one in SETS.values():
        assert set(one.title) == set(one.about) == set(LANGUAGES) and one.title["zh-CN"] != one.name
        roles = [column.role for column in one.columns]
        assert roles == sorted(roles, key=["known", "kept", "told", "amount"].index)
        assert (one.rule is None) == ("known" not in roles)
        for column in one.columns:
            assert column.name not in (*column.title.values(), *column.about.values())
            assert bool(codes(column)) == (column.codes not in ("", "yuan") or column.role == "known")


def test_a_band_is_read_with_its_thousands() -> None:
    from bureau.opendata.package import meaning

    sales = next(column for column in SETS["vat-returns"].columns if column.name == "sales")
    assert meaning(sales, "1000001-3000000")["zh-CN"] == "1,000,001-3,000,000"
    assert meaning(SETS["visits"].columns[2], "7") == {"zh-CN": "星期日", "en-US": "Sunday"}


# --- questions ------------------------------------------------------------------------------------------------


def _asked(releases: Releases, release: Release, question: Question) -> tuple[int, list[Row]]:
    found = ask(releases.rows(release), release.columns, question)
    return found.total, list(found.rows)


def test_rows_are_asked_for_by_value_order_and_part(releases: Releases) -> None:
    made = releases.propose("vat-returns", "2026-Q2", MAKER)
    every = releases.rows(made)
    bands = {str(row[3]) for row in every}
    for one in bands:
        mine = [row for row in every if row[3] == one]
        assert _asked(releases, made, Question(where=[f"sales:{one}"])) == (len(mine), mine)
    assert _asked(releases, made, Question(where=[f"sales:{one}" for one in bands]))[0] == len(every)
    assert _asked(releases, made, Question(where=["sales:0", "sales:7"]))[0] == sum(
        row[3] == "0" for row in every
    )
    assert _asked(releases, made, Question(where=["district:没有"])) == (0, [])
    falling = [int(row[-1]) for row in _asked(releases, made, Question(order="-number"))[1]]
    assert falling == sorted(falling, reverse=True)
    lowest = [
        int(str(row[3]).rstrip("+").partition("-")[0])
        for row in _asked(releases, made, Question(order="sales"))[1]
    ]
    assert lowest == sorted(lowest)
    pieces = [
        _asked(releases, made, Question(order="number", offset=at, limit=1))[1] for at in range(len(every))
    ]
    assert [piece[0][-1] for piece in pieces] == sorted(row[-1] for row in every)
    assert _asked(releases, made, Question(offset=10_000))[1] == []


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
def test_a_question_that_cannot_be_asked_says_which_part(question: Question, at: str) -> None:
    with pytest.raises(QuestionError) as refused:
        ask([("F", "special", 9, 9, 9)], SETS["invoices"].columns, question)
    assert refused.value.at == at


def test_the_file_is_the_rows_below_their_columns(releases: Releases) -> None:
    made = releases.propose("vat-returns", "2026-Q2", MAKER)
    heading, *rows = csv.reader(io.StringIO(releases.file(made).decode(), newline=""))
    assert heading == [column.name for column in made.columns]
    assert [tuple(row) for row in rows] == [tuple(map(str, row)) for row in releases.rows(made)]
    assert as_csv(made.columns, releases.rows(made)) == releases.file(made)
