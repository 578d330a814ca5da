"""What people give: a question, an answer, an idea, a vote, thanks. An officer reads every text before anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from bureau.engine.mutual.rules import rules
from bureau.engine.queue.visitors import Visitor
from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.mutual import AuthorClass, Contribution, Kind
from config.clock import CHINA
from kiosk.domain.concealing import conceal
from kiosk.domain.tips import reports_somebody

YES, NO, NOTHING = 1, -1, 0
CLOSED = ("done", "declined")
"""Stages of an idea at which votes are taken no more."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody has written; ``about``: of an answer, its question, of which it has the topic."""

    kind: Kind
    topic: str
    text: str
    lang: str
    author_class: AuthorClass = "taxpayer"
    about: str = ""


def take(core: Core, visitor: Visitor, given: Given, key: str) -> Contribution:
    """Keep it for an officer to read, personal data out of sight. Raises ``Refused``: too many of theirs today."""
    book, begin = rules(), datetime.combine(today(core), time(), CHINA)
    most = book.a_day[given.kind]
    if core.mutual.written_by(given.kind, sorted(visitor.names), begin) >= most:
        raise refuse("mutualOften", most=str(most))
    new = Contribution(
        number=core.mutual.number_for(key),
        key=key,
        kind=given.kind,
        topic=book.topic(given.kind, given.topic),
        text={given.lang: conceal(given.text, given.lang).text},
        lang=given.lang,
        author=visitor.name,
        author_class=given.author_class,
        terminal=core.terminal,
        written_at=core.now,
        about=given.about,
        tips_off=reports_somebody(given.text),
    )
    core.mutual.add(new)
    return new


def question_to_answer(core: Core, number: str | None) -> Contribution:
    """The published question of this number, or the one that it was merged with; raises ``Refused``."""
    found = core.mutual.find(number) if number else None
    if found is not None and found.state == "merged":
        found = core.mutual.find(found.about)
    if found is None or found.kind != "question":
        raise refuse("helpQuestionUnknown")
    if found.state != "published":
        raise refuse("helpQuestionClosed")
    return found


def thank(core: Core, number: str, visit: str) -> None:
    """It helped somebody: once a visit, whoever they are. Raises ``Refused``."""
    core.mutual.mark(question_to_answer(core, number).number, visit, YES, core.now)


def vote(core: Core, visitor: Visitor, number: str | None, value: int) -> Contribution:
    """One vote of one person an idea, in place of the one before. Raises ``Refused``."""
    found = core.mutual.find(number, lock=True) if number else None
    if found is not None and found.state == "merged":
        found = core.mutual.find(found.about, lock=True)
    if found is None or found.kind != "idea" or found.state != "published":
        raise refuse("ideaUnknown")
    if found.stage in CLOSED:
        raise refuse("ideaClosed")
    for name in visitor.names - {visitor.name}:  # with a card now, with the phone on file before
        core.mutual.mark(found.number, name, NOTHING, core.now)
    core.mutual.mark(found.number, visitor.name, value, core.now)
    return found
