"""What there was before a visit, so that its evidence holds that visit of that terminal alone.

On one stack visits follow each other and other terminals serve beside them. What belongs to them is left out by the
centre's own keys: an effect that this terminal sent meanwhile stays in, whether the journal knows of it or not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.stack import Stack
from sync.journal import JournalReader
from ui.walk.evidence import read_tables

Row = dict[str, Any]
Tables = dict[str, list[Row]]
BY_KEY = (
    *("effect", "certificate", "reservation", "payment_order", "rating"),
    *("einvoice_document", "einvoice_print", "letter", "letter_file"),
)
"""Tables of the centre that carry the key of the effect that made a row."""
VOUCHER = "payment-voucher"
"""Its payment may be of any visit before: what was paid is in ``paid_before``."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far everything had come: records of the journal, effects of this terminal, printed files."""

    terminal: str
    records: int
    effects: frozenset[str]
    printed: frozenset[str]


def mark(stack: Stack) -> Mark:
    """Taken when everything of the visit before has been settled."""
    terminal = terminal_of(stack)
    effects = read_tables(stack.centre_dir / "bureau.db", ("effect",))["effect"]
    return Mark(
        terminal,
        _records(stack.state_dir / "journal.db"),
        frozenset(row["key"] for row in effects if row["terminal"] == terminal),
        frozenset(item["file"] for item in printed(stack.cabinet_dir)["items"]),
    )


def terminal_of(stack: Stack) -> str:
    """The name under which the centre knows the stack's terminal."""
    return str(json.loads((stack.state_dir / "enrolment.json").read_text())["terminal"])


def printed(folder: Path) -> dict[str, Any]:
    """The index of a cabinet's printed sheets or of an evidence folder's; empty before the first."""
    index = folder / "printed" / "index.json"
    return dict(json.loads(index.read_text())) if index.exists() else {"items": []}


def of_visit(tables: Tables, ledger: Tables, since: Mark) -> tuple[Tables, Tables]:
    """The rows of the centre and of the acquirer that belong to what happened since the mark."""
    keys = {row["key"] for row in tables["effect"] if row["terminal"] == since.terminal} - since.effects
    kept = {**tables, **{name: _those(tables, name, "key", keys.__contains__) for name in BY_KEY}}
    kept["certificate"] += _let_out(tables, keys)
    certificates = {row["number"] for row in kept["certificate"]}
    kept["certificate_copy"] = _those(tables, "certificate_copy", "number", certificates.__contains__)
    reservations = {row["reservation"] for row in kept["reservation"]}
    cases = {row["case_no"] for row in tables.get("matter_case", ()) if row["key"] in keys}
    kept["stock_movement"] = [
        row
        for row in tables.get("stock_movement", ())
        if row["reservation"] in reservations or row.get("cause") in cases
    ]
    others = {row["order_no"] for row in tables["payment_order"]} - {
        row["order_no"] for row in kept["payment_order"]
    }

    def ours(order: str) -> bool:
        return order not in others  # also an order that the centre knows nothing of

    vouched = {_voucher_of(row) for row in kept["certificate"]} & others
    kept["paid_before"] = _those(tables, "payment_due", "order_no", vouched.__contains__)
    for name in ("payment_due", "nontax_payment", "booking"):
        kept[name] = _those(tables, name, "order_no", ours)
    return kept, {name: [row for row in rows if ours(row["order_no"])] for name, rows in ledger.items()}


def _voucher_of(certificate: Row) -> str:
    """The order whose payment a certificate vouches for; empty of any other."""
    asked = json.loads(certificate.get("asked") or "{}")
    return str(asked["item"]) if asked.get("certificate") == VOUCHER else ""


def _those(
    tables: Mapping[str, list[Row]], name: str, column: str, wanted: Callable[[Any], bool]
) -> list[Row]:
    return [row for row in tables.get(name, ()) if wanted(row[column])]


def _let_out(tables: Tables, keys: set[str]) -> list[Row]:
    """Certificates of earlier visits that were asked for once more, with the copies of this visit alone."""
    numbers = {row["number"] for row in _those(tables, "certificate_let_out", "key", keys.__contains__)}
    prints = _those(tables, "certificate_print", "key", keys.__contains__)
    out = [row["number"] for row in prints if row["outcome"] == "printed"]
    earlier = (row for row in tables["certificate"] if row["number"] in numbers and row["key"] not in keys)
    return [{**row, "copies": out.count(row["number"])} for row in earlier]


def _records(journal: Path) -> int:
    if not journal.exists():
        return 0
    reader = JournalReader(journal)
    try:
        return sum(reader.last_seq(epoch) for epoch in reader.epochs())
    finally:
        reader.close()
