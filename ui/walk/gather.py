"""Puts the evidence of one stack into one folder: journal, centre, acquirer, and everything printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from kiosk.stack import Stack, StackError
from sync.crypto import SealingKey, open_keystore
from ui.walk.evidence import ACQUIRER_TABLES, BUREAU_TABLES, read_cards, read_tables, write_journal


def gather(stack: Stack, out: Path) -> None:
    """Write ``journal.jsonl``, ``bureau.json``, ``acquirer.json`` and ``printed/`` below ``out``."""
    bureau = stack.plan.root / "bureau"
    secret = open_keystore(bureau, {}).load("bureau-sealing")
    if secret is None:
        raise StackError(f"the centre has no sealing key in {bureau}")
    write_journal(stack.state_dir / "journal.db", SealingKey(secret), out / "journal.jsonl")
    tables = read_tables(bureau / "bureau.db", BUREAU_TABLES)
    (out / "bureau.json").write_text(json.dumps(tables, ensure_ascii=False, indent=1, default=str))
    ledger = read_tables(bureau / "acquirer.db", ACQUIRER_TABLES)
    ledger["cards"] = read_cards(stack.cabinet_dir / "pos-bank.json")
    (out / "acquirer.json").write_text(json.dumps(ledger, ensure_ascii=False, indent=1))
    shutil.copytree(stack.cabinet_dir / "printed", out / "printed", dirs_exist_ok=True)
