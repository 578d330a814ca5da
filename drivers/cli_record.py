"""``kiosk devices record`` and ``replay``: what passes a line becomes a file, and a file a test.

What plays a recording is loaded when one is played: it knows every transport and how pictures are made of films. The
device program, which runs for months, needs none of it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from config.settings import DevicesSettings
from drivers import bench, bench_hands
from drivers.bench_advice import advice
from drivers.cli_common import EX_UNTRIED, Config, Json, Role, role_of, said, settings_of, with_hub
from drivers.client import DeviceHub
from drivers.errors import DriverConfigError
from drivers.protocols.xfs_wire import XfsWire
from drivers.recording import lines
from drivers.recording.lines import CLIENT, Head, Line, RecordingError, head_of
from drivers.recording.tap import RecordingTap

if TYPE_CHECKING:
    from drivers.recording.replay import Verdict

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
        if entry is None:
            uri = next(uri for role_there, uri in settings.roles.items() if role_there == which)
            with _new(out, head_of(CLIENT, which, {"uri": uri}, now, note)) as file:
                _listen(settings, which, file, seconds, trial)
        else:
            if trial and seconds < bench.HAND_S + 1 and bench_hands.hint(which, bench.HAND_S, paper=True):
                typer.echo(
                    f"--seconds {seconds:g} is too short for --test, which waits {bench.HAND_S:.0f} s for a hand: "
                    "the recording may end before the trial does",
                    err=True,
                )
            with _new(out, head_of(entry.driver, which, entry.options, now, note)) as file:
                with_hub(settings, lambda hub: _write(hub, which, file, seconds, trial))
        if not out.exists():
            what = (
                "try it again when the device is on line"
                if trial
                else "use the device meanwhile, or add --test"
            )
            typer.echo(f"nothing passed the line, so no file is left; {what}", err=True)
            raise typer.Exit(EX_UNTRIED)
        written = lines.read(out)
        typer.echo(f"{len(written.lines)} lines in {out}")
        if written.gaps:
            typer.echo(
                f"it lacks {written.gaps}, so it is for reading and cannot be played; record again, "
                "for a shorter time or while the machine has less to do",
                err=True,
            )
            raise typer.Exit(1)


class _File:
    """The file that grows. The first line that cannot be written ends the recording: it would lack something."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._file = file
        self._lines = 0
        self._failed = asyncio.Event()
        self._why = ""

    def put(self, line: str) -> None:
        """Add a line, at once on the disk's way."""
        if self._why:
            return
        try:
            self._file.write(f"{line}\n")
            self._lines += 1
        except OSError as error:
            self._why = str(error.strerror)
            self._failed.set()

    async def filled(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work``, which puts lines in; raise ``RecordingError`` as soon as one cannot be written."""
        working = asyncio.create_task(work)
        failing = asyncio.create_task(self._failed.wait())
        try:
            await asyncio.wait((working, failing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            failing.cancel()
            if not working.done():
                working.cancel()
            await asyncio.wait((working,))
        if self._why:
            raise RecordingError(
                f"{self._path}: {self._why}; the recording ended there, and the {self._lines} lines before stay. "
                "Record again to another disk with --out"
            )
        await working


def _listen(settings: DevicesSettings, role: str, file: _File, seconds: float, trial: bool) -> None:
    """What a service of another publisher and this command say to each other, and what it says to everybody."""
    tap = RecordingTap(XfsWire)
    began = time.monotonic()

    def sink(line: Line) -> None:
        file.put(replace(line, t=line.t - began).dump())

    async def wait(hub: DeviceHub) -> None:
        end = asyncio.create_task(asyncio.sleep(seconds))
        if trial:
            await _tried(hub, role)
        await end

    tap.start(sink)
    try:
        with_hub(settings, lambda hub: file.filled(wait(hub)), {role: tap}, role)
    finally:
        tap.stop()


@contextmanager
def _new(out: Path, head: Head) -> Iterator[_File]:
    """A file that was not there before, with its head; it goes again when nothing more came into it.

    Ctrl-C ends the writing and nothing else. Raise ``DriverConfigError`` when it is there, or cannot be written.
    """
    begun = f"{head.dump()}\n"
    try:
        file = out.open("x", encoding="utf-8", buffering=1)
    except FileExistsError:
        raise DriverConfigError(f"{out} is there already; give another name with --out") from None
    except OSError as error:
        raise _not_written(out, error) from None
    try:
        try:
            file.write(begun)
        except OSError as error:
            raise _not_written(out, error) from None
        yield _File(out, file)
    except KeyboardInterrupt:
        pass
    finally:
        with suppress(OSError):  # what could not be written has been told
            file.close()
        if out.read_text("utf-8") in ("", begun):
            out.unlink()


def _not_written(out: Path, error: OSError) -> DriverConfigError:
    return DriverConfigError(f"{out} cannot be written: {error.strerror}; give another name with --out")


async def _write(hub: DeviceHub, role: str, file: _File, seconds: float, trial: bool) -> None:
    def hear(name: str, payload: Mapping[str, Any]) -> None:
        if name == _EVENT:
            file.put(str(payload["line"]))

    async def recording() -> None:
        told = asyncio.create_task(
            hub.request(role, "Supervision.Record", {"seconds": seconds}, seconds + 10, hear)
        )
        try:
            if trial:
                await asyncio.wait((told,), timeout=1)  # the device is being connected anew
            if trial and not told.done():
                await _tried(hub, role)
            await told
        finally:
            told.cancel()

    state = await bench.ready(hub, role, 5.0)
    if what := advice(role, state):  # how it fails to connect may be the fault that is wanted
        typer.echo(f"{role} is {state}: {what}", err=True)
    await file.filled(recording())


async def _tried(hub: DeviceHub, role: str) -> None:
    """Everything that can be tried of it; what a hand must do is said when the device is there."""
    hint = bench_hands.hint(role, bench.HAND_S, paper=True)
    if hint and await bench.connected(hub, role):
        typer.echo(hint)
    await bench.try_out(hub, role, paper=True, hand=True)


def play(files: Files, as_json: Json = False) -> None:
    """Play recordings against their drivers.

    Exit code 1 when a call comes to something else than expected, or a file cannot be played: the others are played
    all the same. Exit code 3 when nothing asked of a driver came to its end while it was recorded: such a file shows
    nothing.
    """
    from drivers.recording.replay import Verdict

    verdicts = []
    with said():
        for file in files:
            verdict = _played(file)
            verdicts.append(verdict)
            if isinstance(verdict, str):
                _say_unplayed(file, verdict, as_json)
            elif as_json:
                typer.echo(verdict.dump(str(file)))
            else:
                _say(file, verdict)
    if not all(isinstance(verdict, Verdict) and verdict.same for verdict in verdicts):
        raise typer.Exit(1)
    if not all(isinstance(verdict, Verdict) and verdict.tells for verdict in verdicts):
        raise typer.Exit(EX_UNTRIED)


def _played(file: Path) -> Verdict | str:
    """What came of a file, or why it cannot be played, with its name in front."""
    from drivers.recording.replay import replay

    try:
        recording = lines.read(file)
    except RecordingError as error:
        return str(error)
    try:
        return asyncio.run(replay(recording))
    except (DriverConfigError, RecordingError) as error:
        return f"{file}: {error}"


def _say_unplayed(file: Path, why: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"file": str(file), "same": False, "error": why}, ensure_ascii=False))
    else:
        typer.echo(why, err=True)


def _say(file: Path, verdict: Verdict) -> None:
    mark = "FAILED" if not verdict.same else "ok    " if verdict.tells else "      "
    typer.echo(f"{mark} {file}: {verdict.head.note or verdict.head.driver}")
    for name in verdict.unended:
        typer.echo(
            f"       the call '{name}' did not end before the recording did; record for longer (--seconds)"
        )
    if not (verdict.tells or verdict.unended):
        typer.echo(
            "       nothing was asked of the driver in it; record again, with --test or while it is used"
        )
    for number, (expected, outcome) in enumerate(zip_longest(verdict.expected, verdict.outcomes), 1):
        if expected != outcome:
            was = "nothing" if expected is None else dict(expected)
            typer.echo(
                f"       call {number}: expected {was}, came to {'nothing' if outcome is None else dict(outcome)}"
            )
    for deviation in verdict.deviations:
        typer.echo(f"       {deviation}")
