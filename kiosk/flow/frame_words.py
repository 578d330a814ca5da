"""Words shared by the frame and the end page."""

from __future__ import annotations

from typing import Any

from kiosk.flow.pages import Choice
from kiosk.steps.base import Ctx


def take_choices(ctx: Ctx[Any], take: list[str]) -> tuple[Choice, ...]:
    """Belongings as icons with their word."""
    icons = {"id": "id", "paper": "paper", "phone": "phone", "invoices": "collect", "certificate": "cert"}
    return tuple(Choice(item, ctx.t(f"take.{item}"), icon=icons[item]) for item in take)
