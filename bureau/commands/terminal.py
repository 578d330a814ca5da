"""``bureau terminal``: enrolment codes, the list, suspension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, cabinet, opened, root, settings_of, show, told
from bureau.errors import FleetError

if TYPE_CHECKING:
    from bureau.fleet.alarms import AlarmView
    from bureau.fleet.terminals import Terminals, TerminalView
    from config.bureau_settings import BureauSettings

app = typer.Typer(
    help="Terminals: enrolment codes, the list, suspension.", no_args_is_help=True, rich_markup_mode=None
)
DAYS_7 = 7 * 24 * 60
"""The longest life of a code, in minutes: whoever finds it later must not be able to use it."""
Name = Annotated[str, typer.Argument(help="The terminal's number.")]


@contextmanager
def _register(config: Path | None) -> Iterator[tuple[BureauSettings, Terminals]]:
    from bureau.fleet.terminals import Terminals
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        yield (
            settings,
            Terminals(database, open_keys(settings), business_clock(settings), settings.public_url),
        )


@app.command("enrol-code")
@told
def enrol_code(
    asset: Annotated[str, typer.Argument(help="The cabinet's asset number, as on its label.")],
    hall: Annotated[str, typer.Option(help="Where it stands.")] = "H-01",
    operator: Annotated[str, typer.Option(help="Who makes the code.")] = "operator",
    minutes: Annotated[int | None, typer.Option(min=1, max=DAYS_7, help="How long it is good for.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a one-time code that enrols one cabinet."""
    with _register(config) as (settings, terminals):
        good_for = minutes or settings.limits.enrolment_minutes
        code, expires = terminals.make_code(cabinet(asset), hall, operator, good_for)
    found = {"code": code, "asset": asset, "hall": hall, "expires_at": expires}
    show(found, as_json, [f"{code}   for {asset} in {hall}, good for {good_for} minutes"])


@app.command("list")
@told
def list_terminals(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Every terminal with its state and when it was last heard of."""
    with _register(config) as (_settings, terminals):
        found = terminals.listed()
    show(found, as_json, [_line(t) for t in found] or ["no terminal is enrolled"])


def _line(terminal: TerminalView) -> str:
    seen = terminal.last_seen
    heard = seen.isoformat(timespec="seconds") if seen else "never heard of"
    words = f"{terminal.terminal:12} {terminal.state:12} {terminal.hall_name['zh-CN']}  {heard:20}"
    more = " ".join(part for part in (_alarms(terminal), _due(terminal), terminal.reason) if part)
    return f"{words} {more}".rstrip()


def _alarms(terminal: TerminalView) -> str:
    """How many stand there; ``bureau terminal show`` says which."""
    count = sum(alarm.stands for alarm in terminal.alarms)
    return f"{count} ALARM" if count else ""


def _due(terminal: TerminalView) -> str:
    """How much is due there; ``bureau terminal show`` says what."""
    count = sum(map(len, terminal.due.values()))
    return f"{count} due" if count else ""


@app.command("show")
@told
def show_terminal(terminal: Name, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One terminal: its state, when it was heard of, what waits there, and how its devices were then."""
    with _register(config) as (_settings, terminals):
        found = next((t for t in terminals.listed() if t.terminal == terminal), None)
    if found is None:
        raise FleetError(f"no terminal {terminal!r} is enrolled; see `bureau terminal list`")
    heard = found.last_seen.isoformat(timespec="seconds") if found.last_seen else "never"
    lines = [
        f"{found.terminal}  {found.state}  {found.reason}".rstrip(),
        f"hall        {found.hall_name['zh-CN']} ({found.hall})",
        f"heard of    {heard}",
        f"software    {found.software or '-'}",
        f"waiting     {'-' if found.queue_depth is None else found.queue_depth}",
    ]
    lines += [f"{role:20} {state}" for role, state in sorted(found.devices.items())]
    lines += [f"due         {role}: {', '.join(names)}" for role, names in sorted(found.due.items())]
    lines += [_reading(name, told) for name, told in sorted(found.readings.items())]
    lines += [_alarm(alarm) for alarm in found.alarms]
    show(found, as_json, lines)


def _reading(name: str, told: Mapping[str, Any]) -> str:
    """A door, a switch or the battery, as old as it was when the terminal was heard of."""
    age = told["age_s"]
    return f"{name:20} {told['value']}  ({told['source']}, {'?' if age is None else f'{age:.0f}'} s old)"


def _alarm(alarm: AlarmView) -> str:
    word = "ALARM" if alarm.stands else "over" if alarm.cleared_at else "staff"
    since = alarm.raised_at.isoformat(timespec="seconds")
    until = alarm.cleared_at.isoformat(timespec="seconds") if alarm.cleared_at else "now"
    heard = alarm.received_at.isoformat(timespec="seconds")
    by = f", {alarm.staff} signed in" if alarm.staff else ""
    return f"{word:11} {alarm.sensor} {alarm.value}  {since} to {until}, heard of {heard}{by}"


@app.command()
@told
def suspend(
    terminal: Name,
    reason: Annotated[str, typer.Option(help="Why; staff and log see it.")] = "by operator",
    config: ConfigFile = None,
) -> None:
    """Let a terminal do nothing until it is resumed; what it holds is kept."""
    _set(terminal, "suspended", reason, config)


@app.command()
@told
def resume(terminal: Name, config: ConfigFile = None) -> None:
    """Let a suspended or quarantined terminal work again."""
    _set(terminal, "active", "", config)


@app.command("take-in")
@told
def take_in(
    file: Annotated[
        Path, typer.Argument(help="What `kiosk sync salvage` wrote.", exists=True, dir_okay=False)
    ],
    config: ConfigFile = None,
    torn: Annotated[
        bool,
        typer.Option("--torn", help="Take in what stands before the place where the file breaks off."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take in the records saved from a dead terminal; exit code 3 when something is left for a person.

    A file that breaks off is only taken in with --torn: copy it, or salvage the disk, again while that can be done.
    """
    from bureau.fleet.salvaged import take_in as take
    from sync.salvage import read_salvaged

    stick = read_salvaged(file)
    if stick.broken and not torn:
        raise FleetError(
            f"{file}: {stick.broken}. Copy it or salvage the disk again; when that cannot be done any more, "
            f"--torn takes in the {len(stick.records)} records before"
        )
    centre = root().assemble(settings_of(config))
    try:
        taken = take(stick.records, centre.terminals, centre.audit, centre.submission, centre.keys.sealing)
    finally:
        centre.close()
    taken.spoilt += stick.unreadable
    taken.broken = stick.broken
    lines = [
        f"{taken.terminal}: {taken.records} records, {taken.missing} missing",
        *([f"{taken.spoilt} left out: damaged, or not signed by this terminal"] if taken.spoilt else []),
        *([f"what stood behind is lost: {taken.broken}"] if taken.broken else []),
        *(f"held up to {seq} of epoch {epoch}" for epoch, seq in taken.held.items()),
        *(
            f"{m.state:10} {m.kind:20} {m.key}"
            for m in (*taken.carried_out, *taken.undecided, *taken.refused)
        ),
    ]
    show(taken, as_json, lines)
    if not taken.done:
        raise typer.Exit(3)


def _set(terminal: str, state: str, reason: str, config: ConfigFile) -> None:
    with _register(config) as (_settings, terminals):
        terminals.set_state(terminal, state, reason)
    typer.echo(f"{terminal} is {state}")
