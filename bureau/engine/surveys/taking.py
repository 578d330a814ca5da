"""What is asked now, and one visitor's answers taken in: each once a visit, and nothing kept of who it was.

That a visit has answered stands apart, as a digest, and the answers under a random name without terminal and hour; the
visit itself is one in which nobody is signed in (``Service.unnamed``).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime

from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.surveys import Reply, Survey, SurveyAnswer, SurveyAsks
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.concealing import conceal
from sync.models import SurveyList, SurveyOption, SurveyQuestion, SurveyReply, SurveyShown, SurveyTake


def running(core: Core) -> SurveyList:
    """What everybody may answer today."""
    day = today(core)
    now = [s for s in core.surveys.entries() if s.state == "published" and s.since <= day <= s.until]
    return SurveyList(as_of=core.now, surveys=[_shown(survey) for survey in now])


def take(core: Core, given: SurveyTake, visit: str, at: datetime, lang: str) -> Survey:
    """Enter the answers that were given at the moment ``at`` in the language ``lang``. Raises ``Refused``."""
    survey = core.surveys.find(given.survey)
    if survey is None or survey.state in ("proposed", "refused"):
        raise refuse("surveyUnknown")
    if not _ran(survey, at):
        raise refuse("surveyClosed")
    replies = _replies(survey, given, lang)
    if not core.surveys.answered(
        survey.survey, hashlib.sha256(f"{survey.survey}:{visit}".encode()).hexdigest()
    ):
        raise refuse("surveyAnswered")
    day = at.astimezone(CHINA).date()
    core.surveys.take(SurveyAnswer(str(uuid.uuid4()), survey.survey, core.hall, day, replies))
    return survey


def _ran(survey: Survey, at: datetime) -> bool:
    """Whether it was asked at that moment."""
    if survey.closed_at is not None and at >= survey.closed_at:
        return False
    return survey.since <= at.astimezone(CHINA).date() <= survey.until


def _replies(survey: Survey, given: SurveyTake, lang: str) -> tuple[Reply, ...]:
    """In the order of the questions; raises ``Refused`` for what nobody could have touched there."""
    by_name: Mapping[str, SurveyReply] = {one.question: one for one in given.answers}
    asked = [one.question for one in survey.questions]
    if len(by_name) != len(given.answers) or not set(by_name) <= set(asked):
        raise refuse("surveyDiffers")
    found = []
    for one in survey.questions:
        reply = by_name.get(one.question, SurveyReply(question=one.question))
        said = Reply(one.question, tuple(reply.options), conceal(reply.words.strip(), lang).text)
        if not _fits(one, said):
            raise refuse("surveyDiffers")
        if said.options or said.words:
            found.append(said)
    return tuple(found)


def _fits(asked: SurveyAsks, reply: Reply) -> bool:
    """Whether it is an answer to this question; none at all is one where it may be passed by."""
    if not reply.options and not reply.words:
        return asked.optional
    if asked.kind == "words":
        return not reply.options
    offered = {option.option for option in asked.options}
    most = 1 if asked.kind == "one" else asked.most or len(offered)
    chosen = set(reply.options)
    return not reply.words and chosen <= offered and len(chosen) == len(reply.options) <= most


def _shown(survey: Survey) -> SurveyShown:
    return SurveyShown(
        survey=survey.survey,
        title=survey.title,
        about=survey.about,
        count_text=say("survey.count", count=str(len(survey.questions))),
        until=survey.until,
        questions=[
            SurveyQuestion(
                question=one.question,
                kind=one.kind,
                ask=one.ask,
                options=[SurveyOption(option=o.option, title=o.title) for o in one.options],
                most=one.most,
                optional=one.optional,
            )
            for one in survey.questions
        ],
    )
