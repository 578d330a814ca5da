"""好差评: ratings of visits, and what follows a low one (差评): looked into, then mended, explained or not counted.

国办发〔2019〕51号: each low rating is looked into and answered for; one given by mistake or out of malice is not
counted. Who rated is not asked, so nobody can be called back: what was done stands beside the rating, for the bureau.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from bureau.engine.feedback.officers import line
from bureau.engine.feedback.rules import rules
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import FeedbackRefused
from bureau.ports.cases import Case, Ending
from bureau.ports.core import Core
from bureau.ports.ratings import Rating
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import FeedbackRate

LOW: Final = 2
"""不满意 and 非常不满意 open a case (domain note, section 8)."""
KIND: Final = "low-rating"
MOST_NOTE: Final = 200
Outcome = Literal["mended", "explained", "disregarded"]
"""整改, 解释说明, 误评或恶意差评不予采纳."""
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class LowRating:
    """One that somebody has to look into, or has. ``follow_by`` None: it is older than the term."""

    case: Case
    level: int
    reasons: tuple[str, ...]
    service: str
    terminal: str
    follow_by: date | None

    def late(self, day: date) -> bool:
        """Whether nobody has looked into it within its term."""
        return self.case.open and self.follow_by is not None and day > self.follow_by


def rate(core: Core, law: Rules, key: str, service: str, given: FeedbackRate) -> None:
    """Keep a rating; a low one opens its case. Who rated is not asked."""
    case = None
    if given.level <= LOW:
        follow_by = rules().low_rating.follow.after(today(core), WorkingCalendar(law.current))
        details: dict[str, object] = {
            "level": given.level,
            "reasons": list(given.reasons),
            "service": service,
            "terminal": core.terminal,
            "follow_by": follow_by.isoformat(),
        }
        case = core.cases.open(KIND, given.item, details)
    reasons = tuple(given.reasons)
    core.ratings.rate(Rating(key, service, given.item, given.level, reasons, case, core.terminal))


def listed(core: Core, limit: int, *, closed: bool = False) -> list[LowRating]:
    """Those that wait, the oldest first; or those that were looked into, the last first."""
    return [_of(case) for case in core.cases.listed(KIND, limit, closed=closed)]


def opened(core: Core, number: str) -> LowRating:
    """One of them; raises ``FeedbackRefused``."""
    return _of(_case(core, number))


def follow(core: Core, officer: str, number: str, outcome: str, note: str) -> LowRating:
    """Say what was found and done; raises ``FeedbackRefused``."""
    if outcome not in OUTCOMES:
        raise FeedbackRefused("outcome", f"--outcome is one of {', '.join(OUTCOMES)}")
    note = line(note, MOST_NOTE, "say what was found and done")
    if not _case(core, number, lock=True).open:
        raise FeedbackRefused("over", f"low rating {number} was looked into already")
    core.cases.close(number, Ending(outcome, officer, note=note))
    return opened(core, number)


def _case(core: Core, number: str, *, lock: bool = False) -> Case:
    case = core.cases.case(number, lock=lock)
    if case is None or case.kind != KIND:
        raise FeedbackRefused("unknown", f"there is no low rating {number}")
    return case


def _of(case: Case) -> LowRating:
    told = case.details
    reasons, by = told.get("reasons"), told.get("follow_by")
    return LowRating(
        case,
        level=int(str(told["level"])),
        reasons=tuple(map(str, reasons)) if isinstance(reasons, list) else (),
        service=str(told["service"]),
        terminal=str(told["terminal"]),
        follow_by=date.fromisoformat(str(by)) if by else None,
    )
