"""``bureau centre …`` and ``bureau superior …``: the centres below this one, and the one above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.commands.matters import Officer, officer_name
from bureau.errors import CentreRefused

if TYPE_CHECKING:
    from bureau.levels.centres import Centres, CentreView
    from bureau.levels.superior import Standing, Superior

app = typer.Typer(
    help="Centres below: codes to join with, the list, suspension.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
superior = typer.Typer(
    help="The centre above: join it, and see how it stands.", no_args_is_help=True, rich_markup_mode=None
)
DAYS_7 = 7 * 24 * 60
"""The longest life of a code, in minutes: whoever finds it later must not be able to use it."""
Code = Annotated[str, typer.Argument(help="The centre's code (税务机关代码), eleven digits.")]


@app.command("code")
@told
def make_code(
    centre: Code,
    name: Annotated[str, typer.Option("--name", help="Its name in Chinese, such as 云川市税务局.")],
    name_en: Annotated[str, typer.Option("--name-en", help="Its name in English.")],
    officer: Officer,
    minutes: Annotated[int, typer.Option(min=1, max=DAYS_7, help="How long it is good for.")] = 24 * 60,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a one-time code with which one centre joins below this one."""
    names = {"zh-CN": _name(name), "en-US": _name(name_en)}
    with _centres(config) as centres:
        code, expires = centres.make_code(_code(centre), names, officer_name(officer), minutes)
    found = {"code": code, "centre": centre, "name": names, "expires_at": expires}
    show(found, as_json, [f"{code}   for {centre} {name}, good for {minutes} minutes"])


@app.command("list")
@told
def list_centres(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Every centre below, each behind the one it stands below."""
    with _centres(config) as centres:
        found = centres.listed()
    show(found, as_json, [_line(one) for one in found] or ["no centre has joined: bureau centre code …"])


@app.command()
@told
def suspend(
    centre: Code,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="Why, for whoever resumes it.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Take nothing from a centre any more, and give it nothing, until it is resumed."""
    _set(config, centre, "suspended", f"{reason} ({officer_name(officer)})", as_json)


@app.command()
@told
def resume(centre: Code, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Let a centre that was suspended tell again, with the key it has."""
    officer_name(officer)
    _set(config, centre, "active", "", as_json)


@superior.command("join")
@told
def join_superior(
    code: Annotated[str, typer.Argument(help="The one-time code that was made above.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Join the centre at ``superior.url``; another one that was joined before is left."""
    with _superior(config) as above:
        standing = above.join(code)
    show(
        standing, as_json, [_standing(standing), "the centre tells it of its days while `bureau serve` runs"]
    )


@superior.command("show")
@told
def show_superior(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Below whom this centre stands, and when it was heard there last."""
    with _superior(config) as above:
        standing = above.standing()
    show(standing, as_json, [_standing(standing) if standing else "no centre above was joined"])


@superior.command("tell")
@told
def tell_superior(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Tell what has changed and take over what is new now, and not within five minutes."""
    from bureau.errors import SuperiorRefused

    with _superior(config) as above:
        if above.standing() is None:
            raise SuperiorRefused("none", "none was joined: bureau superior join CODE")
        above.run_once()
        standing = above.standing()
    show(standing, as_json, [_standing(standing)] if standing else [])


def _set(config: Path | None, centre: str, state: str, reason: str, as_json: bool) -> None:
    with _centres(config) as centres:
        centres.set_state(_code(centre), state, reason)
    show({"centre": centre, "state": state, "reason": reason}, as_json, [f"{centre} is {state}"])


def _code(centre: str) -> str:
    from bureau.levels.wire import CODE

    if not re.fullmatch(CODE, centre):
        raise CentreRefused("code", f"{centre!r} is no code of a tax authority: give its eleven digits")
    return centre


def _name(name: str) -> str:
    if not 2 <= len(name.strip()) <= 80 or not name.isprintable():
        raise CentreRefused("name", "give the centre's name on one line, in 2 to 80 characters")
    return name.strip()


def _line(one: CentreView) -> str:
    heard = (
        moment(one.heard_at) if one.heard_at else "told by another" if not one.speaks else "not heard of yet"
    )
    below = f"  below {one.under}" if one.under else ""
    return f"{one.centre}  {one.state:9}  {one.name['zh-CN']}  {heard}{below} {one.reason}".rstrip()


def _standing(standing: Standing) -> str:
    heard = moment(standing.heard_at) if standing.heard_at else "not yet"
    return f"{standing.centre} below {standing.superior['zh-CN']}, told last: {heard}"


@contextmanager
def _centres(config: Path | None) -> Iterator[Centres]:
    from bureau.levels.centres import Centres
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        yield Centres(database, open_keys(settings), business_clock(settings))


@contextmanager
def _superior(config: Path | None) -> Iterator[Superior]:
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.levels.superior import Superior
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        clock = business_clock(settings)
        system = ReferenceSystem(database, clock)
        yield Superior(settings.superior, database, system, open_keys(settings), clock)
