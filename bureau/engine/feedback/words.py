"""How a complaint or a tip-off stands, in finished words: for the terminal, its public page and messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bureau.engine.feedback import codes
from bureau.engine.feedback.rules import rules
from bureau.engine.names import day_name
from bureau.ports.feedback import FeedbackCase
from bureau.ports.materials import Vault
from bureau.texts import LANGUAGES, say
from config.clock import CHINA
from sync.models import FeedbackFiled, FeedbackRow, FeedbackShown, Texts

MOST_AT_ONCE: Final = 100
TOLD_AS = {"inspect": "looked-into", "investigate": "looked-into", "hold": "hold"}
"""What is told of a tip-off's course: which of the first two it is would warn whom it is about."""


def standing(case: FeedbackCase, day: date) -> str:
    """The word of the texts for its state on ``day``: a complaint about which nothing was said in time is accepted."""
    if case.state == "received":
        return "deemed" if case.desk == "complaint" and day > case.accept_by else "received"
    if case.state != "accepted":
        return "concluded" if case.state == "answered" and not tellable(case) else case.state
    if case.desk == "report":
        return TOLD_AS.get(case.course, "looked-into")
    return "again" if case.round == 2 else "accepted"


def due_on(case: FeedbackCase, day: date) -> date | None:
    """Until when the bureau takes its next step; None: it has taken its last."""
    if case.state == "received" and standing(case, day) == "received":
        return case.accept_by
    return case.answer_by if case.state in ("received", "accepted") else None


def tellable(case: FeedbackCase) -> bool:
    """Whether its answer may be told: of tip-offs to those who gave a name alone (检举管理办法, 答复 of 实名检举人)."""
    return case.desk == "complaint" or case.named


def may_object(case: FeedbackCase, day: date) -> bool:
    """Whether the answer may be asked for once more: the first one, and not for ever."""
    if case.state != "answered" or case.round != 1 or case.answered_at is None or not tellable(case):
        return False
    return day <= case.answered_at.astimezone(CHINA).date() + timedelta(days=rules().again_within_days)


def state_text(case: FeedbackCase, day: date) -> Texts:
    """Its state in a sentence, with the day of the next step."""
    due, why = due_on(case, day), rules().of(case.desk).refusals.get(case.reason)
    return say(
        f"feedback.{case.desk}.{standing(case, day)}",
        due=day_name(due) if due is not None else "",
        why=why or "",
    )


def answer_of(case: FeedbackCase, vault: Vault) -> str:
    """The latest answer; empty: there is none, or nobody is told."""
    if case.reply is None or case.state not in ("answered", "closed") or not tellable(case):
        return ""
    return vault.open(codes.bound_answer(case.number, case.round), case.reply).decode()


def told_filed(case: FeedbackCase, code: str, day: date) -> FeedbackFiled:
    """What whoever made it takes home."""
    due = due_on(case, day)
    assert due is not None, "it has just come"
    return FeedbackFiled(
        case=case.number,
        code=code,
        due_on=due,
        answer_by=case.answer_by,
        state_text=state_text(case, day),
        next_text=say(f"feedback.{case.desk}.next", due=day_name(due)),
        basis=rules().of(case.desk).basis,
    )


def told_case(case: FeedbackCase, vault: Vault, day: date) -> FeedbackShown:
    """How it stands, with the answer."""
    answer = answer_of(case, vault)
    first, rest = parts(answer)
    return FeedbackShown(
        key=case.key,
        number=case.number,
        title=say(f"feedback.{case.desk}.title"),
        kind_text=say(f"feedback.kind.{case.kind}") if case.desk == "complaint" else None,
        received_at=case.received_at,
        state=standing(case, day),
        state_text=state_text(case, day),
        unit=case.unit,
        answered_at=case.answered_at if answer else None,
        answer=dict.fromkeys(LANGUAGES, first) if answer else say(f"feedback.{case.desk}.wait"),
        answer_more=dict.fromkeys(LANGUAGES, rest) if rest else None,
        level_text=say(f"feedback.level.{case.level}") if case.level is not None else None,
        rateable=case.state == "answered" and bool(answer),
        may_object=may_object(case, day),
    )


def parts(answer: str) -> tuple[str, str]:
    """A long answer in two, so that each has room on a page in large letters; behind a sentence where one ends."""
    if len(answer) <= MOST_AT_ONCE:
        return answer, ""
    ends = [answer.rfind(mark, MOST_AT_ONCE // 2, MOST_AT_ONCE) for mark in "。！？；"]
    at = max(ends) + 1 or MOST_AT_ONCE
    return answer[:at], answer[at:]


def told_row(case: FeedbackCase, day: date) -> FeedbackRow:
    """One of a list."""
    return FeedbackRow(
        key=case.key,
        number=case.number,
        title=say(f"feedback.kind.{case.kind}"),
        state=standing(case, day),
        state_text=state_text(case, day),
        received_at=case.received_at,
        due_on=due_on(case, day),
    )


def facts(case: FeedbackCase, day: date) -> Iterator[tuple[Texts, Texts]]:
    """What stands beside each other, none of it from within the seal."""
    plain = dict.fromkeys(LANGUAGES, case.number)
    yield say("feedback.fact.number"), plain
    if case.desk == "complaint":
        yield say("feedback.fact.kind"), say(f"feedback.kind.{case.kind}")
    yield say("feedback.fact.received"), day_name(case.received_at.astimezone(CHINA).date())
    yield say("feedback.fact.state"), state_text(case, day)
    if case.unit:
        yield say("feedback.fact.unit"), dict.fromkeys(LANGUAGES, case.unit)
    if case.answered_at is not None and case.state in ("answered", "closed"):
        yield say("feedback.fact.answered"), day_name(case.answered_at.astimezone(CHINA).date())
    if case.level is not None:
        yield say("feedback.fact.level"), say(f"feedback.level.{case.level}")
