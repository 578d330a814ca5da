"""Complaints about service (纳税服务投诉) and tip-offs (检举): made, followed, and their answer rated."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import Texts, Wire
from sync.models.people import Mobile

OwnWords = Annotated[str, Field(min_length=2, max_length=100)]
"""What somebody writes at the terminal's keys."""
MoreWords = Annotated[str, Field(max_length=100)] | None
ShortWords = Annotated[str, Field(max_length=40)] | None
EffectKey = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
ComplaintKind = Literal["manner", "quality", "rights"]
"""服务言行, 服务质效, 侵害权益: the three of 纳税服务投诉管理办法 art. 9."""
ComplaintAbout = Literal["window", "officer", "terminal", "hotline", "online"]
Conduct = Literal["invoices", "hidden-income", "refund-fraud", "other"]
"""虚开发票, 偷税, 骗税, and others (税收违法行为检举管理办法 art. 3)."""
Satisfaction = Literal["delighted", "satisfied", "fair", "dissatisfied", "angry"]
"""满意度 of an answer, from the best on."""


class FeedbackComplain(Wire):
    """``feedback.complain``: about what and whom, when, what happened, what is asked for; a phone to be told by."""

    kind: ComplaintKind
    about: ComplaintAbout
    place: ShortWords = None
    officer: ShortWords = None
    day: date
    facts: OwnWords
    more: MoreWords = None
    wish: OwnWords
    name: ShortWords = None
    mobile: Mobile | None = None


class FeedbackReport(Wire):
    """``feedback.report``: whom it is about and what they do; who gives it says their name, or does not.

    The subject of the effect says nothing of them in any case.
    """

    conduct: Conduct
    target: Annotated[str, Field(min_length=2, max_length=60)]
    taxpayer: Annotated[str, Field(max_length=20)] | None = None
    address: MoreWords = None
    facts: OwnWords
    more: MoreWords = None
    naming: Literal["anonymous", "named"]
    name: ShortWords = None
    id_number: Annotated[str, Field(max_length=18)] | None = None
    mobile: Mobile | None = None


class FeedbackFiled(Wire):
    """It is taken in: number (``case``) and ``code`` (查询码, told once) find it; ``due_on``: the next term's end."""

    case: str
    code: str
    due_on: date
    answer_by: date
    state_text: Texts
    next_text: Texts
    basis: Texts


class FeedbackAsked(Wire):
    """Params of ``feedback.case``: the key in the code of a slip, or number and query code as typed."""

    key: EffectKey | None = None
    number: Annotated[str, Field(max_length=40)] | None = None
    code: Annotated[str, Field(max_length=40)] | None = None


class FeedbackShown(Wire):
    """``feedback.case``: how it stands, and the answer, or what is said in its place, in one or two parts.

    ``rateable``: there is an answer of which nothing was said so far; ``may_object``: it may be asked for once more.
    """

    key: EffectKey
    number: str
    title: Texts
    kind_text: Texts | None
    received_at: AwareDatetime
    state: str
    state_text: Texts
    unit: str
    answered_at: AwareDatetime | None
    answer: Texts
    answer_more: Texts | None
    level_text: Texts | None
    rateable: bool
    may_object: bool


class FeedbackRow(Wire):
    """One complaint of a phone; ``due_on``: until when the bureau takes its next step, None: it has taken its last."""

    key: EffectKey
    number: str
    title: Texts
    state: str
    state_text: Texts
    received_at: AwareDatetime
    due_on: date | None


class FeedbackOwn(Wire):
    """``feedback.mine``: the complaints that named the phone that was proven, the latest first."""

    rows: list[FeedbackRow]


class FeedbackReply(Wire):
    """``feedback.reply``: what is thought of an answer; ``again`` asks for another one, ``words`` say why."""

    key: EffectKey
    level: Satisfaction
    again: bool | None = None
    words: MoreWords = None


class FeedbackReplied(Wire):
    """It is noted; ``again``: taken up once more and answered until ``answer_by``; ``verify_url`` follows it."""

    number: str
    again: bool
    answer_by: date | None
    next_text: Texts
    verify_url: str
