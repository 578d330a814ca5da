"""The wire as the standard has it, seen by a client that shares no code with the service."""

import http.client
import json
import threading
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.drivers.cabinet import CUSTOMER, MONITOR, OPERATOR, OTHER
from tests.drivers.running import running
from tests.drivers.xfs_client import Wire, b64, code


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "IdCardReader", "BarcodeReader") as cab:
        yield cab


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
        (_header(requestId=-3), 0, "invalidRequestID"),
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


def test_status_answers_while_a_command_runs_and_other_commands_wait_their_turn(cab):
    with cab.wire("IdCardReader") as wire, cab.wire("IdCardReader") as second:
        reading = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=5000)
        assert wire.acknowledged(reading) is None
        resetting = second.send("CardReader.Reset")
        assert second.acknowledged(resetting) is None
        assert second.do("Common.Status")["common"]["device"] == "online"
        assert cab.device("IdCardReader").resets == 0
        cab.do(cab.device("IdCardReader").lay)
        assert code(wire.finish(reading)[1]) == "success"
        assert code(second.finish(resetting)[1]) == "success"
        assert cab.device("IdCardReader").resets == 1


def test_commands_of_all_connections_run_in_the_order_they_came(cab):
    with cab.wire("BarcodeReader") as one, cab.wire("BarcodeReader") as two:
        reads = []
        for wire in (one, two, one, two):
            number = wire.send("BarcodeReader.Read")
            assert wire.acknowledged(number) is None
            reads.append((wire, number))
        for text in (b"1", b"2", b"3", b"4"):
            cab.do(cab.device("BarcodeReader").show_code, text)
        codes = [wire.finish(number)[1]["payload"]["readOutput"][0] for wire, number in reads]
        assert [code["barcodeData"] for code in codes] == [b64(text) for text in (b"1", b"2", b"3", b"4")]


def test_the_timeout_counts_from_receipt_and_ends_a_waiting_command_at_once(cab):
    with cab.wire("IdCardReader") as wire:
        reading = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=1500)
        waiting = wire.send("CardReader.Reset", timeout_ms=200)
        started = time.monotonic()
        assert wire.acknowledged(reading) is None
        assert wire.acknowledged(waiting) is None
        assert code(wire.finish(waiting)[1]) == "timeOut"
        assert time.monotonic() - started < 0.8
        assert code(wire.finish(reading)[1]) == "timeOut"
        assert 1.3 < time.monotonic() - started < 2.5
        assert cab.device("IdCardReader").resets == 0


def test_cancel_completes_first_then_what_waited_then_what_ran(cab):
    with cab.wire("IdCardReader") as wire:
        running_one = wire.send("ResidentIdReader.ReadIdCard", version="1.0")
        assert wire.acknowledged(running_one) is None
        waiting = wire.send("CardReader.Reset")
        assert wire.acknowledged(waiting) is None
        cancel = wire.send("Common.Cancel")
        order = []
        while len(order) < 3:
            header = wire.receive()["header"]
            if header["type"] == "completion":
                order.append((header["requestId"], header["completionCode"]))
        assert order[0] == (cancel, "success")
        assert set(order[1:]) == {(waiting, "canceled"), (running_one, "canceled")}
        assert cab.device("IdCardReader").resets == 0


def test_cancel_by_number_touches_only_that_request(cab):
    with cab.wire("IdCardReader") as wire:
        reading = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=3000)
        waiting = wire.send("CardReader.Reset")
        assert wire.acknowledged(reading) is None
        assert wire.acknowledged(waiting) is None
        wire.do("Common.Cancel", {"requestIds": [waiting, 999]})
        assert code(wire.finish(waiting)[1]) == "canceled"
        cab.do(cab.device("IdCardReader").lay)
        assert code(wire.finish(reading)[1]) == "success"


def test_cancel_with_nothing_to_cancel_says_so_and_reaches_no_other_connection(cab):
    with cab.wire("IdCardReader") as wire, cab.wire("IdCardReader") as other:
        number = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=3000)
        assert wire.acknowledged(number) is None
        for payload in ({}, {"requestIds": [number]}, {"requestIds": []}):
            assert code(other.ask("Common.Cancel", payload)[1]) == "noMatchingRequestIDs"
        cab.do(cab.device("IdCardReader").lay)
        assert code(wire.finish(number)[1]) == "success"


