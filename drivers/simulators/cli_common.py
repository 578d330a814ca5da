"""What the commands of ``kiosk sim`` share: which cabinet, what is printed, and how a refusal is told."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import typer

from drivers.simulators.control_client import ControlClient
from drivers.simulators.errors import CabinetNotRunningError, SimulatorError

Directory = Annotated[
    Path, typer.Option("--dir", envvar="KIOSK_SIM_DIR", help="The cabinet's directory.", file_okay=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
HOME = Path("var/sim")


@contextlib.contextmanager
def told() -> Generator[None, None, None]:
    """Turn the cabinet's refusals into a sentence and an exit status."""
    try:
        yield
    except CabinetNotRunningError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from None
    except SimulatorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def act(directory: Path, as_json: bool, device: str, action: str, **parameters: object) -> None:
    """Carry out one action and print what came of it."""
    with told():
        answer = ControlClient(directory).do(device, action, **parameters)
    answer.pop("ok", None)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(", ".join(f"{key} {value}" for key, value in answer.items()) or "done")
