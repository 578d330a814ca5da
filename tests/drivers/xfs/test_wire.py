"""The wire as the standard has it, seen by a client that shares no code with the service: addresses, messages and payloads."""

import http.client
import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from drivers.xfs.messages.barcode import SYMBOLOGIES
from tests.drivers.cabinet import CUSTOMER
from tests.drivers.xfs.wiring import cab
from tests.drivers.xfs_client import Wire, code

__all__ = ["cab"]
"""Fixtures that this file uses by their names."""


def test_the_publisher_tells_every_service_and_each_answers_at_its_address(cab):
    with cab.wire() as publisher:
        told = publisher.do("ServicePublisher.GetServices")
    names = [service["serviceURI"].rsplit("/", 1)[1] for service in told["services"]]
    assert names == ["IdCardReader", "BarcodeReader"]
    for service in told["services"]:
        with Wire(service["serviceURI"], CUSTOMER) as wire:
            assert wire.do("Common.Status")["common"]["device"] == "online"


def test_the_publisher_knows_no_common_commands(cab):
    with cab.wire() as publisher:
        _, completion = publisher.ask("Common.Status")
        assert code(completion) == "unsupportedCommand"


@pytest.mark.parametrize("suffix", ["", "/"])
def test_paths_are_taken_with_and_without_a_trailing_slash(cab, suffix):
    with cab.wire(suffix=suffix) as wire:
        assert wire.do("ServicePublisher.GetServices")["services"]
    with cab.wire("IdCardReader", suffix=suffix) as wire:
        wire.do("Common.Status")


def test_paths_are_compared_ignoring_case(cab):
    uri = cab.cabinet.uri("IdCardReader").replace("/xfs4iot/", "/XFS4IoT/").replace("IdCard", "IDCARD")
    with Wire(uri, CUSTOMER) as wire:
        wire.do("Common.Status")


@pytest.mark.parametrize("path", ["/xfs4iot/v1.0", "/xfs4iot/v1.0/IdCardReader", "/nothing"])
def test_plain_http_is_answered_400_with_an_empty_body(cab, path):
    connection = http.client.HTTPConnection("127.0.0.1", cab.cabinet.server.port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (400, b"")
    connection.close()


@pytest.mark.parametrize(
    ("token", "headers", "path", "status"),
    [
        (None, {}, "IdCardReader", 401),
        ("wrong" * 5, {}, "IdCardReader", 401),
        (CUSTOMER, {"Origin": "http://127.0.0.1"}, "IdCardReader", 403),
        (None, {"Origin": "null"}, "", 403),
        (CUSTOMER, {}, "NoSuchService", 404),
        (None, {}, "NoSuchService", 401),
    ],
)
def test_who_may_not_come_in_is_told_why(cab, token, headers, path, status):
    with pytest.raises(InvalidStatus) as refused:
        cab.wire(path, token, headers=headers)
    assert refused.value.response.status_code == status
    if status == 401:
        assert refused.value.response.headers["WWW-Authenticate"] == "Bearer"


def test_the_acknowledge_comes_before_the_events_and_one_completion_ends_it(cab):
    cab.do(cab.device("IdCardReader").lay)
    with cab.wire("IdCardReader") as wire:
        number = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=5000)
        assert wire.acknowledged(number) is None
        events, completion = wire.finish(number)
        assert [event["header"]["name"] for event in events] == [
            "CardReader.InsertCardEvent",
            "CardReader.MediaInsertedEvent",
        ]
        assert all("payload" not in event for event in events)
        assert completion["payload"]["name"] == "李秀兰"
        assert completion["payload"]["validFrom"] == "2015-01-01"
        assert "validTo" not in completion["payload"]
        wire.do("Common.Status")
        assert not [m for m in wire.unsolicited if m["header"].get("requestId") == number]


def test_every_command_of_the_capabilities_has_a_version_and_what_is_not_there_is_unsupported(cab):
    with cab.wire("IdCardReader") as wire:
        interfaces = wire.do("Common.Capabilities")["interfaces"]
        by_name = {interface["name"]: interface for interface in interfaces}
        assert {"Common", "CardReader", "ResidentIdReader"} <= set(by_name)
        for interface in interfaces:
            assert all(facts["versions"] for facts in interface["commands"].values())
        for name in ("CardReader.Move", "CardReader.ChipIO", "Printer.PrintRaw", "Nobody.Knows"):
            _, completion = wire.ask(name)
            assert code(completion) == "unsupportedCommand"


