"""Going on with what was begun on a phone: its code typed, the centre asked, the forms after it prefilled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from config.catalogue.models import FormRowModel, ScanStep
from kiosk.domain.draft_codes import LENGTH
from kiosk.domain.paths import look
from kiosk.flow.effects import Ask
from kiosk.flow.pages import Choice, FormPage, FormRow
from kiosk.steps.base import Ctx

KEYS: Final = "uscc"
"""The keypad with the letters that a code may have."""
ROW: Final = "draft-code"
SCAN: Final = "scan"
"""The way back from the keys to the reader."""


def ask_for(code: str) -> Ask:
    """What stands under the code."""
    return Ask("draft.open", {"code": code})


def typing_page(ctx: Ctx[ScanStep], typed: str, error: str) -> FormPage:
    """The code from the phone, on the keys."""
    row = FormRow(
        id=ROW,
        label=ctx.t("draft.code"),
        value=typed,
        editable=True,
        keypad=KEYS,
        error=error,
        most=LENGTH,
    )
    return FormPage(
        title=ctx.t("draft.title"),
        lead=ctx.t("draft.lead"),
        action=ctx.t("draft.go-on"),
        action_enabled=len(typed) == LENGTH,
        second=Choice(SCAN, ctx.t("draft.scan")),
        **ctx.owner(),
        rows=(row,),
        focused=ROW,
        note=ctx.t("draft.note"),
        errors=(error,) if error else (),
    )


def taken_up(ctx: Ctx[Any]) -> str:
    """The code with which the forms of this service were prefilled; empty: with none."""
    return str(_left(ctx).get("draft") or "")


def drafted(ctx: Ctx[Any], row: FormRowModel) -> Any:
    """What was given for the row on the phone; None: nothing."""
    return look(_left(ctx), f"drafted.{ctx.step.id}.{row.id}")


def _left(ctx: Ctx[Any]) -> Mapping[str, Any]:
    """What the step left that takes drafts up."""
    step = next((s for s in ctx.service.steps if isinstance(s, ScanStep) and s.drafts), None)
    return (ctx.look(step.id) or {}) if step is not None else {}
