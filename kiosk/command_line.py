"""Runs one part of a command, a plain ``main(argv)`` or a Typer application; mistakes in settings are told plainly."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from config.errors import ConfigError


def run_part(entry: Any, name: str, argv: list[str]) -> int:
    """Exit status of ``entry`` with ``argv``; ``name`` is how the help calls it."""
    import typer  # only programs that have one pay for it

    try:
        return _run_typer(entry, name, argv) if isinstance(entry, typer.Typer) else _run(entry, argv)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2


def _run(entry: Callable[[list[str]], int], argv: list[str]) -> int:
    return entry(argv)


def _run_typer(application: Any, name: str, argv: list[str]) -> int:
    import typer

    command = typer.main.get_command(application)
    try:
        result = command.main(args=argv, prog_name=name, standalone_mode=False)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return 130
    except Exception as error:
        show = getattr(error, "show", None)  # click's own usage errors
        if show is None:
            raise
        show()
        return int(getattr(error, "exit_code", 2))
    return result if isinstance(result, int) else 0
