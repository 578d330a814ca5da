"""办件: the cases of everybody, open and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.console.case_words import decided_by, due_badge, state_badge
from bureau.console.desk import Desk, desk_of
from bureau.console.html import badge, link, show, table, tabs
from bureau.console.live import Watch
from bureau.console.parts import Parts
from bureau.console.shell import console_page, frame, heading
from bureau.console.worklists.pattern import LISTED
from bureau.engine.names import matter_name
from bureau.officers.roles import Act
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.system import Work
from kiosk.domain.masking import mask_name, mask_number


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list: of a person without an enterprise, the name is masked."""

    case: MatterCase
    owner: str


def install(parts: Parts, watch: Watch) -> None:
    """Add the page."""

    @console_page("/cases")
    async def cases(request: Request, state: str = "open") -> None:
        await _list(desk_of(parts, request), watch, decided=state == "decided")


def rows_of(work: Work, *, decided: bool, limit: int = LISTED) -> Sequence[Row]:
    """The cases of a list."""
    core = work.core
    return [
        Row(case, _owner(core, case)) for case in core.matters.listed("decided" if decided else "open", limit)
    ]


def case_table(desk: Desk, rows: Sequence[Row]) -> Markup:
    """Open cases, the one due first on top."""
    return table(
        desk.say("cases.open"),
        [desk.say(f"case.{name}") for name in ("number", "matter", "owner", "accepted", "due", "state")],
        [
            (
                link(row.case.case, f"/cases/{row.case.case}"),
                desk.told(matter_name(row.case.matter)),
                row.owner,
                desk.day(row.case.accepted_at.date()),
                due_badge(desk, row.case.due_on),
                badge(desk.say("case.waits-owner"), "warn")
                if row.case.wanted
                else badge(desk.say("case.open")),
            )
            for row in rows
        ],
        desk.say("cases.none"),
    )


def _decided_table(desk: Desk, rows: Sequence[Row]) -> Markup:
    return table(
        desk.say("cases.decided"),
        [desk.say(f"case.{name}") for name in ("number", "matter", "owner", "decided", "by", "state")],
        [
            (
                link(row.case.case, f"/cases/{row.case.case}"),
                desk.told(matter_name(row.case.matter)),
                row.owner,
                desk.moment(row.case.decided_at),
                decided_by(desk, row.case.decided_by),
                state_badge(desk, row.case),
            )
            for row in rows
        ],
        desk.say("cases.none-decided"),
    )


async def _list(desk: Desk, watch: Watch, *, decided: bool) -> None:
    async def found() -> Sequence[Row]:
        return await desk.watch(Act.CASES_SEE, lambda work, _: rows_of(work, decided=decided))

    rows = await found()
    with frame(desk, "cases", desk.say("place.cases")):
        heading(desk, desk.say("cases.title"))
        open_, over = desk.say("cases.open"), desk.say("cases.decided")
        show(
            tabs(desk.say("tabs"), [("/cases", open_, not decided), ("/cases?state=decided", over, decided)])
        )
        with ui.element("section").classes("card"):

            @ui.refreshable
            def drawn(rows: Sequence[Row]) -> None:
                if len(rows) == LISTED:
                    show(Markup("<p>{}</p>").format(desk.say("list.cut", count=LISTED)))
                show(_decided_table(desk, rows) if decided else case_table(desk, rows))

            drawn(rows)

        async def again() -> None:
            drawn.refresh(await found())

        watch.follow("cases", again)


def _owner(core: Core, case: MatterCase) -> str:
    firm = core.registration.taxpayer(case.taxpayer) if case.taxpayer else None
    if firm is not None:
        return firm.name
    person = core.registration.person(case.person)
    return mask_name(person.name) if person is not None else mask_number(case.person.number)
