"""Runs a real ``pcscd`` with vsmartcard's virtual reader as a child, apart from one the machine may be running.

The virtual reader listens at port 35963 of every interface and its other mode, which would connect to us, aborts
pcscd 1.9.9 (version 3.3 passes -1 to ``FD_SET``). So the daemon gets a network of its own, where nobody else is,
and a relay brings connections there from a port on loopback (``pcscd_child``). Its socket appears in our directory
instead of ``/run/pcscd``. Such namespaces need root; all in them ends with this process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from drivers.simulators.errors import BackendUnavailableError
from drivers.simulators.files import write_whole

DRIVER: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SLOTS: Final = 2
"""Slots of the virtual reader in Debian's build: "Virtual PCD 00 00" and "Virtual PCD 00 01"."""
VPCD_PORT: Final = 35963
"""Where the first slot listens; the others follow."""
_LONGEST: Final = 107
"""Bytes of a Unix socket's path (``sockaddr_un``)."""
_START_S: Final = 10.0
_END_S: Final = 5.0
_READERS: Final = f"""# Written by the simulated cabinet.
FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:{VPCD_PORT}
LIBPATH      {DRIVER}
CHANNELID    {VPCD_PORT}
"""


def missing() -> str | None:
    """Why a private ``pcscd`` cannot run here; None when it can."""
    if shutil.which("pcscd", path=_path()) is None:
        return "pcscd is missing; install pcscd"
    if not DRIVER.exists():
        return "the virtual reader is missing; install vsmartcard-vpcd"
    if not all(shutil.which(tool, path=_path()) for tool in ("unshare", "setpriv", "mount")):
        return "unshare, setpriv or mount is missing; install util-linux and mount"
    return None if os.geteuid() == 0 else "only root may start a private pcscd"


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class PrivatePcscd:
    """One daemon over ``directory``. Clients connect to ``socket``, cards to ``ports``, one a slot.

    The ports are held from the first ``start`` until ``stop``, so that a card finds its reader again after
    ``kill`` and another ``start``. All calls block; those that wait do so for ten seconds at most.
    """

    def __init__(self, directory: Path, ports: tuple[int, ...] = (0,) * SLOTS) -> None:
        self.socket = directory / "run" / "pcscd.comm"
        self.ports = ports
        self._directory = directory
        self._listeners: list[socket.socket] = []
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """True while the daemon lives."""
        return self._child is not None and self._child.poll() is None

    def start(self, *, reader: bool = True) -> None:
        """Start the daemon and wait until it answers; it has no reader when ``reader`` is false.

        It cannot be given one while it runs. Raise ``BackendUnavailableError`` when this machine cannot.
        """
        why = missing()
        if why is None and len(os.fsencode(self.socket)) > _LONGEST:
            why = f"{self.socket} is too long for a socket; choose a shorter directory"
        if why is not None:
            raise BackendUnavailableError(why)
        if self.running:
            return
        self.kill()
        self._prepare(reader)
        fds = [listener.fileno() for listener in self._listeners]
        with (self._directory / "pcscd.log").open("ab") as log:
            self._child = subprocess.Popen(
                [
                    *("unshare", "--mount", "--net", sys.executable, "-m", "drivers.simulators.pcscd_child"),
                    *(str(self._directory), *map(str, fds)),
                ],
                stdin=subprocess.PIPE,  # its end tells the child that we are gone
                stdout=log,
                stderr=log,
                pass_fds=fds,
                env=os.environ | {"PATH": _path()},
            )
        self._await_answer()

    def freeze(self, frozen: bool) -> None:
        """Stop or continue the daemon as a process: it is there and does not answer."""
        self._signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def kill(self) -> None:
        """End the daemon as a crash would; its ports stay ours."""
        self._signal(signal.SIGKILL)
        child, self._child = self._child, None
        if child is not None and child.stdin is not None:
            child.stdin.close()
            try:
                child.wait(_END_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def stop(self) -> None:
        """End the daemon and give the ports back; nothing of a socket stays in the folder."""
        self.kill()
        self._clear()
        for listener in self._listeners:
            listener.close()
        self._listeners = []

    def _prepare(self, reader: bool) -> None:
        self._clear()
        (self._directory / "run").mkdir(parents=True)
        text = _READERS if reader else "# no reader\n"
        write_whole(self._directory / "readers" / "vpcd", text.encode())
        if not self._listeners:
            self._listeners = [socket.create_server(("127.0.0.1", port)) for port in self.ports]
            self.ports = tuple(listener.getsockname()[1] for listener in self._listeners)

    def _clear(self) -> None:
        """A daemon that was killed leaves its socket and its pid behind."""
        shutil.rmtree(self._directory / "run", ignore_errors=True)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self.running:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.socket))
                return
            time.sleep(0.01)
        log = (self._directory / "pcscd.log").read_text("utf-8", "replace").splitlines()
        self.stop()
        raise BackendUnavailableError(f"pcscd did not come up: {log[-1] if log else 'no word from it'}")

    def _signal(self, number: signal.Signals) -> None:
        """Signal the daemon itself, the one child of our child."""
        if self._child is None:
            return
        pid = self._child.pid
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            for inside in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                os.kill(int(inside), number)
