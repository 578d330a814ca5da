"""The calls to the smart card service as one object, so that they can be written down and played back.

Each call is one message to the tap: ``L`` the readers, ``C`` connect, ``R`` and ``W`` reset cold and warm, ``A`` the
answer to reset, ``T`` a command APDU; the answer has the same letter. What is believed of the reader comes by itself
as ``S``, an error as ``!`` with its class, code and words, and the letter of the call that it ended.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from drivers import errors
from drivers.binding import machine
from drivers.errors import DeadlinePassed, DeviceError, LinkLost, ProtocolError
from drivers.protocols.apdu_wire import ERROR
from drivers.transports import pcsc_calls
from drivers.transports.link import Tap
from drivers.transports.pcsc_calls import Sighting
from drivers.transports.playing import Playing

_T = TypeVar("_T")
_SIGHTING: Final = b"S"
_STEP_S: Final = 0.02


class CardCalls:
    """``pcsc_calls`` as they are."""

    def establish(self) -> int:
        """A context of the calling thread."""
        return pcsc_calls.establish()

    def release(self, context: int) -> None:
        """Give a context back."""
        pcsc_calls.release(context)

    def cancel(self, context: int) -> None:
        """End a ``watch`` of another thread."""
        pcsc_calls.cancel(context)

    def readers(self, context: int) -> list[str]:
        """The names of all readers."""
        return pcsc_calls.readers(context)

    def watch(
        self, context: int, reader: str, marks: tuple[int, int], wait_s: float
    ) -> tuple[Sighting, int, bool]:
        """Wait for a change."""
        return pcsc_calls.watch(context, reader, marks, wait_s)

    def ask(self, context: int, reader: str, said: Sighting) -> Sighting | None:
        """Make the service ask the reader, after it ``said`` so; None while a program holds the card."""
        if said.used or not pcsc_calls.check(context, reader):
            return None
        return pcsc_calls.watch(context, reader, (0, 0), 0)[0]

    def told(self, believed: Sighting) -> None:
        """This is what the driver is about to hear of the reader."""

    def at(self, context: int, reader: str, place: str) -> bool:
        """Whether the reader is plugged in at the USB socket ``place``."""
        address = pcsc_calls.usb_address(context, reader)
        return address is not None and machine.socket_of(*address) == place

    def connect(self, context: int, reader: str) -> tuple[int, int]:
        """Power the card; handle and protocol."""
        return pcsc_calls.connect(context, reader)

    def reconnect(self, handle: int, *, cold: bool) -> int:
        """Reset the card; the protocol."""
        return pcsc_calls.reconnect(handle, cold=cold)

    def answer_to_reset(self, handle: int) -> bytes:
        """The answer to the last reset."""
        return pcsc_calls.answer_to_reset(handle)

    def transmit(self, handle: int, protocol: int, apdu: bytes) -> bytes:
        """One command and its answer."""
        return pcsc_calls.transmit(handle, protocol, apdu)

    def disconnect(self, handle: int) -> None:
        """Let go of the card."""
        pcsc_calls.disconnect(handle)


class TappedCalls(CardCalls):
    """The same, each written to a tap."""

    def __init__(self, tap: Tap) -> None:
        self._tap = tap
        self._guard = threading.Lock()
        self._seen: Sighting | None = None

    def readers(self, context: int) -> list[str]:
        """The names of all readers."""
        return self._told(b"L", lambda: super(TappedCalls, self).readers(context), _dump_names)

    def watch(
        self, context: int, reader: str, marks: tuple[int, int], wait_s: float
    ) -> tuple[Sighting, int, bool]:
        """Wait for a change."""
        if marks == (0, 0):
            self._tap.opened()
            self._seen = None
        try:
            return super().watch(context, reader, marks, wait_s)
        except DeadlinePassed:
            raise
        except DeviceError as error:
            self._tap.closed(type(error).__name__)
            raise

    def ask(self, context: int, reader: str, said: Sighting) -> Sighting | None:
        """Make the service ask the reader; what comes of it is written down when it is believed."""
        try:
            return super().ask(context, reader, said)
        except DeviceError as error:
            self._tap.closed(type(error).__name__)
            raise

    def told(self, believed: Sighting) -> None:
        """Each change is written down once."""
        if believed != self._seen:
            self._seen = believed
            self._tap.incoming(_dump_sighting(believed))

    def connect(self, context: int, reader: str) -> tuple[int, int]:
        """Power the card."""
        return self._told(
            b"C", lambda: super(TappedCalls, self).connect(context, reader), lambda found: _byte(found[1])
        )

    def reconnect(self, handle: int, *, cold: bool) -> int:
        """Reset the card."""
        letter = b"R" if cold else b"W"
        return self._told(letter, lambda: super(TappedCalls, self).reconnect(handle, cold=cold), _byte)

    def answer_to_reset(self, handle: int) -> bytes:
        """The answer to the last reset."""
        return self._told(b"A", lambda: super(TappedCalls, self).answer_to_reset(handle), bytes)

    def transmit(self, handle: int, protocol: int, apdu: bytes) -> bytes:
        """One command and its answer."""
        call = super().transmit
        return self._told(b"T" + apdu, lambda: call(handle, protocol, apdu), bytes)

    def _told(self, request: bytes, call: Callable[[], _T], dump: Callable[[_T], bytes]) -> _T:
        with self._guard:
            self._tap.outgoing(request)
        try:
            found = call()
        except DeviceError as error:
            self._tap.incoming(_dump_error(error, request[:1]))
            raise
        self._tap.incoming(request[:1] + dump(found))
        return found


class RecordedCalls(CardCalls):
    """The same, answered by a recording."""

    def __init__(self, player: Playing) -> None:
        self._player = player
        self._sightings: queue.SimpleQueue[Sighting | None] = queue.SimpleQueue()  # None: the reader has gone
        self._cancelled = threading.Event()
        self._given = False

    def establish(self) -> int:
        """There is one context."""
        return 1

    def release(self, context: int) -> None:
        """Nothing is held."""

    def cancel(self, context: int) -> None:
        """End a ``watch``."""
        self._cancelled.set()

    def disconnect(self, handle: int) -> None:
        """Nothing is held."""

    def readers(self, context: int) -> list[str]:
        """The recorded names."""
        return [str(name) for name in json.loads(self._asked(b"L"))]

    def watch(
        self, context: int, reader: str, marks: tuple[int, int], wait_s: float
    ) -> tuple[Sighting, int, bool]:
        """The next change, or ``DeadlinePassed`` when none comes in time."""
        if marks == (0, 0):
            self._cancelled.clear()
            reply = self._player.open()
            if reply is None:
                raise LinkLost("the reader did not come back in the recording")
            self._sort(reply)
        if self._given:  # who asks again has passed the last one on
            self._given = False
            self._player.owed -= 1
        end = time.monotonic() + wait_s
        while not self._cancelled.is_set():
            try:
                seen = self._sightings.get(timeout=_STEP_S)
            except queue.Empty:
                if time.monotonic() >= end:
                    break
                continue
            if seen is None:
                raise LinkLost("the reader has gone in the recording")
            self._given = True
            return seen, 0, False
        raise DeadlinePassed("nothing changed in time")

    def ask(self, context: int, reader: str, said: Sighting) -> Sighting | None:
        """The same again: what was written down was believed already."""
        return said

    def at(self, context: int, reader: str, place: str) -> bool:
        """The recording is of the reader that was meant."""
        return True

    def connect(self, context: int, reader: str) -> tuple[int, int]:
        """The recorded protocol."""
        return 1, self._asked(b"C")[0]

    def reconnect(self, handle: int, *, cold: bool) -> int:
        """The recorded protocol."""
        return self._asked(b"R" if cold else b"W")[0]

    def answer_to_reset(self, handle: int) -> bytes:
        """The recorded answer."""
        return self._asked(b"A")

    def transmit(self, handle: int, protocol: int, apdu: bytes) -> bytes:
        """The recorded answer."""
        return self._asked(b"T" + apdu)

    def _asked(self, request: bytes) -> bytes:
        answer = self._sort(self._player.ask(request))
        if answer is None:
            raise LinkLost("the recording has no answer to this")
        return answer

    def _sort(self, reply: Any) -> bytes | None:
        """Sightings go to the watch; the answer, if there is one, is returned or raised."""
        answer = None
        for piece in reply.pieces:
            if piece.startswith(_SIGHTING):
                self._player.owed += 1
                self._sightings.put(_load_sighting(piece))
            else:
                answer = piece
        if reply.lost is not None:
            self._sightings.put(None)
        if answer is not None and answer.startswith(ERROR):
            raise _load_error(answer)
        return None if answer is None else bytes(answer[1:])


def _byte(value: int) -> bytes:
    return bytes((value,))


def _dump_names(names: list[str]) -> bytes:
    return json.dumps(names).encode()


def _dump_sighting(seen: Sighting) -> bytes:
    return _SIGHTING + json.dumps([seen.present, seen.mute, seen.atr.hex(), seen.mark]).encode()


def _load_sighting(data: bytes) -> Sighting:
    present, mute, atr, mark = json.loads(data[1:])
    return Sighting(present, mute, bytes.fromhex(atr), mark)


def _dump_error(error: DeviceError, letter: bytes) -> bytes:
    """Under the nearest of the classes that ``_load_error`` knows."""
    name = next(kind.__name__ for kind in type(error).__mro__ if vars(errors).get(kind.__name__) is kind)
    return ERROR + json.dumps([name, error.code, str(error), letter.decode("ascii")]).encode()


def _load_error(data: bytes) -> DeviceError:
    name, code, words, *_letter = json.loads(data[1:])
    kind = vars(errors).get(str(name))
    if not (isinstance(kind, type) and issubclass(kind, DeviceError)):
        raise ProtocolError(f"'{name}' is no error that a card can end with; the recording was changed")
    error: DeviceError = kind.__new__(kind)
    Exception.__init__(error, words)
    error.code = code
    return error
