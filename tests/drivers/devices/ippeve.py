"""A real IPP printer for tests: CUPS's own ippeveprinter, with the name service it insists on.

It needs a system bus and avahi. Both are started here on a private bus and in a private mount namespace,
so that nothing of the machine is touched; that needs root.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

_BUS = """<busconfig><type>system</type><listen>unix:path={socket}</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
<allow user="*"/></policy></busconfig>
"""
_NEEDED = ("ippeveprinter", "dbus-daemon", "avahi-daemon", "unshare")


def reason_to_skip() -> str | None:
    """Why the real printer cannot run here, or None."""
    missing = [tool for tool in _NEEDED if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin") is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return None if os.geteuid() == 0 else "a private name service needs root"


def _tool(name: str) -> str:
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin") or name


@contextmanager
def _process(arguments: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=out, env=os.environ | environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _wait(condition: object, what: str, seconds: float = 10) -> None:
    assert callable(condition)
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            pytest.skip(f"{what} does not come up here")
        time.sleep(0.05)


@contextmanager
def name_service(directory: Path) -> Iterator[str]:
    """A private bus with avahi on it; its address."""
    path = directory / "bus"
    config = directory / "bus.conf"
    config.write_text(_BUS.format(socket=path))
    address = f"unix:path={path}"
    avahi = (
        "mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && "
        f"exec {_tool('avahi-daemon')} --no-chroot --no-drop-root --no-proc-title --no-rlimits"
    )
    with ExitStack() as stack:
        bus = [_tool("dbus-daemon"), f"--config-file={config}", "--nofork", "--nopidfile"]
        stack.enter_context(_process(bus, directory / "bus.log"))
        _wait(path.exists, "a private bus")
        log = directory / "avahi.log"
        stack.enter_context(
            _process([_tool("unshare"), "-m", "sh", "-c", avahi], log, DBUS_SYSTEM_BUS_ADDRESS=address)
        )
        _wait(lambda: b"startup complete" in log.read_bytes(), "avahi")
        yield address


class RealPrinter:
    """A running ippeveprinter and what its command kept."""

    def __init__(self, directory: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.directory = directory
        self.uri = f"ipp://127.0.0.1:{port}/ipp/print"
        self.process = process

    def tell(self, **words: str) -> None:
        """What the command does with the next jobs: ``state`` lines before, ``sleep`` seconds, ``exit`` code."""
        for name in ("state", "sleep", "exit"):
            (self.directory / name).write_text(words.get(name, ""))

    def received(self) -> list[bytes]:
        """The documents, in the order they came."""
        return [path.read_bytes() for path in sorted((self.directory / "kept").iterdir())]


_COMMAND = """#!/bin/sh
D={directory}
n=$(ls $D/kept | wc -l)
cp "$1" $D/kept/$(printf %03d $n).pdf
s=$(cat $D/state); [ -n "$s" ] && echo "STATE: +$s" >&2
t=$(cat $D/sleep); [ -n "$t" ] && sleep $t
[ -n "$s" ] && echo "STATE: -$s" >&2
echo "ATTR: job-impressions-completed=1" >&2
e=$(cat $D/exit); exit ${{e:-0}}
"""


@contextmanager
def real_printer(directory: Path, bus: str) -> Iterator[RealPrinter]:
    """An ippeveprinter on a free port."""
    for name in ("kept", "spool"):
        (directory / name).mkdir()
    command = directory / "command.sh"
    command.write_text(_COMMAND.format(directory=directory))
    command.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = [_tool("ippeveprinter"), "-p", str(port), "-n", "localhost", "-f", "application/pdf"]
    arguments += ["-c", str(command), "-r", "off", "-d", str(directory / "spool"), f"Kiosk {port}"]
    log = directory / "printer.log"
    with _process(arguments, log, DBUS_SYSTEM_BUS_ADDRESS=bus) as process:
        _wait(lambda: process.poll() is not None or _answers(port), "ippeveprinter")
        if process.poll() is not None:
            pytest.skip(f"ippeveprinter does not run here: {log.read_text()[-200:]}")
        printer = RealPrinter(directory, port, process)
        printer.tell()
        yield printer


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def until_received(printer: RealPrinter, count: int, seconds: float = 5) -> None:
    """Wait until the command has seen ``count`` documents."""
    async with asyncio.timeout(seconds):
        while len(printer.received()) < count:
            await asyncio.sleep(0.02)
