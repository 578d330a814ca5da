"""Urgency: money first, then paper, then returns, then reports."""

from __future__ import annotations

import enum

from sync.models import EffectKind


class Lane(enum.IntEnum):
    """The lanes of the transactions note, section 3.4; a lower number goes first."""

    MONEY = 0
    STOCK = 1
    SUBMISSION = 2
    REPORT = 3


URGENT = frozenset({Lane.MONEY, Lane.STOCK})
"""Lanes whose effects are tried again at least once a minute."""

_LANES = {
    EffectKind.PAYMENT_CREATE: Lane.MONEY,
    EffectKind.PAYMENT_CLOSE: Lane.MONEY,
    EffectKind.INVOICE_RESERVE: Lane.STOCK,
    EffectKind.INVOICE_COMMIT: Lane.STOCK,
    EffectKind.STOCK_OUT: Lane.STOCK,
    EffectKind.STOCK_IN: Lane.STOCK,
    EffectKind.CERTIFICATE_ISSUE: Lane.SUBMISSION,
    EffectKind.CERTIFICATE_REISSUE: Lane.SUBMISSION,
    EffectKind.CERTIFICATE_DELIVER: Lane.SUBMISSION,
    EffectKind.DECLARATION_SUBMIT: Lane.SUBMISSION,
    EffectKind.EINVOICE_COPY: Lane.SUBMISSION,
    EffectKind.EINVOICE_DELIVER: Lane.SUBMISSION,
    EffectKind.INVOICE_APPLY: Lane.SUBMISSION,
    EffectKind.INVOICE_ISSUE: Lane.SUBMISSION,
    EffectKind.INVOICE_CHECK: Lane.REPORT,
    EffectKind.CERTIFICATE_PRINTED: Lane.REPORT,
    EffectKind.FEEDBACK_RATE: Lane.REPORT,
    EffectKind.HELP_THANK: Lane.REPORT,
    EffectKind.IDEAS_VOTE: Lane.REPORT,
    EffectKind.SURVEY_TAKE: Lane.REPORT,
}


def lane_of(kind: str) -> Lane:
    """The lane of a kind of effect; a kind that is not listed is a submission."""
    return _LANES.get(kind, Lane.SUBMISSION)  # type: ignore[call-overload, no-any-return]
