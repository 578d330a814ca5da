"""The paper that goes with stock from one cabinet to another or to the safe: numbers, two people, one signature.

Printed as a QR code and read by the new terminal's code reader, with or without the network; the centre takes it from
whoever brings it first. The text is ``KSN1:`` and base 32 of deterministic CBOR, so that a code reader that types as a
keyboard cannot bend it by its layout or by capitals. At most ``MAX_TEXT`` characters: a QR code of 80 mm paper.
"""

from __future__ import annotations

import base64
import binascii
import enum
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sync.cbor import decode, encode
from sync.credentials import check_vouched
from sync.crypto import Signer, Verifier, verifier_of
from sync.errors import KeyStoreError, NoteBroken, NoteForeign, NoteUnproven, RecordError, SignatureInvalid
from sync.records import signing_input

PREFIX: Final = "KSN1:"
MAX_TEXT: Final = 1000
"""What one QR block of a receipt takes (``drivers/receipt.py``)."""
MAX_ITEMS: Final = 9
"""As many units as a dispenser may have."""
_PURPOSE: Final = "tax-kiosk stock note v1"
_VERSION: Final = 1
_HIGHEST: Final = 99_999_999

Span = tuple[int, int]
"""First and last number, both included."""


class Fate(enum.StrEnum):
    """Where the stock goes: with its cassettes into another cabinet, or into the hall's safe."""

    MOVE = "move"
    HALL = "hall"


@dataclass(frozen=True, slots=True)
class NoteItem:
    """One unit: what its book said (``expected``) and what two people counted (``found``); None for nothing."""

    unit: str
    code: str
    kind: str
    expected: Span | None
    found: Span | None

    @property
    def differs(self) -> bool:
        """Whether the count was another than the book's."""
        return self.expected != self.found


@dataclass(frozen=True, slots=True)
class StockNote:
    """A hand-over. ``epoch`` is empty when the centre made it for a dead terminal; ``to`` when any of the hall may."""

    id: str
    terminal: str
    epoch: str
    hall: str
    to: str
    fate: Fate
    made_at: datetime
    operator: str
    witness: str
    sheets: int
    items: tuple[NoteItem, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.items) <= MAX_ITEMS:
            raise RecordError(f"a hand-over is of 1 to {MAX_ITEMS} units, not {len(self.items)}")


@dataclass(frozen=True, slots=True)
class Seal:
    """Who signs a note: the terminal with the centre's word for its key, or the centre alone (both empty)."""

    signer: Signer
    public_key: bytes = b""
    credential: bytes = b""


def write_note(note: StockNote, seal: Seal) -> str:
    """The note's text; raises ``RecordError`` when it would be too long for a QR code."""
    payload = _payload(note)
    signature = seal.signer.sign(signing_input(_PURPOSE, payload))
    raw = encode([payload, seal.public_key, seal.credential, signature])
    text = PREFIX + base64.b32encode(raw).decode("ascii").rstrip("=")
    if len(text) > MAX_TEXT:
        raise RecordError(f"a note of {len(text)} characters fits no code; hand fewer units over at a time")
    return text


def read_note(
    text: str, centre: Verifier, lookup: Callable[[str, str], Verifier | None] | None = None
) -> StockNote:
    """The note in what a code reader read, once its signature was found right.

    ``lookup(terminal, epoch)`` gives a terminal's key where the register is at hand; without it the centre's word on
    the paper is checked. Raises ``NoteForeign`` for a code that is no such paper, ``NoteBroken`` for one that was
    damaged or forged, ``NoteUnproven`` for one whose maker cannot be known here.
    """
    said = plain(text)
    if not said.startswith(PREFIX):
        raise NoteForeign
    try:
        body = said[len(PREFIX) :]
        match decode(base64.b32decode(body + "=" * (-len(body) % 8))):
            case [bytes(payload), bytes(public), bytes(word), bytes(signature)]:
                note = _parse(payload)
            case _:
                raise NoteBroken
        key = _key(note, centre, public, word, lookup)
        key.verify(signature, signing_input(_PURPOSE, payload))
    except (binascii.Error, ValueError, SignatureInvalid, KeyStoreError) as error:
        raise NoteBroken from error
    except NoteUnproven:
        raise
    except RecordError as error:
        raise NoteBroken from error
    return note


def plain(text: str) -> str:
    """The text as it was written, however it was typed or wrapped."""
    return "".join(text.split()).upper()


def _key(
    note: StockNote,
    centre: Verifier,
    public: bytes,
    word: bytes,
    lookup: Callable[[str, str], Verifier | None] | None,
) -> Verifier:
    """Whose signature it must be."""
    if not note.epoch:
        return centre
    if lookup is not None:
        known = lookup(note.terminal, note.epoch)
        if known is None:
            raise NoteUnproven
        return known
    if not public or not word:
        raise NoteUnproven
    check_vouched(centre, note.terminal, note.epoch, public, word)
    return verifier_of(public)


def _payload(note: StockNote) -> bytes:
    items = [
        # what was counted, and what was expected when that differs: nine units must fit one code
        [i.unit, i.code, i.kind, _list(i.found), *([_list(i.expected)] if i.differs else [])]
        for i in note.items
    ]
    return encode(
        [
            _VERSION,
            uuid.UUID(note.id).bytes,
            note.terminal,
            note.epoch,
            note.hall,
            note.to,
            str(note.fate),
            int(note.made_at.timestamp()),
            note.operator,
            note.witness,
            note.sheets,
            items,
        ]
    )


def _parse(payload: bytes) -> StockNote:
    match decode(payload):
        case [
            1,
            bytes(id_),
            str(terminal),
            str(epoch),
            str(hall),
            str(to),
            str(fate),
            int(made),
            str(operator),
            str(witness),
            int(sheets),
            list(items),
        ]:
            moment = datetime.fromtimestamp(min(max(made, 0), 2**33), UTC)
            return StockNote(
                str(uuid.UUID(bytes=id_)),
                terminal,
                epoch,
                hall,
                to,
                Fate(fate),
                moment,
                operator,
                witness,
                sheets,
                tuple(_item(item) for item in items),
            )
    raise NoteBroken


def _item(raw: Any) -> NoteItem:
    match raw:
        case [str(unit), str(code), str(kind), found]:
            return NoteItem(unit, code, kind, _span(found), _span(found))
        case [str(unit), str(code), str(kind), found, expected] if found != expected:
            return NoteItem(unit, code, kind, _span(expected), _span(found))
    raise NoteBroken


def _list(span: Span | None) -> list[int] | None:
    return None if span is None else [*span]


def _span(raw: Any) -> Span | None:
    match raw:
        case None:
            return None
        case [int(first), int(last)] if 0 <= first <= last <= _HIGHEST:
            return first, last
    raise NoteBroken
