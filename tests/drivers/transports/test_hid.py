"""The input device held for one program: what a pseudo terminal can show of it, and what only a kernel can."""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.registry import create
from drivers.errors import LinkLost
from drivers.protocols.keyboard_wedge import RECORD
from drivers.simulators.hid_events import keystrokes
from drivers.simulators.pty_port import PtyPort
from drivers.transports import hid
from drivers.transports.hid import HidLink
from tests.drivers import uinput


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[PtyPort]:
    port = PtyPort(tmp_path / "event7", lambda data: None)
    port.plug()
    yield port
    port.unplug()


@pytest.mark.parametrize("kind", ["keyboard", "raw"])
async def test_what_cannot_be_held_is_refused_unless_it_is_said_to_be_simulated(
    port: PtyPort, kind: str, tmp_path: Path
) -> None:
    with pytest.raises(LinkLost, match="choose another path"):
        HidLink(str(port.link), kind).open()  # type: ignore[arg-type]
    plain = tmp_path / "file"
    plain.touch()
    with pytest.raises(LinkLost, match="choose another path"):
        HidLink(str(plain), kind, simulated=True).open()  # type: ignore[arg-type]
    with pytest.raises(LinkLost, match="cannot be opened"):
        HidLink(str(tmp_path / "none"), kind, simulated=True).open()  # type: ignore[arg-type]
    link = HidLink(str(port.link), kind, simulated=True)  # type: ignore[arg-type]
    link.open()
    link.check()
    link.close()
    link.close()
    with pytest.raises(LinkLost):
        link.check()
    assert link.read() == b""


async def test_what_was_typed_before_is_forgotten_and_a_waiting_read_ends_with_close(port: PtyPort) -> None:
    link = HidLink(str(port.link), "keyboard", simulated=True)
    port.send(keystrokes(b"of the person before", "bytes", "utf-8"))
    link.open()
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(link.read()))
    reader.start()
    link.close()
    reader.join(5)
    assert not reader.is_alive()
    assert found == [b""]


async def test_a_pulled_cable_ends_reading_and_is_seen_by_asking(port: PtyPort) -> None:
    link = HidLink(str(port.link), "keyboard", simulated=True)
    link.open()
    port.unplug()
    with pytest.raises(LinkLost, match="vanished"):
        link.check()
    with pytest.raises(LinkLost, match="vanished"):
        link.read()
    with pytest.raises(LinkLost):
        link.write(b"x")
    link.close()


class Kernel:
    """Answers the calls of ``linux/input.h`` for a file that is no input device, and writes them down."""

    def __init__(self, *bits: int, grab: OSError | None = None) -> None:
        self.bits = bits
        self.grab = grab
        self.asked: list[int] = []

    def ioctl(self, file: int, call: int, argument: bytes | int = 0) -> bytes | int:
        self.asked.append(call)
        if call == 0x40044590:  # EVIOCGRAB
            if self.grab is not None:
                raise self.grab
            return 0
        if call == 0x81004506:  # EVIOCGNAME(256)
            return b"A scanner".ljust(256, b"\0")
        return self.bits[call - 0x80084520].to_bytes(8, "little")  # EVIOCGBIT(type, 8)


KEYBOARD, WITH_WHEEL = (0x120013, 0x7, 0, 0), (0x12001F, 0x7, 1 << 6, 1 << 0x20)
MOUSE, TOUCH, MULTI_TOUCH, MUTE = (
    (0x17, 0x7, 0x3, 0),
    (0xB, 0x7, 0, 0x3),
    (0xB, 0x7, 0, 1 << 0x35),
    (0x1, 0, 0, 0),
)


@pytest.mark.parametrize("bits", [MOUSE, TOUCH, MULTI_TOUCH, MUTE])
async def test_a_mouse_or_the_touch_screen_is_never_held(
    port: PtyPort, bits: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = Kernel(*bits)
    monkeypatch.setattr(hid.fcntl, "ioctl", kernel.ioctl)
    with pytest.raises(LinkLost, match="no keyboard"):
        HidLink(str(port.link), "keyboard").open()
    assert 0x40044590 not in kernel.asked


@pytest.mark.parametrize("bits", [KEYBOARD, WITH_WHEEL])
async def test_a_keyboard_is_held_or_refused_when_another_has_it(
    port: PtyPort, bits: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(hid.fcntl, "ioctl", Kernel(*bits).ioctl)
    link = HidLink(str(port.link), "keyboard")
    link.open()
    link.close()
    assert "is A scanner" in caplog.text
    monkeypatch.setattr(hid.fcntl, "ioctl", Kernel(*bits, grab=OSError(errno.EBUSY, "busy")).ioctl)
    with pytest.raises(LinkLost, match="another program"):
        HidLink(str(port.link), "keyboard", simulated=False).open()


# Only a kernel with uinput can make a keyboard; the tests above go the same way over a pipe on every machine.
@pytest.mark.skipif(uinput.missing() is not None, reason=str(uinput.missing()))
def test_a_real_keyboard_is_held_for_one_program_alone() -> None:
    keyboard = uinput.VirtualKeyboard()
    try:
        held, other = HidLink(str(keyboard.path), "keyboard"), HidLink(str(keyboard.path), "keyboard")
        held.open()
        with pytest.raises(LinkLost, match="another program"):
            other.open()
        keyboard.type(keystrokes(b"a", "bytes", "utf-8", None))
        got = held.read()
        assert len(got) % RECORD.size == 0
        held.close()
        other.open()
        other.close()
    finally:
        keyboard.close()


# Only a kernel with uinput can make a keyboard; the tests above go the same way over a pipe on every machine.
@pytest.mark.skipif(uinput.missing() is not None, reason=str(uinput.missing()))
async def test_a_code_is_read_from_a_real_keyboard_that_is_then_unplugged() -> None:
    keyboard = uinput.VirtualKeyboard()
    device = create("barcode-hid-keyboard", {"port": str(keyboard.path)}, clock=SystemClock())
    try:
        await device.open()
        scan = asyncio.create_task(device.scan(Deadline.after(5)))  # type: ignore[attr-defined]
        while not device._waiting:  # type: ignore[attr-defined]
            await asyncio.sleep(0.005)
        keyboard.type(keystrokes("https://ex.test/税".encode(), "bytes", "utf-8"))
        assert (await scan).data == "https://ex.test/税".encode()
        keyboard.close()
        with pytest.raises(LinkLost):
            await device.scan(Deadline.after(5))  # type: ignore[attr-defined]
    finally:
        await device.close()
