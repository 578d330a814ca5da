"""The tables of ``sync.db``: what the sync program must remember about its deliveries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

APPLICATION_ID: Final = 0x544B5359  # "TKSY"
LAYOUT: Final = 1

metadata = MetaData()

receipt = Table(
    "receipt",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("incarnation", Text, nullable=False),
    Column("received_us", Integer, nullable=False),
    Column("answer", LargeBinary),
)
"""The centre's answer to an effect, sealed by the key store; emptied once the journal holds the settlement."""

trouble = Table(
    "trouble",
    metadata,
    Column("key", Text, primary_key=True),
    Column("refusals", Integer, nullable=False),
    Column("parked", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_us", Integer, nullable=False),
)
"""Effects that the centre cannot read or take: how often it said so, and whether they are set aside."""

mark = Table(
    "mark",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("incarnation", Text, nullable=False),
    Column("receipt", Text, nullable=False),
)
"""How far the centre holds the audit chain of each epoch, with its signed word."""

floor = Table(
    "floor",
    metadata,
    Column("incarnation", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""How far a restored centre still held each epoch when it first answered."""

state = Table(
    "state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts, as JSON."""

DDL: Final = (
    """CREATE TABLE receipt (
        key TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        incarnation TEXT NOT NULL,
        received_us INTEGER NOT NULL,
        answer BLOB
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE trouble (
        key TEXT PRIMARY KEY,
        refusals INTEGER NOT NULL,
        parked INTEGER NOT NULL CHECK (parked IN (0, 1)),
        reason TEXT NOT NULL,
        changed_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE mark (
        epoch TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        head TEXT NOT NULL,
        incarnation TEXT NOT NULL,
        receipt TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE floor (
        incarnation TEXT NOT NULL,
        epoch TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (incarnation, epoch)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
