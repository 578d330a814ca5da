"""The bank-card terminal's traffic without cards, amounts, references and texts: codes, states and stages remain.

What a field is says the dialect, and only fields named here are kept; all others become zeros of the same length,
amounts one fen. A frame that is not of the dialect keeps its head alone. Nothing of a card field is kept, not even
the digits that a slip may show (PCI DSS 4.0, requirement 3.4.1), and no other field that has a long number in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from drivers.protocols.ecr import ACK, NAK, STX, Deframer, Frame, Heard, encode
from drivers.protocols.ecr_messages import Class, Dialect, Field, Form
from drivers.protocols.frame_blank import FrameBlank
from drivers.protocols.wire import Wire, without_long_numbers

_KEPT: Final = frozenset(
    {"code", "state", "result", "operation", "channel", "entry", "stage", "batch"}
    | {"model", "serial", "firmware", "host", "open", "paper", "busy"}
    | {"saleCount", "voidCount", "refundCount"}
)
_AMOUNTS: Final = frozenset({"amount", "saleAmount", "voidAmount", "refundAmount"})
_HEAD: Final = re.compile(rb"[QRN][0-9]{5}")
_HEAD_BYTES: Final = 6
_SEQ: Final = slice(3, 6)
_FIELD: Final = re.compile(rb"([0-9A-Z]{2})([0-9]{3})")
_IDLE: Final = ("echo", "cancel")
_SIGNALS: Final = (bytes((ACK,)), bytes((NAK,)))


class EcrWire(Wire):
    """The line of a terminal that speaks ``dialect``."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._by_tag = {spec.tag.encode("ascii"): spec for spec in dialect.fields.values()}
        self._idle = {f"{Class.QUESTION}{dialect.kinds[kind]}".encode("ascii") for kind in _IDLE}
        self._blank: FrameBlank[Heard] = FrameBlank(Deframer(), self._replaced)

    def outgoing(self, data: bytes) -> bytes:
        """A question; one write is one frame, or an answer to one."""
        heard = Deframer().feed(data)
        if data in _SIGNALS:
            return data
        if len(heard) == 1 and isinstance(heard[0], Frame):
            return encode(self._of(heard[0].data))
        return bytes(len(data))

    def incoming(self, data: bytes) -> bytes:
        """Replies and notices, each when it is whole."""
        return self._blank.feed(data)

    def settle(self) -> bytes:
        """Half a frame."""
        return self._blank.settle()

    def key(self, request: bytes) -> bytes | None:
        """The question under one SEQ; an ACK or NAK asks for nothing."""
        return None if request in _SIGNALS else _numbered(request, b"000")

    def idle(self, key: bytes) -> bool:
        """The terminal is asked how it is, and told to give up until it does."""
        return key[3:6] in self._idle

    def readdressed(self, recorded: bytes, now: bytes, answer: bytes) -> bytes:
        """The answer under the SEQ of ``now``."""
        was, wanted = _seq(recorded), _seq(now)
        if was is None or wanted is None:
            return answer
        found = bytearray(answer)
        for start in range(len(found) - 3):
            frame = bytes(found[start:])
            if frame[0] == STX and _seq(frame) == was:
                found[start:] = _numbered(frame, wanted)
        return bytes(found)

    def _replaced(self, heard: Heard) -> tuple[bytes, bytes] | None:
        if not isinstance(heard, Frame):
            return None
        return encode(heard.data), encode(self._of(heard.data))

    def _of(self, data: bytes) -> bytes:
        """DATA as it may be written down."""
        head, body = data[:_HEAD_BYTES], data[_HEAD_BYTES:]
        if not _HEAD.fullmatch(head):
            return b"0" * len(data)
        parts = list(self._tlv(body) if self._dialect.tlv else self._fixed(head, body))
        made = b"".join(parts)
        return head + made + b"0" * (len(body) - len(made))

    def _tlv(self, body: bytes) -> Iterator[bytes]:
        """Field by field, up to one that the dialect does not know: its tag and length may be anybody's figures."""
        place = 0
        while (found := _FIELD.match(body, place)) is not None:
            spec, size = self._by_tag.get(found[1]), int(found[2])
            end = found.end() + size
            if spec is None or size > spec.most or end > len(body):
                return
            yield found[0] + _value(spec, body[found.end() : end])
            place = end

    def _fixed(self, head: bytes, body: bytes) -> Iterator[bytes]:
        kinds = {code.encode("ascii"): kind for kind, code in self._dialect.kinds.items()}
        kind = kinds.get(head[1:3], "")
        plan = {b"Q": kind, b"R": f"{kind}.reply", b"N": "notice"}[head[:1]]
        place = 0
        for name in self._dialect.plans.get(plan, ()):
            spec = self._dialect.fields[name]
            raw = body[place : place + spec.most]
            if len(raw) < spec.most:
                return
            place += spec.most
            value = raw.rstrip(b" ")
            yield _value(spec, value) + raw[len(value) :]


def _value(spec: Field, raw: bytes) -> bytes:
    if spec.form is Form.CARD:
        return b"0" * len(raw)
    if spec.name in _AMOUNTS:
        return b"1".rjust(len(raw), b"0") if raw else raw
    if spec.name in _KEPT and raw.isascii():
        text = raw.decode("ascii")
        if without_long_numbers(text) == text:  # else what stands beside the number may belong to it
            return raw
    return b"0" * len(raw)


def _seq(frame: bytes) -> bytes | None:
    """The SEQ of the whole frame in front, None without one."""
    heard = Deframer().feed(frame)
    if heard and isinstance(heard[0], Frame) and _HEAD.match(heard[0].data):
        return heard[0].data[_SEQ]
    return None


def _numbered(frame: bytes, seq: bytes) -> bytes:
    """``frame`` and what lies behind it, under another SEQ."""
    heard = Deframer().feed(frame)
    if not heard or not isinstance(heard[0], Frame):
        return frame
    data = heard[0].data
    if not _HEAD.match(data):
        return frame
    made = encode(data[:3] + seq + data[6:])
    return made + frame[len(made) :]
