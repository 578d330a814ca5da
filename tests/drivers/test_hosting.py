"""A driver in a process of its own: the same to its service, and harmless when it hangs or dies."""

import ast
import asyncio
import json
import logging
import os
import signal
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from config.clock import Deadline
from drivers import hosting, hosting_process, logs
from drivers.assembly import DeviceSpec, isolation_of, load_modules, port_of
from drivers.devices import registry
from drivers.errors import (
    DeviceNotReady,
    DriverConfigError,
    DriverDied,
    HardwareFault,
    LinkLost,
    MediaMissing,
)
from drivers.hosting import RemoteDevice, hosted
from drivers.hosting_codec import dump_error, dump_snapshot, load_error, load_snapshot, methods_of
from drivers.hosting_process import Child
from drivers.ports import (
    BarcodeReader,
    DeviceState,
    DocumentPrinter,
    FaceVerdict,
    IdCardReader,
    PrintOutcome,
    PrintResult,
    Snapshot,
)
from drivers.supervision import Policy, Stage, Supervisor
from tests.drivers.fakes import CARD
from tests.soak.processes import children

POLICY = Policy(first_s=0.02, last_s=0.1, settle_s=0.05, max_age_s=5.0)


@pytest.fixture(autouse=True)
def modules(monkeypatch):
    monkeypatch.setenv("KIOSK_DRIVER_MODULES", "tests.drivers.child_drivers")


def spec(driver="child-reader", role="idReader", **options):
    return DeviceSpec("Child", role, driver, options)


def soon(seconds=5.0):
    return Deadline.after(seconds)


async def until(look, seconds=10.0):
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.01)


async def test_a_remote_device_answers_like_the_driver_itself():
    device = hosted(spec(), IdCardReader, "process")
    seen = []
    device.on_status(seen.append)
    await device.open()
    assert device.snapshot.device is DeviceState.ONLINE
    await device.find(soon())
    assert await device.read(soon()) == CARD
    assert seen[-1].details["cardReader"]["media"] == "present"
    assert int(await device.sam_id(soon())) == device.pid != os.getpid()
    assert children(os.getpid())["Child"] == device.pid  # how whoever reads the list of processes finds it
    await device.close()
    assert device.snapshot.device is DeviceState.OFFLINE
    assert device.pid is None


@pytest.mark.parametrize(
    ("level", "json_lines", "told"),
    [("info", True, ["talking", "looking"]), ("warning", True, ["talking"]), ("warning", False, [])],
)
async def test_a_process_logs_as_the_device_program_does(level, json_lines, told, capfd):
    before = logging.root.handlers[:], logging.root.level
    logs.set_up(level, json_lines)
    try:
        device = hosted(spec(mode="talks"), IdCardReader, "process")
        await device.open()
        await device.close()
    finally:
        logging.root.handlers[:], _ = before
        logging.root.setLevel(before[1])
    lines = [line for line in capfd.readouterr().err.splitlines() if "the child" in line]
    if json_lines:
        assert [json.loads(line)["message"].removeprefix("the child is ") for line in lines] == told
    else:
        assert lines == ["WARNING tests.child: the child is talking"]


async def test_bytes_that_are_no_text_cross_unchanged():
    device = hosted(spec("child-barcode", "barcodeReader"), port_of("barcodeReader"), "process")
    await device.open()
    code = await device.scan(soon())
    assert (code.symbology, code.data) == ("qrCode", "发票".encode("gb18030"))
    await device.close()


async def test_an_error_of_the_driver_keeps_its_class_words_and_code():
    device = hosted(spec(mode="wait"), IdCardReader, "process")
    await device.open()
    with pytest.raises(MediaMissing) as error:
        await device.find(soon(0.05))
    assert (str(error.value), error.value.code) == ("no card", "noMedia")
    await device.close()
    with pytest.raises(DeviceNotReady):
        await device.find(soon())


async def test_a_fault_of_the_driver_itself_is_told_without_ending_anything():
    device = hosted(spec(mode="bug"), IdCardReader, "process")
    await device.open()
    with pytest.raises(HardwareFault, match="ZeroDivisionError"):
        await device.find(soon())
    assert await device.sam_id(soon())
    await device.close()


async def test_a_cancelled_call_is_cancelled_in_the_child():
    device = hosted(spec(mode="wait"), IdCardReader, "process")
    await device.open()
    finding = asyncio.create_task(device.find(Deadline.after(None)))
    await asyncio.sleep(0.1)
    finding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(finding, 2)
    assert await device.sam_id(soon())
    await device.close()


