"""How visits went, for the centre's statistics (action 19): of nobody.

No person, taxpayer, amount or number of anything stands in it, and its ids are not those of the records: what a
person did lies in the journal, and this is the time that steps take and the places where people turn back.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import AwareDatetime, Field

from sync.models.base import Wire

Ended = Literal["done", "left", "expired", "home", "opened", "told", "refused", "trouble", "failed"]
"""How a service ended for the visitor: at its end page; signed out; nobody answered any more; back on the home page;
another service opened from it; told that there is nothing to do (nothing due, nothing found); a refusal of the bureau;
a trouble of machine or network; a failure of ours."""
QUARTER_MIN: Final = 15
"""The moment of a visit is told to the quarter of an hour."""
VISITS_AT_ONCE: Final = 100
DAY_S: Final = 86_400


class StepUse(Wire):
    """One step of a service: how often a person came to it, how long they were there, and waited for a machine."""

    step: str = Field(min_length=1, max_length=64)
    kind: str = Field(min_length=1, max_length=32)
    came: int = Field(ge=1, le=1_000)
    seconds: float = Field(ge=0, le=DAY_S)
    waited_s: float = Field(ge=0, le=DAY_S)


class ServiceUse(Wire):
    """One service of a visit: its steps in the order in which they were first seen; at which of them it ended, and how.

    ``code``: the refusal or fault that a person was shown last, of those after which they did not go on.
    """

    service: str = Field(min_length=1, max_length=64)
    ended: Ended
    at: str = Field(min_length=1, max_length=64)
    code: str = Field("", max_length=64)
    offline: bool
    seconds: float = Field(ge=0, le=DAY_S)
    steps: list[StepUse] = Field(min_length=1, max_length=100)


class VisitUse(Wire):
    """One visit; ``id`` is random and stands nowhere else: it lets the centre count a visit once."""

    id: str = Field(pattern="^[0-9a-f]{32}$")
    began: AwareDatetime
    lang: str = Field(min_length=2, max_length=16)
    mode: str = Field(min_length=1, max_length=16)
    signed_in: Literal["no", "document", "phone"]
    seconds: float = Field(ge=0, le=DAY_S)
    services: list[ServiceUse] = Field(max_length=100)


class UseReport(Wire):
    """``POST /v1/use``: visits that ended since the last report, oldest first."""

    visits: list[VisitUse] = Field(min_length=1, max_length=VISITS_AT_ONCE)


class UseTaken(Wire):
    """Answer to ``POST /v1/use``: how many of them were new."""

    new: int
