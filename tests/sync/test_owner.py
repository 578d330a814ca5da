"""What root types beside a terminal's keys is done as their owner: the programs could not read root's own files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import load_terminal
from sync.cli import _as_owner

NOBODY = 65534
SAY = """
import os, pathlib, sys
from config.settings import load_terminal
from sync.cli import _as_owner
_as_owner(load_terminal(None, {"KIOSK_STATE_DIR": sys.argv[1], "HOME": "/"}))
pathlib.Path(sys.argv[1], "keys", "written").touch()
print(os.geteuid(), os.getgroups())
"""


def said(state: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SAY, str(state)], capture_output=True, text=True, timeout=50, check=True
    )
    return done.stdout.strip()


# CI is root; a developer who is not cannot give a folder to somebody else.
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_root_goes_on_as_the_owner_of_the_keys() -> None:
    state = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    try:
        (state / "keys").mkdir()
        assert said(state).startswith("0 "), "they are root's own"
        state.chmod(0o755)
        os.chown(state / "keys", NOBODY, NOBODY)
        (state / "keys" / "written").unlink()
        assert said(state) == f"{NOBODY} []"
        assert (state / "keys" / "written").stat().st_uid == NOBODY
    finally:
        subprocess.run(["rm", "-r", str(state)], check=True)


def test_without_keys_nothing_is_given_up(tmp_path: Path) -> None:
    before = os.geteuid()
    _as_owner(load_terminal(None, {"KIOSK_STATE_DIR": str(tmp_path), "HOME": "/"}))
    assert os.geteuid() == before
