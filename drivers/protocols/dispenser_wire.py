"""The dispenser's traffic: numbers of blank invoices and counters, nobody's data; its SEQ differs in each run."""

from __future__ import annotations

from typing import ClassVar, Final

from drivers.protocols.dispenser import ACK, ETX, NAK, STX, Deframer, Frame, crc16, encode
from drivers.protocols.wire import Wire

_SEQ_OF_ALL: Final = 0x20


class DispenserWire(Wire):
    """Written down as it is. Two commands are the same when their bodies are, whatever their SEQ."""

    questions: ClassVar[str] = "ISU"
    """First letters of what is asked again and again."""

    def key(self, request: bytes) -> bytes | None:
        """The command under one SEQ; an ACK or NAK asks for nothing."""
        if request in (bytes((ACK,)), bytes((NAK,))):
            return None
        frame = _frame(request)
        return request if frame is None else encode(_SEQ_OF_ALL, frame.body)

    def idle(self, key: bytes) -> bool:
        """Identity, sensors and units are asked again and again."""
        frame = _frame(key)
        return frame is not None and frame.body[0] in self.questions

    def readdressed(self, recorded: bytes, now: bytes, answer: bytes) -> bytes:
        """The answer under the SEQ of ``now``, with its CRC as right or as wrong as it was."""
        was, wanted = _frame(recorded), _frame(now)
        if was is None or wanted is None:
            return answer
        found = bytearray(answer)
        at = found.find(STX)
        while at >= 0:
            if found[at + 1 : at + 2] == bytes((was.seq,)):
                _renumber(found, at, wanted.seq)
            at = found.find(STX, at + 1)
        return bytes(found)


def _frame(data: bytes) -> Frame | None:
    heard = Deframer().feed(data)
    return heard[0] if len(heard) == 1 and isinstance(heard[0], Frame) else None


def _renumber(found: bytearray, at: int, seq: int) -> None:
    end = found.find(ETX, at)
    crc = bytes(found[end + 1 : end + 5])
    whole = end > 0 and len(crc) == 4 and all(byte in b"0123456789ABCDEF" for byte in crc)
    wrong_by = crc16(bytes(found[at + 1 : end + 1])) ^ int(crc, 16) if whole else 0
    found[at + 1] = seq
    if whole:
        fitting = crc16(bytes(found[at + 1 : end + 1])) ^ wrong_by
        found[end + 1 : end + 5] = b"%04X" % fitting
