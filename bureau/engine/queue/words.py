"""A queue number in finished words: for the list of lines, the screen, the slip and the public page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bureau.engine.queue.rules import QueueRules, Window, rules
from bureau.engine.queue.waiting import Hall
from bureau.ports.queue import QueueTicket
from bureau.texts import LANGUAGES, joined, say
from config.clock import CHINA
from sync.models import PreviewFact, QueueTaken, Texts


def clock(at: datetime) -> str:
    """``09:30`` in China."""
    return f"{at.astimezone(CHINA):%H:%M}"


def day_in_words(day: date) -> Texts:
    """``10月13日 周二``."""
    weekday, month = say(f"queue.weekday.{day.isoweekday()}"), say(f"queue.month.{day.month}")
    return say("queue.day", month=month, day=str(day.day), weekday=weekday)


def time_in_words(at: datetime) -> str:
    """``09:30–10:00``."""
    return f"{clock(at)}–{clock(at + rules().appointments.slot)}"


def when(at: datetime) -> Texts:
    """``10月13日 周二 09:30–10:00``."""
    day = day_in_words(at.astimezone(CHINA).date())
    return {lang: f"{text} {time_in_words(at)}" for lang, text in day.items()}


def hours_in_words(book: QueueRules) -> Texts:
    """``09:00–12:00、13:30–17:00``."""
    return joined([dict.fromkeys(LANGUAGES, f"{one.from_:%H:%M}–{one.to:%H:%M}") for one in book.hours])


def ahead_in_words(count: int) -> Texts:
    """How many wait before."""
    return say("queue.ahead", count=str(count)) if count else say("queue.ahead.none")


def wait_in_words(minutes: int | None) -> Texts:
    """About how long."""
    if minutes is None:
        return say("queue.wait.not-today")
    return say("queue.wait", minutes=str(minutes)) if minutes else say("queue.wait.now")


def line_windows(windows: Sequence[Window], line: str) -> Texts:
    """The windows that call the line: ``1、2 号窗口``."""
    numbers = [dict.fromkeys(LANGUAGES, str(w.window)) for w in windows if line in w.lines]
    return say("queue.windows" if len(numbers) > 1 else "queue.window", numbers=joined(numbers))


def turn_in_words(ticket: QueueTicket, book: QueueRules) -> Texts:
    """By which rule it is called."""
    if ticket.due is not None:
        return say("queue.turn.booked", at=clock(ticket.due))
    return say("queue.turn.elder", age=str(book.elder_age)) if ticket.elder else say("queue.turn.number")


def taken_sheet(
    ticket: QueueTicket, number: str, hall: Hall, book: QueueRules, *, again: bool, url: str
) -> QueueTaken:
    """The number as the person sees it before it is printed."""
    line = book.line(ticket.line)
    minutes = hall.minutes(ticket)
    assert line is not None, "numbers are given for lines of the rules alone"
    count = hall.ahead(ticket)
    ahead, wait, turn = ahead_in_words(count), wait_in_words(minutes), turn_in_words(ticket, book)
    windows = line_windows(hall.windows, line.id)
    return QueueTaken(
        title=say("queue.title.again" if again else "queue.title", number=number),
        facts=[
            _fact("line", line.title),
            _fact("ahead", ahead),
            _fact("wait", wait),
            _fact("windows", windows),
            _fact("turn", turn),
        ],
        columns=[],
        rows=[],
        total=[_fact("number", dict.fromkeys(LANGUAGES, number))],
        statements=[say("queue.rule")],
        number=number,
        again=again,
        line_title=line.title,
        ahead=count,
        ahead_text=ahead,
        wait_minutes=minutes,
        wait_text=wait,
        windows_text=windows,
        turn_text=turn,
        verify_url=url,
    )


def _fact(name: str, value: Texts) -> PreviewFact:
    return PreviewFact(label=say(f"queue.fact.{name}"), value=value)
