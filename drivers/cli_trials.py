"""``kiosk devices identify``, ``soak`` and ``care``: a technician with one device."""

from __future__ import annotations

import getpass
import json
import os
import sys
from typing import Annotated

import typer

from drivers import bench
from drivers.cli_common import Config, Json, Role, role_of, said, settings_of, with_hub
from drivers.client import DeviceHub
from drivers.client import care as cared
from drivers.identify import PULL_S
from drivers.identify import identify as show
from drivers.soak import Soak

care_app = typer.Typer(help="Wearing parts and the cleaning plan.", invoke_without_command=True)


def identify(
    role: Role,
    config: Config = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long a person has to pull a cable.")] = PULL_S,
    cable: Annotated[
        bool, typer.Option("--cable", help="Find it by its cable, whatever it could show.")
    ] = False,
) -> None:
    """Let a device show itself: print, light up, or be found by its cable; exit code 1 when it does not."""
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)
        shown = with_hub(
            settings, lambda hub: show(hub, which, typer.echo, seconds, by_cable=cable), role=which
        )
    if not shown:
        raise typer.Exit(1)


def soak(
    role: Role,
    config: Config = None,
    times: Annotated[int, typer.Option("--times", "-n", min=1, help="How many runs.")] = 100,
    paper: Annotated[bool, typer.Option(help="Print in each run.")] = False,
    as_json: Json = False,
) -> None:
    """Try a device out again and again, with statistics; exit code 1 when anything failed.

    Nothing is printed unless --paper is given. Ctrl-C ends it with what there is so far.
    """
    state = Soak()
    with said():
        settings = settings_of(config)
        which = role_of(settings, role)

        def told(runs: int) -> None:
            if not as_json and sys.stderr.isatty():
                typer.echo(f"\r{runs} of {times}", nl=False, err=True)

        async def act(hub: DeviceHub) -> None:
            if not bench.can_try(hub, which, paper=paper, hand=False):
                raise typer.BadParameter(_nothing_to_soak(hub, which))
            await state.run(lambda: bench.try_out(hub, which, paper=paper, hand=False), times, told)

        try:
            with_hub(settings, act, role=which)
        except KeyboardInterrupt:
            pass
    _say_soak(state, as_json)
    if not state.good:
        raise typer.Exit(1)


def _nothing_to_soak(hub: DeviceHub, role: str) -> str:
    """Why runs by themselves would show nothing, and what to do."""
    if bench.can_try(hub, role, paper=True, hand=False):
        return f"{role} can only be tried by printing; add --paper"
    return f"{role} can only be tried with somebody's hand; use `kiosk devices test {role}`"


def _say_soak(state: Soak, as_json: bool) -> None:
    facts = state.facts()
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(f"\n{facts['runs']} runs")
    for check in facts["checks"]:
        known = [name for name in ("median_s", "p95_s", "longest_s") if name in check]
        times = "".join(f" {name[:-2]} {check[name]:.3f} s" for name in known)
        typer.echo(f"{check['name']:20} ok {check['ok']:6} failed {check['failed']:4}{times}")
        for cause, count in check.get("failures", {}).items():
            typer.echo(f"{'':20} {count:6} × {cause}")


@care_app.callback()
def care(context: typer.Context, config: Config = None, as_json: Json = False) -> None:
    """Show how far each part is worn and what is to be cleaned; exit code 1 when something is due."""
    context.obj = config
    if context.invoked_subcommand is not None:
        return
    with said():
        settings = settings_of(config)
        roles = [str(entry.role) for entry in settings.services]
        found = with_hub(settings, lambda hub: _care(hub, roles))
    for why in found.silent.values():
        typer.echo(why, err=True)
    if as_json:
        typer.echo(json.dumps(found.told, ensure_ascii=False))
    else:
        for item in found.items:
            _say_care(item)
    if any(item.due for item in found.items):
        raise typer.Exit(1)


@care_app.command("done")
def care_done(
    context: typer.Context,
    role: Role,
    name: Annotated[str, typer.Argument(help="A part that was changed, or a task done, such as cleaning.")],
    by: Annotated[str, typer.Option(help="Who did it; whoever is logged in when not said.")] = "",
    config: Config = None,
) -> None:
    """Record that a part was changed or a device cleaned; its count begins anew."""
    with said():
        settings = settings_of(config or context.obj)
        which = role_of(settings, role)

        async def act(hub: DeviceHub) -> None:
            await bench.ready(hub, which, 3.0)
            await cared.care_done(hub, which, name, by or os.environ.get("SUDO_USER") or getpass.getuser())

        with_hub(settings, act)
    typer.echo(f"{which}: {name} is recorded")


async def _care(hub: DeviceHub, roles: list[str]) -> cared.Cared:
    await bench.status(hub, roles, 3.0)
    return await cared.read_care(hub, roles)


def _say_care(item: cared.CareItem) -> None:
    count = f"{item.used:,} of {item.limit:,} {item.counter}" if item.limit else ""
    days = f"every {item.days} days" if item.days else ""
    last = f"last {item.last:%Y-%m-%d}" if item.last is not None else "never recorded"
    mark = "DUE" if item.due else "   "
    words = ", ".join(filter(None, (count, days, last)))
    typer.echo(
        f"{mark} {item.role:17} {item.name:12} {item.share * 100:>4.0f} %  {words}  {item.zh} {item.en}"
    )
