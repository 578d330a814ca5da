"""Effects (``POST /v1/effects``, one sealed record each): what changes something, and how the centre answers it."""

from __future__ import annotations

import enum

from pydantic import AwareDatetime, Field

from sync.models.base import Wire
from sync.models.people import Subject
from sync.models.queries import Refusal


class EffectKind(enum.StrEnum):
    """Every effect the centre takes."""

    CERTIFICATE_ISSUE = "certificate.issue"
    CERTIFICATE_PRINTED = "certificate.printed"
    CERTIFICATE_REISSUE = "certificate.reissue"
    CERTIFICATE_DELIVER = "certificate.deliver"
    INVOICE_RESERVE = "invoice.reserve"
    INVOICE_COMMIT = "invoice.commit"
    INVOICE_CHECK = "invoice.check"
    INVOICE_APPLY = "invoice.apply"
    INVOICE_ISSUE = "invoice.issue"
    EINVOICE_COPY = "einvoice.copy"
    INVOICE_RED = "invoice.red"
    EINVOICE_DELIVER = "einvoice.deliver"
    DECLARATION_SUBMIT = "declaration.submit"
    PAYMENT_CREATE = "payment.create"
    PAYMENT_CLOSE = "payment.close"
    PAYMENT_CARD = "payment.card"
    MATTER_SUBMIT = "matter.submit"
    MATERIAL_PAGE = "material.page"
    MATERIALS_SUPPLY = "materials.supply"
    LOTTERY_DRAW = "lottery.draw"
    IDENTITY_ENROL = "identity.enrol"
    DOCUMENT_SERVE = "document.serve"
    DEVICE_REPORT = "device.report"
    DEVICE_UNLOCK = "device.unlock"
    QUEUE_TAKE = "queue.take"
    APPOINTMENT_BOOK = "appointment.book"
    APPOINTMENT_CANCEL = "appointment.cancel"
    SCHOOL_ENROL = "school.enrol"
    SCHOOL_CANCEL = "school.cancel"
    SCHOOL_EVALUATE = "school.evaluate"
    SUBSCRIPTION_CHANGE = "subscription.change"
    VISIT_CONTINUE = "visit.continue"
    HELP_ASK = "help.ask"
    HELP_ANSWER = "help.answer"
    HELP_THANK = "help.thank"
    IDEAS_SUBMIT = "ideas.submit"
    IDEAS_VOTE = "ideas.vote"
    SURVEY_TAKE = "survey.take"
    CONSULT_CALL_BACK = "consult.call-back"
    DEPARTURE_APPLY = "departure.apply"
    FEEDBACK_RATE = "feedback.rate"
    FEEDBACK_COMPLAIN = "feedback.complain"
    FEEDBACK_REPORT = "feedback.report"
    FEEDBACK_REPLY = "feedback.reply"
    STOCK_OUT = "stock.out"
    STOCK_IN = "stock.in"


STAFF_SERVICE = "staff"
"""What staff do at a terminal belongs to no service of the catalogue."""

STAFF_EFFECTS = frozenset({EffectKind.STOCK_OUT, EffectKind.STOCK_IN})
"""The effects that only staff have."""


class EffectBody(Wire):
    """Plain text of an effect, before it is sealed to the centre's key."""

    kind: EffectKind
    key: str
    service: str
    service_hash: str
    subject: Subject
    accepted_at: AwareDatetime  # when the terminal took it; the time of filing (申报时间) offline
    offline: bool = False
    lang: str = "zh-CN"
    data: dict[str, object]


class EffectState(enum.StrEnum):
    """How the centre answered an effect."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DUPLICATE = "duplicate"  # made elsewhere already; ``result`` is the earlier one


class EffectAnswer(Wire):
    """The first answer to a key, kept as long as the business record and given again to each repetition."""

    key: str
    state: EffectState
    result: dict[str, object] = Field(default_factory=dict)
    refusal: Refusal | None = None
    received_at: AwareDatetime
    incarnation: str  # changes when the centre was restored from a backup
