"""What the centre and the acquirer hold, before and after a visit that was refused: nothing may have changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.stack import Stack
from ui.walk.evidence import ACQUIRER_TABLES, BUREAU_TABLES, read_cards, read_tables
from ui.walk.since import printed

Books = Mapping[str, list[dict[str, Any]]]
ACCOUNTS_OF_THE_VISIT = ("effect", "chain_cursor", "notice")
"""What was asked and answered, the no itself among it; how far the journal was uploaded; what was told at sign-in."""


def books(stack: Stack) -> Books:
    """Everything that is booked, issued, charged and printed so far."""
    tables = tuple(name for name in BUREAU_TABLES if name not in ACCOUNTS_OF_THE_VISIT)
    held: dict[str, list[dict[str, Any]]] = dict(read_tables(stack.centre_dir / "bureau.db", tables))
    held |= read_tables(stack.centre_dir / "acquirer.db", ACQUIRER_TABLES)
    cards = read_cards(stack.cabinet_dir / "pos-bank.json")
    return {**held, "cards": cards, "printed": printed(stack.cabinet_dir)["items"]}


def changed(before: Books, after: Books) -> list[str]:
    """Which of them the refused visit changed."""
    return [
        f"the visit was refused, and yet {name} changed"
        for name in sorted(before.keys() | after.keys())
        if before.get(name, []) != after.get(name, [])
    ]


def accepted(effects: list[dict[str, Any]]) -> list[str]:
    """What the centre accepted of a visit that it refused."""
    return [
        f"the visit was refused, and yet the centre accepted {row['kind']} {row['key']}"
        for row in effects
        if row["state"] == "accepted"
    ]
