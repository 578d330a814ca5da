"""What was read off the print of a paper: what it leaves of a step, and how a form says where its rows come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from config.catalogue.models import FormRowModel
from kiosk.steps.base import Ctx

PRINTED: Final = "printed"
"""In what a step leaves: by field, whether its figure was read without doubt."""


def answer(read: Mapping[str, Any]) -> Mapping[str, object]:
    """What ``PrintReader.read`` found on an invoice, as its code would have left it (``kiosk.steps.scan``).

    A figure that was not read is empty. The amount is that which a check asks for: with tax of a 数电票, else without.
    """
    digital, figures = bool(read["digital"]), read["figures"]
    found = {
        "number": figures["number"],
        "code": figures["code"],
        "issued": figures["issued"],
        "amount_fen": figures["total_fen" if digital else "net_fen"],
        "gross_fen": figures["total_fen"],
        "check_code": figures["check_code"],
    }
    values: dict[str, object] = {name: one[0] if one else None for name, one in found.items()}
    empty = {name: "" for name in ("number", "code", "issued", "check_code") if values[name] is None}
    sure = {name: bool(one[1]) for name, one in found.items() if one}
    return {**values, **empty, "kind": "", "with_tax": digital, "scanned": False, PRINTED: sure}


def sure_of(ctx: Ctx[Any], row: FormRowModel) -> bool | None:
    """Whether the figure of a row was read off print without doubt; None for what was not read off print."""
    step, _, field = (row.scanned or row.value or "").rpartition(".")
    read = ctx.look(f"{step}.{PRINTED}") if step else None
    return read.get(field) if isinstance(read, Mapping) else None
