"""Messages of the POS line as tables: a dialect says how they are numbered and laid out, the codec is one.

DATA of every frame is ``class letter · kind (2 digits) · SEQ (3 digits) · fields``. Fields are either TLV
(``tag(2) · length(3 digits) · value``) or, in a ``fixed`` dialect, values of fixed width in the message's order.
Described in docs/pos-ecr.md, section "Messages".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from drivers.errors import ProtocolError

LAST_SEQ: Final = 999
_HEAD: Final = 6
_TAG: Final = 2
_LENGTH: Final = 3
_LONG_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){12,18}")
"""13 to 19 digits, spaced or not: what may be a card number (ISO/IEC 7812-1)."""


class Form(enum.StrEnum):
    """How a value is written. ``card`` is a card number, which is masked as soon as it is read."""

    DIGITS = "digits"
    ASCII = "ascii"
    CHINESE = "chinese"
    CARD = "card"


class Class(enum.StrEnum):
    """Question of the host, reply of the POS, notice of the POS while it works."""

    QUESTION = "Q"
    REPLY = "R"
    NOTICE = "N"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its tag, its form, and how many bytes it has at most (exactly, in a fixed layout)."""

    name: str
    tag: str
    form: Form
    most: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a response code says: an outcome, and our word for why."""

    outcome: str
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """All that differs from acquirer to acquirer.

    ``plans`` names the fields of each message (``sale`` is the question, ``sale.reply``, ``notice``) in their
    order; those in ``required`` must be there. ``codes``, ``states``, ``stages`` and ``entries`` give wire codes
    their meaning.
    """

    name: str
    tlv: bool
    kinds: Mapping[str, str]
    fields: Mapping[str, Field]
    plans: Mapping[str, tuple[str, ...]]
    required: Mapping[str, frozenset[str]]
    codes: Mapping[str, Meaning]
    states: Mapping[str, str]
    stages: Mapping[str, str]
    entries: Mapping[str, str]
    channels: Mapping[str, str]

    def kind_of(self, code: str) -> str:
        """The name of a kind; raise ``ProtocolError`` for a code the dialect does not have."""
        for name, known in self.kinds.items():
            if known == code:
                return name
        raise ProtocolError(f"the POS sent a message of kind {code!r}, which {self.name} does not have")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Values are texts; absent fields are absent."""

    kind: str
    seq: int
    values: Mapping[str, str] = field(default_factory=dict)
    what: Class = Class.QUESTION

    @property
    def plan(self) -> str:
        """Its name among the dialect's plans."""
        return {Class.QUESTION: self.kind, Class.REPLY: f"{self.kind}.reply", Class.NOTICE: "notice"}[
            self.what
        ]


def next_seq(seq: int) -> int:
    """The number behind ``seq``."""
    return (seq + 1) % (LAST_SEQ + 1)


def encode_message(dialect: Dialect, message: Message) -> bytes:
    """DATA of a frame; raise ``ValueError`` for a value that the dialect cannot carry."""
    head = f"{message.what}{dialect.kinds[message.kind]}{message.seq:03d}".encode("ascii")
    parts = []
    names = dialect.plans[message.plan]
    if unknown := set(message.values) - set(names):
        raise ValueError(f"{message.plan} has no field {', '.join(sorted(unknown))}")
    if missing := dialect.required[message.plan] - set(message.values):
        raise ValueError(f"{message.plan} lacks {', '.join(sorted(missing))}")
    for name in names:
        spec, value = dialect.fields[name], message.values.get(name)
        if value is None and dialect.tlv:
            continue
        parts.append(_write(spec, value or "", dialect.tlv))
    return head + b"".join(parts)


def decode_message(dialect: Dialect, data: bytes) -> Message:
    """The message in DATA, card numbers masked; raise ``ProtocolError`` for what is none.

    Tags that the dialect does not know are passed over: a newer POS may send more.
    """
    head = data[:_HEAD].decode("ascii", "replace")
    if len(head) < _HEAD or head[0] not in [*Class] or not (head[3:].isascii() and head[3:].isdecimal()):
        raise ProtocolError("the POS sent a message without a proper head")
    blank = Message(dialect.kind_of(head[1:3]), int(head[3:]), what=Class(head[0]))
    if blank.plan not in dialect.plans:
        raise ProtocolError(f"{dialect.name} has no message {blank.plan}")
    read = _tlv(dialect, data[_HEAD:]) if dialect.tlv else _fixed(dialect, blank.plan, data[_HEAD:])
    values = dict(read)
    if missing := dialect.required[blank.plan] - set(values):
        raise ProtocolError(f"the POS sent {blank.plan} without {', '.join(sorted(missing))}")
    return Message(blank.kind, blank.seq, values, blank.what)


def masked(number: str) -> str:
    """A card number with its first six and last four digits; of a short one the last four."""
    number = re.sub(r"[ -]", "", number)
    kept = 6 if len(number) > 12 else 0
    hidden = max(0, len(number) - kept - 4)
    return number[:kept] + "*" * hidden + number[kept + hidden :]


def _write(spec: Field, value: str, tlv: bool) -> bytes:
    raw = value.encode("gb18030" if spec.form is Form.CHINESE else "ascii")
    if len(raw) > spec.most or (spec.form is Form.DIGITS and value and not value.isdecimal()):
        raise ValueError(f"{spec.name} takes up to {spec.most} bytes, {spec.form}")
    if tlv:
        return f"{spec.tag}{len(raw):0{_LENGTH}d}".encode("ascii") + raw
    return raw.rjust(spec.most, b"0") if raw and spec.form is Form.DIGITS else raw.ljust(spec.most)


def _tlv(dialect: Dialect, body: bytes) -> Iterator[tuple[str, str]]:
    by_tag = {spec.tag: spec for spec in dialect.fields.values()}
    place = 0
    while place < len(body):
        start = place + _TAG + _LENGTH
        tag = body[place : place + _TAG].decode("ascii", "replace")
        length = body[place + _TAG : start]
        if len(length) < _LENGTH or not length.isdigit() or start + int(length) > len(body):
            raise ProtocolError("a field of the POS's message goes beyond its end")
        place = start + int(length)
        if (spec := by_tag.get(tag)) is not None:
            yield spec.name, _read(spec, body[start:place])


def _fixed(dialect: Dialect, plan: str, body: bytes) -> Iterator[tuple[str, str]]:
    place = 0
    for name in dialect.plans[plan]:
        spec = dialect.fields[name]
        raw = body[place : place + spec.most]
        if len(raw) < spec.most:
            raise ProtocolError(f"the POS's {plan} ends before {name}")
        place += spec.most
        if raw.strip():
            yield name, _read(spec, raw.rstrip())


def _read(spec: Field, raw: bytes) -> str:
    if len(raw) > spec.most:
        raise ProtocolError(f"{spec.name} of the POS's message is longer than {spec.most} bytes")
    try:
        value = raw.decode("gb18030" if spec.form is Form.CHINESE else "ascii")
    except UnicodeDecodeError:
        raise ProtocolError(f"{spec.name} of the POS's message is no {spec.form}") from None
    if spec.form is Form.DIGITS and not (value.isascii() and value.isdecimal()):
        raise ProtocolError(f"{spec.name} of the POS's message is no number")
    if spec.form is Form.CARD:
        return masked(value)
    # A bank's free text, in which some terminals repeat the card.
    return _LONG_NUMBER.sub(lambda found: masked(found[0]), value) if spec.form is Form.CHINESE else value
