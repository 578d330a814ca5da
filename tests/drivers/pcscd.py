"""A private pcscd for the tests of one process; each worker has its own, in a network of its own."""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

from drivers.simulators.pcscd import PrivatePcscd, missing


class KeptPcscd(PrivatePcscd):
    """Lives on from test to test, since each start takes half a second; a new test finds it running and in order."""

    def stop(self) -> None:
        if not self.running:
            self.start()

    def end(self) -> None:
        """Stop it for good and leave nothing behind."""
        super().stop()
        shutil.rmtree(self.socket.parent.parent, ignore_errors=True)


@lru_cache(maxsize=1)
def kept() -> KeptPcscd:
    """The daemon of this process, started when first asked for; skips where none can run."""
    if (why := missing()) is not None:
        pytest.skip(why)
    folder = Path(tempfile.mkdtemp(prefix="pcscd-"))  # not tmp_path: a socket's path is short
    daemon = KeptPcscd(folder)
    daemon.start()
    return daemon


def end() -> None:
    """End this process's daemon, if there is one."""
    if kept.cache_info().currsize:
        kept().end()
