"""Commands that are called often load what they work with, and nothing of the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"alembic", "fastapi", "pyhanko", "rich", "starlette", "typst", "uvicorn"}
HELP_NEEDS_NO = HEAVY | {"sqlalchemy", "requests", "cryptography", "bureau.city"}
LOADED = """
import sys
from {module} import main
try:
    main({arguments!r})
except SystemExit as ended:
    assert not ended.code, ended.code
print("loaded:", *sys.modules)
"""


def loaded(module: str, *arguments: str, **env: str) -> set[str]:
    """The modules in memory when the command has ended."""
    script = LOADED.format(module=module, arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


@pytest.mark.parametrize(
    "command",
    ["stock list", "terminal enrol-code", "payments reconcile", "generate", "acquirer"],
)
def test_help_of_the_centres_commands_loads_neither_store_nor_server(command: str) -> None:
    assert not loaded("bureau.cli", *command.split(), "--help") & HELP_NEEDS_NO


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the commands find a store of this release."""
    env = {"BUREAU_STATE_DIR": str(tmp_path_factory.mktemp("centre"))}
    assert "alembic" in loaded("bureau.cli", "terminal", "list", **env), "an empty store is laid out"
    return env


@pytest.mark.parametrize("command", ["stock list", "terminal list", "effects list"])
def test_a_command_on_a_store_of_this_release_loads_no_more_than_the_store(
    laid_out: dict[str, str], command: str
) -> None:
    assert not loaded("bureau.cli", *command.split(), **laid_out) & (HEAVY | {"requests"})


@pytest.mark.parametrize("command", ["sync status", "sim state"])
def test_help_of_the_terminals_commands_loads_neither_store_nor_client(command: str) -> None:
    assert not loaded("kiosk.cli", *command.split(), "--help") & (HELP_NEEDS_NO | {"websockets"})


@pytest.mark.parametrize("command", ["status", "parked list"])
def test_asking_how_sync_stands_loads_no_client_of_the_centre(tmp_path: Path, command: str) -> None:
    env = {"KIOSK_STATE_DIR": str(tmp_path)}
    found = loaded("kiosk.cli", "sync", *command.split(), **env)
    assert "sync.receipts" in found
    assert not found & (HEAVY | {"requests", "http_message_signatures", "drivers", "websockets"})
