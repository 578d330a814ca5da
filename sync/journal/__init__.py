"""The terminal's journal: one writer (``Journal``), readers in other processes (``JournalReader``)."""

from sync.journal.effects import EffectHistory, OpenedRecord, OpenEffect
from sync.journal.reader import JournalReader
from sync.journal.writer import Journal, software_version
from sync.records import Entry, Phase

__all__ = [
    "EffectHistory",
    "Entry",
    "Journal",
    "JournalReader",
    "OpenEffect",
    "OpenedRecord",
    "Phase",
    "software_version",
]
