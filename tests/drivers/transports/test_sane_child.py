"""The process that holds libsane keeps nothing of a page, however its scan ends."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.transports.sane_calls import SaneStatus
from drivers.transports.sane_child import HEAD, SaneChild

INK = b"somebody's page"


class Scanner:
    """Gives some bytes of a page; then jams, ends, or goes on for ever."""

    def __init__(self, then: int | None) -> None:
        self.then = then
        self.cancelled = False
        self.reads = 0

    def start(self) -> None: ...

    def parameters(self) -> dict[str, Any]:
        return {"format": "gray", "lines": 1}

    def read(self, buffer: Any) -> int:
        self.reads += 1
        if self.reads > 1 and self.then is not None:
            if self.then:
                raise SaneStatus(self.then)
            return -1
        buffer[: len(INK)] = INK
        return len(INK)

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def lines() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def child_of(line: socket.socket, scanner: Scanner) -> SaneChild:
    child = SaneChild(line)
    child._sane = scanner  # type: ignore[assignment]
    return child


@pytest.mark.parametrize(("then", "status"), [(0, None), (6, 6), (9, 9)])
def test_a_page_that_ends_jams_or_is_cut_off_leaves_nothing(
    lines: tuple[socket.socket, socket.socket], then: int, status: int | None
) -> None:
    child = child_of(lines[1], Scanner(then))
    if status is None:
        assert child._do({"do": "frame"})["length"] == len(INK)
    else:
        with pytest.raises(SaneStatus) as told:
            child._do({"do": "frame"})
        assert told.value.status == status
    assert INK in lines[0].recv(4096)
    assert not any(child._room)


def test_a_scan_that_is_told_to_stop_leaves_nothing(lines: tuple[socket.socket, socket.socket]) -> None:
    scanner = Scanner(None)
    child = child_of(lines[1], scanner)
    body = json.dumps({"do": "stop"}).encode()
    lines[0].sendall(HEAD.pack(b"J", len(body)) + body)
    with pytest.raises(SaneStatus):
        child._do({"do": "frame"})
    assert scanner.cancelled and scanner.reads == 1
    assert not any(child._room)
