"""What the commands share by which officers put something forward and decide it: the file, the words, what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bureau.commands.common import ConfigFile, show
from bureau.commands.matters import core, officer_name
from bureau.errors import DecisionRefused

if TYPE_CHECKING:
    from bureau.ports.core import Core
    from sync.models import Texts

T = TypeVar("T")
Why = Annotated[str, typer.Option("--reason", help="Why, in Chinese.")]
WhyEnglish = Annotated[str, typer.Option("--reason-en", help="The same in English.")]
LARGEST = 64 * 1024
"""Of a file in bytes."""


def text_of(file: Path) -> str:
    """The file's text; raises ``DecisionRefused`` for what is too large or no text, ``OSError`` where it is not."""
    with file.open("rb") as opened_file:
        raw = opened_file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise DecisionRefused("large", f"{file} has more than {LARGEST} bytes")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise DecisionRefused("encoding", f"{file} is not UTF-8 text") from error


def both(chinese: str, english: str) -> Texts:
    """What an officer said, by language."""
    return {"zh-CN": chinese, "en-US": english}


def act(
    officer: str,
    config: ConfigFile,
    as_json: bool,
    do: Callable[[Core, str], T],
    told: Callable[[T], dict[str, Any]],
    line: Callable[[T], str],
) -> None:
    """Do something in the officer's name, in one transaction, and tell of it: as JSON, or in one line."""
    with core(config) as work:
        done = do(work, officer_name(officer))
    show(told(done), as_json, [line(done)])
