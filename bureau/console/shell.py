"""What stands around every page: the rail, the page's heading, and how a mistake is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from markupsafe import Markup
from nicegui import ui

from bureau.console.desk import Desk
from bureau.console.html import HERE, icon, link, show
from bureau.console.map import PLACES, open_to
from bureau.engine.refusals import Refused
from bureau.errors import ActRefused, BureauError, OfficerError, SignInRefused

STYLE: Final = '<link rel="stylesheet" href="/assets/console.css">'
BUILD_S: Final = 30.0
"""So long a page may take: one that is looked into waits for its turn to write the trail, behind other programs."""
console_page: Final = partial(ui.page, response_timeout=BUILD_S)
"""A page of the console at an address; the framework's own three seconds are an error page on a busy morning."""


@contextmanager
def frame(desk: Desk, key: str, title: str) -> Iterator[None]:
    """Draw the rail with ``key`` as where we are, and the page within."""
    ui.page_title(f"{title} · {desk.say('console')}")
    ui.add_head_html(STYLE)
    ui.query("html").props(f'lang="{desk.lang}"')
    layout = ui.context.client.layout
    with layout:  # beside the framework's own <main>, in which the page is
        skip = show(Markup('<a class="skip" href="#page">{}</a>').format(desk.say("skip")))
        with ui.element("header").classes("rail") as rail:
            _mark(desk)
            with ui.element("details").classes("menu"):
                with ui.element("summary"):
                    show(icon("menu"), Markup("<span>{}</span>").format(desk.say("menu")))
                _rail(desk, key, "menu")
            _rail(desk, key, "side")
            _who(desk)
    rail.move(layout, target_index=0)
    skip.move(layout, target_index=0)
    with ui.element("div").props('id="page" tabindex="-1"').classes("page"):
        yield


def heading(desk: Desk, title: str, *, above: tuple[str, str] | None = None, lead: str = "") -> None:
    """The page's one heading; ``above`` is name and address of what it belongs to."""
    if above is not None:
        with ui.element("nav").props(f'aria-label="{desk.say("crumbs")}"').classes("crumbs"):
            show(link(*above))
    show(Markup("<h1>{}</h1>").format(title))
    if lead:
        show(Markup('<p class="lead">{}</p>').format(lead))


def button(
    desk: Desk,
    label: str,
    pressed: Callable[[], Awaitable[None]],
    kind: str = "primary",
    *,
    sure: str = "",
    unless: Callable[[], str] = lambda: "",
    worked: Callable[[], Markup] | None = None,
) -> None:
    """A button; ``sure``: what is asked once more before something that is not taken back.

    ``unless`` looks at what was filled in before anything is asked: what is wrong with it, or nothing. ``worked`` works
    something out of it that is shown where it is asked once more; what it raises is told, and nothing is asked.
    """

    async def asked() -> None:
        if wrong := unless():
            ui.notify(wrong, type="negative")
            return
        try:
            found = worked() if worked is not None else Markup()
        except (BureauError, Refused) as error:
            _trouble(desk, error)
            return
        asks = bool(sure or found)
        if not asks or await _sure(desk, label, desk.say(sure) if sure else "", kind, found):
            await pressed()

    _plain_button(desk.say(label), asked, kind)


async def _sure(desk: Desk, label: str, question: str, kind: str, found: Markup) -> bool:
    title = desk.say("sure")
    with ui.dialog() as dialog, ui.element("div").classes("card dialog"):
        dialog.props(f'aria-label="{title}"')
        show(Markup("<h2>{}</h2>{}<p>{}</p>").format(title, found, question))
        with ui.element("div").classes("acts"):
            _plain_button(desk.say("cancel"), lambda: dialog.submit(False), "quiet")
            _plain_button(desk.say(label), lambda: dialog.submit(True), kind)
    said = await dialog
    dialog.delete()
    return bool(said)


def _plain_button(text: str, pressed: Callable[[], object], kind: str) -> None:
    ui.button(text, on_click=pressed, color=None).classes(f"act {kind}").props("no-caps unelevated")


async def doing(desk: Desk, work: Callable[[], Awaitable[object]], done: str) -> bool:
    """Do something an officer asked for: ``done`` is told, or what went wrong and what to do next."""
    try:
        await work()
    except SignInRefused:
        ui.navigate.to("/sign-in")
        return False
    except (BureauError, Refused) as error:
        _trouble(desk, error)
        return False
    ui.notify(done, type="positive")
    return True


def _trouble(desk: Desk, error: Exception) -> None:
    ui.notify(
        problem(desk, error), type="negative", multi_line=True, timeout=0, close_button=desk.say("close")
    )


def problem(desk: Desk, error: Exception) -> str:
    """What went wrong, in the officer's words where there are some."""
    if isinstance(error, Refused):
        told = error.refusal
        return f"{desk.told(told.text)} {desk.told(told.next_step)}"
    if isinstance(error, OfficerError):
        return desk.say(f"officer.{error.code}")
    if isinstance(error, ActRefused):
        text_id = (
            f"refused.{error.area}.{error.code}"  # of which a core system of another make may have its own
        )
        return desk.say(text_id if desk.has(text_id) else f"refused.{error.area}.other", **error.told)
    text_id = f"error.{type(error).__name__}"
    return desk.say(text_id) if desk.has(text_id) else f"{desk.say('error.other')} {error}"


def _mark(desk: Desk) -> None:
    show(
        Markup(
            '<a class="mark" href="/"><img src="/assets/mark.svg" alt="" width="40" height="40">'
            "<span><b>{}</b><i>{}</i></span></a>"
        ).format(desk.say("bureau"), desk.say("console"))
    )


def _rail(desk: Desk, key: str, where: str) -> None:
    places = [place for place in PLACES if open_to(desk.officer.roles, place)]
    links = Markup("").join(
        Markup('<li><a href="{}"{}>{}<span>{}</span></a></li>').format(
            place.path, HERE if place.key == key else "", icon(place.icon), desk.say(f"place.{place.key}")
        )
        for place in places
    )
    label = desk.say(f"rail.{where}")
    show(Markup('<nav class="{}" aria-label="{}"><ul>{}</ul></nav>').format(where, label, links))


def _who(desk: Desk) -> None:
    roles = desk.say("list").join(desk.say(f"role.{role.value}") for role in sorted(desk.officer.roles))
    show(
        Markup(
            '<div class="who"><b>{}</b><span>{}</span>'
            '<form method="post" action="/sign-in/out"><button>{}</button></form></div>'
        ).format(desk.officer.name, roles or desk.say("no-role"), desk.say("sign-out"))
    )
