"""What the documents have people type exists: every command and every option, in the words of the programs."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest
import typer

from bureau import cli as bureau
from kiosk import cli as kiosk

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
TYPED = re.compile(r"`((?:kiosk|bureau) [^`\n]+)`|^    (?:\.venv/bin/)?((?:kiosk|bureau) .+)$", re.MULTILINE)


def typed() -> list[tuple[str, str]]:
    """Page and line of every command that stands in the documents."""
    return [
        (page.name, (found[1] or found[2]).split("  #")[0].strip())
        for page in PAGES
        for found in TYPED.finditer(page.read_text("utf-8"))
    ]


def app_of(program: str, part: str) -> object:
    """The part's own application: Typer's, or a plain function."""
    module, _, name = (kiosk.PARTS if program == "kiosk" else bureau.PARTS)[part].entry.partition(":")
    return getattr(importlib.import_module(module), name)


def unknown(line: str) -> str:
    """The first word of a command that nobody takes; empty for one that can be typed as it stands."""
    program, part, *words = shlex.split(line.replace("…", "X"))
    if part == "X" or part.startswith("-"):
        return ""
    if part not in (kiosk.PARTS if program == "kiosk" else bureau.PARTS):
        return part
    application = app_of(program, part)
    if program == "bureau" and not isinstance(application, typer.Typer):
        application = bureau.app_of(part)
    if not isinstance(application, typer.Typer):
        return ""  # its own parser says it: `kiosk walk`, `kiosk panel`
    command = typer.main.get_command(application)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
    if words and getattr(command, "commands", {}) and words[0] not in ("X", "--help"):
        return words[0]
    known = {"--help", *(name for one in command.params for name in (*one.opts, *one.secondary_opts))}
    return next(
        (word for word in words if re.match(r"--?[a-z]", word) and word.split("=")[0] not in known), ""
    )


@pytest.mark.parametrize(("page", "line"), sorted(set(typed())))
def test_what_is_to_be_typed_can_be_typed(page: str, line: str) -> None:
    assert unknown(line) == "", f"{page}: {line}"


def test_a_command_that_is_not_there_would_be_found() -> None:
    assert len(typed()) > 60
    assert unknown("bureau terminal enrol-code --asset A-07") == "--asset"
    assert unknown("kiosk devices --config devices.toml") == "--config"
    assert unknown("kiosk devices polish ups") == "polish"
    assert unknown("kiosk polish") == "polish"
