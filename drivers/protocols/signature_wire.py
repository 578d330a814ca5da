"""The signature pad's traffic without anybody's hand: other ink, as long as the real one, and a seal that fits it.

Of a block of samples three things are kept: whether there is ink in it, whether the pen moved, whether it left the
area. Places, pressure and the rhythm of the pen are made up; so is the document's digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from drivers.errors import ProtocolError
from drivers.protocols import signature_pad as pad
from drivers.protocols.framed_wire import Form, FramedWire, blanked, forms
from drivers.protocols.signature_pad import BLOCK, DIGEST, Block, PadIdentity, Sample

STAND_IN: Final = b"%PDF-".ljust(DIGEST, b"0")
"""The document's digest when a recording is played (``recording.calls.argument``)."""
_NUMBER: Final = "[0-9]{1,6}"
_TEXT: Final = "[A-Za-z0-9 ._-]{0,24}"
_STEP_MS: Final = 10
_PRESSURE: Final = 100
_MOVES_FROM: Final = 300
"""Hundredths of a millimetre that the pen goes within one block, from which on it moves."""


class SignatureWire(FramedWire):
    """Holds a signature as long as the pad does, to see whether its seal is right; gives none of it away."""

    questions: ClassVar[str] = "ISR"
    asked: ClassVar[tuple[Form, ...]] = forms(
        "[ISEXQ]", r"R\|[0-9]{1,4}", rf"B\|(?P<document>[0-9A-F]{{{2 * DIGEST}}})"
    )
    told: ClassVar[tuple[Form, ...]] = forms(
        rf"I\|{_TEXT}\|{_TEXT}\|{_TEXT}\|{_NUMBER}\|{_NUMBER}\|{_NUMBER}\|{_NUMBER}",
        rf"S\|(?:idle|signing|ended|error)\|{_NUMBER}\|(?:none|ok|clear|cancel)",
        rf"K\|{_NUMBER}\|(?:none|ok|clear|cancel)",
        r"[BXQ]\|(?:ok|none)",
        r"E\|none",
    )

    def __init__(self) -> None:
        super().__init__()
        self._area: PadIdentity | None = None
        self._document = b""
        self._real: dict[int, Block] = {}
        self._promised: dict[int, list[Sample]] = {}

    def settle(self) -> bytes:
        """Half a frame; the line may be another one now."""
        self._forget()
        return super().settle()

    def _of_ours(self, body: str) -> str:
        if body[:1] in ("B", "X", "Q"):
            document = self._document if body == "X" else _digest(body)
            self._forget()
            self._document = document
        return super()._of_ours(body)

    def _of_theirs(self, body: str) -> str:
        try:
            match body[0]:
                case "P" | "R":
                    return self._ink(pad.block(body, body[0]), body)
                case "E" if body != "E|none":
                    return self._sealed(body)
                case "I":
                    self._area = pad.identity(body)
        except ProtocolError:
            return blanked(body, ())
        return super()._of_theirs(body)

    def _forget(self) -> None:
        self._document = b""
        self._real.clear()
        self._promised.clear()

    def _ink(self, real: Block, body: str) -> str:
        self._real[real.number] = real
        made = self._promised.get(real.number, ())
        if len(made) != len(real.samples):
            made = self._made_up(real)
        data = b"".join(one.packed() for one in made)
        return body[: -2 * len(data)] + data.hex().upper()

    def _sealed(self, body: str) -> str:
        """The end of a signature: a seal that is right for what was written down, or as wrong as the real one.

        Blocks that were lost on the way are fetched after this: what will stand for them is made up now.
        """
        found = pad.sealed(body)
        if found is None:
            return body
        numbers = range(found.blocks)
        real = [sample for n in numbers if n in self._real for sample in self._real[n].samples]
        lost = [n for n in numbers if n not in self._real]
        right = bool(lost) or pad.seal(self._document, real) == found.digest
        self._promise(lost, found.samples - len(real))
        made = [one for n in numbers for one in self._promised.get(n) or self._made_up(self._real[n])]
        digest = pad.seal(STAND_IN, made) if right else bytes(DIGEST)
        return body[: -2 * DIGEST] + digest.hex().upper()

    def _promise(self, lost: Iterable[int], samples: int) -> None:
        for number in lost:
            count = max(1, min(BLOCK, samples))
            self._promised[number] = [_zigzag(number * BLOCK + place) for place in range(count)]
            samples -= count

    def _made_up(self, real: Block) -> list[Sample]:
        """A zigzag of the same length; a dot for a pen that stood still, nothing for one that hung in the air."""
        ink = [one for one in real.samples if one.pressure > 0]
        if not ink:
            return [Sample(_STEP_MS, 0, 0, 0)] * len(real.samples)
        moves = max(_spread(one.x for one in ink), _spread(one.y for one in ink)) >= _MOVES_FROM
        left = any(not self._inside(one) for one in ink)
        first = real.number * BLOCK
        made = [_zigzag(first + place if moves else 0) for place in range(len(real.samples))]
        return [Sample(_STEP_MS, -1, -1, _PRESSURE), *made[1:]] if left else made

    def _inside(self, one: Sample) -> bool:
        area = self._area
        return area is None or (0 <= one.x <= area.width and 0 <= one.y <= area.height)


def _digest(body: str) -> bytes:
    try:
        return bytes.fromhex(body[2:])
    except ValueError:
        return b""


def _spread(values: Iterable[int]) -> int:
    found = list(values)
    return max(found) - min(found)


def _zigzag(place: int) -> Sample:
    """Within 20 × 10 mm from a place that every pad has."""
    across, up = place % 20, place % 2
    return Sample(_STEP_MS, 500 + 100 * across, 500 + 500 * up, _PRESSURE)
