"""``feedback.rate``: 好差评, one a visit; ``.complain`` and ``.report``: taken in; ``.reply``: an answer is rated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeVar

from bureau.engine.effects import Handler, Outcome, Request, Simple, accepted
from bureau.engine.feedback import codes, filing, following, ratings
from bureau.engine.feedback.words import told_filed
from bureau.engine.names import day_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.system import System
from bureau.texts import say
from kiosk.domain.errors import FieldError
from kiosk.domain.resident_ids import check_resident_id
from sync.models import (
    EffectAnswer,
    EffectKind,
    EffectState,
    FeedbackComplain,
    FeedbackRate,
    FeedbackReplied,
    FeedbackReply,
    FeedbackReport,
)

Said = TypeVar("Said", FeedbackComplain, FeedbackReport)


class RateVisit(Simple[FeedbackRate]):
    """Keeps the rating. Who rated is not asked."""

    kind: ClassVar[EffectKind] = EffectKind.FEEDBACK_RATE
    model = FeedbackRate

    def __init__(self, law: Rules) -> None:
        self._law = law

    def apply(self, core: Core, request: Request, data: FeedbackRate, prepared: None) -> Outcome:
        """One rating an item."""
        if core.ratings.rated(data.item):
            raise refuse("ratedAlready")
        ratings.rate(core, self._law, request.body.key, request.body.service, data)
        return accepted(reference=data.item)


@dataclass(frozen=True, slots=True)
class QueryCode:
    """The query code (查询码) of a case that is entered now."""

    plain: str


class _Filing(Handler[Said, QueryCode]):
    """Takes one in. Who stands there is asked for neither: who wants to be told leaves a phone."""

    def __init__(self, vault: Vault, law: Rules) -> None:
        self._vault, self._law = vault, law

    def prepare(self, system: System, request: Request, data: Said) -> QueryCode:
        """The code: outside the transaction, for nothing depends on it."""
        return QueryCode(codes.new_code())

    def apply(self, core: Core, request: Request, data: Said, prepared: QueryCode) -> Outcome:
        """Number it and seal what it says. Raises ``Refused``."""
        self._check(core, data)
        case = filing.filed(core, self._law, self._vault, request.body.key, data, prepared.plain)
        return accepted(told_filed(case, prepared.plain, today(core)), case.number)

    def _check(self, core: Core, data: Said) -> None:
        """Raises ``Refused`` for what cannot be so."""


class Complain(_Filing[FeedbackComplain]):
    """``feedback.complain`` (纳税服务投诉)."""

    kind: ClassVar[EffectKind] = EffectKind.FEEDBACK_COMPLAIN
    model = FeedbackComplain

    def tell(self, core: Core, request: Request, data: FeedbackComplain, answer: EffectAnswer) -> None:
        """One that waited at a terminal is here: its phone gets the number; the slip finds it in any case."""
        if data.mobile and answer.state is EffectState.ACCEPTED:
            number = str(answer.result["case"])
            told = say("feedback.sms", number=number, news=say("feedback.news.received"))
            core.phones.tell(data.mobile, told["zh-CN"])

    def _check(self, core: Core, data: FeedbackComplain) -> None:
        if data.day > today(core):
            raise refuse("feedbackAhead")


class Report(_Filing[FeedbackReport]):
    """``feedback.report`` (检举税收违法行为): nobody is told anything anywhere but who has its slip."""

    kind: ClassVar[EffectKind] = EffectKind.FEEDBACK_REPORT
    model = FeedbackReport

    def tell(self, core: Core, request: Request, data: FeedbackReport, answer: EffectAnswer) -> None:
        """Nobody: a message would say on a phone who gave it."""

    def _check(self, core: Core, data: FeedbackReport) -> None:
        """Who gives a name gives one that can be held against a document (检举管理办法 art. 10)."""
        if data.naming == "anonymous":
            if data.name or data.id_number or data.mobile:
                raise refuse("feedbackNamed")
            return
        if not data.name or not data.id_number or not data.mobile:
            raise refuse("feedbackNameMissing")
        try:
            check_resident_id(data.id_number, today(core))
        except FieldError:
            raise refuse("feedbackNameMissing") from None


class Reply(Simple[FeedbackReply]):
    """``feedback.reply``: by whoever has the slip, or the phone that the complaint named."""

    kind: ClassVar[EffectKind] = EffectKind.FEEDBACK_REPLY
    model = FeedbackReply

    def __init__(self, vault: Vault, law: Rules, public_url: str) -> None:
        self._vault, self._law, self._public_url = vault, law, public_url

    def apply(self, core: Core, request: Request, data: FeedbackReply, prepared: None) -> Outcome:
        """Closed, or taken up once more. Raises ``Refused``."""
        case = following.replied(core, self._law, self._vault, data)
        again = case.state == "accepted"
        until = case.answer_by if again else None
        told = say("feedback.again" if again else "feedback.thanks", due=day_name(case.answer_by))
        result = FeedbackReplied(
            number=case.number,
            again=again,
            answer_by=until,
            next_text=told,
            verify_url=f"{self._public_url}/s/{case.key}",
        )
        return accepted(result, case.number)
