"""What ``kiosk devices list`` tells of each service, with and without the device program running."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import typer

from config.settings import DevicesSettings
from drivers import bench
from drivers.assembly import isolation_of, refuse_unknown
from drivers.binding import bindings
from drivers.cli_common import with_hub
from drivers.errors import DriverConfigError
from drivers.recording.lines import SECRETS
from drivers.xfs.auth import TokenFileError


def rows(settings: DevicesSettings) -> list[dict[str, Any]]:
    """One object a service, ours and those of other publishers."""
    known = bindings.read(settings.bindings_file)
    live = _live(settings)
    found: list[dict[str, Any]] = []
    for entry in settings.services:
        bound = known.get(entry.role)
        row = {"isolation": isolation_of(entry.driver, entry.isolation)}
        row |= {"bound": str(bound.identity)} if bound is not None else {}
        written = {**entry.model_dump(mode="json"), "options": shown(entry.options)}
        state = _state(live.get(entry.role))
        if entry.role not in live and (cause := _refused(entry.driver)):
            state["cause"] = cause
        found.append({**written, **row, **state})
    for role, address in settings.roles.items():
        found.append({"role": role, "name": None, "address": _hidden(address), **_state(live.get(role))})
    return found


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


HIDDEN: Final = "***"
_USER_IN_URI: Final = re.compile(r"//[^/]*@")


def _live(settings: DevicesSettings) -> Mapping[str, Mapping[str, Any]]:
    """What the running program tells; nothing when none runs here, and that is said beside the list."""
    roles = [*(str(entry.role) for entry in settings.services), *map(str, settings.roles)]
    try:
        return with_hub(settings, lambda hub: bench.overview(hub, roles))
    except (OSError, TokenFileError, DriverConfigError) as error:
        typer.echo(str(error), err=True)
        return {}


def _state(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    if facts is None:
        return {"class": None, "status": "unknown", "age_s": None, "due": []}
    health = facts["health"]
    # How old the device's own word is; that of its service is younger.
    age = health["ageMs"] / 1000 if health.get("ageMs") is not None else facts["age_s"]
    state = {"class": facts["class"], "status": facts["device"], "age_s": age}
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
    age = "" if row["age_s"] is None else f"{row['age_s']:.0f} s ago"
    due = f"due: {', '.join(row['due'])}" if row["due"] else ""
    words = f"{row['role']:17} {row['class'] or '-':17} {row.get('driver') or '-':25}"
    words += f" {row.get('isolation', '-'):8} {state} {age:9}"
    return f"{words} {where} {due} {row.get('cause', '')}".rstrip()


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
