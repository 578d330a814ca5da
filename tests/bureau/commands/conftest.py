"""A command over a copy of the city."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bureau import cli
from tests.bureau import stores
from tests.bureau.commands.shell import Run


@pytest.fixture
def run(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over a copy of the city."""
    url = stores.sqlite_city(sqlite_template, tmp_path / "bureau.db")
    for name, value in {
        "BUREAU_STATE_DIR": str(tmp_path / "state"),
        "BUREAU_DATABASE__URL": url,
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        "BUREAU_ACQUIRER__URL": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)

    def go(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli.app_of(arguments[0]), list(arguments[1:]))
        assert result.exit_code == code, result.output
        return result

    return go