async def test_an_iterator_gives_item_by_item_and_ends_when_closed():
    options = {"matcher": "child-matcher", "decoder": "child-decoder"}
    device = hosted(spec("child-camera", "faceCamera", **options), port_of("faceCamera"), "process")
    await device.open()
    async with aclosing(device.frames()) as frames:
        numbers = []
        async for frame in frames:
            numbers.append(int(frame[3:]))
            if len(numbers) == 3:
                break
    assert numbers == [0, 1, 2]
    assert len(await device.capture(5, soon())) == 5
    assert await device.compare(b"\xff\xd8\xffreference", [b"\xff\xd8\xff"]) == FaceVerdict(0.875, True)
    ability = await device.ability()
    assert (ability.matcher, ability.production_ready) == ("child-matcher", False)
    await device.close()


async def test_a_child_that_dies_loses_its_calls_and_is_started_again():
    device = hosted(spec(mode="die"), IdCardReader, "process")
    supervisor = Supervisor("Child", device, POLICY)
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    first = device.pid
    with pytest.raises(LinkLost), supervisor.using() as reader:
        await reader.find(soon())
    await until(lambda: device.pid not in (None, first) and supervisor.watch.stage is Stage.ONLINE)
    assert supervisor.watch.drops == 1
    await supervisor.close()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_a_child_killed_from_outside_is_started_again():
    device = hosted(spec(), IdCardReader, "process")
    supervisor = Supervisor("Child", device, POLICY)
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    first = device.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: device.pid not in (None, first) and supervisor.watch.stage is Stage.ONLINE)
    with supervisor.using() as reader:
        assert int(await reader.sam_id(soon())) == device.pid
    await supervisor.close()


async def test_a_failed_attempt_closes_the_device_and_keeps_its_process():
    device = hosted(spec(mode="absent"), IdCardReader, "process")
    asked = []
    call = device._call
    device._call = lambda name, arguments=None: asked.append(name) or call(name, arguments)
    supervisor = Supervisor("Child", device, POLICY)
    supervisor.start()
    await until(lambda: supervisor.watch.attempts >= 1)
    pid = device.pid
    await until(lambda: supervisor.watch.attempts >= 4)
    assert device.pid == pid is not None
    assert asked[:6] == ["open", "close"] * 3
    await supervisor.close()
    assert device.pid is None


async def test_a_child_whose_native_code_hangs_is_killed_and_started_again():
    device = RemoteDevice(spec(mode="hang"), ping_s=0.05, silent_s=0.3)
    supervisor = Supervisor("Child", device, POLICY)
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    first = device.pid
    with pytest.raises(LinkLost), supervisor.using() as reader:
        await reader.find(Deadline.after(None))
    await until(lambda: device.pid not in (None, first) and supervisor.watch.stage is Stage.ONLINE)
    await supervisor.close()


async def connected_again(supervisor, device, before):
    """It is back by itself, in another process."""
    await until(lambda: device.pid not in (None, before) and supervisor.watch.stage is Stage.ONLINE, 20.0)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGSTOP])
async def test_a_driver_that_crashes_or_stands_still_in_mid_command_harms_nobody_else(number):
    device = RemoteDevice(spec(mode="wait"), ping_s=0.05, silent_s=0.3)
    other = RemoteDevice(spec(), ping_s=0.05, silent_s=5.0)
    supervisors = [Supervisor(name, d, POLICY) for name, d in (("Child", device), ("Other", other))]
    for supervisor in supervisors:
        supervisor.start()
    await until(lambda: all(s.watch.stage is Stage.ONLINE for s in supervisors))
    first, kept = device.pid, other.pid
    with supervisors[0].using() as reader:
        finding = asyncio.create_task(reader.find(Deadline.after(None)))
        await asyncio.sleep(0.1)
        assert not finding.done()
        os.kill(first, number)
        assert await other.sam_id(soon()) == str(kept)
        with pytest.raises(LinkLost):
            await finding
    await connected_again(supervisors[0], device, first)
    assert (other.pid, supervisors[1].watch.drops) == (kept, 0)
    for supervisor in supervisors:
        await supervisor.close()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_a_program_that_cannot_take_in_what_a_child_says_starts_another(monkeypatch):
    device = RemoteDevice(spec(), ping_s=0.05, silent_s=5.0)
    supervisor = Supervisor("Child", device, replace(POLICY, max_age_s=3600.0))  # no other way out
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)

    def fail(*_):
        raise RuntimeError("a fault of this program")

    monkeypatch.setattr(device._child, "_heard", fail)
    await connected_again(supervisor, device, device.pid)
    await supervisor.close()


