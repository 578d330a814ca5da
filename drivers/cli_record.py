"""``kiosk devices record`` and ``replay``: what passes a line becomes a file, and a file a test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from config.settings import DevicesSettings
from drivers import bench, bench_hands
from drivers.cli_common import EX_UNTRIED, Config, Json, Role, role_of, said, settings_of, with_hub
from drivers.client import DeviceHub
from drivers.errors import DriverConfigError
from drivers.protocols.xfs_wire import XfsWire
from drivers.recording import lines
from drivers.recording.client import CLIENT
from drivers.recording.lines import Head, Line, head_of
from drivers.recording.replay import Verdict, replay
from drivers.recording.tap import RecordingTap

_EVENT = "Supervision.RecordedEvent"
Files = Annotated[list[Path], typer.Argument(help="Recordings.")]


def record(
    role: Role,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    config: Config = None,
    seconds: Annotated[float, typer.Option("--seconds", "-s", min=1, max=86400, help="For how long.")] = 60.0,
    note: Annotated[str, typer.Option(help="What is wrong, for whoever reads the file.")] = "",
    trial: Annotated[bool, typer.Option("--test", help="Try the device out meanwhile.")] = False,
) -> None:
    """Write down what passes between a driver and its device, without anybody's data.

    The device is connected anew at the beginning. Of a service of another publisher it is what passes between the
    service and this command. Ctrl-C ends it early; what was written stays.
    """
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)
        entry = next((entry for entry in settings.services if entry.role == which), None)
        now = datetime.now(UTC)
        if trial and (hint := bench_hands.hint(which, bench.HAND_S, paper=True)):
            typer.echo(hint)
        if entry is None:
            uri = next(uri for role_there, uri in settings.roles.items() if role_there == which)
            with _new(out, head_of(CLIENT, which, {"uri": uri}, now, note)) as file:
                _listen(settings, which, file, seconds, trial)
        else:
            with _new(out, head_of(entry.driver, which, entry.options, now, note)) as file:
                with_hub(settings, lambda hub: _write(hub, which, file, seconds, trial))
    if not out.exists():
        typer.echo(
            "nothing passed the line, so no file is left; use the device meanwhile, or add --test", err=True
        )
        raise typer.Exit(EX_UNTRIED)
    typer.echo(f"{len(out.read_text('utf-8').splitlines()) - 1} lines in {out}")


def _listen(settings: DevicesSettings, role: str, file: TextIO, seconds: float, trial: bool) -> None:
    """What a service of another publisher and this command say to each other, and what it says to everybody."""
    tap = RecordingTap(XfsWire)
    began = time.monotonic()

    def sink(line: Line) -> None:
        file.write(f"{replace(line, t=line.t - began).dump()}\n")
        file.flush()

    async def wait(hub: DeviceHub) -> None:
        end = asyncio.create_task(asyncio.sleep(seconds))
        if trial:
            await bench.try_out(hub, role, paper=True, hand=True)
        await end

    tap.start(sink)
    try:
        with_hub(settings, wait, {role: tap})
    finally:
        tap.stop()


@contextmanager
def _new(out: Path, head: Head) -> Iterator[TextIO]:
    """A file that was not there before, with its head; it goes again when nothing more came into it.

    Ctrl-C ends the writing and nothing else.
    """
    try:
        file = out.open("x", encoding="utf-8")
    except FileExistsError:
        raise DriverConfigError(f"{out} is there already; give another name with --out") from None
    except OSError as error:
        why = f"{out} cannot be written: {error.strerror}; give another name with --out"
        raise DriverConfigError(why) from None
    begun = f"{head.dump()}\n"
    try:
        with file:
            file.write(begun)
            yield file
    except KeyboardInterrupt:
        pass
    finally:
        if out.read_text("utf-8") == begun:
            out.unlink()


async def _write(hub: DeviceHub, role: str, file: TextIO, seconds: float, trial: bool) -> None:
    def hear(name: str, payload: Mapping[str, Any]) -> None:
        if name == _EVENT:
            file.write(f"{payload['line']}\n")
            file.flush()

    await bench.ready(hub, role, 5.0)
    recording = asyncio.create_task(
        hub.request(role, "Supervision.Record", {"seconds": seconds}, seconds + 10, hear)
    )
    if trial:
        await asyncio.sleep(1)  # the device is being connected anew
        await bench.try_out(hub, role, paper=True, hand=True)
    await recording


def play(files: Files, as_json: Json = False) -> None:
    """Play recordings against their drivers; exit code 1 when a call comes to something else than expected.

    Exit code 3 when nothing was asked of a driver while it was recorded: such a file shows nothing.
    """
    with said():
        verdicts = [(file, asyncio.run(replay(lines.read(file)))) for file in files]
    for file, verdict in verdicts:
        if as_json:
            typer.echo(verdict.dump(str(file)))
        else:
            _say(file, verdict)
    if not all(verdict.same for _, verdict in verdicts):
        raise typer.Exit(1)
    if not all(verdict.tells for _, verdict in verdicts):
        raise typer.Exit(EX_UNTRIED)


def _say(file: Path, verdict: Verdict) -> None:
    mark = "FAILED" if not verdict.same else "ok    " if verdict.tells else "      "
    typer.echo(f"{mark} {file}: {verdict.head.note or verdict.head.driver}")
    if not verdict.tells:
        typer.echo(
            "       nothing was asked of the driver in it; record again, with --test or while it is used"
        )
    for expected, outcome in zip(verdict.expected, verdict.outcomes, strict=False):
        if expected != outcome:
            typer.echo(f"       expected {dict(expected)}, came to {dict(outcome)}")
    for deviation in verdict.deviations:
        typer.echo(f"       {deviation}")
