"""One of the options that the service file itself names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.catalogue.models import ChooseStep, OptionModel
from kiosk.domain.people import is_company
from kiosk.flow.events import Intent
from kiosk.flow.pages import Choice, ChoosePage, Page
from kiosk.steps.base import Ctx, Move
from kiosk.steps.choose.source import Local


class Options:
    """Leaves the id of the option (``choice``) and its words (``title``)."""

    def begin(self, ctx: Ctx[ChooseStep], answer: Mapping[str, Any]) -> Move:
        """Nothing is chosen beforehand: it would be the file's choice, not the person's."""
        return Move(local=Local(answer))

    def choose(self, ctx: Ctx[ChooseStep], local: Local, intent: Intent) -> Local:
        """One of them."""
        return replace(local, chosen=(intent.value,)) if _named(ctx, intent.value) else local

    def result(self, ctx: Ctx[ChooseStep], local: Local) -> Mapping[str, object] | None:
        """The option, with its words for the pages that follow."""
        option = _named(ctx, local.chosen[0]) if local.chosen else None
        return {"choice": option.id, "title": dict(option.title)} if option else None

    def page(self, ctx: Ctx[ChooseStep], local: Local) -> Page:
        """One row an option."""
        return ChoosePage(
            **ctx.titles(),
            **ctx.owner(),
            options=offered(ctx, ctx.step.options),
            selected=local.chosen,
            action_enabled=bool(local.chosen),
            errors=(local.error,) if local.error else (),
        )


def offered(ctx: Ctx[Any], options: list[OptionModel]) -> tuple[Choice, ...]:
    """The file's options as the person sees them: without those that are not of whom they act for."""
    company = is_company(str(ctx.look("enterprise.name") or ""))
    left = (option for option in options if not (company and option.unless == "company"))
    return tuple(Choice(o.id, ctx.say(o.title), ctx.say(o.note), o.icon) for o in left)


def _named(ctx: Ctx[ChooseStep], wanted: str) -> OptionModel | None:
    return next((option for option in ctx.step.options if option.id == wanted), None)
