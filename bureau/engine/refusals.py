"""Every "no" of the centre: a stable code, the words for the person and what to do next (``refusals.*.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bureau.texts import say
from sync.models import Refusal


class Refused(Exception):
    """The centre says no and nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


class Counted(Refused):
    """A no to a guess: what was counted of it stays, since undoing that would let somebody guess for ever."""


def refusal(code: str, deadline: date | None = None, **values: str | Mapping[str, str]) -> Refusal:
    """The refusal of that code; a value is a text, or one text a language."""
    return Refusal(
        code=code,
        text=say(f"refusal.{code}", **values),
        next_step=say(f"refusal.{code}.next", **values),
        deadline=deadline,
    )


def refuse(code: str, deadline: date | None = None, **values: str | Mapping[str, str]) -> Refused:
    """The same as an exception to raise."""
    return Refused(refusal(code, deadline, **values))
