"""调查问卷: surveys that one officer proposes and another publishes, and what was answered to those that were asked.

Whoever opens one that was asked sees its results, and that is kept with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link, table
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist, both, in_both
from bureau.engine import proposals
from bureau.engine.subjects import today
from bureau.engine.surveys import counting, publishing, writing
from bureau.engine.surveys.counting import Counted, Results
from bureau.engine.surveys.publishing import LONGEST, SurveyDraft
from bureau.officers.roles import Act
from bureau.ports.surveys import Survey, SurveyAsks, SurveyEvent
from bureau.ports.system import Work
from sync.models import Texts

NAME: Final = r"[a-z][a-z0-9-]{1,39}"
Stage = Literal["proposed", "refused", "coming", "running", "ended", "closed"]
"""Where a survey stands on a day."""
TABS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "waiting": ("proposed",),
    "running": ("running", "coming"),
    "past": ("ended", "closed", "refused"),
}
TONES: Final[Mapping[Stage, Tone]] = {"proposed": "warn", "running": "good"}


@dataclass(frozen=True, slots=True)
class Row:
    """A survey in the list."""

    survey: Survey
    stage: Stage


@dataclass(frozen=True, slots=True)
class Opened:
    """A survey with what was done with it, and its results where it was asked."""

    survey: Survey
    stage: Stage
    history: Sequence[SurveyEvent]
    results: Results | None
    halls: Mapping[str, Texts]


def _stage(survey: Survey, day: date) -> Stage:
    if survey.state != "published":
        return survey.state
    return "coming" if day < survey.since else "ended" if day > survey.until else "running"


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    day = today(work.core)
    rows = [Row(one, _stage(one, day)) for one in work.core.surveys.entries()]
    found = [row for row in rows if row.stage in TABS[tab]]
    return (found[::-1] if tab == "past" else found)[:LISTED]


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    survey = row.survey
    return (
        link(survey.survey, f"/surveys/{survey.survey}"),
        desk.told(survey.title),
        _days(desk, survey),
        survey.proposed_by,
        _badge(desk, row.stage),
    )


def _days(desk: Desk, survey: Survey) -> str:
    return desk.say("surveys.from-to", since=desk.day(survey.since), until=desk.day(survey.until))


def _badge(desk: Desk, stage: Stage) -> Markup:
    return badge(desk.say(f"surveys.is-{stage}"), TONES.get(stage, "plain"))


def _mark(work: Work) -> Hashable:
    day = today(work.core)
    return tuple((one.survey, _stage(one, day)) for one in work.core.surveys.entries())


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    """Those that nobody decided; late is what should be asked already."""
    waiting = [one for one in work.core.surveys.entries() if one.state == "proposed"]
    return len(waiting), sum(one.since < today(work.core) for one in waiting)


# --- one survey -------------------------------------------------------------------------------------------


def _opened(_desk: Desk, work: Work, officer: str, number: str) -> Opened:
    core = work.core
    survey = publishing.there(core, number)
    asked = survey.state in ("published", "closed")
    results = counting.results(core, number, officer) if asked else None
    return Opened(
        survey,
        _stage(survey, today(core)),
        publishing.history(core, number),
        results,
        {hall: core.queue.name(hall) for hall in results.halls} if results is not None else {},
    )


def _sheet(desk: Desk, one: Opened) -> Sheet:
    survey = one.survey
    sections = [(desk.say("surveys.survey"), facts(_facts(desk, one)))]
    if one.results is not None:
        sections.append((desk.say("surveys.results"), _results(desk, one, one.results)))
    sections.append((desk.say("surveys.questions"), _questions(desk, survey)))
    return Sheet(
        title=desk.told(survey.title),
        lead=_lead(desk, survey),
        sections=sections,
        history=[
            (desk.moment(event.at), _event(desk, event)) for event in one.history if event.did != "read"
        ],
    )


def _lead(desk: Desk, survey: Survey) -> str:
    if survey.state == "proposed" and (survey.proposed_by == desk.officer.login or not _publishes(desk)):
        return desk.say("surveys.another")
    return desk.told(survey.about)


def _publishes(desk: Desk) -> bool:
    return desk.may(Act.SURVEY_PUBLISH)


def _facts(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    """In both languages, as both are asked."""
    survey = one.survey
    told: list[tuple[str, object]] = [
        (desk.say("surveys.number"), survey.survey),
        (desk.say("surveys.title-shown"), lines(desk.in_both(survey.title))),
        (desk.say("surveys.about"), lines(desk.in_both(survey.about))),
        (desk.say("surveys.days"), _days(desk, survey)),
        (desk.say("surveys.state"), _badge(desk, one.stage)),
    ]
    if survey.reason is not None:
        told.append((desk.say("surveys.reason"), lines(desk.in_both(survey.reason))))
    return told


def _questions(desk: Desk, survey: Survey) -> Markup:
    return table(
        desk.say("surveys.questions"),
        [desk.say(f"surveys.{name}") for name in ("question", "kind", "answers-offered")],
        [
            (
                lines(desk.in_both(one.ask)),
                _kind(desk, one),
                lines(" / ".join(desk.in_both(option.title)) for option in one.options)
                if one.options
                else "—",
            )
            for one in survey.questions
        ],
        "",
    )


def _kind(desk: Desk, asked: SurveyAsks) -> str:
    told = desk.say(f"surveys.kind-{asked.kind}")
    if asked.most:
        told += desk.say("surveys.at-most", count=asked.most)
    return told + desk.say("surveys.optional") if asked.optional else told


def _results(desk: Desk, one: Opened, found: Results) -> Markup:
    told = Markup("<p>{}</p>").format(desk.say("surveys.answered", count=found.answers))
    for asked, counted in zip(found.survey.questions, found.questions, strict=True):
        told += Markup("<h3>{}</h3>").format(desk.told(asked.ask))
        told += _said(desk, counted) if asked.kind == "words" else _counts(desk, one, found, asked, counted)
    if found.few:
        told += Markup("<p>{}</p>").format(desk.say("surveys.few", count=found.few, least=counting.FEWEST))
    return told


def _said(desk: Desk, counted: Counted) -> Markup:
    if not counted.words:
        return Markup('<p class="empty">{}</p>').format(desk.say("surveys.nothing-said"))
    words = Markup("").join(
        Markup("<li>{}</li>").format(
            desk.say("surveys.said-by", words=each, count=count) if count > 1 else each
        )
        for each, count in Counter(counted.words).items()
    )
    return Markup('<ul class="said">{}</ul>').format(words)


def _counts(desk: Desk, one: Opened, found: Results, asked: SurveyAsks, counted: Counted) -> Markup:
    """How often each answer was chosen, in all and in the halls that have figures."""
    by_hall = [
        (desk.told(one.halls[hall]) or hall, each)
        for hall, all_of in found.halls.items()
        for each in all_of
        if each.question == asked.question
    ]
    return table(
        desk.told(asked.ask),
        [
            desk.say("surveys.answer"),
            desk.say("surveys.of", count=counted.replied),
            *(name for name, _ in by_hall),
        ],
        [
            (
                desk.told(option.title),
                str(counted.chosen[option.option]),
                *(str(hall.chosen[option.option]) for _, hall in by_hall),
            )
            for option in asked.options
        ],
        "",
    )


def _event(desk: Desk, event: SurveyEvent) -> str:
    said = desk.say(f"surveys.log.{event.did}", officer=event.officer)
    return said + desk.say("colon") + desk.told(event.said) if event.said else said


# --- what can be done -------------------------------------------------------------------------------------


def _propose_inputs(_desk: Desk, _known: object) -> Sequence[Input]:
    return (
        Input("survey", most=40, like=NAME),
        *in_both("title", LONGEST["title"]),
        *in_both("about", LONGEST["about"]),
        Input("since", "day"),
        Input("until", "day"),
        Input("questions", "lines", writing.LONGEST_WRITTEN),
    )


def _propose(_desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    wanted = proposals.made(
        lambda: SurveyDraft(
            survey=values["survey"],
            title=both(values, "title"),
            about=both(values, "about"),
            since=date.fromisoformat(values["since"]),
            until=date.fromisoformat(values["until"]),
            questions=writing.questions(values["questions"]),
        )
    )
    publishing.propose(work.core, officer, publishing.checked(wanted))


def _publish(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    publishing.publish(work.core, one.survey.survey, officer)


def _refuse(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    publishing.refuse(work.core, one.survey.survey, officer, both(values, "reason"))


def _close(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    publishing.close(work.core, one.survey.survey, officer, both(values, "reason"))


def _reason(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return in_both("reason", LONGEST["reason"])


def _anothers(desk: Desk, one: Opened) -> bool:
    return one.survey.state == "proposed" and one.survey.proposed_by != desk.officer.login


def _current(work: Work, one: Opened) -> Survey | None:
    work.core.surveys.lock()
    return work.core.surveys.find(one.survey.survey)


SURVEYS: Final = Worklist(
    key="surveys",
    see=Act.SURVEYS_SEE,
    tabs=tuple(TABS),
    columns=("number", "title-shown", "days", "proposed-by", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.survey,
    current=_current,
    mark=_mark,
    waits=_waits,
    number=NAME,
    deeds=(
        Deed(Act.SURVEY_PUBLISH, "surveys.publish", _publish, offered=_anothers),
        Deed(Act.SURVEY_REFUSE, "surveys.refuse", _refuse, _reason, _anothers, kind="danger"),
        Deed(
            Act.SURVEY_CLOSE,
            "surveys.close",
            _close,
            _reason,
            lambda _desk, one: one.stage in ("coming", "running"),
            kind="danger",
        ),
    ),
    begin=(
        Deed(
            Act.SURVEY_PROPOSE,
            "surveys.propose",
            _propose,
            _propose_inputs,
            details=lambda values: {"survey": values["survey"]},
        ),
    ),
)
