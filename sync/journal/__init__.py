"""The terminal's journal: one writer (``Journal``), readers in other processes (``JournalReader``)."""

from sync.journal import commit_points
from sync.journal.effects import EffectHistory, OpenedRecord, OpenEffect
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal
from sync.records import Entry, Phase

__all__ = [
    "EffectHistory",
    "Entry",
    "Journal",
    "JournalReader",
    "OpenEffect",
    "OpenedRecord",
    "Phase",
    "commit_points",
]
