"""``bureau school …``: courses of the tax school: planned, moved, cancelled, who came, and what people thought."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.commands.matters import Officer, core, officer_name
from bureau.commands.queue import masked
from bureau.errors import SchoolRefused
from config.clock import CHINA

if TYPE_CHECKING:
    from bureau.ports.core import Core
    from bureau.ports.school import Enrolment, Session

app = typer.Typer(help="The tax school.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="The session's number, six digits.")]
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


@app.command("courses")
@told
def list_courses(as_json: AsJson = False) -> None:
    """Every course that can be planned."""
    from config.school import courses

    found = [
        {
            "course": c.id,
            "topic": c.topic.value,
            "minutes": c.minutes,
            "title": c.title["zh-CN"],
            "parts": len(c.parts),
        }
        for c in courses().values()
    ]
    show(found, as_json, [f"{c['course']:18} {c['minutes']:>4} min  {c['title']}" for c in found])


@app.command("list")
@told
def list_sessions(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Sessions with their seats, the next first."""
    with core(config) as work:
        since = datetime.fromtimestamp(0, CHINA) if every else work.now
        found = [_told(work, session) for session in work.school.sessions(since)]
    show(found, as_json, [_line(one) for one in found] or ["nothing is planned"])


@app.command()
@told
def plan(
    course: Annotated[str, typer.Argument(help="The course, such as vat-small.")],
    hall: Annotated[str, typer.Option("--hall", help="The hall, such as H-01.")],
    room: Annotated[str, typer.Option("--room", help="The room, in Chinese.")],
    room_en: Annotated[str, typer.Option("--room-en", help="The room, in English.")],
    teacher: Annotated[str, typer.Option("--teacher", help="Who teaches.")],
    at: Annotated[datetime, typer.Option("--at", formats=FORMATS, help="When it begins, in China.")],
    seats: Annotated[int, typer.Option("--seats", help="How many may come.")],
    officer: Officer,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Plan a session; people may enrol at once."""
    from bureau.engine.school import planning

    rooms = {"zh-CN": room, "en-US": room_en}
    wanted = planning.Plan(course, hall, rooms, teacher, at.replace(tzinfo=CHINA), seats)
    with core(config) as work:
        done = _told(work, planning.plan(work, officer_name(officer), wanted))
    show(done, as_json, [f"session {done['session']} is planned for {done['begins']:%Y-%m-%d %H:%M}"])


@app.command()
@told
def move(
    number: Number,
    officer: Officer,
    at: Annotated[datetime | None, typer.Option("--at", formats=FORMATS, help="Another time.")] = None,
    hall: Annotated[str, typer.Option("--hall", help="Another hall.")] = "",
    room: Annotated[str, typer.Option("--room", help="Another room, in Chinese.")] = "",
    room_en: Annotated[str, typer.Option("--room-en", help="The same in English.")] = "",
    teacher: Annotated[str, typer.Option("--teacher", help="Another teacher.")] = "",
    seats: Annotated[int | None, typer.Option("--seats", help="Another number of seats.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Change a session; who is enrolled is told of another time or place, new seats go to who waits."""
    from bureau.engine.school import planning

    if bool(room) != bool(room_en):
        raise SchoolRefused(
            "words",
            "give the room in both languages: --room and --room-en",
            most=planning.LONGEST["room"],
        )
    with opened(config) as (settings, _):
        url = settings.public_url
    with core(config) as work:
        done = planning.move(
            work,
            officer_name(officer),
            number,
            url,
            begins=at.replace(tzinfo=CHINA) if at is not None else None,
            hall=hall,
            room={"zh-CN": room, "en-US": room_en} if room else None,
            teacher=teacher,
            seats=seats,
        )
        found = _told(work, done)
    show(found, as_json, [_line(found)])


@app.command()
@told
def cancel(
    number: Number,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="Why, in Chinese; who is enrolled is told.")],
    reason_en: Annotated[str, typer.Option("--reason-en", help="The same in English.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """A session is not held."""
    from bureau.engine.school import planning

    with core(config) as work:
        done = planning.cancel(work, officer_name(officer), number, {"zh-CN": reason, "en-US": reason_en})
        found = _told(work, done)
    show(found, as_json, [f"session {number} is cancelled; who was enrolled is told"])


@app.command()
@told
def enrolled(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Who has a seat or waits, numbers masked; that you looked is kept."""
    from bureau.engine.school import planning

    with core(config) as work:
        found = [_seat(one) for one in planning.enrolled(work, officer_name(officer), number)]
    lines = [f"{one['number']}  {one['state']:9} {one['visitor']}" for one in found]
    show(found, as_json, lines or ["nobody is enrolled"])


@app.command()
@told
def mark(
    number: Number,
    officer: Officer,
    came: Annotated[
        list[str] | None, typer.Option("--came", help="An enrolment's number; once for each.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say who of those with a seat came; the others did not."""
    from bureau.engine.school import planning

    with core(config) as work:
        found = [_seat(one) for one in planning.mark(work, officer_name(officer), number, came or [])]
    there = sum(bool(one["attended"]) for one in found)
    show(found, as_json, [f"{there} of {len(found)} came"])


@app.command()
@told
def evaluations(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What people thought of a session; nobody's name is kept beside it."""
    from bureau.engine.school import planning

    with core(config) as work:
        found = [
            {"level": one.level, "words": one.words, "day": one.day}
            for one in planning.evaluations(work, number)
        ]
    counted = Counter(one["level"] for one in found)
    lines = [f"level {level}: {counted[level]}" for level in range(5, 0, -1)]
    show(found, as_json, [*lines, *(f"{one['level']}  {one['words']}" for one in found if one["words"])])


@app.command()
@told
def history(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What officers did with a session."""
    from bureau.engine.school import planning

    with core(config) as work:
        found = list(planning.history(work, number))
    lines = [
        f"{moment(e.at)}  {e.did:9} {e.officer}  {' '.join(f'{k}={v}' for k, v in e.said.items())}".rstrip()
        for e in found
    ]
    show(found, as_json, lines)


def _told(work: Core, session: Session) -> dict[str, Any]:
    from bureau.engine.school import seats
    from bureau.engine.school.words import course_title

    there = work.school.of_session(session.session)
    return {
        "session": session.session,
        "course": session.course,
        "title": course_title(session)["zh-CN"],
        "hall": session.hall,
        "room": session.room,
        "teacher": session.teacher,
        "begins": session.begins.astimezone(CHINA),
        "ends": session.ends.astimezone(CHINA),
        "seats": session.seats,
        "taken": seats.taken(there),
        "waiting": len(seats.waiting(there)),
        "state": session.state,
        "reason": session.reason,
    }


def _line(one: dict[str, Any]) -> str:
    seats = f"{one['taken']}/{one['seats']}+{one['waiting']}"
    held = f"{one['begins']:%Y-%m-%d %H:%M}  {one['hall']}"
    return f"{one['session']}  {held}  {one['state']:9} {seats:>9}  {one['title']}"


def _seat(one: Enrolment) -> dict[str, Any]:
    from bureau.engine.school.seats import shown

    return {
        "number": shown(one),
        "state": one.state,
        "visitor": masked(one.visitor),
        "told_by_phone": bool(one.mobile),
        "attended": one.attended,
        "enrolled_at": one.enrolled_at.astimezone(CHINA),
    }
