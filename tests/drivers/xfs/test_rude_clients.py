"""Clients that do what they should not: the others are served, and no command runs for somebody who is gone."""

import asyncio
import json
import logging
import socket

import pytest
from websockets.exceptions import ConnectionClosed

from drivers.errors import HardwareFault
from drivers.supervision import Supervisor
from drivers.xfs import connection as connection_module
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import common
from tests.drivers.cabinet import CUSTOMER, MONITOR, OTHER, POLICY
from tests.drivers.fakes import FakeIdReader
from tests.drivers.running import running
from tests.drivers.xfs.wiring import cab
from tests.drivers.xfs_client import code

__all__ = ["cab"]
"""Fixtures that this file uses by their names."""

MANY = connection_module.BACKLOG + 200
BROKEN = "half a pair: \ud83d"


def _command(number, name="Common.Status", version="2.0", **header):
    header = {"name": name, "requestId": number, "type": "command", "version": version} | header
    return json.dumps({"header": header})


def _burst(wire, messages):
    """Many messages as one piece of the stream, as a client with a full buffer sends them."""
    with wire.socket.protocol_mutex:
        for message in messages:
            wire.socket.protocol.send_text(message.encode())
        wire.socket.send_data()


def test_hundreds_of_questions_at_once_are_each_answered(cab):
    """A client that reads is never taken for one that does not, however fast it asks."""
    with cab.wire("IdCardReader") as wire:
        _burst(wire, [_command(number) for number in range(1, MANY + 1)])
        last, answered = {}, 0
        while answered < MANY:
            header = wire.receive()["header"]
            if header["type"] == "completion" or header.get("status"):
                assert header["requestId"] not in last
                last[header["requestId"]] = header.get("completionCode") or header["status"]
                answered += 1
        assert set(last.values()) <= {"success", "tooManyRequests"}
        assert code(wire.ask("Common.Status", number=5000)[1]) == "success"
        with cab.wire("IdCardReader") as other:
            other.do("Common.Status")


def test_a_text_that_is_no_unicode_costs_no_answer(cab, monkeypatch):
    """A driver's or another vendor's words may hold half a surrogate pair."""

    async def fails(*_):
        raise HardwareFault("mediaJam", BROKEN)

    monkeypatch.setattr(cab.device("IdCardReader"), "reset", fails, raising=False)
    with cab.wire("IdCardReader") as wire:
        _, completion = wire.ask("CardReader.Reset")
        assert code(completion) == "mediaJam"
        assert completion["header"]["errorDescription"].startswith("half a pair")
        wire.do("Common.Status")


def test_a_client_whose_answer_cannot_be_sent_is_disconnected_and_not_left_waiting(cab, monkeypatch):
    with cab.wire("IdCardReader") as wire:
        wire.do("Common.Status")
        monkeypatch.setattr(connection_module, "write_acknowledge", lambda *_: 5)
        wire.send("Common.Status")
        with pytest.raises(ConnectionClosed):
            wire.receive()


class OddCode(HardwareFault):
    """An error of a driver that names no completion code of the standard."""

    completion = "noSuchCode"


@pytest.mark.parametrize(
    "error",
    [CommandFailed("odd", payload=common.Free(thing=object())), OddCode("odd", "odd")],
    ids=["payload", "code"],
)
def test_a_failure_that_cannot_be_told_ends_one_command_and_not_the_queue(cab, monkeypatch, error):
    async def fails(*_):
        raise error

    monkeypatch.setattr(cab.device("IdCardReader"), "reset", fails, raising=False)
    with cab.wire("IdCardReader") as wire:
        assert code(wire.ask("CardReader.Reset")[1]) == "internalError"
        monkeypatch.undo()
        assert code(wire.ask("CardReader.Reset")[1]) == "success"


def test_a_command_that_cannot_be_executed_makes_nobody_the_owner(cab):
    with cab.wire("IdCardReader", OTHER) as rude, cab.wire("IdCardReader") as kiosk:
        assert code(rude.ask("CardReader.ReadRawData", {"chip": "yes"})[1]) == "invalidData"
        assert code(kiosk.ask("CardReader.Reset")[1]) == "success"


def test_a_client_that_may_only_look_takes_no_pictures_and_sets_nothing(tmp_path):
    with running(tmp_path, "FaceCamera") as cab, cab.wire("FaceCamera", MONITOR) as watcher:
        for name, payload in (
            ("Camera.TakePicture", {"camera": "person"}),
            ("Common.SetTransactionState", {"state": "active"}),
        ):
            assert code(watcher.ask(name, payload)[1]) == "authorisationRequired"
        assert watcher.do("Common.GetTransactionState") == {"state": "inactive"}


def test_the_longest_timeouts_are_taken(cab):
    """A client that has no limit of its own writes the largest number it has."""
    with cab.wire("IdCardReader") as wire:
        for timeout in (86_400_001, 2**31 - 1, 2**63):
            assert code(wire.ask("Common.Status", timeout_ms=timeout)[1]) == "success"


def test_a_refusal_has_the_version_of_the_command(cab):
    with cab.wire("IdCardReader") as wire:
        wire.send_raw(_command(0, "CardReader.ChipIO", "3.0"))
        header = wire.receive()["header"]
        assert (header["status"], header["version"]) == ("invalidRequestID", "3.0")


def test_a_path_that_is_none_is_a_bad_request(cab, caplog):
    request = "GET //[ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    request += f"Authorization: Bearer {CUSTOMER}\r\n"
    request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with socket.create_connection(("127.0.0.1", cab.cabinet.server.port), timeout=5) as line:
        line.sendall(request.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 400 ")
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


class Stuck:
    """A socket whose other end takes nothing more."""

    async def send(self, _):
        await asyncio.Event().wait()


def test_a_client_given_up_for_not_reading_has_nothing_more_executed(cab, monkeypatch):
    monkeypatch.setattr(connection_module, "BACKLOG", 3)
    service, device = cab.service("IdCardReader"), cab.device("IdCardReader")
    with cab.wire("IdCardReader") as wire:
        wire.do("Common.Status")
        (line,) = service.lines
        line._socket = Stuck()
        with pytest.raises(ConnectionClosed):  # which may come while it still sends
            for _ in range(6):
                wire.send("Common.Status")
            wire.send("CardReader.Reset")
            wire.receive()
    with cab.wire("IdCardReader") as other:
        assert code(other.ask("CardReader.Reset")[1]) == "success"
    assert device.resets == 1


async def test_listeners_that_fail_do_not_end_the_watching_of_a_device(caplog):
    device = FakeIdReader()
    supervisor = Supervisor("IdCardReader", device, POLICY)

    def fails():
        raise ValueError("a listener's own fault")

    supervisor.on_change(fails)
    supervisor.start()
    async with asyncio.timeout(5):
        while supervisor.watch.stage != "online":
            await asyncio.sleep(0.01)
        device.unplug()
        while supervisor.watch.stage == "online":
            await asyncio.sleep(0.01)
        device.replug()
        while supervisor.watch.stage != "online":
            await asyncio.sleep(0.01)
    assert "a listener's own fault" in caplog.text
    await supervisor.close()
