"""Forks a child that does something until it is killed, and tells what it had acknowledged by then."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Child:
    """A forked process; ``acks`` are the lines it wrote before it ended."""

    pid: int
    pipe: int
    status: int | None = None
    acks: str = ""

    def wait_for(self, text: str, seconds: float = 20.0) -> None:
        """Read until ``text`` was acknowledged."""
        deadline = time.monotonic() + seconds
        while text not in self.acks:
            left = deadline - time.monotonic()
            assert left > 0, f"never said {text!r}, but {self.acks!r}"
            if select.select([self.pipe], [], [], left)[0]:
                piece = os.read(self.pipe, 65536).decode()
                assert piece, f"ended before {text!r}: {self.acks!r}"
                self.acks += piece

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> list[str]:
        """Wait for the end and return the lines."""
        while piece := os.read(self.pipe, 65536):
            self.acks += piece.decode()
        os.close(self.pipe)
        _, self.status = os.waitpid(self.pid, 0)
        return self.acks.split()

    @property
    def was_killed(self) -> bool:
        assert self.status is not None
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL


Say = Callable[[object], None]


def fork(work: Callable[[Say], None], env: dict[str, str] | None = None) -> Child:
    """Run ``work`` in a forked child; what it ``say``s reaches the parent at once or not at all."""
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return Child(pid, read)
    try:
        os.close(read)
        os.environ.update(env or {})
        work(lambda what: _write(write, what))
        os._exit(0)
    except BaseException as error:
        _write(write, f"error:{type(error).__name__}:{error}".replace(" ", "_"))
    finally:
        os._exit(1)


def _write(pipe: int, what: object) -> None:
    os.write(pipe, f"{what}\n".encode())
