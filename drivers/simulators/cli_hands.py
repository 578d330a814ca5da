"""``kiosk sim jam``, ``empty``, ``unplug`` …: the hands at every device, and ``list``, which says what each takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from drivers.simulators.cli_common import HOME, AsJson, Directory, act, told
from drivers.simulators.control_client import ControlClient
from drivers.simulators.hands import CABLE, VERBS, deed, known, usage, verbs_of

Device = Annotated[str, typer.Argument(help="A device, by its name in the cabinet or its role.")]


def add_to(app: typer.Typer) -> None:
    """Every verb as a command, and the list."""
    for verb in VERBS:
        app.command(verb, help=_help(verb))(take if verb == "take" else _hand(verb))
    for action, text in CABLE.items():
        app.command(action, help=text)(_cable(action))
    app.command("list")(list_)


def _help(verb: str) -> str:
    return f"{VERBS[verb].help} For: {', '.join(VERBS[verb].at)}."


def _hand(verb: str) -> Callable[[str, Path, bool], None]:
    def command(device: Device, directory: Directory = HOME, as_json: AsJson = False) -> None:
        _do(verb, device, directory, as_json)

    return command


def _cable(action: str) -> Callable[[str, Path, bool], None]:
    def command(device: Device, directory: Directory = HOME, as_json: AsJson = False) -> None:
        try:
            name = known(device)
        except LookupError as error:
            raise typer.BadParameter(str(error)) from None
        act(directory, as_json, name, action)

    return command


def take(
    device: Annotated[str, typer.Argument(help="From where; all the paper when left out.")] = "",
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Take what lies ready."""
    if device:
        _do("take", device, directory, as_json)
    else:
        act(directory, as_json, "person", "takePaper")


def list_(
    device: Annotated[str, typer.Argument(help="One device, with all its actions.")] = "",
    directory: Directory = HOME,
    as_json: AsJson = False,
) -> None:
    """Every device of the running cabinet with the hands it takes; of one device also what `do` takes."""
    with told():
        actions = ControlClient(directory).actions()
    if as_json:
        found = {name: {"hands": verbs_of(name), "actions": deeds} for name, deeds in actions.items()}
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    if not device:
        for name in actions:
            typer.echo(f"{name:16} {' '.join(verbs_of(name)) or 'do'}")
        typer.echo("kiosk sim list DEVICE shows what `kiosk sim do DEVICE` takes")
        return
    try:
        name = device if device in actions else known(device)
    except LookupError as error:
        raise typer.BadParameter(str(error)) from None
    if name not in actions:
        raise typer.BadParameter(f"this cabinet has no {name}")
    typer.echo(f"{name}: {' '.join(verbs_of(name))}".rstrip())
    for action, schema in actions[name].items():
        typer.echo(f"  do {name} {usage(action, schema)}")


def _do(verb: str, device: str, directory: Path, as_json: bool) -> None:
    try:
        name, what = deed(verb, device)
    except LookupError as error:
        raise typer.BadParameter(str(error)) from None
    act(directory, as_json, name, what.action, **what.parameters)
