"""What officers do with a survey: one proposes it, another publishes or refuses it, either may end it early.

House practice; plan action 12 asks for surveys. What a survey asks is never changed once it is entered: a question
that was put otherwise would be counted with answers to another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import Field

from bureau.engine import proposals
from bureau.engine.proposals import Draft
from bureau.engine.subjects import today
from bureau.errors import SurveyRefused
from bureau.ports.core import Core
from bureau.ports.surveys import Option, Survey, SurveyAsks, SurveyEvent, SurveyState
from sync.models import MOST_OPTIONS, MOST_QUESTIONS, QuestionKind, SurveyName, Texts

LONGEST: Final = {"title": 16, "about": 40, "ask": 24, "option": 14, "reason": 60}
"""Characters of Chinese that fit on the screen at the largest letters; other languages have three times as many."""
AHEAD: Final = timedelta(days=180)
"""So far ahead a survey may begin, and so long it may run."""


class OptionDraft(Draft):
    """Something that may be answered."""

    option: SurveyName
    title: Texts


class QuestionDraft(Draft):
    """One question; ``options`` of ``one`` and ``many``."""

    question: SurveyName
    kind: QuestionKind
    ask: Texts
    options: Annotated[list[OptionDraft], Field(max_length=MOST_OPTIONS)] = Field(default_factory=list)
    most: Annotated[int, Field(ge=0, le=MOST_OPTIONS)] = 0
    optional: bool = False


class SurveyDraft(Draft):
    """What an officer proposes: a YAML file with the texts in each language."""

    survey: SurveyName
    title: Texts
    about: Texts
    since: date
    until: date
    questions: Annotated[list[QuestionDraft], Field(min_length=1, max_length=MOST_QUESTIONS)]


def draft(raw: str) -> SurveyDraft:
    """The proposal in a file; raises ``DecisionRefused`` with what has to be mended."""
    return checked(proposals.of_yaml(SurveyDraft, raw))


def checked(made: SurveyDraft) -> SurveyDraft:
    """The proposal, if all it says fits the screen and can be answered; raises ``DecisionRefused``."""
    proposals.said("title", made.title, LONGEST["title"])
    proposals.said("about", made.about, LONGEST["about"])
    if made.until < made.since:
        raise SurveyRefused("order", "until: give a day that is not before since")
    if made.until - made.since > AHEAD:
        raise SurveyRefused("long", f"until: a survey runs for at most {AHEAD.days} days", days=AHEAD.days)
    _once("questions", [one.question for one in made.questions])
    for one in made.questions:
        _question(one)
    return made


def propose(core: Core, officer: str, wanted: SurveyDraft) -> Survey:
    """Enter a survey that was not there; raises ``SurveyRefused``."""
    core.surveys.lock()
    if core.surveys.find(wanted.survey) is not None:
        raise SurveyRefused(
            "there",
            f"there is a survey {wanted.survey} already; give this one a name of its own",
            name=wanted.survey,
        )
    if wanted.until < today(core) or wanted.since > today(core) + AHEAD:
        raise SurveyRefused(
            "days", f"since, until: give days from today on, within the next {AHEAD.days}", days=AHEAD.days
        )
    survey = Survey(
        survey=wanted.survey,
        title=wanted.title,
        about=wanted.about,
        since=wanted.since,
        until=wanted.until,
        questions=tuple(_asks(one) for one in wanted.questions),
        state="proposed",
        proposed_by=officer,
        proposed_at=core.now,
    )
    core.surveys.add(survey)
    return _noted(core, survey, officer, {})


def publish(core: Core, name: str, officer: str) -> Survey:
    """Have it asked from its first day to its last; raises ``DecisionRefused``, also for who proposed it."""
    survey = _another(core, name, officer)
    if survey.until < today(core):
        raise SurveyRefused("over", f"{name} was to end on {survey.until}; propose it with other days")
    done = replace(survey, state="published", decided_by=officer, decided_at=core.now)
    return _changed(core, done, officer, {})


def refuse(core: Core, name: str, officer: str, reason: Texts) -> Survey:
    """Do not ask it; raises ``DecisionRefused``, also for who proposed it."""
    survey = _another(core, name, officer)
    proposals.said("reason", reason, LONGEST["reason"])
    done = replace(survey, state="refused", decided_by=officer, decided_at=core.now, reason=reason)
    return _changed(core, done, officer, reason)


def close(core: Core, name: str, officer: str, reason: Texts) -> Survey:
    """End it before its last day; what was answered before still counts. Raises ``DecisionRefused``."""
    survey = _at(core, name, "published")
    if survey.until < today(core):
        raise SurveyRefused("ended", f"{name} ended on {survey.until} by itself")
    proposals.said("reason", reason, LONGEST["reason"])
    done = replace(survey, state="closed", closed_at=core.now, reason=reason)
    return _changed(core, done, officer, reason)


def history(core: Core, name: str) -> Sequence[SurveyEvent]:
    """What officers did with it; raises ``SurveyRefused``."""
    there(core, name)
    return core.surveys.history(name)


def there(core: Core, name: str) -> Survey:
    """The survey of this name; raises ``SurveyRefused``."""
    survey = core.surveys.find(name)
    if survey is None:
        raise SurveyRefused("unknown", f"there is no survey {name!r}; see: bureau survey list --all")
    return survey


def _at(core: Core, name: str, state: SurveyState) -> Survey:
    return proposals.held(core.surveys, lambda: there(core, name), name, state)


def _another(core: Core, name: str, officer: str) -> Survey:
    """One that is proposed, in the hands of another officer."""
    survey = _at(core, name, "proposed")
    proposals.by_another(officer, survey.proposed_by)
    return survey


def _changed(core: Core, survey: Survey, officer: str, said: Mapping[str, str]) -> Survey:
    core.surveys.change(survey)
    return _noted(core, survey, officer, said)


def _noted(core: Core, survey: Survey, officer: str, said: Mapping[str, str]) -> Survey:
    core.surveys.note(SurveyEvent(0, survey.survey, core.now, officer, survey.state, said))
    return survey


def _asks(one: QuestionDraft) -> SurveyAsks:
    options = tuple(Option(option.option, option.title) for option in one.options)
    return SurveyAsks(one.question, one.kind, one.ask, options, one.most, one.optional)


def _question(one: QuestionDraft) -> None:
    place = f"questions.{one.question}"
    proposals.said(f"{place}.ask", one.ask, LONGEST["ask"])
    if one.kind == "words":
        if one.options or one.most:
            raise SurveyRefused("wordsAlone", f"{place}: words have no options and no most")
        return
    if len(one.options) < 2:
        raise SurveyRefused("options", f"{place}.options: name two at least")
    if one.most and (one.kind == "one" or one.most > len(one.options)):
        raise SurveyRefused("most", f"{place}.most: only of kind many, and no more than it has options")
    _once(f"{place}.options", [option.option for option in one.options])
    for option in one.options:
        proposals.said(f"{place}.options.{option.option}", option.title, LONGEST["option"])


def _once(place: str, names: Sequence[str]) -> None:
    if names_twice := proposals.twice(names):
        raise SurveyRefused("twice", f"{place}: {names_twice} stands there twice")
