"""人员与权限: who works here, with which roles; inviting, changing, ending an account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.console.desk import Desk, desk_of
from bureau.console.html import Tone, badge, facts, link, show, table
from bureau.console.parts import LANGUAGES, Parts
from bureau.console.shell import button, console_page, doing, frame, heading, problem
from bureau.errors import OfficerError
from bureau.officers.accounts import Officer
from bureau.officers.roles import ALLOWED, Act, Role

T = TypeVar("T")


def install(parts: Parts) -> None:
    """Add the pages."""

    @console_page("/officers")
    async def officers(request: Request) -> None:
        await _list(desk_of(parts, request))

    @console_page("/officers/{login}")
    async def officer(request: Request, login: str) -> None:
        await _one(desk_of(parts, request), login)


async def _list(desk: Desk) -> None:
    everybody = await asyncio.to_thread(desk.parts.accounts.all)
    with frame(desk, "officers", desk.say("place.officers")):
        heading(desk, desk.say("officers.title", count=len(everybody)))
        with ui.element("section").classes("card"):
            show(_table(desk, everybody))
        if desk.may(Act.OFFICER_INVITE):
            _invite(desk)


def _table(desk: Desk, everybody: Sequence[Officer]) -> Markup:
    return table(
        desk.say("place.officers"),
        [desk.say(f"officer.{name}") for name in ("name", "login", "roles", "state")],
        [
            (one.name, link(one.login, f"/officers/{one.login}"), _roles(desk, one), _state(desk, one))
            for one in everybody
        ],
        "",
    )


def _roles(desk: Desk, officer: Officer) -> str:
    named = [desk.say(f"role.{role.value}") for role in sorted(officer.roles)]
    return desk.say("list").join(named) or desk.say("no-role")


def _state(desk: Desk, officer: Officer) -> Markup:
    if officer.locked_until is not None:
        return badge(desk.say("officer.is-locked"), "bad")
    tones: dict[str, Tone] = {"active": "good", "invited": "warn", "disabled": "plain"}
    return badge(desk.say(f"officer.is-{officer.state}"), tones[officer.state])


def _invite(desk: Desk) -> None:
    with ui.element("section").classes("card"):
        show(
            Markup("<h2>{}</h2><p>{}</p>").format(
                desk.say("officers.invite"), desk.say("officers.invite-lead")
            )
        )
        name = ui.input(desk.say("officer.name")).props("outlined maxlength=32")
        login = ui.input(desk.say("officer.login")).props(
            f'outlined maxlength=32 hint="{desk.say("officer.login-hint")}"'
        )
        roles = _boxes(desk, frozenset())
        lang = ui.radio({one: desk.say(f"lang.{one}") for one in LANGUAGES}, value=desk.lang).props("inline")
        shown = ui.element("div").props('aria-live="polite"')

        async def pressed() -> None:
            wanted, who = _chosen(roles), str(login.value or "").strip()
            told: list[str] = []

            async def work() -> None:
                accounts, named = desk.parts.accounts, str(name.value or "")
                told.append(
                    await desk.manage(
                        Act.OFFICER_INVITE,
                        who,
                        lambda by: accounts.invite(who, named, wanted, by, str(lang.value)),
                        {"roles": ", ".join(wanted)},
                    )
                )

            if await doing(desk, work, desk.say("officers.invited", login=who)):
                _code(desk, shown, who, told[0])

        button(desk, "officers.invite", pressed)


def _code(desk: Desk, shown: ui.element, login: str, code: str) -> None:
    """Show a one-time code, which is seen here alone."""
    shown.clear()
    with shown:
        show(
            Markup('<div class="code"><p>{}</p><b>{}</b><p>{}</p></div>').format(
                desk.say("officers.code", login=login),
                code,
                desk.say("officers.code-lead", url=f"{desk.parts.url}/enrol"),
            )
        )


def _boxes(desk: Desk, held: frozenset[Role]) -> dict[Role, ui.checkbox]:
    """A box for each role, with what it allows."""
    boxes = {}
    with ui.element("fieldset").classes("roles"):
        show(Markup("<legend>{}</legend>").format(desk.say("officer.roles")))
        for role in ALLOWED:
            boxes[role] = ui.checkbox(
                f"{desk.say(f'role.{role.value}')} · {desk.say(f'role.{role.value}.does')}",
                value=role in held,
            )
    return boxes


def _chosen(boxes: dict[Role, ui.checkbox]) -> list[Role]:
    return [role for role, box in boxes.items() if box.value]


async def _one(desk: Desk, login: str) -> None:
    try:
        officer = await asyncio.to_thread(desk.parts.accounts.officer, login)
    except OfficerError as error:
        with frame(desk, "officers", desk.say("place.officers")):
            heading(desk, problem(desk, error), above=(desk.say("place.officers"), "/officers"))
        return
    with frame(desk, "officers", officer.name):
        heading(desk, officer.name, above=(desk.say("place.officers"), "/officers"))
        with ui.element("section").classes("card"):
            show(
                facts(
                    [
                        (desk.say("officer.login"), officer.login),
                        (desk.say("officer.state"), _state(desk, officer)),
                        (desk.say("officer.roles"), _roles(desk, officer)),
                    ]
                )
            )
        _roles_of(desk, officer)
        _account(desk, officer)


def _roles_of(desk: Desk, officer: Officer) -> None:
    if not desk.may(Act.OFFICER_ROLES) or officer.state == "disabled" or officer.login == desk.officer.login:
        return
    accounts, login = desk.parts.accounts, officer.login
    with ui.element("section").classes("card"):
        boxes = _boxes(desk, officer.roles)

        async def pressed() -> None:
            wanted = _chosen(boxes)
            act = desk.manage(
                Act.OFFICER_ROLES,
                login,
                lambda by: accounts.set_roles(login, wanted, by),
                {"roles": ", ".join(wanted)},
            )
            await _then(desk, lambda: act, "officer.roles.done")

        button(desk, "officer.set-roles", pressed)


def _account(desk: Desk, officer: Officer) -> None:
    """Unlock, invite anew, end."""
    accounts, login = desk.parts.accounts, officer.login
    if not any(desk.may(act) for act in (Act.OFFICER_UNLOCK, Act.OFFICER_INVITE, Act.OFFICER_DISABLE)):
        return
    if login == desk.officer.login:
        with ui.element("section").classes("card"):
            show(Markup("<p>{}</p>").format(desk.say("officer.own")))
        return
    with ui.element("section").classes("card"):
        show(Markup("<h2>{}</h2>").format(desk.say("officer.account")))
        shown = ui.element("div").props('aria-live="polite"')

        async def unlock() -> None:
            await _then(
                desk,
                lambda: desk.manage(Act.OFFICER_UNLOCK, login, lambda _: accounts.unlock(login)),
                "officer.unlock.done",
            )

        async def again() -> None:
            told: list[str] = []

            async def work() -> None:
                told.append(
                    await desk.manage(Act.OFFICER_INVITE, login, lambda by: accounts.invite_again(login, by))
                )

            if await doing(desk, work, desk.say("officers.invited", login=login)):
                _code(desk, shown, login, told[0])

        async def disable() -> None:
            await _then(
                desk,
                lambda: desk.manage(Act.OFFICER_DISABLE, login, lambda by: accounts.disable(login, by)),
                "officer.disable.done",
            )

        with ui.element("div").classes("acts"):
            if officer.locked_until is not None and desk.may(Act.OFFICER_UNLOCK):
                button(desk, "officer.unlock", unlock)
            if desk.may(Act.OFFICER_INVITE):
                button(desk, "officer.invite-again", again, "quiet", sure="officer.invite-again-sure")
            if officer.state != "disabled" and desk.may(Act.OFFICER_DISABLE):
                button(desk, "officer.disable", disable, "danger", sure="officer.disable-sure")


async def _then(desk: Desk, work: Callable[[], object], done: str) -> None:
    """Do it, and show the page as it is afterwards."""
    if await doing(desk, work, desk.say(done)):  # type: ignore[arg-type]
        ui.navigate.reload()
