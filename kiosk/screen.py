"""``kiosk screen COMPOSITOR … kiosk run``: the touchscreen's service as systemd sees it.

The compositor is started as a child, the screen program by the compositor, and what that tells systemd
(``config.notify``) is passed on from here. By itself it would not be heard: with ``PAMName=`` the unit's processes move
to a session of their own, and of those the main process alone still speaks for the unit (systemd.exec(5)).
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from config import lifeline, notify

LONGEST: Final = 65_536
"""Bytes of a message; ours have a hundred."""
PASSED_ON: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(argv: list[str]) -> int:
    """The compositor's exit status; 128 and the signal's number where it was killed."""
    if not argv:
        print(__doc__, file=sys.stderr)
        return 2
    with _woken() as wake, tempfile.TemporaryDirectory(dir=os.environ.get("RUNTIME_DIRECTORY")) as folder:
        heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
        path = Path(folder) / "notify"
        with heard:
            heard.bind(str(path))
            env = os.environ | ({"NOTIFY_SOCKET": str(path)} if os.environ.get("NOTIFY_SOCKET") else {})
            try:
                # Gone with this process, also where that is killed: a second compositor would not get the screen.
                die = partial(lifeline.die_with, os.getpid())
                child = subprocess.Popen(argv, env=env, preexec_fn=die)
            except OSError as error:
                print(f"kiosk screen: {argv[0]}: {error.strerror}", file=sys.stderr)
                return 127
            for number in PASSED_ON:
                signal.signal(number, lambda received, _: child.send_signal(received))
            while child.poll() is None:
                select.select([heard, wake], [], [])
                _pass_on(heard)
                with contextlib.suppress(BlockingIOError):
                    wake.recv(LONGEST)
            _pass_on(heard)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


@contextlib.contextmanager
def _woken() -> Iterator[socket.socket]:
    """A socket that can be read from as soon as a signal came, the end of the child among them."""
    wake, woken_by = socket.socketpair()
    with wake, woken_by:
        for end in (wake, woken_by):
            end.setblocking(False)
        before = signal.set_wakeup_fd(woken_by.fileno())
        was = {number: signal.getsignal(number) for number in (signal.SIGCHLD, *PASSED_ON)}
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield wake
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in was.items():
                signal.signal(number, handler)


def _pass_on(heard: socket.socket) -> None:
    """Everything that was told until now."""
    with contextlib.suppress(BlockingIOError):
        while True:
            notify.pass_on(heard.recv(LONGEST))