def test_a_disconnect_cancels_what_the_connection_asked_for(cab):
    wire = cab.wire("IdCardReader")
    number = wire.send("ResidentIdReader.ReadIdCard", version="1.0")
    assert wire.acknowledged(number) is None
    queued = wire.send("CardReader.Reset")
    assert wire.acknowledged(queued) is None
    wire.close()
    with cab.wire("IdCardReader") as other:
        cab.do(cab.device("IdCardReader").lay)
        other.do("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=5000)
    assert cab.device("IdCardReader").resets == 0


def test_events_go_to_the_asking_connection_and_unsolicited_ones_to_all(cab):
    with cab.wire("IdCardReader") as asking, cab.wire("IdCardReader") as other:
        other.do("Common.Status")
        cab.do(cab.device("IdCardReader").lay)
        asking.do("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=5000)
        cab.do(cab.device("IdCardReader").take)
        for wire in (asking, other):
            removed = wire.wait_unsolicited("CardReader.MediaRemovedEvent")
            assert removed["header"]["type"] == "unsolicited"
            changed = [
                m["payload"]["cardReader"]["media"]
                for m in wire.unsolicited
                if m["header"]["name"] == "Common.StatusChangedEvent"
            ]
            assert changed == ["present", "notPresent"]


def test_a_status_change_of_a_command_is_told_before_its_completion(cab):
    cab.do(cab.device("IdCardReader").lay)
    with cab.wire("IdCardReader") as wire:
        number = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=5000)
        seen = []
        while not seen or seen[-1] != "completion":
            seen.append(wire.receive()["header"]["type"])
        assert seen.index("unsolicited") < seen.index("completion")
        assert number


def test_old_clients_get_unsolicited_messages_as_events(cab):
    with cab.wire("IdCardReader", suffix="?unsolicitedAs=event") as wire:
        wire.do("Common.Status")
        cab.do(lambda: cab.device("IdCardReader").show(cardReader={"media": "jammed"}))
        changed = wire.wait_unsolicited("Common.StatusChangedEvent")
        assert changed["header"]["type"] == "event"
        assert "requestId" not in changed["header"]


def test_a_client_that_may_only_look_cannot_move_anything(cab):
    with cab.wire("IdCardReader", MONITOR) as wire:
        assert wire.do("Common.Status")
        assert code(wire.ask("CardReader.Reset")[1]) == "authorisationRequired"
        assert code(wire.ask("Supervision.Reconnect", version="1.0")[1]) == "authorisationRequired"


def test_a_device_has_one_owner_until_its_last_connection_closes(cab):
    owner = cab.wire("IdCardReader")
    owner.do("CardReader.Reset")
    with cab.wire("IdCardReader", OTHER) as other:
        _, refused = other.ask("CardReader.Reset")
        assert code(refused) == "authorisationRequired"
        assert "kiosk-run" in refused["header"]["errorDescription"]
        assert other.do("Common.Status")
        owner.close()
        deadline = time.monotonic() + 5
        while code(other.ask("CardReader.Reset")[1]) != "success":
            assert time.monotonic() < deadline


def test_an_operator_takes_over_an_idle_device_and_not_a_busy_one(cab):
    with cab.wire("IdCardReader") as owner, cab.wire("IdCardReader", OPERATOR) as staff:
        number = owner.send("ResidentIdReader.ReadIdCard", version="1.0")
        assert owner.acknowledged(number) is None
        assert code(staff.ask("CardReader.Reset")[1]) == "authorisationRequired"
        owner.do("Common.Cancel")
        assert code(owner.finish(number)[1]) == "canceled"
        staff.do("CardReader.Reset")
        assert code(owner.ask("CardReader.Reset")[1]) == "authorisationRequired"


def test_transaction_state_is_kept_for_everybody(cab):
    with cab.wire("IdCardReader") as wire, cab.wire("IdCardReader") as other:
        assert wire.do("Common.GetTransactionState") == {"state": "inactive"}
        wire.do("Common.SetTransactionState", {"state": "active", "transactionID": "t-1"})
        assert other.do("Common.GetTransactionState") == {"state": "active", "transactionID": "t-1"}


def test_a_client_that_does_not_read_is_disconnected_and_the_service_goes_on(cab):
    slow = cab.wire("IdCardReader")
    device = cab.device("IdCardReader")

    def shake():
        for n in range(4000):
            device.show(cardReader={"media": "present" if n % 2 else "notPresent"})

    cab.do(shake)
    with cab.wire("IdCardReader") as other:
        assert other.do("Common.Status")
    slow.close()


def test_an_unplugged_device_answers_status_and_refuses_commands_until_it_is_back(cab):
    device = cab.device("IdCardReader")
    with cab.wire("IdCardReader") as wire:
        wire.do("Common.Status")
        cab.do(device.unplug)
        gone = wire.wait_unsolicited("Common.ErrorEvent")
        assert gone["payload"]["eventId"] == "hardware"
        status = wire.do("Common.Status")
        assert status["common"]["device"] == "noDevice"
        assert status["cardReader"]["media"] == "unknown"
        assert code(wire.ask("CardReader.Reset")[1]) == "deviceNotReady"
        health = wire.do("Supervision.GetHealth", version="1.0")
        assert (health["state"], health["drops"]) == ("waiting", 1)
        cab.do(device.replug)
        deadline = time.monotonic() + 5
        while wire.do("Common.Status")["common"]["device"] != "online":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert wire.do("Common.Status")["cardReader"]["media"] == "notPresent"


def test_a_driver_that_ignores_a_cancel_does_not_hang_the_service(cab, monkeypatch):
    monkeypatch.setattr("drivers.xfs.request.STUCK_S", 0.2)
    device = cab.device("IdCardReader")
    device.stuck = True
    with cab.wire("IdCardReader") as wire:
        number = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=100)
        assert wire.acknowledged(number) is None
        assert code(wire.finish(number)[1]) == "hardwareError"
        assert device.opens >= 1
        device.stuck = False
        deadline = time.monotonic() + 5
        while code(wire.ask("CardReader.Reset")[1]) != "success":
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_many_clients_may_talk_at_once(cab):
    failures = []

    def client():
        try:
            with cab.wire("BarcodeReader") as wire:
                for _ in range(20):
                    wire.do("Common.Status")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
