"""The journal's tables: records are added and never changed, and the file itself sees to it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

APPLICATION_ID: Final = 0x544B4A4C  # "TKJL"
LAYOUT: Final = 1
"""``PRAGMA user_version``; the shape of these tables, not of a record."""

metadata = MetaData()

record = Table(
    "record",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("visit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("key", Text),
    Column("order_tag", Text, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
)
"""``position`` counts through all epochs; everything but ``order_tag`` can be read from ``envelope``."""

visit_key = Table(
    "visit_key",
    metadata,
    Column("key_id", LargeBinary, primary_key=True),
    Column("visit", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("wrap_algorithm", Text, nullable=False),
    Column("wrap_recipient", Text, nullable=False),
    Column("wrap_data", LargeBinary, nullable=False),
)
"""The terminal's wrap of each visit key. Outside the chain, because dropping a row is the shredding."""

DDL: Final = (
    """CREATE TABLE record (
        position INTEGER PRIMARY KEY,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        transaction_id TEXT NOT NULL,
        visit TEXT NOT NULL,
        kind TEXT NOT NULL,
        phase TEXT NOT NULL CHECK (phase IN ('intent', 'handover', 'outcome', 'settled', 'note')),
        key TEXT,
        order_tag TEXT NOT NULL,
        envelope BLOB NOT NULL,
        UNIQUE (epoch, seq)
    ) STRICT""",
    "CREATE INDEX record_key ON record (key, position) WHERE key IS NOT NULL",
    "CREATE INDEX record_transaction ON record (transaction_id)",
    "CREATE UNIQUE INDEX record_once ON record (key, phase) WHERE phase IN ('intent', 'handover', 'settled')",
    """CREATE TRIGGER record_gapless BEFORE INSERT ON record
        WHEN new.position <> (SELECT coalesce(max(position), 0) + 1 FROM record)
          OR new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM record WHERE epoch = new.epoch)
        BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END""",
    """CREATE TRIGGER record_no_update BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END""",
    """CREATE TRIGGER record_no_delete BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END""",
    """CREATE TABLE visit_key (
        key_id BLOB PRIMARY KEY,
        visit TEXT NOT NULL,
        wrapped BLOB NOT NULL,
        wrap_algorithm TEXT NOT NULL,
        wrap_recipient TEXT NOT NULL,
        wrap_data BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX visit_key_visit ON visit_key (visit)",
)
