"""What every command shares: settings, the store, and how results and mistakes are told.

A command imports what it works with when it runs: help, mistakes and the short commands wait for nothing else.
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from bureau.errors import BureauError, FleetError
from config.errors import ConfigError
from kiosk.domain.errors import DomainError, FieldError
from kiosk.domain.money import parse_typed
from sync.errors import SyncError

if TYPE_CHECKING:
    from bureau.store.database import Database
    from config.bureau_settings import BureauSettings

P = ParamSpec("P")
R = TypeVar("R")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", envvar="BUREAU_CONFIG", help="bureau.toml", dir_okay=False)
]


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end with one line for each mistake instead of a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            for problem in error.problems:
                typer.echo(str(problem), err=True)
            raise typer.Exit(2) from error
        except (BureauError, SyncError, DomainError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        except BrokenPipeError:
            raise  # whoever read our output has gone; nobody is there to be told
        except OSError as error:
            typer.echo(f"{error}; give another path, address or port, or let this user have it", err=True)
            raise typer.Exit(1) from error
        except UnicodeEncodeError as error:
            typer.echo("an argument is not UTF-8 text; type it again in a UTF-8 terminal", err=True)
            raise typer.Exit(1) from error

    return run


def cabinet(name: str) -> str:
    """The name of a cabinet as it was typed; raises ``FleetError`` for what can stand on no label."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", name):
        raise FleetError(
            f"{name!r} is no asset number: give letters, digits and hyphens, as on the cabinet's label"
        )
    return name


def settings_of(config: Path | None) -> BureauSettings:
    """The settings from file and environment."""
    from config.settings import load_bureau

    return load_bureau(config, os.environ)


def root(name: str = "app") -> Any:
    """A composition root, loaded by name when it is needed: ``app`` of the centre, ``console_app`` of the console."""
    return importlib.import_module(f"bureau.{name}")


@contextmanager
def opened(config: Path | None) -> Iterator[tuple[BureauSettings, Database]]:
    """Settings and the store, closed at the end."""
    from bureau.opening import open_store

    settings = settings_of(config)
    database = open_store(settings)
    try:
        yield settings, database
    finally:
        database.close()


def show(value: object, as_json: bool, lines: Sequence[str]) -> None:
    """The result as JSON, or as lines for a person."""
    if as_json:
        typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))
        return
    for line in lines:
        typer.echo(line)


def plain(value: object) -> object:
    """The value in what JSON has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, enum.Enum) else value


def moment(at: datetime) -> str:
    """A moment in a line of text, to the second."""
    return at.isoformat(timespec="seconds")


def typed_fen(text: str) -> int:
    """An amount as it was typed, in fen; for ``typer.Option(parser=…)``."""
    try:
        return int(parse_typed(text))
    except FieldError as error:
        raise typer.BadParameter("yuan with at most two places, such as 1260.50") from error
