"""Who is served when: commands that wait, are cancelled and time out, connections that end, and who owns a device."""

import asyncio
import threading
import time

from tests.drivers.cabinet import MONITOR, OPERATOR, OTHER
from tests.drivers.running import running
from tests.drivers.xfs.wiring import cab
from tests.drivers.xfs_client import b64, code

__all__ = ["cab"]
"""Fixtures that this file uses by their names."""


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


def test_a_handler_that_was_given_up_is_waited_for_when_the_service_closes(tmp_path, monkeypatch):
    """Its command is completed long before it ends; ``running`` tells what is left behind."""
    monkeypatch.setattr("drivers.xfs.request.STUCK_S", 0.1)
    with running(tmp_path, "IdCardReader") as cab:
        device = cab.device("IdCardReader")
        device.stuck = True
        with cab.wire("IdCardReader") as wire:
            number = wire.send("ResidentIdReader.ReadIdCard", version="1.0", timeout_ms=50)
            assert wire.acknowledged(number) is None
            assert code(wire.finish(number)[1]) == "hardwareError"
        cab.do(lambda: cab.loop.call_later(0.5, setattr, device, "stuck", False))


def test_a_print_that_never_ends_does_not_hold_the_queue_for_ever(tmp_path, monkeypatch):
    """It is never torn down, but a driver that hangs after it was asked to stop is given up at last."""
    monkeypatch.setattr("drivers.xfs.request.STUCK_S", 0.2)
    monkeypatch.setattr("drivers.xfs.request.GRACEFUL_S", 0.5, raising=False)
    with running(tmp_path, "DocumentPrinter") as cab:
        device = cab.device("DocumentPrinter")
        released = asyncio.Event()

        async def hangs(*_):
            await released.wait()

        monkeypatch.setattr(device, "print_pdf", hangs)
        with cab.wire("DocumentPrinter") as wire:
            number = wire.send("Printer.PrintNative", {"data": b64(b"%PDF-1.4 page")}, version="3.0")
            assert wire.acknowledged(number) is None
            while not cab.service("DocumentPrinter").supervisor.used:
                time.sleep(0.01)
            wire.do("Common.Cancel")
            assert code(wire.finish(number, 8)[1]) == "hardwareError"
            deadline = time.monotonic() + 5
            while code(wire.ask("Printer.Reset", version="3.0")[1]) != "success":
                assert time.monotonic() < deadline
                time.sleep(0.05)
        cab.do(released.set)


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
