"""What keeps the core from starting is told once, in words; a mistake of ours keeps its traceback."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from config.settings import load_terminal
from kiosk.session import Session
from sync.errors import SyncError
from ui import app, core_thread
from ui.core_thread import CoreThread


def test_a_terminal_that_is_not_enrolled_says_so_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_terminal(None, {"KIOSK_STATE_DIR": str(tmp_path)})
    assert app.run(settings, fullscreen=False) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "kiosk sync enrol CODE" in told[0]
    assert not caplog.records


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (SyncError("no"), False),
        (LookupError("no token"), False),
        (PermissionError(13, "no"), False),
        (KeyError("x"), True),
        (ValueError("x"), True),
    ],
)
def test_only_a_mistake_of_ours_is_logged_with_its_traceback(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    logged: bool,
) -> None:
    async def die(*_: object) -> None:
        raise error

    monkeypatch.setattr(core_thread, "run_core", die)
    settings = load_terminal(None, {"KIOSK_STATE_DIR": str(tmp_path)})
    core = CoreThread(settings, Session("zh-CN"))
    with caplog.at_level(logging.ERROR):
        core.start()
        with pytest.raises(type(error)):
            core.wait_ready(10)
    core.stop()
    assert bool(caplog.records) is logged
