"""Connect, watch, lose, wait, connect again; and never believe an old status."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from drivers.errors import DeadlinePassed, DeviceNotReady, DriverConfigError, MediaMissing
from drivers.ports import DeviceState, Snapshot
from drivers.ports_supervision import AWAY_LOOKS
from drivers.supervision import Policy, Stage, Supervisor
from tests.drivers.fakes import FakeIdReader

POLICY = Policy(first_s=0.01, last_s=0.02, settle_s=0.1, stable_s=0.2, max_age_s=60.0)


async def until(look, seconds=3.0):
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.002)


async def _supervised(device, policy=POLICY):
    supervisor = Supervisor("device", device, policy)
    seen = []
    supervisor.on_change(lambda: seen.append(supervisor.known.device))
    supervisor.start()
    return supervisor, seen


async def test_a_device_that_answers_is_online_and_can_be_used():
    device = FakeIdReader()
    supervisor, seen = await _supervised(device)
    assert supervisor.known.device is DeviceState.STARTING
    with pytest.raises(DeviceNotReady):
        supervisor.using().__enter__()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    with supervisor.using() as used:
        assert used is device
    await supervisor.close()
    assert not device.opened
    assert seen[-1] is DeviceState.OFFLINE


async def test_a_device_that_comes_later_is_found_by_itself():
    device = FakeIdReader()
    device.plugged = False
    supervisor, _ = await _supervised(device)
    await until(lambda: supervisor.watch.attempts >= 3)
    assert supervisor.known.device is DeviceState.OFFLINE
    assert "nothing is plugged in" in supervisor.watch.cause
    device.replug()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert supervisor.watch.cause is None
    await supervisor.close()


async def test_a_shaken_cable_is_told_to_nobody():
    device = FakeIdReader()
    supervisor, seen = await _supervised(device)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    seen.clear()
    device.show(DeviceState.NO_DEVICE)
    await asyncio.sleep(0.03)
    device.show(DeviceState.ONLINE)
    await asyncio.sleep(0.15)
    assert seen == []
    assert (supervisor.watch.drops, device.opens) == (0, 1)
    await supervisor.close()


async def test_a_device_that_stays_away_is_lost_once_and_opened_again():
    device = FakeIdReader()
    supervisor, seen = await _supervised(device)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    device.unplug()
    await until(lambda: supervisor.known.device is DeviceState.NO_DEVICE)
    assert supervisor.watch.drops == 1
    device.replug()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert seen.count(DeviceState.NO_DEVICE) >= 1
    assert device.opens >= 2
    await supervisor.close()


async def test_a_driver_that_comes_back_by_itself_is_not_kept_waiting():
    device = FakeIdReader()
    device.plugged = False
    supervisor, _ = await _supervised(device, replace(POLICY, first_s=30.0, last_s=30.0))
    await until(lambda: supervisor.watch.attempts == 1)
    device.replug()
    device.show(DeviceState.ONLINE)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    await supervisor.close()


async def test_pauses_grow_with_jitter_and_have_an_end():
    policy = Policy(first_s=0.5, last_s=30.0, jitter=0.5)
    assert [policy.pause(n, 0.0) for n in (1, 2, 3, 7, 50)] == [0.5, 1.0, 2.0, 30.0, 30.0]
    assert policy.pause(2, 1.0) == 0.5
    assert 0.5 <= policy.pause(2, 0.3) <= 1.0


async def test_a_device_that_falls_again_and_again_waits_longer_each_time():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device, replace(POLICY, settle_s=0.0, stable_s=60.0))
    for drops in range(1, 4):
        await until(lambda: supervisor.watch.stage is Stage.ONLINE)
        device.show(DeviceState.NO_DEVICE)
        await until(lambda drops=drops: supervisor.watch.drops == drops)
        assert supervisor.watch.attempts == drops
    await supervisor.close()


async def _fall(device, supervisor, drops):
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    device.show(DeviceState.NO_DEVICE)
    await until(lambda: supervisor.watch.drops == drops)


BRITTLE = replace(POLICY, settle_s=0.0, stable_s=60.0, trip_drops=3, tripped_s=60.0)


async def test_a_device_that_never_stays_is_left_alone_until_somebody_asks_for_it():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device, BRITTLE)
    for drops in range(1, 4):
        assert not supervisor.watch.tripped
        await _fall(device, supervisor, drops)
    assert supervisor.watch.tripped
    assert supervisor.known.device is DeviceState.HARDWARE_ERROR
    device.show(DeviceState.ONLINE)  # its own word that it is back is not enough any more
    await asyncio.sleep(0.1)
    assert device.opens == 3
    supervisor.reconnect()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert not supervisor.watch.tripped
    await _fall(device, supervisor, 4)
    assert not supervisor.watch.tripped
    await supervisor.close()


async def test_a_broken_device_is_tried_once_after_its_rest_and_trusted_when_it_stays():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device, replace(BRITTLE, tripped_s=0.1, stable_s=0.3))
    for drops in range(1, 5):
        await _fall(device, supervisor, drops)
    assert supervisor.watch.tripped
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert supervisor.watch.tripped
    await until(lambda: not supervisor.watch.tripped)
    assert supervisor.watch.stage is Stage.ONLINE
    await supervisor.close()


class Socket:
    """Where a device belongs; something is plugged in there or not."""

    def __init__(self):
        self.full, self.looks = True, 0

    def vet(self):
        pass

    def arrived(self):
        pass

    def instead(self):
        return None

    def present(self):
        self.looks += 1
        return self.full


async def _broken_at(socket):
    device = FakeIdReader()
    supervisor = Supervisor("device", device, replace(BRITTLE, look_s=0.01))
    supervisor.acquaintance = socket
    supervisor.start()
    for drops in range(1, 4):
        await _fall(device, supervisor, drops)
    assert supervisor.watch.tripped
    return device, supervisor


async def _looked(socket, more):
    target = socket.looks + more
    await until(lambda: socket.looks >= target)


async def test_a_spare_that_is_put_in_is_not_left_alone_for_what_was_broken():
    socket = Socket()
    device, supervisor = await _broken_at(socket)
    await _looked(socket, 5)
    assert device.opens == 3
    socket.full = False
    await _looked(socket, AWAY_LOOKS + 1)
    assert device.opens == 3
    socket.full = True
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert not supervisor.watch.tripped
    await _fall(device, supervisor, 4)
    assert not supervisor.watch.tripped
    await supervisor.close()


async def test_a_broken_device_that_restarts_by_itself_is_no_spare():
    class Restarting(Socket):
        def present(self):
            self.looks += 1
            return self.looks % 3 == 0  # away for two looks, again and again

    socket = Restarting()
    device, supervisor = await _broken_at(socket)
    await _looked(socket, 12)
    assert device.opens == 3
    assert supervisor.watch.tripped
    await supervisor.close()


async def test_a_device_that_stays_has_a_clean_sheet():
    device = FakeIdReader()
    device.plugged = False
    supervisor, _ = await _supervised(device)
    await until(lambda: supervisor.watch.attempts >= 2)
    device.replug()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    await until(lambda: supervisor.watch.attempts == 0)
    await supervisor.close()


class Silent(FakeIdReader):
    """Reports once, then nothing more, though its driver claims that it watches."""

    def show(self, device=DeviceState.ONLINE, **details):
        super().show(device, **details)
        self.snapshot = replace(self.snapshot, source="polled")

    def confirm(self):
        self.snapshot = replace(self.snapshot, observed_at=self.snapshot.observed_at + timedelta(seconds=1))


async def test_a_status_nobody_confirms_is_not_believed_and_then_the_device_is_opened_again():
    device = Silent()
    supervisor, _ = await _supervised(device, replace(POLICY, max_age_s=0.2))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    await until(lambda: supervisor.watch.stale)
    assert supervisor.known.device is DeviceState.OFFLINE
    assert not supervisor.known.believed
    await until(lambda: device.opens == 2)
    assert "no sign of life" in (supervisor.watch.cause or "no sign of life")
    await supervisor.close()


async def test_a_status_that_is_confirmed_or_a_device_in_use_never_grows_old():
    device = Silent()
    supervisor, _ = await _supervised(device, replace(POLICY, max_age_s=0.15))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    for _ in range(30):
        device.confirm()
        await asyncio.sleep(0.01)
        assert not supervisor.watch.stale
    with supervisor.using():
        await asyncio.sleep(0.4)
        assert not supervisor.watch.stale
    assert device.opens == 1
    await supervisor.close()


async def test_a_driver_with_a_fault_of_its_own_does_not_end_the_watching(caplog):
    device = FakeIdReader()
    failures = [ZeroDivisionError("a bug"), DriverConfigError("no such port"), OSError(5, "i/o")]

    async def open_badly():
        if failures:
            raise failures.pop(0)
        await FakeIdReader.open(device)

    device.open = open_badly
    supervisor, _ = await _supervised(device)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert "fault of its own" in caplog.text
    await supervisor.close()


async def test_a_listener_that_fails_ends_neither_the_watching_nor_the_others(caplog):
    device = FakeIdReader()
    supervisor = Supervisor("device", device, POLICY)
    heard = []

    def fail():
        raise KeyError("engaged")

    supervisor.on_change(fail)
    supervisor.on_change(lambda: heard.append(supervisor.watch.stage))
    supervisor.start()
    await until(lambda: Stage.ONLINE in heard)
    device.unplug()
    await until(lambda: supervisor.watch.stage is Stage.WAITING)
    device.replug()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert "who listens to its status failed" in caplog.text
    await supervisor.close()


async def test_a_watching_that_fails_begins_anew(caplog):
    class Unread(Socket):
        met = 0

        def arrived(self):
            self.met += 1
            if self.met == 1:
                raise OSError("the list of devices cannot be read")

    device = FakeIdReader()
    supervisor = Supervisor("device", device, POLICY)
    supervisor.acquaintance = Unread()
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert "its watching failed" in caplog.text
    await supervisor.close()


async def test_opening_that_never_ends_is_given_up():
    device = FakeIdReader()

    async def hang():
        await asyncio.sleep(3600)

    device.open = hang
    supervisor, _ = await _supervised(device, replace(POLICY, open_s=0.05))
    await until(lambda: supervisor.watch.attempts >= 2)
    await supervisor.close()


async def test_a_device_can_be_connected_anew_on_demand():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    supervisor.reconnect()
    await until(lambda: device.opens == 2 and supervisor.watch.stage is Stage.ONLINE)
    await supervisor.close()


async def test_a_fault_that_is_no_loss_is_told_at_once():
    device = FakeIdReader()
    supervisor, seen = await _supervised(device)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    device.snapshot = Snapshot(DeviceState.HARDWARE_ERROR, {}, datetime.now(UTC), "pushed")
    for listener in device.listeners:
        listener(device.snapshot)
    assert seen[-1] is DeviceState.HARDWARE_ERROR
    assert supervisor.watch.stage is Stage.ONLINE
    await supervisor.close()


async def test_what_the_driver_let_go_of_for_a_fault_is_closed_and_counted_though_it_comes_back_at_once():
    device = FakeIdReader()
    supervisor, seen = await _supervised(
        device, replace(POLICY, settle_s=60.0, stable_s=60.0, first_s=0.5, last_s=0.5)
    )
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    device.snapshot = Snapshot(
        DeviceState.HARDWARE_ERROR, {}, datetime.now(UTC), "inferred", "the motor does not turn"
    )
    for listener in device.listeners:
        listener(device.snapshot)
    device.show(DeviceState.ONLINE)
    await until(lambda: supervisor.watch.drops == 1)
    assert supervisor.watch.cause == "the motor does not turn"
    await until(lambda: not device.opened)
    await until(lambda: device.opens == 2 and supervisor.watch.stage is Stage.ONLINE)
    assert supervisor.watch.drops == 1
    await supervisor.close()


async def test_a_cable_that_is_shaken_without_end_is_a_loss():
    device = FakeIdReader()
    supervisor, seen = await _supervised(device, replace(BRITTLE, settle_s=60.0))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    for shakes in range(1, BRITTLE.trip_drops + 1):
        assert supervisor.watch.drops == 0, shakes
        device.show(DeviceState.NO_DEVICE)
        device.show(DeviceState.ONLINE)
    await until(lambda: supervisor.watch.drops == 1)
    assert "gone for a moment" in supervisor.watch.cause
    await until(lambda: device.opens == 2)
    await supervisor.close()


async def test_one_that_is_connected_anew_is_away_meanwhile_and_comes_back_however_soon():
    device = FakeIdReader()
    supervisor, seen = await _supervised(device)
    stages = []
    supervisor.on_change(lambda: stages.append(supervisor.watch.stage))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    seen.clear()
    stages.clear()
    await supervisor.reconnected(3.0)
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    assert stages[0] is Stage.WAITING and stages[-1] is Stage.ONLINE
    assert seen[0] is DeviceState.OFFLINE and seen[-1] is DeviceState.ONLINE
    assert (supervisor.watch.drops, supervisor.watch.tripped) == (0, False), "it did not fall"
    await supervisor.close()


async def test_what_is_asked_and_not_answered_keeps_no_old_status_young():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device, replace(POLICY, max_age_s=0.3))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    opens = device.opens
    async with asyncio.timeout(3.0):
        while device.opens == opens:
            with suppress(DeadlinePassed, DeviceNotReady), supervisor.using():
                await asyncio.sleep(0.01)
                raise DeadlinePassed("no answer")
            await asyncio.sleep(0.05)
    await supervisor.close()


async def test_an_answer_is_a_sign_of_life():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device, replace(POLICY, max_age_s=0.2))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    for _ in range(12):
        with suppress(MediaMissing), supervisor.using():
            await asyncio.sleep(0.05)
            raise MediaMissing("nobody came")
    assert (supervisor.watch.stage, device.opens) == (Stage.ONLINE, 1)
    assert supervisor.age_s < 0.2
    await supervisor.close()


async def test_the_time_of_a_long_command_is_not_held_against_the_device():
    device = FakeIdReader()
    supervisor, _ = await _supervised(device, replace(POLICY, max_age_s=0.2))
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    with suppress(DeadlinePassed), supervisor.using():
        await asyncio.sleep(0.8)
        assert supervisor.age_s > 0.6, "how old its word is, is told all the same"
        assert supervisor.known.believed
        raise DeadlinePassed("no answer")
    await asyncio.sleep(0.05)
    assert (supervisor.watch.stage, device.opens) == (Stage.ONLINE, 1)
    await supervisor.close()
