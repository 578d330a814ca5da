"""``kiosk devices record`` and ``replay``: what passes a line becomes a file, and a file a test."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from config.settings import DevicesSettings, ServiceSettings
from drivers import bench
from drivers.cli_common import Config, Json, Role, role_of, said, settings_of, with_hub
from drivers.client import DeviceHub
from drivers.errors import DriverConfigError
from drivers.recording import lines
from drivers.recording.lines import Head, head_of
from drivers.recording.replay import Verdict, replay

_EVENT = "Supervision.RecordedEvent"
Files = Annotated[list[Path], typer.Argument(help="Recordings.")]


def record(
    role: Role,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    config: Config = None,
    seconds: Annotated[float, typer.Option("--seconds", "-s", help="For how long.")] = 60.0,
    note: Annotated[str, typer.Option(help="What is wrong, for whoever reads the file.")] = "",
    trial: Annotated[bool, typer.Option("--test", help="Try the device out meanwhile.")] = False,
) -> None:
    """Write down what passes between a driver and its device, without anybody's data.

    The device is connected anew at the beginning. Ctrl-C ends it early; what was written stays.
    """
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)
        entry = _service(settings, which)
        head = head_of(entry.driver, which, entry.options, datetime.now(UTC), note)
        with out.open("w", encoding="utf-8") as file:
            count = with_hub(settings, lambda hub: _write(hub, which, head, file, seconds, trial))
    typer.echo(f"{count} lines in {out}")


def _service(settings: DevicesSettings, role: str) -> ServiceSettings:
    for entry in settings.services:
        if entry.role == role:
            return entry
    raise DriverConfigError(f"{role} is a service of another publisher; only our own drivers are recorded")


async def _write(hub: DeviceHub, role: str, head: Head, file: TextIO, seconds: float, trial: bool) -> int:
    def hear(name: str, payload: Mapping[str, Any]) -> None:
        if name == _EVENT:
            file.write(f"{payload['line']}\n")
            file.flush()

    file.write(f"{head.dump()}\n")
    await bench.ready(hub, role, 5.0)
    recording = asyncio.create_task(
        hub.request(role, "Supervision.Record", {"seconds": seconds}, seconds + 10, hear)
    )
    if trial:
        await asyncio.sleep(1)  # the device is being connected anew
        await bench.try_out(hub, role, paper=True, hand=True)
    return int((await recording)["lines"])


def play(files: Files, as_json: Json = False) -> None:
    """Play recordings against their drivers; exit code 1 when a call comes to something else than expected."""
    with said():
        verdicts = [(file, asyncio.run(replay(lines.read(file)))) for file in files]
    for file, verdict in verdicts:
        if as_json:
            typer.echo(verdict.dump(str(file)))
        else:
            _say(file, verdict)
    if not all(verdict.same for _, verdict in verdicts):
        raise typer.Exit(1)


def _say(file: Path, verdict: Verdict) -> None:
    typer.echo(f"{'ok    ' if verdict.same else 'FAILED'} {file}: {verdict.head.note or verdict.head.driver}")
    for expected, outcome in zip(verdict.expected, verdict.outcomes, strict=False):
        if expected != outcome:
            typer.echo(f"       expected {dict(expected)}, came to {dict(outcome)}")
    for deviation in verdict.deviations:
        typer.echo(f"       {deviation}")
