"""A client that is there but reads nothing any more: it holds nothing for ever."""

import time

from drivers.xfs import connection as connection_module
from tests.drivers.xfs.wiring import cab

__all__ = ["cab"]
"""Fixtures that this file uses by their names."""

MORE_THAN_BUFFERS = 120
PICTURE = "x" * 1_000_000


def test_a_client_that_reads_nothing_loses_its_connection_and_its_device(cab, monkeypatch):
    """Its buffers are full, it asks for nothing more, and no ping gets through: only the time of a send can tell."""
    monkeypatch.setattr(connection_module, "TAKEN_WITHIN_S", 0.5)
    service = cab.service("IdCardReader")
    with cab.wire("IdCardReader", close_timeout=0.1) as wire:
        wire.do("CardReader.Reset")
        assert service.ownership.owner is not None
        (line,) = service.lines
        for _ in range(MORE_THAN_BUFFERS):
            cab.do(line.send, PICTURE)
        end = time.monotonic() + 10
        while service.lines and time.monotonic() < end:
            time.sleep(0.02)
        assert not service.lines
        assert service.ownership.owner is None
    with cab.wire("IdCardReader") as other:
        other.do("CardReader.Reset")
