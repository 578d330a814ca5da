"""What anybody who holds the slip, or knows the number, sees of a question, an answer or an idea."""

from __future__ import annotations

from bureau.engine.mutual.showing import answers_of, question_shown, tallies
from bureau.engine.mutual.words import (
    reason_text,
    stage_text,
    state_text,
    text_of,
    topic_text,
    votes_text,
)
from bureau.ports.core import Core
from bureau.ports.public import ContributionShown

KEY = 36
"""Characters of the key of an effect; a number is shorter."""


def followed(core: Core, name: str) -> ContributionShown | None:
    """By number or by key; of what was merged, the answers of the other one."""
    found = core.mutual.by_key(name) if len(name) == KEY else core.mutual.find(name)
    if found is None:
        return None
    stands = found.about if found.state == "merged" else found.number
    tally = tallies(core, [stands])[stands]
    question = core.mutual.find(found.about) if found.kind == "answer" else None
    asked = found.kind == "question"
    answers = question_shown(found, answers_of(core, [stands])[stands], tally).answers if asked else []
    return ContributionShown(
        number=found.number,
        kind=found.kind,
        topic=topic_text(found),
        text=text_of(found),
        state=found.state,
        state_text=state_text(found.state),
        reason_text=reason_text(found.reason) if found.reason else {},
        written_at=found.written_at,
        question=text_of(question) if question is not None and question.state == "published" else {},
        answers=answers,
        helped=tally.yes if asked else 0,
        stage_text=stage_text(found.stage),
        votes_text=votes_text(tally),
        reply=found.reply,
    )
