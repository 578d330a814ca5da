"""好差评: ratings as they come, and the low ones that somebody has to look into, each with its day."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from markupsafe import Markup

from bureau.console.analytics_words import service_title
from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine.feedback import ratings
from bureau.engine.feedback.ratings import LowRating
from bureau.engine.feedback.rules import rules
from bureau.engine.subjects import today
from bureau.officers.roles import Act
from bureau.ports.ratings import Rated, Rating
from bureau.ports.system import Work
from config.clock import CHINA

TABS: Final = ("open", "followed", "all")
FRESH: Final = 50
"""So many of the last that came are shown: whoever wants all of them takes the file of the analysis."""
TONES: Final[Mapping[str, Tone]] = {"mended": "good", "explained": "plain", "disregarded": "warn"}
Row = LowRating | Rated
"""A low one with what became of it; or another, of which the day alone is told: whose it was is nobody's business."""


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    if tab == "all":
        return [_followed_up(work, one) for one in work.core.ratings.latest(FRESH)]
    return ratings.listed(work.core, LISTED, closed=tab == "followed")


def _followed_up(work: Work, one: Rated) -> Row:
    return ratings.opened(work.core, one.rating.case) if one.rating.case else one


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    if isinstance(row, LowRating):
        came = link(desk.moment(row.case.opened_at), f"/ratings/{row.case.case}")
        return (came, *_given(desk, row), _state(desk, row))
    return (desk.day(row.at.astimezone(CHINA).date()), *_given(desk, row.rating), "—")


def _given(desk: Desk, one: LowRating | Rating) -> Sequence[object]:
    return (
        _level(desk, one.level),
        service_title(desk, one.service),
        _reasons(desk, one.reasons),
        one.terminal,
    )


def _level(desk: Desk, level: int) -> Markup:
    return badge(desk.say(f"ratings.level.{level}"), "bad" if level <= ratings.LOW else "plain")


def _reasons(desk: Desk, reasons: Sequence[str]) -> str:
    return desk.say("list").join(desk.said(f"analytics.topic.rating.{one}") or one for one in reasons) or "—"


def _state(desk: Desk, low: LowRating) -> Markup:
    if not low.case.open:
        return badge(_outcome(desk, low), TONES.get(low.case.outcome, "plain"))
    if low.late(desk.today()):
        return badge(desk.say("ratings.late", day=desk.day(low.follow_by)), "bad")
    return badge(desk.say("ratings.until", day=desk.day(low.follow_by)), "warn")


def _mark(work: Work) -> Hashable:
    """What came last, and what was looked into last."""
    newest = [one.rating.key for one in work.core.ratings.latest(1)]
    followed = [one.case.case for one in ratings.listed(work.core, 1, closed=True)]
    return tuple(newest), tuple(followed)


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    waiting = ratings.listed(work.core, LISTED)
    return len(waiting), sum(one.late(today(work.core)) for one in waiting)


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> LowRating:
    return ratings.opened(work.core, number)


def _sheet(desk: Desk, low: LowRating) -> Sheet:
    case = low.case
    told: list[tuple[str, object]] = [
        (desk.say("ratings.level"), _level(desk, low.level)),
        (desk.say("ratings.reasons"), _reasons(desk, low.reasons)),
        (desk.say("ratings.service"), service_title(desk, low.service)),
        (desk.say("ratings.terminal"), low.terminal),
        (desk.say("ratings.came"), desk.moment(case.opened_at)),
        (desk.say("ratings.number"), case.case),
        (desk.say("ratings.state"), _state(desk, low)),
        (desk.say("ratings.basis"), desk.told(rules().low_rating.basis)),
    ]
    history = [] if case.open else [(desk.moment(case.closed_at), _ended(desk, low))]
    title = desk.say("ratings.one", level=desk.say(f"ratings.level.{low.level}"))
    return Sheet(title, [(desk.say("ratings.rating"), facts(told))], history)


def _ended(desk: Desk, low: LowRating) -> str:
    case = low.case
    return desk.say("ratings.log", officer=case.closed_by, outcome=_outcome(desk, low), note=case.note)


def _outcome(desk: Desk, low: LowRating) -> str:
    return desk.said(f"ratings.outcome.{low.case.outcome}") or low.case.outcome


def _inputs(desk: Desk, _low: LowRating) -> Sequence[Input]:
    options: dict[str, str] = {one: desk.say(f"ratings.outcome.{one}") for one in ratings.OUTCOMES}
    return (Input("outcome", "choice", options=options), Input("note", "words", ratings.MOST_NOTE))


def _follow(_desk: Desk, work: Work, officer: str, low: LowRating, values: Values) -> None:
    ratings.follow(work.core, officer, low.case.case, values["outcome"], values["note"])


RATINGS: Final = Worklist(
    key="ratings",
    see=Act.RATINGS_SEE,
    tabs=TABS,
    columns=("came", "level", "service", "reasons", "terminal", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda low: low.case,
    current=lambda work, low: work.core.cases.case(low.case.case, lock=True),
    mark=_mark,
    waits=_waits,
    deeds=(
        Deed(
            Act.RATING_FOLLOW,
            "ratings.follow",
            _follow,
            _inputs,
            lambda _desk, low: low.case.open,
            details=lambda values: {"outcome": values["outcome"]},
        ),
    ),
)
