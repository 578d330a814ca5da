"""What ``kiosk devices list`` tells of each service, with and without the device program running."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import typer

from config.settings import DevicesSettings
from drivers import bench, last_states
from drivers.assembly import isolation_of, refuse_unknown
from drivers.binding import bindings
from drivers.cli_common import not_running, runs, screen_services, with_hub, with_others
from drivers.errors import DriverConfigError
from drivers.last_states import LastState
from drivers.recording.lines import SECRETS
from drivers.services.classes import CLASSES
from drivers.xfs.auth import TokenFileError


def rows(settings: DevicesSettings) -> list[dict[str, Any]]:
    """One object a service, ours and those of other publishers.

    ``status`` is ``notRunning`` while our device program does not run; ``last`` is then what it was, ``age_s`` ago, and
    ``last_due`` what was due then.
    """
    known = bindings.read(settings.bindings_file)
    last = None if runs(settings) else last_states.read(settings.state_dir / last_states.FILE)
    live = _live(settings, last is None)
    found: list[dict[str, Any]] = []
    for entry in settings.services:
        bound = known.get(entry.role)
        row = {"isolation": isolation_of(entry.driver, entry.isolation)}
        row |= {"bound": str(bound.identity)} if bound is not None else {}
        written = {**entry.model_dump(mode="json"), "options": shown(entry.options)}
        state = _state(entry.role, live.get(entry.role))
        if last is not None:
            state |= _rest(last.get(entry.name))
        if entry.role not in live and (cause := _refused(entry.driver)):
            state["cause"] = cause
        found.append({**written, **row, **state})
    for role, address in settings.roles.items():
        found.append(
            {"role": role, "name": None, "address": _hidden(address), **_state(role, live.get(role))}
        )
    return found


def screens(rows_there: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The addresses of other publishers' services that ``kiosk.toml`` names for roles that are played here too."""
    addresses = {str(row["role"]): row.get("address") for row in rows_there}
    named = {str(role): str(_hidden(uri)) for role, uri in screen_services().roles.items()}
    return {role: uri for role, uri in named.items() if role in addresses and addresses[role] != uri}


def _rest(kept: LastState | None) -> dict[str, Any]:
    """How a device stood when the program last ran."""
    if kept is None:
        return {"status": NOT_RUNNING}
    age = round(kept.age_s(datetime.now(UTC)), 3)
    return {"status": NOT_RUNNING, "last": kept.device, "age_s": age, "last_due": [*kept.due]}


def _refused(driver: str) -> str:
    """Why the device program would not start with this driver; empty when it would try."""
    try:
        refuse_unknown(driver)
    except DriverConfigError as error:
        return str(error)
    return ""


def shown(options: Mapping[str, Any]) -> dict[str, Any]:
    """A service's options without what lets somebody in, which a list on a screen must not tell."""
    return {name: HIDDEN if name in SECRETS and value else _hidden(value) for name, value in options.items()}


def _hidden(value: Any) -> Any:
    """An option without user and password in an address, wherever in it one stands."""
    if isinstance(value, Mapping):
        return shown(value)
    if isinstance(value, list | tuple):
        return [_hidden(one) for one in value]
    return _USER_IN_URI.sub(rf"//{HIDDEN}@", value) if isinstance(value, str) else value


NOT_RUNNING: Final = "notRunning"
"""The status of our services while the device program does not run; no word of the standard's."""
HIDDEN: Final = "***"
_USER_IN_URI: Final = re.compile(r"//[^/]*@")


def _live(settings: DevicesSettings, running: bool) -> Mapping[str, Mapping[str, Any]]:
    """What the running program tells, and services of others; that none runs here is said beside the list."""
    ours, others = [str(entry.role) for entry in settings.services], [*map(str, settings.roles)]
    if ours and not running:
        typer.echo(not_running(settings), err=True)
    try:
        if running or not ours:
            return with_hub(settings, lambda hub: bench.overview(hub, [*ours, *others]))
        return with_others(settings, lambda hub: bench.overview(hub, others)) if others else {}
    except (OSError, TokenFileError, DriverConfigError) as error:
        typer.echo(str(error), err=True)
        return {}


def _state(role: str, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    if facts is None:
        return {"class": CLASSES[role], "status": "unknown", "age_s": None, "due": []}
    health = facts["health"]
    # How old the device's own word is; that of its service is younger.
    age = health["ageMs"] / 1000 if health.get("ageMs") is not None else facts["age_s"]
    state = {"class": facts["class"] or CLASSES[role], "status": facts["device"], "age_s": age}
    cause = {"cause": health["cause"]} if health.get("cause") else {}
    return {**state, "due": health.get("due") or [], **cause}


_COLOURS: Final = {"online": "green", "deviceBusy": "green", "starting": "yellow", "userError": "yellow"}
"""Green: well. Yellow: wait, or a hand mends it, or something is due. Red: all else. Not known: none."""


def line(row: Mapping[str, Any]) -> str:
    """The same for a person, on one line."""
    colour = None if row["status"] == "unknown" else _COLOURS.get(row["status"], "red")
    colour = "yellow" if colour == "green" and row["due"] else colour
    state = typer.style(f"{row['status']:14}", fg=colour)
    where = row.get("bound") or row.get("address") or _options(row.get("options", {}))
    age = "" if row["age_s"] is None else _ago(row["age_s"])
    age = f"{age}, was {row['last']}" if "last" in row else age
    due = f"due: {', '.join(row['due'])}" if row["due"] else ""
    due = f"was due: {', '.join(row['last_due'])}" if row.get("last_due") else due
    words = f"{row['role']:17} {row['class'] or '-':17} {row.get('driver') or '-':25}"
    words += f" {row.get('isolation', '-'):8} {state} {age:9}"
    return f"{words} {where} {due} {row.get('cause', '')}".rstrip()


def _ago(seconds: float) -> str:
    """A time in its largest unit that is not below two."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= 2 * size), ("s", 1))
    return f"{seconds / size:.0f} {unit} ago"


_UNITS: Final = (("days", 86400), ("h", 3600), ("min", 60))


def brief(details: Mapping[str, Any]) -> str:
    """The words of a status on one line, those of an inner object with its name before them: ``paper.upper=out``."""
    return " ".join(word for name, part in details.items() if name != "common" for word in _words("", part))


def _words(before: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [
            word for name, inner in value.items() for word in _words(f"{before}.{name}".lstrip("."), inner)
        ]
    return [f"{before}={value}"] if isinstance(value, str | bool | int | float) else []


def _options(options: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in options.items())
