"""Runs the real ``ippeveprinter`` of CUPS as a child process, with the name service it insists on.

It quits unless it can register with Avahi, also when registration is off. For root, an Avahi is started
together with its bus in a mount and process namespace of its own: all of them die with the namespace, and
nothing of the machine's own ``/run`` is touched. Anybody else needs the machine's Avahi to be running.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from config.loopback import free_port
from drivers.simulators.errors import ActionRefusedError, BackendUnavailableError
from drivers.simulators.files import write_whole

_SYSTEM_AVAHI = Path("/run/avahi-daemon/socket")
_START_S = 15.0

_PRIVATE = """#!/bin/sh
# The printer with a bus and a name service of its own; it is process 1 here, so all ends with it.
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/avahi-daemon
dbus-daemon --system --nofork --nopidfile &
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -S /run/dbus/system_bus_socket ] && break; sleep 0.05
done
printf '[server]\\nuse-ipv6=no\\nallow-interfaces=lo\\n' > /run/avahi.conf
avahi-daemon --no-chroot --no-drop-root -f /run/avahi.conf &
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -S /run/avahi-daemon/socket ] && break; sleep 0.05
done
exec "$@"
"""

_COMMAND = """#!/bin/sh
# Called by ippeveprinter for each job; faults are files that exist, STATE lines tell the printer.
faults='@FAULTS@' out='@OUT@'
[ -e "$faults/abort" ] && { rm -f "$faults/abort"; exit 1; }
jammed=''
while [ -e "$faults/jam" ] || [ -e "$faults/stall" ]; do
    if [ -e "$faults/jam" ] && [ -z "$jammed" ]; then jammed=1; echo 'STATE: +media-jam' >&2; fi
    sleep 0.05
done
[ -n "$jammed" ] && echo 'STATE: -media-jam' >&2
[ -e "$faults/lie" ] && exit 0
for file in "$@"; do document="$file"; done
printf '%s' "$IPP_JOB_NAME" > "$out/$IPP_JOB_ID.name"
printf '%s' "${IPP_COPIES:-1}" > "$out/$IPP_JOB_ID.copies"
cp "$document" "$out/.$IPP_JOB_ID.pdf"
mv "$out/.$IPP_JOB_ID.pdf" "$out/$IPP_JOB_ID.pdf"
# The job counts as completed only when the paper is out: wait until it has been taken over.
n=0
while [ -e "$out/$IPP_JOB_ID.pdf" ] && [ $n -lt 200 ]; do sleep 0.025; n=$((n + 1)); done
exit 0
"""


def missing() -> str | None:
    """Why ``ippeveprinter`` cannot run here; None when it can."""
    if shutil.which("ippeveprinter", path=_path()) is None:
        return "ippeveprinter is missing; install cups-ipp-utils"
    if os.geteuid() != 0:
        return None if _SYSTEM_AVAHI.exists() else "no Avahi runs, and only root may start a private one"
    absent = [
        tool
        for tool in ("dbus-daemon", "avahi-daemon", "unshare", "setpriv")
        if not shutil.which(tool, path=_path())
    ]
    if absent:
        return f"{', '.join(absent)} missing; install dbus and avahi-daemon"
    return None


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class IppEvePrinter:
    """One child printer over ``directory``: ``faults/`` steers it, ``out/`` receives finished documents."""

    def __init__(self, directory: Path, port: int = 0) -> None:
        self.directory = directory
        self.faults, self.out = directory / "faults", directory / "out"
        self.port = port
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """True while the child lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the child and wait until it answers; raise ``BackendUnavailableError``."""
        why = missing()
        if why is not None:
            raise BackendUnavailableError(why)
        if self.running:
            return
        self._prepare()
        if not self.port:
            self.port = free_port()
        with (self.directory / "ippeveprinter.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"PATH": _path()},
            )
        await self._answers()

    def _prepare(self) -> None:
        for folder in (self.faults, self.out, self.directory / "spool"):
            folder.mkdir(parents=True, exist_ok=True)
        command = _COMMAND.replace("@FAULTS@", str(self.faults)).replace("@OUT@", str(self.out))
        for name, text in (
            ("command.sh", command),
            ("private.sh", _PRIVATE),
        ):
            write_whole(self.directory / name, text.encode("utf-8"))
            (self.directory / name).chmod(0o755)

    def _arguments(self) -> list[str]:
        printer = [
            "ippeveprinter",
            "-n",
            "localhost",
            "-p",
            str(self.port),
            "-r",
            "off",
            "-f",
            "application/pdf",
        ]
        printer += [
            "-c",
            str(self.directory / "command.sh"),
            "-d",
            str(self.directory / "spool"),
            f"Kiosk{self.port}",
        ]
        if os.geteuid() != 0:
            return ["setpriv", "--pdeathsig", "KILL", *printer] if shutil.which("setpriv") else printer
        space = [
            "setpriv",
            "--pdeathsig",
            "KILL",
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
        ]
        return [*space, str(self.directory / "private.sh"), *printer]

    async def _answers(self) -> None:
        deadline = asyncio.get_running_loop().time() + _START_S
        while asyncio.get_running_loop().time() < deadline and self.running:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.05)
        log = (self.directory / "ippeveprinter.log").read_text("utf-8", "replace").splitlines()
        await self.stop()
        raise BackendUnavailableError(
            f"ippeveprinter did not come up: {log[-1] if log else 'no word from it'}"
        )

    async def stop(self) -> None:
        """End the child and everything started with it."""
        process = self._process
        if process is not None and process.returncode is None:
            # The printer is process 1 of its namespace: when it dies the rest dies, and unshare ends by itself.
            self._signal(process.pid, signal.SIGKILL)
            try:
                async with asyncio.timeout(5):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        self._process = None

    @staticmethod
    def _signal(pid: int, number: signal.Signals) -> None:
        """Signal the printer itself, which may be a child of the process that made its namespace."""
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            inside = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if os.geteuid() == 0 else []
            os.kill(int(inside[0]) if inside else pid, number)

    async def supply(self, form: str, **fields: int | str) -> None:
        """Fill in one of the printer's own web forms, ``media`` or ``supplies``, as its operator would."""
        await asyncio.to_thread(self._fill_in, f"/{form}?{urlencode(fields)}")

    def _fill_in(self, path: str) -> None:
        connection = HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
        except OSError as error:
            raise ActionRefusedError(f"the printer does not answer ({error}); switch it on first") from None
        finally:
            connection.close()
        if answer.status != 200:
            raise ActionRefusedError(f"the printer's form answered {answer.status}")

    def freeze(self, frozen: bool) -> None:
        """Stop or continue the printer as a process: connections are taken and never answered."""
        if self._process is not None:
            self._signal(self._process.pid, signal.SIGSTOP if frozen else signal.SIGCONT)
