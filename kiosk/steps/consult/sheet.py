"""The answer on paper: the library's own question, the answer, where it stands, and who knows more.

It has no code, for nothing at the centre follows from it, and not a word of what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.catalogue.models import Format
from kiosk.steps.base import Ctx
from kiosk.steps.consult.drawing import in_force, lies_here, source_words
from kiosk.steps.consult.local import Local

Block = Mapping[str, object]


def sheet_blocks(ctx: Ctx[Any], local: Local) -> tuple[Block, ...]:
    """The entry that is read, as receipt blocks (``drivers/receipt.py``)."""
    entry, around = local.entry, ctx.around
    assert entry is not None, "nothing is open that could be printed"
    sources: list[Block] = []
    for source in entry["sources"]:
        issued = " ".join(filter(None, (ctx.say(source["issuer"]), source["number"])))
        days = in_force(ctx, source, "effective")
        sources += [
            {"type": "text", "text": source_words(ctx, source)},
            {"type": "text", "text": f"{issued}\n{days}", "size": "small"},
        ]
    return (
        {"type": "title", "text": ctx.say(around.bureau)},
        {
            "type": "text",
            "text": ctx.t(f"consult.sheet.{ctx.step.does}"),
            "align": "center",
            "size": "large",
            "bold": True,
        },
        {"type": "rule", "style": "line"},
        {"type": "text", "text": ctx.say(entry["title"]), "bold": True},
        {"type": "text", "text": ctx.say(entry["text"])},
        {"type": "rule", "style": "dash"},
        {"type": "text", "text": ctx.t("consult.source"), "bold": True},
        *sources,
        {"type": "row", "label": ctx.t("consult.right"), "value": in_force(ctx, entry)},
        {"type": "rule", "style": "dash"},
        {"type": "text", "text": f"{lies_here(ctx, local)}\n{ctx.t('consult.official')}"},
        {"type": "text", "text": ctx.t("consult.sheet.more")},
        {"type": "space", "mm": 3},
        _small(f"{ctx.say(around.hall)} {around.terminal}"),
        _small(ctx.show_as(Format.MOMENT, around.now())),
    )


def _small(text: str) -> Block:
    return {"type": "text", "text": text, "align": "center", "size": "small"}