def test_the_symbologies_that_the_readers_tell_apart_are_listed(cab):
    with cab.wire("BarcodeReader") as wire:
        told = wire.do("Common.Capabilities")["barcodeReader"]
        assert told["canFilterSymbologies"] is True
        assert (
            {"qrCode", "code128", "pdf417", "dataMatrix", "ean13"}
            <= told["symbologies"].keys()
            <= SYMBOLOGIES
        )


def test_a_version_of_another_major_is_unsupported_and_a_minor_is_not(cab):
    with cab.wire("IdCardReader") as wire:
        assert code(wire.ask("Common.Status", version="2.7")[1]) == "success"
        assert code(wire.ask("Common.Status", version="3.0")[1]) == "unsupportedCommand"
        _, completion = wire.ask("Common.Status")
        assert completion["header"]["version"] == "3.0"


def test_set_versions_takes_the_majors_there_are(cab):
    with cab.wire("IdCardReader") as wire:
        wire.do("Common.SetVersions", {"commands": {"CardReader.Reset": 2}, "events": {}})
        _, other = wire.ask("Common.SetVersions", {"commands": {"CardReader.Reset": 9}})
        assert code(other) == "unsupportedData"
        _, unknown = wire.ask("Common.SetVersions", {"events": {"CardReader.Nothing": 2}})
        assert code(unknown) == "invalidData"


@pytest.mark.parametrize("payload", [{}, {"payload": None}, {"payload": {}}])
def test_an_absent_a_null_and_an_empty_payload_are_alike(cab, payload):
    header = {"name": "Common.Status", "requestId": 5, "type": "command", "version": "2.0"}
    with cab.wire("IdCardReader") as wire:
        wire.send_raw(json.dumps({"header": header, **payload}))
        assert wire.acknowledged(5) is None
        assert code(wire.finish(5)[1]) == "success"


def test_a_binary_frame_is_read_as_utf8_and_answered_in_text(cab):
    with cab.wire("IdCardReader") as wire:
        header = {"name": "Common.Status", "requestId": 5, "type": "command", "version": "2.0"}
        wire.send_raw(json.dumps({"header": header}).encode())
        assert isinstance(wire.socket.recv(timeout=5), str)


def _header(**changes):
    header = {"name": "Common.Status", "requestId": 7, "type": "command", "version": "2.0", "timeout": 0}
    return {"header": {name: value for name, value in (header | changes).items() if value is not ...}}


@pytest.mark.parametrize(
    ("message", "number", "status"),
    [
        ("no json", 0, "invalidMessage"),
        ("[1, 2]", 0, "invalidMessage"),
        ("{}", 0, "invalidMessage"),
        ('{"header": NaN}', 0, "invalidMessage"),
        ("[" * 100_000, 0, "invalidMessage"),
        (_header(name=...), 7, "invalidMessage"),
        (_header(name="Status"), 7, "invalidMessage"),
        (_header(name="Common.Status\ud800"), 7, "invalidMessage"),
        (_header(type="event"), 7, "invalidMessage"),
        (_header(type=...), 7, "invalidMessage"),
        (_header(version="2"), 7, "invalidMessage"),
        (_header(version="2.01"), 7, "invalidMessage"),
        (_header(version=2.0), 7, "invalidMessage"),
        (_header(timeout=-1), 7, "invalidMessage"),
        (_header(timeout="5"), 7, "invalidMessage"),
        (_header(timeout=True), 7, "invalidMessage"),
        (_header(requestId=0), 0, "invalidRequestID"),
        (_header(requestId=-3), -3, "invalidRequestID"),
        (_header(requestId=2**31), 2**31, "invalidRequestID"),
        (_header(requestId=2**31, type="event"), 2**31, "invalidMessage"),
        (_header(requestId="7"), 0, "invalidRequestID"),
        (_header(requestId=7.5), 0, "invalidRequestID"),
        (_header(requestId=True), 0, "invalidRequestID"),
        (_header(requestId=...), 0, "invalidRequestID"),
        (_header(requestId=10**30), 0, "invalidRequestID"),
    ],
)
def test_a_message_that_is_none_is_refused_and_nothing_follows(cab, message, number, status):
    text = message if isinstance(message, str) else json.dumps(message)
    with cab.wire("IdCardReader") as wire:
        wire.send_raw(text)
        header = wire.receive()["header"]
        assert (header["type"], header["status"], header["requestId"]) == ("acknowledge", status, number)
        assert "completionCode" not in header
        wire.number = 100
        assert wire.do("Common.Status")  # the connection lives on, and nothing came in between


