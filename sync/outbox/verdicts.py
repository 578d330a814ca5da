"""What an answer means for the effect that got it (transactions note, 3.4: retry classes)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sync.errors import (
    BureauBusy,
    BureauClock,
    BureauDenied,
    BureauError,
    BureauInProgress,
    BureauRejected,
    BureauUnreachable,
    CaptivePortal,
)

REFUSALS = frozenset({400, 413, 422})
"""Statuses that speak about the effect itself and will be the same next time."""
GATEWAY = frozenset({502, 503, 504})
"""Statuses of a centre that is not there behind its front door: nothing is to be had for anybody now."""
SHORT_S = 2.0
"""How long to wait for the same key being worked on elsewhere."""


class Verdict(enum.Enum):
    """What to do with an effect that got no answer."""

    LINK = "link"
    """Nobody can reach the centre now; not this effect's doing."""
    PAUSE = "pause"
    """The centre asks this terminal to slow down."""
    AGAIN = "again"
    """Try this effect again later, for ever."""
    SHORT = "short"
    """It is being worked on: ask again shortly."""
    HELD = "held"
    """The centre does not accept who asks: keep everything until it does."""
    REFUSED = "refused"
    """The centre cannot take this effect: park it after a few."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with the seconds the centre asked to wait, if it did, and words for a person."""

    verdict: Verdict
    retry_after: float | None
    reason: str


def verdict_of(error: BureauError) -> Ruling:
    """The ruling for what went wrong. Never is a record given up because of trouble on the way."""
    reason = str(error)
    if isinstance(error, (BureauUnreachable, CaptivePortal)):
        return Ruling(Verdict.LINK, None, reason)
    if isinstance(error, BureauClock):
        return Ruling(Verdict.SHORT, 0.1, reason)
    if isinstance(error, BureauInProgress):
        wait = SHORT_S if error.retry_after is None else max(error.retry_after, 0.2)
        return Ruling(Verdict.SHORT, wait, reason)
    if isinstance(error, BureauBusy):
        if error.status == 429:
            return Ruling(Verdict.PAUSE, error.retry_after, reason)
        verdict = Verdict.LINK if error.status in GATEWAY else Verdict.AGAIN
        return Ruling(verdict, error.retry_after, reason)
    if isinstance(error, BureauDenied):
        return Ruling(Verdict.HELD, None, reason)
    if isinstance(error, BureauRejected) and error.status in REFUSALS:
        return Ruling(Verdict.REFUSED, None, f"{error.code}: {reason}")
    # any other refusal (404, 405 …) or a garbled answer: a mistake in deployment, not in the effect
    return Ruling(Verdict.AGAIN, None, reason)
