"""审计: what officers saw and did, and whether it is as it was written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.console.desk import Desk, desk_of
from bureau.console.html import Tone, badge, link, search, show, table
from bureau.console.parts import Parts
from bureau.console.shell import button, console_page, doing, frame, heading
from bureau.errors import TrailBroken
from bureau.officers.accounts import LOGIN
from bureau.officers.roles import Act
from bureau.officers.trail import Entry

PAGE: Final = 50
TONES: Final[dict[str, Tone]] = {
    "seen": "plain",
    "begun": "plain",
    "done": "good",
    "refused": "warn",
    "failed": "bad",
}


def install(parts: Parts) -> None:
    """Add the page."""

    @console_page("/trail")
    async def trail(request: Request, officer: str = "", subject: str = "", before: int = 0) -> None:
        await _trail(desk_of(parts, request), officer, subject, before)


async def _trail(desk: Desk, officer: str, subject: str, before: int) -> None:
    entries = desk.parts.trail
    officer, subject = _asked(officer), _asked(subject)
    await desk.look(Act.TRAIL_SEE, f"{officer} {subject}".strip(), lambda _work, _officer: None)
    found = await asyncio.to_thread(
        lambda: entries.latest(limit=PAGE, officer=officer, subject=subject, before=before)
    )
    with frame(desk, "trail", desk.say("place.trail")):
        heading(desk, desk.say("trail.title"), lead=desk.say("trail.lead"))
        _verify(desk)
        _search(desk, officer, subject)
        with ui.element("section").classes("card"):
            show(_table(desk, found))
            if len(found) == PAGE:
                older = "/trail?" + urlencode(
                    {"officer": officer, "subject": subject, "before": found[-1].seq}
                )
                show(Markup('<p class="more">{}</p>').format(link(desk.say("trail.older"), older)))


def _asked(text: str) -> str:
    """What is looked for, as it is kept on the trail: a name to sign in with or a case's number, and nothing else."""
    wanted = text.strip()
    return wanted if re.fullmatch(rf"{LOGIN}|\d{{6}}|\d{{20}}|shell/[\w-]{{1,32}}", wanted) else ""


def _verify(desk: Desk) -> None:
    with ui.element("section").classes("card"):
        told = ui.element("div").props('aria-live="polite"')

        async def pressed() -> None:
            said: list[tuple[str, str]] = []

            def check(_officer: str) -> None:
                try:
                    count = desk.parts.trail.verify(desk.parts.verifier)
                    said.append((desk.say("trail.whole", count=count), "good"))
                except TrailBroken as broken:
                    said.append((desk.say("trail.broken", seq=broken.seq), "bad"))

            if await doing(desk, lambda: desk.manage(Act.TRAIL_SEE, "", check), desk.say("trail.checked")):
                told.clear()
                with told:
                    show(*(Markup('<p class="told {}">{}</p>').format(tone, text) for text, tone in said))

        button(desk, "trail.verify", pressed, "quiet")


def _search(desk: Desk, officer: str, subject: str) -> None:
    show(
        search(
            "/trail",
            [
                ("officer", desk.say("trail.officer"), officer),
                ("subject", desk.say("trail.subject"), subject),
            ],
            desk.say("find"),
        )
    )


def _table(desk: Desk, entries: Sequence[Entry]) -> Markup:
    return table(
        desk.say("place.trail"),
        [desk.say(f"trail.{name}") for name in ("seq", "at", "officer", "act", "subject", "phase")],
        [_row(desk, one) for one in entries],
        desk.say("trail.none"),
    )


def _row(desk: Desk, entry: Entry) -> tuple[object, ...]:
    details = "; ".join(f"{name}: {value}" for name, value in entry.details.items())
    return (
        str(entry.seq),
        desk.moment(entry.at),
        entry.who.officer,
        desk.say(f"act.{entry.act}") if desk.has(f"act.{entry.act}") else entry.act,
        entry.subject or "—",
        Markup("{} {}").format(badge(desk.say(f"phase.{entry.phase}"), TONES[entry.phase]), details),
    )