@pytest.mark.parametrize("mode", ["babble", "scribble"])
async def test_a_child_that_writes_nonsense_is_killed_and_started_again(mode):
    device = RemoteDevice(spec(mode=mode), ping_s=0.05, silent_s=5.0)
    device.start([].append)
    supervisor = Supervisor("Child", device, POLICY)
    supervisor.start()
    await until(lambda: supervisor.watch.stage is Stage.ONLINE)
    await connected_again(supervisor, device, device.pid)
    await supervisor.close()


async def test_a_listener_that_fails_costs_no_answer_of_the_child(caplog):
    device = hosted(spec(), IdCardReader, "process")
    await device.open()

    def fails(_):
        raise ValueError("a listener's own fault")

    device.on_status(fails)
    async with asyncio.timeout(20):
        await device.find(soon(60))  # the card that is found is news
        assert await device.read(soon(60)) == CARD
    assert "a listener's own fault" in caplog.text
    await device.close()


async def test_a_library_that_hangs_while_it_is_loaded_leaves_no_process_behind(monkeypatch):
    started = []
    spawn = asyncio.create_subprocess_exec

    async def remembered(*words, **options):
        started.append(await spawn(*words, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remembered)
    monkeypatch.setattr(hosting_process, "BEGIN_S", 1.0)
    device = RemoteDevice(spec(mode="stuck"))
    with pytest.raises(DriverDied, match="did not load within 1 s"):
        await device.open()
    (process,) = started
    assert process.returncode == -signal.SIGKILL
    assert device.pid is None


async def test_a_start_that_outlasts_the_attempt_goes_on_and_the_next_attempt_finds_it(monkeypatch):
    begun, go_on = asyncio.Event(), asyncio.Event()
    introduce = Child._introduce

    async def slowly(child, spec):
        begun.set()
        await go_on.wait()
        await introduce(child, spec)

    monkeypatch.setattr(Child, "_introduce", slowly)
    device = RemoteDevice(spec())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await device.open()
    await begun.wait()
    go_on.set()
    await device.open()
    pid = device.pid
    assert pid is not None
    await device.close()


async def test_how_an_earlier_start_ended_is_not_told_to_a_later_attempt(monkeypatch):
    """It ended after its attempt had been given up; meanwhile the cause may have been mended."""
    go_on = asyncio.Event()

    async def wrong_at_last(child, spec):
        await go_on.wait()
        raise DriverConfigError("the library is missing")

    with monkeypatch.context() as once:
        once.setattr(Child, "_introduce", wrong_at_last)
        device = RemoteDevice(spec())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await device.open()
        go_on.set()
        while not device._starting.done():
            await asyncio.sleep(0.01)
    await device.open()
    assert device.pid is not None
    await device.close()


async def test_no_more_processes_start_at_a_time_than_the_machine_has_cores(monkeypatch):
    monkeypatch.setattr(hosting, "TURN_S", 60.0)
    starting = most = 0
    start = Child.start

    async def counted(*words):
        nonlocal starting, most
        starting += 1
        most = max(most, starting)
        try:
            return await start(*words)
        finally:
            starting -= 1

    monkeypatch.setattr(Child, "start", counted)
    devices = [RemoteDevice(spec()) for _ in range(hosting.STARTS + 3)]
    await asyncio.gather(*(device.open() for device in devices))
    assert most == hosting.STARTS
    await asyncio.gather(*(device.close() for device in devices))


async def test_drivers_that_hang_while_they_load_keep_no_other_away(monkeypatch):
    monkeypatch.setattr(hosting, "TURN_S", 0.2)
    stuck = [RemoteDevice(spec(mode="stuck")) for _ in range(hosting.STARTS)]
    waiting = [asyncio.create_task(device.open()) for device in stuck]
    await asyncio.sleep(0)
    well = RemoteDevice(spec())
    async with asyncio.timeout(20):
        await well.open()
    assert not any(task.done() for task in waiting)
    assert all("still starting" in device.held_up for device in stuck) and not well.held_up
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.gather(well.close(), *(device.close() for device in stuck))


async def test_a_driver_that_crashes_whenever_it_is_opened_is_left_alone():
    device = RemoteDevice(spec(mode="dies-at-open"))
    policy = replace(POLICY, first_s=0.01, last_s=0.02, trip_drops=3, tripped_s=60.0)
    supervisor = Supervisor("Child", device, policy)
    supervisor.start()
    await until(lambda: supervisor.watch.tripped, 60)
    assert "SIGSEGV" in (supervisor.watch.cause or "")
    tries = supervisor.tries
    await asyncio.sleep(0.3)
    assert supervisor.tries <= tries + 1, "the one that was just ending"
    await supervisor.close()


@pytest.mark.parametrize(
    ("driver", "mode", "words"),
    [
        ("child-reader", "wrong", "mode 'wrong' is wrong"),
        ("child-reader", "broken", "ZeroDivisionError: while it is built"),
        ("no-such-driver", "well", "there is no driver 'no-such-driver'"),
    ],
)
async def test_what_cannot_be_built_says_why(driver, mode, words):
    device = hosted(spec(driver, mode=mode), IdCardReader, "process")
    with pytest.raises(DriverConfigError, match=words):
        await device.open()
    await device.close()


def test_a_device_here_is_the_driver_itself():
    from tests.drivers.child_drivers import ChildReader

    assert isinstance(hosted(spec(), IdCardReader, "parent"), ChildReader)
    with pytest.raises(DriverConfigError):
        hosted(spec(mode="wrong"), IdCardReader, "parent")


def test_a_module_that_is_not_there_is_named():
    with pytest.raises(DriverConfigError, match="no_such_module"):
        load_modules({"KIOSK_DRIVER_MODULES": "no_such_module"})


def test_methods_and_types_are_read_from_the_port_itself():
    methods = methods_of(DocumentPrinter)
    assert set(methods) == {"open", "close", "reset", "print_pdf", "find_job"}
    result = PrintResult(PrintOutcome.UNCERTAIN, "paperJammed", 1, {"jobId": 3})
    find = methods["find_job"].result
    assert find.load(find.dump(result)) == result
    assert find.load(find.dump(None)) is None
    deadline = Deadline.after(3)
    scan = methods_of(BarcodeReader)["scan"]
    assert scan.load_arguments(scan.dump_arguments((deadline,), {}))[1] == []
    assert scan.load_arguments(scan.dump_arguments((deadline, ("qrCode",)), {}))[1] == ["qrCode"]
    name, pdf, copies, again = methods["print_pdf"].load_arguments(
        methods["print_pdf"].dump_arguments(("n", b"%PDF"), {"copies": 1, "deadline": deadline})
    )
    assert (name, pdf, copies, again) == ("n", b"%PDF", 1, deadline)
    with pytest.raises(TypeError):
        methods["print_pdf"].dump_arguments(("n",), {})


def test_drivers_of_vendors_and_of_native_code_run_apart_unless_told_otherwise():
    assert isolation_of("sam-v", "auto") == "parent"
    assert isolation_of("camera-opencv", "auto") == "process"
    assert isolation_of("child-reader", "auto") == "process"
    assert isolation_of("camera-opencv", "parent") == "parent"


NATIVE = {"cv2", "smartcard", "sane", "usb", "cups", "ctypes", "hid"}
"""Not zxingcpp: the receipt printer draws codes of our own text with it, and no device is asked."""


def imported(module, seen):
    """Everything that loading ``module`` loads of ours, and the native packages that it reaches."""
    if module in seen:
        return set()
    seen.add(module)
    path = Path(*module.split(".")).with_suffix(".py")
    if not path.exists():
        return set()
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        for name in names:
            found |= {name.split(".")[0]} & NATIVE
            if name.startswith("drivers."):
                found |= imported(name, seen)
    return found


def test_no_driver_that_calls_native_code_runs_in_the_parent_by_default():
    ours = {name: imported(module, set()) for name, module in registry._MODULES.items()}
    assert ours["camera-opencv"] == {"cv2"}
    in_parent = {name: native for name, native in ours.items() if isolation_of(name, "auto") == "parent"}
    assert not {name: native for name, native in in_parent.items() if native}


def test_an_error_of_an_unknown_class_is_still_an_error():
    error = load_error(dump_error(HardwareFault("paperJammed", "words")))
    assert (type(error), str(error), error.code) == (HardwareFault, "words", "paperJammed")
    assert str(load_error(["StoreError", "words", None])) == "words"


def test_a_status_crosses_whole():
    told = Snapshot(
        DeviceState.HARDWARE_ERROR, {"printer": {"media": "unknown"}}, None, "inferred", "no motor"
    )
    assert load_snapshot(dump_snapshot(told)) == told
