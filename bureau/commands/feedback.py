"""``bureau feedback …``: complaints and tip-offs, each by the officers of its own desk; every look is logged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.commands.matters import Limit, Officer, core, officer_name
from bureau.errors import FeedbackRefused
from config.clock import CHINA

if TYPE_CHECKING:
    from datetime import date

    from bureau.engine.feedback import officers
    from bureau.engine.feedback.ratings import LowRating
    from bureau.ports.feedback import Course, Desk, FeedbackCase

DESKS, COURSES = ("complaint", "report"), ("inspect", "investigate", "hold")
app = typer.Typer(help="Complaints, tip-offs and low ratings.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The number on the slip.")]


@app.command("list")
@told
def list_cases(
    officer: Officer,
    desk: Annotated[str, typer.Option("--desk", help=f"One of {', '.join(DESKS)}.")] = "complaint",
    late: Annotated[bool, typer.Option("--overdue", help="Only those whose term is over.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Decided ones too.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Those that wait for the bureau, the term that ends first on top; nothing of what they say."""
    from bureau.engine.feedback import officers

    if desk not in DESKS:
        raise FeedbackRefused("desk", f"--desk is one of {', '.join(DESKS)}")
    with _office(config, officer) as (office, who):
        found = officers.listed(office, who, cast("Desk", desk), every=every, late=late, limit=limit)
    lines = [
        f"{c.number}  {c.kind:8} {c.state:11} {f'due {c.due_on}' if c.due_on else '':14}"
        f"{'  OVERDUE' if c.late else ''}{f'  {c.unit}' if c.unit else ''}"
        for c in found
    ]
    show(found, as_json, lines or ["nothing waits"])


@app.command("show")
@told
def show_case(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What was said, the answer, and all that was done; that it was read is logged."""
    from bureau.engine.feedback import officers

    with _office(config, officer) as (office, who):
        found = officers.opened(office, who, number)
    lines = [f"{name}: {value}" for name, value in found.said.items() if value not in (None, "")]
    lines += [f"answer: {found.answer}"] if found.answer else []
    lines += [
        f"{moment(one.at)}  {one.act:8} {one.officer or '(who made it)'}"
        f"{f' with {one.second}' if one.second else ''}{f': {one.words}' if one.words else ''}"
        for one in found.log
    ]
    show(found, as_json, lines)


@app.command()
@told
def accept(
    number: Number,
    officer: Officer,
    course: Annotated[str, typer.Option("--course", help=f"Of a tip-off: {', '.join(COURSES)}.")] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take it up; who made it finds that under its number."""
    from bureau.engine.feedback import officers

    if course and course not in COURSES:
        raise FeedbackRefused("course", f"--course is one of {', '.join(COURSES)}")
    with _office(config, officer) as (office, who):
        done = officers.accept(office, who, number, cast("Course", course))
    _say(done, as_json)


@app.command()
@told
def refuse(
    number: Number,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="One of those in config/feedback.yaml.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Do not take it up; who made it reads why, in the words of that reason."""
    from bureau.engine.feedback import officers

    with _office(config, officer) as (office, who):
        done = officers.refuse(office, who, number, reason)
    _say(done, as_json)


@app.command()
@told
def transfer(
    number: Number,
    officer: Officer,
    unit: Annotated[str, typer.Option("--to", help="The unit that looks into it, in Chinese; it is told.")],
    why: Annotated[str, typer.Option("--reason", help="For the log.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Have another unit look into it (转办); the terms stay."""
    from bureau.engine.feedback import officers

    with _office(config, officer) as (office, who):
        done = officers.transfer(office, who, number, unit, why)
    _say(done, as_json)


@app.command()
@told
def extend(
    number: Number,
    officer: Officer,
    second: Annotated[str, typer.Option("--second", help="The officer who allows it.")],
    why: Annotated[str, typer.Option("--reason", help="For the log.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """A later day for the answer, once, allowed by a second officer."""
    from bureau.engine.feedback import officers

    with _office(config, officer) as (office, who):
        done = officers.extend(office, who, number, _who(config, second), why)
    _say(done, as_json)


@app.command()
@told
def answer(
    number: Number,
    officer: Officer,
    text: Annotated[str, typer.Option("--text", help="What was found and done, in Chinese, on one line.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Answer it; to a tip-off without a name nobody is told more than that it is concluded."""
    from bureau.engine.feedback import officers

    with _office(config, officer) as (office, who):
        done = officers.answer(office, who, number, text)
    _say(done, as_json)


def _who(config: ConfigFile, name: str) -> officers.Officer:
    """The officer by the lists of ``bureau.toml``."""
    from bureau.commands.common import settings_of
    from bureau.engine.feedback.officers import officer_of

    lists = settings_of(config).feedback
    return officer_of(officer_name(name), lists.complaint_officers, lists.tip_off_officers)


@app.command("ratings")
@told
def low_ratings(
    followed: Annotated[
        bool, typer.Option("--followed", help="Those that were looked into, instead.")
    ] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Low ratings (差评) that wait to be looked into, the oldest first."""
    from bureau.engine.feedback import ratings

    with core(config) as work:
        found, day = ratings.listed(work, limit, closed=followed), work.now.astimezone(CHINA).date()
    lines = [_low(one, day) for one in found]
    show(found, as_json, lines or ["no low rating is here"])


@app.command()
@told
def follow(
    number: Annotated[str, typer.Argument(help="The low rating's number.")],
    officer: Officer,
    outcome: Annotated[
        str, typer.Option("--outcome", help="mended, explained, or disregarded (given by mistake).")
    ],
    note: Annotated[str, typer.Option("--note", help="What was found and done, on one line.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what was found and done about a low rating."""
    from bureau.engine.feedback import ratings

    with core(config) as work:
        done = ratings.follow(work, officer_name(officer), number, outcome, note)
    show(done, as_json, [f"low rating {number} is looked into: {done.case.outcome}"])


def _low(one: LowRating, day: date) -> str:
    told = [
        moment(one.case.opened_at),
        one.case.case,
        f"{one.terminal:6}",
        f"{one.service:24}",
        f"{one.level} of 5",
    ]
    told += one.reasons
    if not one.case.open:
        told.append(one.case.outcome)
    elif one.follow_by is not None:
        told.append(f"by {one.follow_by}{'  OVERDUE' if one.late(day) else ''}")
    return "  ".join(told)


@contextmanager
def _office(config: ConfigFile, officer: str) -> Iterator[tuple[officers.Office, officers.Officer]]:
    """One transaction with the centre's key, and who acts in it."""
    from bureau.engine.feedback.officers import Office
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.engine.rules import Rules
    from bureau.fleet.vault import SealingVault
    from bureau.opening import business_clock, open_keys
    from kiosk.domain.tax.parameters import built_in

    who = _who(config, officer)
    with opened(config) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            yield Office(work.core, Rules(built_in()), vault), who


def _say(case: FeedbackCase, as_json: bool) -> None:
    told: dict[str, Any] = {
        "number": case.number,
        "desk": case.desk,
        "state": case.state,
        "course": case.course,
        "unit": case.unit,
        "reason": case.reason,
        "round": case.round,
        "answer_by": case.answer_by,
    }
    until = f", answered by {case.answer_by}" if case.state in ("received", "accepted") else ""
    show(told, as_json, [f"{case.number} is {case.state}{until}"])
