"""Hand-over papers at the centre: read with the register's keys, and made for a terminal that is dead."""

from __future__ import annotations

from collections.abc import Callable

from bureau.fleet.keys import BureauKeys
from sync.crypto import Verifier, verifier
from sync.stock_note import Seal, StockNote, read_note, write_note


def note_reader(
    keys: BureauKeys, record_key: Callable[[str, str], Verifier | None]
) -> Callable[[str], StockNote]:
    """Reads a paper by whoever made it: a terminal of the register, or the centre; raises ``NoteError``."""
    centre = verifier(keys.signer.algorithm, keys.signer.public_key)
    return lambda text: read_note(text, centre, record_key)


def sign_note(keys: BureauKeys, note: StockNote) -> str:
    """The centre's own paper, which every terminal can check; raises ``RecordError`` when it is too long."""
    return write_note(note, Seal(keys.signer))
