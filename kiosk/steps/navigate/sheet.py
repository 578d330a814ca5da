"""The list on paper, and as the text of a code that any phone shows; both are made of the service's own file.

Nothing at the centre follows from it, so the sheet has no code, and the code leads nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.catalogue.models import Format, Service
from kiosk.steps.base import Ctx
from kiosk.steps.navigate.drawing import facts

Block = Mapping[str, object]


def sheet_blocks(ctx: Ctx[Any], service: Service) -> tuple[Block, ...]:
    """Receipt blocks (``drivers/receipt.py``)."""
    around = ctx.around
    return (
        {"type": "title", "text": ctx.say(around.bureau)},
        {
            "type": "text",
            "text": ctx.t("navigate.sheet"),
            "align": "center",
            "size": "large",
            "bold": True,
        },
        {"type": "rule", "style": "line"},
        {"type": "text", "text": ctx.say(service.title), "bold": True},
        {"type": "text", "text": ctx.say(service.summary)},
        {"type": "rule", "style": "dash"},
        {"type": "text", "text": ctx.t("navigate.bring"), "bold": True},
        *({"type": "text", "text": line} for line in _brings(ctx, service)),
        {"type": "rule", "style": "dash"},
        *({"type": "row", "label": label, "value": value} for label, value in _others(ctx, service)),
        {"type": "rule", "style": "dash"},
        {"type": "text", "text": ctx.t("navigate.sheet.more")},
        {"type": "space", "mm": 3},
        _small(f"{ctx.say(around.hall)} {around.terminal}"),
        _small(ctx.show_as(Format.MOMENT, around.now())),
    )


def as_text(ctx: Ctx[Any], service: Service) -> str:
    """The same in a few lines, for a code."""
    lines = [ctx.say(service.title), f"{ctx.t('navigate.bring')}:", *_brings(ctx, service)]
    return "\n".join([*lines, *(f"{label}: {value}" for label, value in _others(ctx, service))])


def _brings(ctx: Ctx[Any], service: Service) -> list[str]:
    things = [f"{number}. {ctx.say(thing)}" for number, thing in enumerate(service.brings, 1)]
    return things or [ctx.t("navigate.bring.nothing")]


def _others(ctx: Ctx[Any], service: Service) -> list[tuple[str, str]]:
    """What the page says besides what to bring."""
    return [*facts(ctx, service)][max(1, len(service.brings)) :]


def _small(text: str) -> Block:
    return {"type": "text", "text": text, "align": "center", "size": "small"}
