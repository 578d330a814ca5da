"""The paper that goes with stock: one text, one signature, and nothing that was changed is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import uuid7
from sync.credentials import vouch
from sync.crypto import Ed25519Signer, unb64, verifier
from sync.errors import NoteBroken, NoteForeign, NoteUnproven, RecordError
from sync.stock_note import MAX_TEXT, Fate, NoteItem, Seal, StockNote, read_note, write_note

CENTRE, TERMINAL = Ed25519Signer.generate(), Ed25519Signer.generate()
CENTRE_KEY = verifier("ed25519", CENTRE.public_key)
ITEM = NoteItem("unit1", "053001900104", "04", (274_804, 275_115), (274_805, 275_115))
NOTE = StockNote(
    uuid7(), "A-07", "0123456789abcdef", "H-01", "", Fate.MOVE, datetime(2026, 10, 12, 1, 2, 3, tzinfo=UTC),
    "技术员", "大厅主任", 250, (ITEM, replace(ITEM, unit="unit2", expected=None, found=None)),
)  # fmt: skip
SEAL = Seal(
    TERMINAL, TERMINAL.public_key, unb64(vouch(CENTRE, NOTE.terminal, NOTE.epoch, TERMINAL.public_key))
)
TEXT = write_note(NOTE, SEAL)


def test_it_comes_back_as_it_was_written_also_in_small_letters_and_with_line_breaks() -> None:
    for text in (TEXT, TEXT.lower(), TEXT[:100] + "\r\n" + TEXT[100:]):
        assert read_note(text, CENTRE_KEY) == NOTE
    assert read_note(TEXT, CENTRE_KEY, lambda t, e: verifier("ed25519", TERMINAL.public_key)) == NOTE


def test_nine_units_fit_one_code_and_more_are_refused() -> None:
    nine = tuple(replace(ITEM, unit=f"unit{n}", found=ITEM.expected) for n in range(1, 10))
    assert len(write_note(replace(NOTE, items=nine), SEAL)) <= MAX_TEXT
    with pytest.raises(RecordError):
        replace(NOTE, items=(*nine, ITEM))


def test_the_centre_signs_for_a_dead_terminal_and_nobody_else_may() -> None:
    note = replace(NOTE, epoch="")
    assert read_note(write_note(note, Seal(CENTRE)), CENTRE_KEY) == note
    with pytest.raises(NoteBroken):
        read_note(write_note(note, SEAL), CENTRE_KEY)


def test_who_cannot_be_known_is_not_believed() -> None:
    with pytest.raises(NoteUnproven):
        read_note(write_note(NOTE, Seal(TERMINAL)), CENTRE_KEY)
    with pytest.raises(NoteUnproven):
        read_note(TEXT, CENTRE_KEY, lambda t, e: None)
    with pytest.raises(NoteBroken):  # vouched for under another name
        read_note(write_note(replace(NOTE, terminal="A-08"), SEAL), CENTRE_KEY)


@given(at=st.integers(5, len(TEXT) - 1), to=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_any_changed_character_is_seen(at: int, to: str) -> None:
    changed = TEXT[:at] + to + TEXT[at + 1 :]
    try:
        assert read_note(changed, CENTRE_KEY) == NOTE  # only bits beyond the last byte may differ
        assert changed == TEXT or at == len(TEXT) - 1
    except (NoteBroken, NoteUnproven):
        assert changed != TEXT


@given(text=st.text(max_size=60))
def test_other_codes_are_no_papers(text: str) -> None:
    with pytest.raises(NoteForeign):
        read_note("https://example.test/" + text, CENTRE_KEY)
    with pytest.raises((NoteBroken, NoteUnproven)):
        read_note("KSN1:" + text, CENTRE_KEY)
