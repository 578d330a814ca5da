"""Gathers what every party holds after a visit, each from its own files, for the checker to compare.

The journal is opened with the *centre's* key: the terminal has shredded its own by then. Tables are read as
they lie in the databases, past all code that wrote them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from itertools import islice
from pathlib import Path
from typing import Any

from sync.crypto.sealing import BodyOpener
from sync.journal import JournalReader
from sync.records import Record

BUREAU_TABLES = (
    "effect",
    "certificate",
    "certificate_copy",
    "certificate_end",
    "certificate_let_out",
    "certificate_link",
    "certificate_print",
    "einvoice_document",
    "einvoice_print",
    "letter",
    "letter_file",
    "income",
    "declaration",
    "due",
    "payment_order",
    "payment_due",
    "nontax_payment",
    "nontax_notice",
    "booking",
    "treasury_entry",
    "vehicle_tax",
    "social_payment",
    "firm_vehicle",
    "unit_payment",
    "reservation",
    "stock_movement",
    "stock_range",
    "notice",
    "matter_case",
    "relief",
    "lottery_ticket",
    "person",
    "document",
    "tax_device",
    "device_report",
    "device_order",
    "person_enrolment",
    "appointment",
    "school_enrolment",
    "queue_ticket",
    "contribution",
    "contribution_mark",
    "subscription",
    "share_consent",
    "bank_referral",
    "departure_refund",
    "departure_line",
    "invoice_delivery",
    "registration_entry",
    "issuing_phone",
    "invoice_booking",
    "mandate",
    "material_page",
    "taxpayer",
    "rating",
    "remote_talk",
    "remote_line",
    "call_back",
    "call_back_try",
    "survey_answer",
    "survey_visit",
    "feedback_case",
    "feedback_act",
    "chain_cursor",
)
ACQUIRER_TABLES = ("orders", "payments", "debits")
"""``debits``: what the simulated banks have debited under agreements."""


def write_journal(journal: Path, opener: BodyOpener, target: Path, after: int = 0) -> list[dict[str, Any]]:
    """``journal.jsonl``: one line a record with its plain body, but for the first ``after`` of them."""
    reader = JournalReader(journal)
    try:
        lines = [_line(record, opener) for record in islice(_records(reader), after, None)]
    finally:
        reader.close()
    target.write_text("".join(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines))
    return lines


def read_tables(database: Path, tables: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Rows of those tables that exist; binary columns as their SHA-256."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        known = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            table: [_plain(row) for row in connection.execute(f"SELECT * FROM {table}")]  # names are our own
            for table in tables
            if table in known
        }


def read_letters(mailboxes: Path, keys: Collection[str]) -> list[dict[str, Any]]:
    """What came to mailboxes of the letters with these keys: to which, in which words, and each file's SHA-256."""
    found = []
    for path in sorted(mailboxes.glob("*/*.eml")):
        letter = message_from_bytes(path.read_bytes(), policy=default)
        key = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        if key not in keys:
            continue
        body = letter.get_body(("plain",))
        files = {
            str(part.get_filename()): hashlib.sha256(part.get_content()).hexdigest()
            for part in letter.iter_attachments()
        }
        words = {"subject": str(letter["Subject"]), "text": body.get_content() if body is not None else ""}
        found.append(
            {"key": key, "mailbox": path.parent.name, "to": str(letter["To"]), **words, "files": files}
        )
    return found


def messages_to(database_folder: Path, mobile: str) -> list[str]:
    """What the centre sent to a phone, the latest last."""
    rows = read_tables(database_folder / "bureau.db", ("sms",))["sms"]
    mine = [row for row in rows if row["mobile"] == mobile]
    return [str(row["text"]) for row in sorted(mine, key=lambda row: str(row["at"]))]


def read_cards(bank: Path) -> list[dict[str, Any]]:
    """What the simulated card terminal's bank has booked and not reversed, as the acquirer's payments are told."""
    if not bank.exists():
        return []
    entries = json.loads(bank.read_text())["entries"]
    return [
        {"order_no": e["original"] or e["reference"], "amount_fen": _signed(e), "reference": e["rrn"]}
        for e in entries
        if not e["reversed"]
    ]


def _signed(entry: Mapping[str, Any]) -> int:
    return int(entry["amount"]) if entry["operation"] == "sale" else -int(entry["amount"])


def _records(reader: JournalReader) -> Iterator[Record]:
    for epoch in reader.epochs():
        after = 0
        while signed := reader.chain(epoch, after, 500, 1 << 24):
            yield from (one.record for one in signed)
            after = signed[-1].record.seq


def _line(record: Record, opener: BodyOpener) -> dict[str, Any]:
    return {
        "seq": record.seq,
        "visit": record.visit,
        "transaction": record.transaction,
        "step": record.step,
        "kind": record.kind,
        "phase": str(record.phase),
        "key": record.key,
        "at": record.moment.wall.isoformat(),
        "body": dict(record.open(opener)),
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
        for name, value in dict(row).items()
    }
