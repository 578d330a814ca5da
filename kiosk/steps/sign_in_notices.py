"""What the centre has to tell whoever has just signed in: the first of it on a page of its own, before all else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kiosk.flow.state import After, Message
from kiosk.steps.base import Ctx

MOST: Final = 3
"""That stand on one page in large words; the title says how many there are."""


def told_at_sign_in(ctx: Ctx[Any], data: Mapping[str, Any]) -> Message | None:
    """The page of the notices in the centre's answer to a sign-in; None: there are none."""
    notices = list(data.get("notices", ()))
    if not notices:
        return None
    title = ctx.t("notices.title", count=len(notices))
    body = tuple(
        ctx.t("notices.one", title=ctx.say(n["title"]), text=ctx.say(n["text"])) for n in notices[:MOST]
    )
    return Message("info", title, body, After.NEXT)
