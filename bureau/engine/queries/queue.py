"""``queue.lines``: what the terminal's hall gives numbers for, who waits, and how long."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.queue.rules import rules
from bureau.engine.queue.taking import newcomer, unavailable
from bureau.engine.queue.waiting import hall_now
from bureau.engine.queue.words import ahead_in_words, line_windows, wait_in_words
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import QueueLine, QueueLines


def questions(system: System, law: Rules) -> Mapping[str, Query]:
    """The queries about a hall's queue; anybody may see it, as on the board in the hall."""

    def ask(question: Question) -> QueueLines:
        with system.read(question.terminal) as work:
            return lines(work.core, law)

    return {"queue.lines": Query(NoParams, QueueLines, ask)}


def lines(core: Core, law: Rules) -> QueueLines:
    """Every line that some window of the terminal's hall calls, as it is for who comes now."""
    hall = hall_now(core, core.hall, rules())
    found = []
    for line in rules().served_in(core.hall):
        asked = newcomer(core, line.id)
        no, ahead, minutes = unavailable(core, law, hall, line), hall.ahead(asked), hall.minutes(asked)
        found.append(
            QueueLine(
                line=line.id,
                letter=line.letter,
                title=line.title,
                note=line.note,
                ahead=ahead,
                ahead_text=ahead_in_words(ahead),
                wait_minutes=minutes,
                wait_text=wait_in_words(minutes),
                windows_text=line_windows(hall.windows, line.id),
                open=no is None,
                why_not=None if no is None else no.refusal.text,
            )
        )
    return QueueLines(lines=found)
