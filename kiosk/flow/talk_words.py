"""The line over every page while an officer is talked to: they see the screen, or would like to, or what they said."""

from __future__ import annotations

from typing import Any, Final

from kiosk.flow.pages import Choice, Page
from kiosk.steps.base import Ctx

Strip = tuple[str, str, tuple[Choice, ...]]
"""Words, tone, keys."""
NOTHING: Strip = ("", "", ())
LATIN: Final = 0x2E7F
"""Characters behind it are twice as wide as letters."""
WIDEST: Final = 80
"""In letters."""


def strip(ctx: Ctx[Any], page: Page) -> Strip:
    """What stands there now."""
    talk = ctx.state.talk
    if talk is None or talk.state != "taken":
        return NOTHING
    if talk.screen == "asked":
        return ctx.t("officer.strip.asked"), "asked", _keys(ctx, "share", "refuse")
    said = "" if _own_page(page) else _said(ctx)
    if talk.screen == "shared":
        told = ctx.t("officer.strip.shared")
        return (f"{told}\n{said}" if said else told), "shared", _keys(ctx, "stop")
    return NOTHING if _own_page(page) else (said or ctx.t("officer.strip.open"), "open", _keys(ctx, "end"))


def _own_page(page: Page) -> bool:
    return page.kind == "talk"


def _said(ctx: Ctx[Any]) -> str:
    """The officer's last words."""
    assert ctx.state.talk is not None, "somebody is talked to"
    theirs = [line for line in ctx.state.talk.lines if not line.mine and not line.service]
    return ctx.t("officer.strip.says", text=_cut(ctx.say(theirs[-1].text))) if theirs else ""


def _cut(text: str) -> str:
    """As much as has room over a page; all of it stands in the conversation."""
    wide = 0
    for at, character in enumerate(text):
        wide += 2 if ord(character) > LATIN else 1
        if wide > WIDEST:
            return f"{text[:at]}…"
    return text


def _keys(ctx: Ctx[Any], *names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, ctx.t(f"officer.strip.{name}")) for name in names)
