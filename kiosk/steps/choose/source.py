"""What every source of options is made of: where they come from, what a touch does, what a choice leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from config.catalogue.models import ChooseStep
from kiosk.flow.events import Intent
from kiosk.flow.pages import Page
from kiosk.steps.base import Ctx, Move


@dataclass(frozen=True, slots=True)
class Local:
    """What was offered (the query's answer) and what is chosen so far; ``typed`` only for a claim offline."""

    answer: Mapping[str, Any]
    chosen: tuple[str, ...] = ()
    count: int = 0
    typed: str = ""
    error: str = ""


class Source(Protocol):
    """Where the options come from and what a choice leaves."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """The first local state, or a way past the step when there is nothing to choose."""
        ...

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """The person touched something."""
        ...

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """What the choice leaves, or None while it is not complete."""
        ...

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """The options."""
        ...
