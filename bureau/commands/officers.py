"""``bureau officer …``: who works at the console, and with which roles; ``bureau trail …``: what they did there."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.errors import OfficerError
from bureau.officers.roles import Act, Role

if TYPE_CHECKING:
    from bureau.officers.accounts import Accounts, Officer
    from bureau.officers.trail import Entry, Trail

app = typer.Typer(help="Officers who work at the console.", no_args_is_help=True, rich_markup_mode=None)
trail = typer.Typer(help="What officers saw and did.", no_args_is_help=True, rich_markup_mode=None)

Login = Annotated[str, typer.Argument(help="The name to sign in with.")]
Roles = Annotated[list[Role], typer.Option("--role", help="May be given several times.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", envvar="BUREAU_OFFICER", help="Who asked for it; the trail has whoever is logged in."
    ),
]


@app.command("list")
@told
def list_officers(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Every account with its state and roles."""
    with _desk(config) as (accounts, _trail):
        found = accounts.all()
    lines = [
        f"{one.login:20} {one.state:9} {', '.join(sorted(one.roles)) or '-':32} {one.name}" for one in found
    ]
    show([_told(one) for one in found], as_json, lines or ["nobody; invite the first administrator"])


@app.command()
@told
def invite(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="As colleagues know the officer.")],
    role: Roles,
    lang: Annotated[str, typer.Option("--lang", help="zh-CN or en-US.")] = "zh-CN",
    by: By = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """A new account; the code that is printed lets its officer choose password and second factor within a day."""
    with _acting(config, by, Act.OFFICER_INVITE, login, {"roles": _words(role)}) as accounts:
        code = accounts.invite(login, name, role, _who(by), lang)
    show(_invited(login, code), as_json, _story(login, code))


@app.command()
@told
def again(login: Login, by: By = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """A new code for an officer who lost the password or the second factor; the old ones end at once."""
    with _acting(config, by, Act.OFFICER_INVITE, login, {}) as accounts:
        code = accounts.invite_again(login, _who(by))
    show(_invited(login, code), as_json, _story(login, code))


@app.command()
@told
def roles(
    login: Login, role: Roles, by: By = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Give these roles and take all others; they count from the officer's next act."""
    with _acting(config, by, Act.OFFICER_ROLES, login, {"roles": _words(role)}) as accounts:
        officer = accounts.set_roles(login, role, _who(by))
    show(_told(officer), as_json, [f"{login} has: {_words(sorted(officer.roles))}"])


@app.command()
@told
def disable(login: Login, by: By = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """End an account and its sessions."""
    with _acting(config, by, Act.OFFICER_DISABLE, login, {}) as accounts:
        officer = accounts.disable(login, _who(by))
    show(_told(officer), as_json, [f"{login} cannot sign in any more"])


@app.command()
@told
def unlock(login: Login, by: By = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Let an officer try again at once after too many wrong passwords."""
    with _acting(config, by, Act.OFFICER_UNLOCK, login, {}) as accounts:
        officer = accounts.unlock(login)
    show(_told(officer), as_json, [f"{login} may try again"])


@trail.command("list")
@told
def list_trail(
    officer: Annotated[str, typer.Option("--officer", help="Of this officer alone.")] = "",
    subject: Annotated[str, typer.Option("--subject", help="About this case or account alone.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the newest first.")] = 100,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """The newest entries."""
    with _desk(config) as (_accounts, entries):
        found = entries.latest(limit=limit, officer=officer, subject=subject)
    lines = [
        f"{one.seq:6}  {moment(one.at)}  {one.who.officer:16} {one.act:20} {one.phase:8} {one.subject}"
        for one in found
    ]
    show([_entry(one) for one in found], as_json, lines or ["nothing was done yet"])


@trail.command()
@told
def verify(
    head: Annotated[
        str, typer.Option("--head", help="NUMBER:HASH as printed before by bureau trail head.")
    ] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Check that no entry was changed, taken out or cut off."""
    from bureau.opening import open_keys
    from sync.crypto import verifier

    with opened(config) as (settings, _database), _desk(config) as (_accounts, entries):
        keys = open_keys(settings)
        count = entries.verify(verifier(keys.signer.algorithm, keys.signer.public_key), _head(head))
    show({"entries": count}, as_json, [f"{count} entries, each as it was signed"])


@trail.command()
@told
def head(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Number and hash of the last entry, to be kept where whoever runs the store cannot reach."""
    with _desk(config) as (_accounts, entries):
        number, value = entries.head()
    show({"seq": number, "hash": value}, as_json, [f"{number}:{value}"])


def _head(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    number, _, value = text.partition(":")
    if not (number.isdigit() and value):
        raise OfficerError("head", "--head: give NUMBER:HASH as bureau trail head printed it")
    return int(number), value


@contextmanager
def _desk(config: ConfigFile) -> Iterator[tuple[Accounts, Trail]]:
    """Accounts and trail over the store that the settings name."""
    from bureau.officers.opening import open_accounts, open_trail
    from bureau.opening import open_keys

    with opened(config) as (settings, database):
        keys = open_keys(settings)
        yield open_accounts(database, keys), open_trail(settings, database, keys)


@contextmanager
def _acting(
    config: ConfigFile, by: str | None, act: Act, login: str, details: Mapping[str, str]
) -> Iterator[Accounts]:
    """An act on an account, with its two entries in the trail."""
    from bureau.officers.trail import Who

    with (
        _desk(config) as (accounts, entries),
        entries.act(Who(_shell()), act, login, {**details, **({"by": by} if by else {})}),
    ):
        yield accounts


def _who(by: str | None) -> str:
    return by or _shell()


def _shell() -> str:
    """Whoever is logged in at the machine: what is typed as a name is nobody's proof."""
    return f"shell/{getpass.getuser()}"


def _words(roles_given: list[Role]) -> str:
    return ", ".join(role.value for role in roles_given)


def _invited(login: str, code: str) -> dict[str, str]:
    return {"officer": login, "code": code}


def _story(login: str, code: str) -> list[str]:
    return [
        f"{login} takes up the account at the console's /enrol within 24 hours with the code",
        f"    {code}",
    ]


def _told(officer: Officer) -> dict[str, Any]:
    return {
        "officer": officer.login,
        "name": officer.name,
        "state": officer.state,
        "roles": sorted(officer.roles),
        "locked_until": officer.locked_until,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "officer": entry.who.officer,
        "session": entry.who.session,
        "act": entry.act,
        "subject": entry.subject,
        "phase": entry.phase,
        "details": dict(entry.details),
    }
