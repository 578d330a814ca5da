"""The printer at the USB: what a pseudo terminal can show of it, with the kernel's answers put in by hand."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from drivers.errors import LinkLost
from drivers.simulators.pty_port import PtyPort
from drivers.transports import usb_printer
from drivers.transports.usb_printer import UsbPrinterLink


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[PtyPort]:
    port = PtyPort(tmp_path / "lp0", lambda data: None)
    port.plug()
    yield port
    port.unplug()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> dict[int, bytes | OSError]:
    """What the kernel answers to a request, by its number."""
    answers: dict[int, bytes | OSError] = {usb_printer._VENDOR: bytes.fromhex("1604 0000 1150 0000")}

    def ioctl(device: int, request: int, room: bytes) -> bytes:
        answer = answers.get(request, OSError(errno.ENOTTY, "no such request"))
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr("drivers.transports.usb_printer.fcntl.ioctl", ioctl)
    return answers


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[socket.socket, socket.socket]]:
    """The printer's end and the host's: a line that keeps packets apart, the empty one as well, as USB does."""
    printer, host = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    printer.settimeout(5)
    for end in (printer, host):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    real = os.open

    def opened(path: str, flags: int, *rest: int) -> int:
        if path != "/dev/usb/lp0":
            return real(path, flags, *rest)
        taken = os.dup(host.fileno())
        os.set_blocking(taken, not flags & os.O_NONBLOCK)
        return taken

    monkeypatch.setattr("drivers.transports.node.os.open", opened)
    yield printer, host
    printer.close()
    host.close()


def refuse(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def opened(*_: object) -> int:
        raise OSError(code, "refused")

    monkeypatch.setattr("drivers.transports.node.os.open", opened)


async def test_what_is_no_usb_printer_is_refused_unless_it_is_said_to_be_simulated(
    port: PtyPort, tmp_path: Path
) -> None:
    with pytest.raises(LinkLost, match="is not a USB printer"):
        UsbPrinterLink(str(port.link)).open()
    (tmp_path / "file").touch()
    with pytest.raises(LinkLost, match="is not a USB printer"):
        UsbPrinterLink(str(tmp_path / "file"), simulated=True).open()
    with pytest.raises(LinkLost, match="cannot be opened.*ENOENT"):
        UsbPrinterLink(str(tmp_path / "none"), simulated=True).open()
    link = UsbPrinterLink(str(port.link), simulated=True)
    link.open()
    link.check()
    link.close()
    link.close()
    assert link.read() == b""
    for call in (link.check, lambda: link.write(b"x"), link.port_status):
        with pytest.raises(LinkLost, match="is closed"):
            call()


async def test_a_pulled_cable_is_seen_by_a_waiting_read_by_asking_and_by_writing(port: PtyPort) -> None:
    link = UsbPrinterLink(str(port.link), simulated=True)
    link.open()
    reading = asyncio.create_task(asyncio.to_thread(link.read))
    await asyncio.sleep(0)
    port.unplug()
    with pytest.raises(LinkLost, match="vanished"):
        await reading
    with pytest.raises(LinkLost, match="vanished"):
        link.check()
    with pytest.raises(LinkLost):
        link.write(b"x")
    link.close()


def test_a_printer_in_use_names_the_likely_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, errno.EBUSY)
    with pytest.raises(LinkLost, match="held by another program.*CUPS"):
        UsbPrinterLink("/dev/usb/lp0").open()
    refuse(monkeypatch, errno.EACCES)
    with pytest.raises(LinkLost, match="permission.*EACCES"):
        UsbPrinterLink("/dev/usb/lp0").open()


def test_an_empty_usb_packet_is_not_the_end(
    kernel: dict[int, bytes | OSError], pair: tuple[socket.socket, socket.socket]
) -> None:
    printer, _ = pair
    link = UsbPrinterLink("/dev/usb/lp0")
    link.open()
    printer.send(b"")
    printer.send(b"\x12")
    assert link.read() == b"\x12"
    link.close()


def test_what_was_said_before_is_forgotten_and_closing_ends_a_read_that_waits(
    kernel: dict[int, bytes | OSError], pair: tuple[socket.socket, socket.socket]
) -> None:
    pair[0].send(b"of the job before")
    link = UsbPrinterLink("/dev/usb/lp0")
    link.open()
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(link.read()))
    reader.start()
    link.close()
    reader.join(5)
    assert found == [b""]


def test_a_long_job_goes_in_pieces_that_usb_takes(
    kernel: dict[int, bytes | OSError], pair: tuple[socket.socket, socket.socket]
) -> None:
    data = bytes(range(256)) * 80
    taken = bytearray()
    sizes: list[int] = []

    def take() -> None:
        while len(taken) < len(data):
            piece = pair[0].recv(65536)
            sizes.append(len(piece))
            taken.extend(piece)

    link = UsbPrinterLink("/dev/usb/lp0")
    link.open()
    printer = threading.Thread(target=take)
    printer.start()
    link.write(data)
    printer.join(5)
    link.close()
    assert bytes(taken) == data
    assert sizes == [8192, 8192, 4096]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (0x38, "put paper in"),
        (0x10, "reports an error"),
        (0x08, "off line"),
        (0x18, "takes no data; switch it off and on"),
        (None, "takes no data; switch it off and on"),
    ],
)
def test_a_printer_that_takes_no_data_is_asked_why(
    kernel: dict[int, bytes | OSError],
    pair: tuple[socket.socket, socket.socket],
    status: int | None,
    advice: str,
) -> None:
    """0x38 is no paper, selected, no error: USB Printing Devices 1.1, clause 4.2.2."""
    failed = OSError(errno.EIO, "stalled")
    kernel[usb_printer._STATUS] = failed if status is None else status.to_bytes(4, "little")
    link = UsbPrinterLink("/dev/usb/lp0", write_timeout_s=0.05)
    link.open()
    with pytest.raises(LinkLost, match=advice):
        link.write(bytes(1 << 20))
    link.close()


def test_closing_ends_a_write_that_waits(
    kernel: dict[int, bytes | OSError], pair: tuple[socket.socket, socket.socket]
) -> None:
    link = UsbPrinterLink("/dev/usb/lp0", write_timeout_s=60)
    link.open()
    told: list[str] = []

    def write(job: Callable[[bytes], None]) -> None:
        try:
            job(bytes(1 << 20))
        except LinkLost as error:
            told.append(str(error))

    writer = threading.Thread(target=write, args=(link.write,))
    writer.start()
    pair[0].recv(8192)  # it has begun
    link.close()
    writer.join(5)
    assert not writer.is_alive()
    assert told == ["/dev/usb/lp0 is closed"]
