"""Calls to the card service that were under way at once: each answer goes to the call it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from drivers.errors import DriverDied, LinkLost, MediaMissing, ProtocolError
from drivers.protocols.apdu_wire import ApduWire
from drivers.recording.lines import Line, Recording, head_of
from drivers.recording.player import Player
from drivers.recording.tap import RecordingTap
from drivers.transports import pcsc_calls
from drivers.transports.pcsc_tap import RecordedCalls, TappedCalls

HEAD = head_of("pcsc", "smartCardReader", {"reader": "*"}, datetime(2026, 10, 12, tzinfo=UTC))
GET_CHALLENGE = bytes.fromhex("0084000008")


def recorded(monkeypatch: pytest.MonkeyPatch, at_work: Callable[[TappedCalls], Any]) -> RecordedCalls:
    """A command during which the reader list was read, as another reader was plugged in; ready to be played."""
    found: list[Line] = []
    tap = RecordingTap(ApduWire)
    calls = TappedCalls(tap)
    monkeypatch.setattr(pcsc_calls, "readers", lambda context: ["ACS ACR39U 00 00", "Other 01 00"])

    def transmit(handle: int, protocol: int, apdu: bytes) -> bytes:
        calls.readers(1)
        return bytes(at_work(calls))

    monkeypatch.setattr(pcsc_calls, "transmit", transmit)
    tap.start(found.append)
    try:
        calls.transmit(1, 1, GET_CHALLENGE)
    except (LinkLost, MediaMissing):
        pass
    tap.stop()
    return RecordedCalls(Player(Recording(HEAD, tuple(found)), ApduWire()))


def test_an_answer_behind_the_list_of_readers_is_the_command_s(monkeypatch: pytest.MonkeyPatch) -> None:
    played = recorded(monkeypatch, lambda calls: bytes(8) + b"\x90\x00")
    assert played.transmit(1, 1, GET_CHALLENGE) == bytes(8) + b"\x90\x00"
    assert played.readers(1) == ["ACS ACR39U 00 00", "Other 01 00"]


def test_so_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken_out(calls: TappedCalls) -> bytes:
        raise MediaMissing("the card was taken out")

    played = recorded(monkeypatch, taken_out)
    with pytest.raises(MediaMissing, match="taken out") as caught:
        played.transmit(1, 1, GET_CHALLENGE)
    assert caught.value.code == "noMedia"
    assert played.readers(1) == ["ACS ACR39U 00 00", "Other 01 00"]


def test_an_error_of_a_class_of_its_own_is_played_as_the_nearest_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Worse(DriverDied):
        pass

    def worse(calls: TappedCalls) -> bytes:
        raise Worse("gone")

    played = recorded(monkeypatch, worse)
    with pytest.raises(DriverDied, match="gone"):
        played.transmit(1, 1, GET_CHALLENGE)


@pytest.mark.parametrize("name", ["ClassVar", "annotations", "StoreError", "Exception", "nothing"])
def test_what_is_no_error_of_a_card_is_told(name: str) -> None:
    error = b"!" + json.dumps([name, None, "words"]).encode()
    lines = (Line(0.1, "out", (b"T" + GET_CHALLENGE).hex()), Line(0.2, "in", error.hex()))
    played = RecordedCalls(Player(Recording(HEAD, lines), ApduWire()))
    with pytest.raises(ProtocolError, match=name):
        played.transmit(1, 1, GET_CHALLENGE)
