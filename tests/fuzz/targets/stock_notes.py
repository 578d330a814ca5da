"""The paper that goes with stock, as a code reader reads it: signed by somebody who is believed, or not."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from sync.cbor import encode
from sync.crypto import Ed25519Signer, verifier
from sync.errors import NoteBroken, NoteForeign, NoteUnproven
from sync.records import signing_input
from sync.stock_note import PREFIX, Fate, NoteItem, Seal, StockNote, read_note, write_note

PARSES = ("sync.stock_note",)
LONGEST = 400
_CENTRE = Ed25519Signer.from_seed(bytes(range(32)))
_KEY = verifier("ed25519", _CENTRE.public_key)
_REFUSALS = (NoteBroken, NoteForeign, NoteUnproven)


def check(data: bytes) -> None:
    """Any text; and any bytes as a payload with a right signature of the centre, which reaches behind it."""
    _read(data.decode("utf-8", "replace"))
    signature = _CENTRE.sign(signing_input("tax-kiosk stock note v1", data))
    raw = encode([data, b"", b"", signature])
    _read(PREFIX + base64.b32encode(raw).decode("ascii").rstrip("="))


def _read(text: str) -> None:
    try:
        note = read_note(text, _KEY)
    except _REFUSALS:
        return
    for item in note.items:
        for span in (item.expected, item.found):
            assert span is None or 0 <= span[0] <= span[1] <= 99_999_999
    assert read_note(write_note(note, Seal(_CENTRE)), _KEY) == note, "written again, it is another paper"


def _note(*items: NoteItem) -> StockNote:
    made = datetime(2026, 10, 12, 1, 42, tzinfo=UTC)
    return StockNote(
        "0199d6c1-0000-7000-8000-000000000007", "A-07", "", "H-01", "", Fate.MOVE, made, "007", "012", 250, items
    )  # fmt: skip


def seeds() -> list[bytes]:
    """Papers and their payloads: one unit that agrees, two of which one differs, an empty one."""
    agrees = NoteItem("unit1", "053001900104", "04", (274805, 275115), (274805, 275115))
    differs = NoteItem("unit2", "053001900104", "04", (274804, 275115), (274805, 275115))
    empty = NoteItem("unit3", "053001900104", "04", None, None)
    texts = [write_note(_note(*items), Seal(_CENTRE)) for items in ((agrees,), (differs, empty))]
    payloads = []
    for text in texts:
        body = text[len(PREFIX) :]
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
        payloads.append(
            raw[raw.index(0x8C) :][:LONGEST]
        )  # the list of twelve, behind the length of its bytes
    return [text.encode() for text in texts] + payloads