@pytest.mark.parametrize(
    ("name", "payload", "expected"),
    [
        ("CardReader.ReadRawData", [], "invalidCommand"),
        ("CardReader.ReadRawData", "chip", "invalidCommand"),
        ("CardReader.ReadRawData", {"chip": "yes"}, "invalidData"),
        ("CardReader.ReadRawData", {}, "invalidData"),
        ("CardReader.ReadRawData", {"chip": True, "track1": True}, "unsupportedData"),
        ("CardReader.ChipPower", {}, "invalidData"),
        ("CardReader.ChipPower", {"chipPower": "lukewarm"}, "invalidData"),
        ("CardReader.ChipPower", {"chipPower": "WARM"}, "unsupportedData"),
        ("Common.Cancel", {"requestIds": ["1"]}, "invalidData"),
    ],
)
def test_a_bad_payload_ends_with_the_code_that_says_so(cab, name, payload, expected):
    with cab.wire("IdCardReader") as wire:
        number = 9
        header = {"name": name, "requestId": number, "type": "command", "version": "2.0"}
        wire.send_raw(json.dumps({"header": header, "payload": payload}))
        assert wire.acknowledged(number) is None
        assert code(wire.finish(number)[1]) == expected


def test_unknown_properties_are_ignored(cab):
    with cab.wire("IdCardReader") as wire:
        assert "common" in wire.do("Common.Status", {"sinceVersion": 9})


def test_a_number_still_pending_is_refused_and_the_first_request_lives_on(cab):
    with cab.wire("IdCardReader") as wire:
        first = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=400)
        assert wire.acknowledged(first) is None
        wire.next_of(first)  # InsertCardEvent
        wire.send("Common.Status", number=first)
        refused = wire.next_of(first)
        assert refused["header"]["status"] == "invalidRequestID"
        assert code(wire.finish(first)[1]) == "timeOut"
        wire.send("Common.Status", number=first)
        assert wire.acknowledged(first) is None


def test_too_many_requests_of_one_connection_are_refused(cab):
    with cab.wire("IdCardReader") as wire, cab.wire("IdCardReader") as other:
        most = wire.do("Common.Capabilities")["interfaces"][0]["maximumRequests"]
        numbers = [wire.send("ResidentIdReader.ReadIdCard", version="1.0") for _ in range(most + 1)]
        assert wire.acknowledged(numbers[0]) is None
        assert wire.acknowledged(numbers[-1]) == "tooManyRequests"
        assert other.do("Common.Status")
        wire.close()


def test_who_has_filled_the_queue_may_still_ask_and_cancel(cab):
    """What is executed beside the queue takes no place in it: else nothing could take the queue back but a hang-up."""
    with cab.wire("IdCardReader") as wire:
        most = wire.do("Common.Capabilities")["interfaces"][0]["maximumRequests"]
        numbers = [wire.send("ResidentIdReader.ReadIdCard", version="1.0") for _ in range(most)]
        assert {wire.acknowledged(number) for number in numbers} == {None}
        assert wire.do("Common.Status")["common"]["device"] == "online"
        assert code(wire.ask("Common.Cancel")[1]) == "success"
        ended = [wire.receive()["header"] for _ in numbers]
        assert {header["requestId"] for header in ended} == {*numbers}
        assert {header["completionCode"] for header in ended} == {"canceled"}


def test_two_mebibytes_are_taken_and_more_closes_with_1009(cab):
    header = {"name": "Common.Status", "requestId": 1, "type": "command", "version": "2.0"}
    with cab.wire("IdCardReader") as wire:
        message = {"header": header, "payload": {"filler": ""}}
        filler = 2 * 1024 * 1024 - len(json.dumps(message))
        message["payload"]["filler"] = "x" * filler
        wire.send_raw(json.dumps(message))
        assert wire.acknowledged(1) is None
        with pytest.raises(ConnectionClosed) as closed:
            wire.finish(1)
            wire.send_raw("y" * (2 * 1024 * 1024 + 1))
            while True:
                wire.receive()
        assert closed.value.rcvd.code == 1009
