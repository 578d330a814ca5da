"""Puts the evidence of one stack into one folder: journal, centre, acquirer, and everything printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.stack import Stack, StackError
from sync.crypto import SealingKey, open_keystore
from ui.walk.evidence import (
    ACQUIRER_TABLES,
    BUREAU_TABLES,
    read_cards,
    read_letters,
    read_tables,
    write_journal,
)
from ui.walk.since import Mark, of_visit, printed, terminal_of

if TYPE_CHECKING:
    from ui.walk.core import AnotherCore

OWN = "kept_here"
"""Effects in the centre's own store where another core system keeps them: there must be none."""


def gather(stack: Stack, out: Path, since: Mark | None = None, core: AnotherCore | None = None) -> None:
    """Write ``journal.jsonl``, ``bureau.json``, ``acquirer.json`` and ``printed/`` below ``out``.

    Everything there is; after a mark, what has happened since at this terminal. ``core`` stands behind the centre.
    """
    centre = stack.centre_dir
    secret = open_keystore(centre, {}).load("bureau-sealing")
    if secret is None:
        raise StackError(f"the centre has no sealing key in {centre}")
    after = since.records if since else 0
    journal = write_journal(stack.state_dir / "journal.db", SealingKey(secret), out / "journal.jsonl", after)
    (out / "begin.json").write_text(json.dumps({"records": after}))
    ledger = read_tables(
        centre / "acquirer.db", ACQUIRER_TABLES
    )  # first: no order is paid before it is there
    ledger["cards"] = read_cards(stack.cabinet_dir / "pos-bank.json")
    tables = read_tables(centre / "bureau.db", BUREAU_TABLES)
    if since is not None:
        tables, ledger = of_visit(tables, ledger, since)
    else:
        here = terminal_of(stack)
        tables["effect"] = [row for row in tables["effect"] if row["terminal"] == here]
    if core is not None:
        tables = core.tables(journal) | {OWN: tables["effect"]}
    (out / "bureau.json").write_text(json.dumps(tables, ensure_ascii=False, indent=1, default=str))
    letters = read_letters(stack.mailboxes_dir, {row["key"] for row in tables.get("letter", ())})
    (out / "mailboxes.json").write_text(json.dumps(letters, ensure_ascii=False, indent=1))
    (out / "acquirer.json").write_text(json.dumps(ledger, ensure_ascii=False, indent=1))
    _copy_printed(stack.cabinet_dir, out, since.printed if since else frozenset())


def _copy_printed(cabinet: Path, out: Path, before: frozenset[str]) -> None:
    index = printed(cabinet)
    index["items"] = [item for item in index["items"] if item["file"] not in before]
    (out / "printed").mkdir(exist_ok=True)
    for path in (cabinet / "printed").glob("*"):
        if path.name not in before:
            shutil.copy2(path, out / "printed")
    (out / "printed" / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1))
