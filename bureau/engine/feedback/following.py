"""Who made one finds it again, says what they think of the answer, and asks for another one, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bureau.engine.feedback import codes, words
from bureau.engine.feedback.log import note
from bureau.engine.feedback.rules import rules
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.feedback import FeedbackCase
from bureau.ports.materials import Vault
from bureau.ports.system import System
from kiosk.domain.clean import plain
from kiosk.domain.errors import FieldError
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import FeedbackAsked, FeedbackOwn, FeedbackReply, Satisfaction, Texts

LEVELS: Final[dict[Satisfaction, int]] = {
    "delighted": 5,
    "satisfied": 4,
    "fair": 3,
    "dissatisfied": 2,
    "angry": 1,
}
LOW: Final = 2
"""From this level down another answer may be asked for."""
MOST: Final = 60


def found(core: Core, asked: FeedbackAsked) -> FeedbackCase:
    """The one meant, by the key of its slip or by number and query code; raises ``Refused``, in one word for all."""
    if asked.key is not None:
        case = core.feedback.by_key(asked.key)
        if case is None:
            raise refuse("feedbackUnknown")
        return case
    try:
        number, code = plain(asked.number or "", "own-number"), plain(asked.code or "", "own-number")
    except FieldError:
        raise refuse("feedbackUnknown") from None
    case = core.feedback.case(number)
    if not codes.right(case.code_sha256 if case is not None else codes.code_sha256("", ""), number, code):
        raise refuse("feedbackUnknown")
    assert case is not None, "nobody's number has a code"
    return case


def of_phone(core: Core, mobile: str) -> FeedbackOwn:
    """The complaints that named this phone."""
    day = today(core)
    return FeedbackOwn(rows=[words.told_row(one, day) for one in core.feedback.of_phone(mobile, MOST)])


def replied(core: Core, law: Rules, vault: Vault, data: FeedbackReply) -> FeedbackCase:
    """Keep what is thought of the answer, or take it up once more. Raises ``Refused`` before anything is changed."""
    seen = core.feedback.by_key(data.key)
    case = core.feedback.case(seen.number, lock=True) if seen is not None else None
    if case is None:
        raise refuse("feedbackUnknown")
    if case.state == "closed":
        raise refuse("feedbackRated")
    if case.state != "answered" or not words.tellable(case):
        raise refuse("feedbackUnanswered")
    why = (data.words or "").strip()
    if not data.again:
        done = replace(case, state="closed", level=LEVELS[data.level])
        note(core, vault, case, "rate", "", why)
        core.feedback.change(done)
        return done
    if not words.may_object(case, today(core)) or LEVELS[data.level] > LOW:
        raise refuse("feedbackObjected", days=str(rules().again_within_days))
    if not why:
        raise refuse("feedbackSayWhy")
    term = rules().of(case.desk).kinds[case.kind]
    again = replace(
        case,
        state="accepted",
        round=2,
        extended=False,
        answer_by=term.after(today(core), WorkingCalendar(law.current)),
    )
    note(core, vault, case, "again", "", why)
    core.feedback.change(again)
    return again


@dataclass(frozen=True, slots=True)
class Followed:
    """One as its public page shows it; ``answer`` is empty where there is none, or none for that page."""

    case: FeedbackCase
    facts: list[tuple[Texts, Texts]]
    answer: str


class FollowDesk:
    """What a public page shows of one to whoever holds its slip. Thread-safe."""

    def __init__(self, system: System, vault: Vault) -> None:
        self._system, self._vault = system, vault

    def shown(self, key: str) -> Followed | None:
        """The case, its facts, and the answer of a complaint; what became of a tip-off is told at terminals alone."""
        with self._system.read() as work:
            case, day = work.core.feedback.by_key(key), today(work.core)
        if case is None:
            return None
        answer = words.answer_of(case, self._vault) if case.desk == "complaint" else ""
        return Followed(case, list(words.facts(case, day)), answer)
