"""A number's place in the queue, for whoever holds the slip: its code has the key, which nobody guesses."""

from __future__ import annotations

from bureau.engine.queue.rules import rules
from bureau.engine.queue.taking import shown
from bureau.engine.queue.waiting import hall_now
from bureau.engine.queue.words import ahead_in_words, line_windows, turn_in_words, wait_in_words
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.public import QueuePlace


def place(core: Core, key: str) -> QueuePlace | None:
    """Where the number of this key stands; None: there is none, or its line is no longer called."""
    ticket, book = core.queue.ticket(key), rules()
    line = book.line(ticket.line) if ticket is not None else None
    if ticket is None or line is None:
        return None
    hall = hall_now(core, ticket.hall, book)
    minutes = hall.minutes(ticket) if ticket.state == "waiting" else None
    return QueuePlace(
        number=shown(ticket, book),
        line=line.title,
        state=ticket.state,
        over=ticket.day < today(core),
        taken_at=ticket.taken_at,
        window=ticket.window,
        ahead=ahead_in_words(hall.ahead(ticket)),
        minutes=minutes,
        wait=wait_in_words(minutes),
        windows=line_windows(hall.windows, ticket.line),
        turn=turn_in_words(ticket, book),
        now=core.now,
    )
