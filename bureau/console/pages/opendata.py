"""数据开放: what is settled and not made yet, what waits for another officer, what is open; and one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from fastapi import Request
from markupsafe import Markup
from nicegui import ui

from bureau.console.desk import Desk, desk_of
from bureau.console.html import Tone, badge, facts, lines, link, show, table, timeline
from bureau.console.parts import Parts
from bureau.console.shell import console_page, doing, frame, heading, problem
from bureau.console.worklists.forms import draw_deed
from bureau.console.worklists.pattern import Input, Values, both, in_both
from bureau.errors import ReleaseRefused
from bureau.officers.roles import Act
from bureau.opendata.package import meaning
from bureau.opendata.releases import LONGEST_REASON, Release, ReleaseEvent, Releases
from bureau.opendata.schema import DataSet, Period, Row
from bureau.opendata.sets import SETS

PATH: Final = "/open-data"
ROWS_SHOWN: Final = 50
"""On a phone each row is a card of its own; the command and, once it is open, the file have all."""
TONES: Final[Mapping[str, Tone]] = {"proposed": "warn", "published": "good"}


def install(parts: Parts) -> None:
    """Add the pages."""

    @console_page(PATH)
    async def releases(request: Request) -> None:
        await _list(desk_of(parts, request))

    @console_page(f"{PATH}/{{name}}")
    async def release(request: Request, name: str) -> None:
        await _one(desk_of(parts, request), name)


# --- the list ---------------------------------------------------------------------------------------------


async def _list(desk: Desk) -> None:
    open_data = desk.parts.open_data
    entries, due = await desk.count(Act.OPEN_DATA_SEE, lambda: (open_data.entries(), open_data.due()))
    with frame(desk, "open-data", desk.say("place.open-data")):
        heading(desk, desk.say("place.open-data"), lead=desk.say("open-data.lead"))
        with ui.element("section").classes("card"):
            show(
                table(
                    desk.say("place.open-data"),
                    [
                        desk.say(f"open-data.{name}")
                        for name in ("release", "set", "period", "rows", "by", "state")
                    ],
                    [_cells(desk, one) for one in entries],
                    desk.say("open-data.none"),
                )
            )
        if desk.may(Act.OPEN_DATA_PROPOSE):
            with ui.element("section").classes("card"):
                show(Markup("<h2>{}</h2>").format(desk.say("open-data.propose")))
                draw_deed(desk, Making(), due, partial(_made, desk))


def _cells(desk: Desk, one: Release) -> Sequence[object]:
    return (
        link(one.release, f"{PATH}/{one.release}"),
        desk.told(one.title),
        one.period,
        one.count,
        one.proposed_by,
        _badge(desk, one),
    )


def _badge(desk: Desk, one: Release) -> Markup:
    return badge(desk.say(f"open-data.is-{one.state}"), TONES.get(one.state, "plain"))


# --- one release --------------------------------------------------------------------------------------------


async def _one(desk: Desk, name: str) -> None:
    open_data, above = desk.parts.open_data, (desk.say("place.open-data"), PATH)
    try:
        release = await desk.count(Act.OPEN_DATA_SEE, lambda: open_data.there(name))
        rows, history = await desk.count(
            Act.OPEN_DATA_SEE, lambda: (open_data.rows(release), open_data.history(name))
        )
    except ReleaseRefused as error:
        with frame(desk, "open-data", desk.say("place.open-data")):
            heading(desk, problem(desk, error), above=above)
        return
    with frame(desk, "open-data", release.release):
        title = f"{desk.told(release.title)} {release.period}"
        heading(desk, title, above=above, lead=desk.told(release.about))
        for one in DECISIONS:
            if desk.may(one.act) and one.offered(desk, release):
                with ui.element("section").classes("card"):
                    draw_deed(desk, one, release, partial(_decided, desk, one, name))
        for words, shown in (
            ("open-data.about", facts(_facts(desk, release))),
            ("open-data.content", _rows(desk, release, rows)),
            ("history", timeline([(desk.moment(e.at), _event(desk, e)) for e in history])),
        ):
            with ui.element("section").classes("card"):
                show(Markup("<h2>{}</h2>").format(desk.say(words)), shown)


def _facts(desk: Desk, one: Release) -> list[tuple[str, object]]:
    rule = desk.say("open-data.rule-k", **one.rule) if one.rule else desk.say("open-data.rule-sums")
    told: list[tuple[str, object]] = [
        (desk.say("open-data.release"), one.release),
        (desk.say("open-data.state"), _badge(desk, one)),
        (desk.say("open-data.rule"), rule),
        (desk.say("open-data.left-out"), desk.say("open-data.left-of", left=one.left_out, of=one.of)),
    ]
    if one.levels:
        named = {column.name: desk.told(column.title) for column in one.columns}
        levels = (
            desk.say("open-data.level", column=named[name], level=at) for name, at in one.levels.items()
        )
        told.append((desk.say("open-data.levels"), lines(levels)))
    if one.state == "published":
        address = f"{desk.parts.public_url}/open/{one.dataset}/{one.period}"
        told.append((desk.say("open-data.address"), link(address, address)))
    if one.reason is not None:
        told.append((desk.say("open-data.reason"), lines(desk.in_both(one.reason))))
    return [*told, (desk.say("open-data.digest"), one.sha256)]


def _rows(desk: Desk, one: Release, rows: Sequence[Row]) -> Markup:
    columns = one.columns
    shown = [
        [desk.told(meaning(column, value)) for column, value in zip(columns, row, strict=True)]
        for row in rows[:ROWS_SHOWN]
    ]
    drawn = table(desk.say("open-data.content"), [desk.told(column.title) for column in columns], shown, "")
    if one.count <= ROWS_SHOWN:
        return drawn
    more = desk.say("open-data.first", shown=ROWS_SHOWN, all=one.count)
    return Markup("<p>{}</p>{}").format(more, drawn)


def _event(desk: Desk, event: ReleaseEvent) -> str:
    told = desk.say(f"open-data.did-{event.did}", officer=event.officer)
    return f"{told} {desk.told(event.said)}" if event.said else told


# --- what is done with it -----------------------------------------------------------------------------------


def _nothing_asked(_desk: Desk, _one: object) -> Sequence[Input]:
    return ()


def _reason(_desk: Desk, _one: object) -> Sequence[Input]:
    return in_both("reason", LONGEST_REASON)


def _due(desk: Desk, due: Sequence[tuple[DataSet, Period]]) -> Sequence[Input]:
    """The set, and its period: the first that is settled and not made yet stands there already."""
    settled = {of.name: period.name for of, period in due}
    name = next(iter(settled), "")
    said = {
        one: desk.say("open-data.due", period=settled[one])
        if one in settled
        else desk.say("open-data.all-made")
        for one in SETS
    }
    return (
        Input(
            "set",
            "choice",
            options={one: f"{desk.told(of.title)} · {said[one]}" for one, of in SETS.items()},
            value=name,
        ),
        Input("period", most=7, like=r"\d{4}(-Q[1-4]|-\d\d)?", value=settled.get(name, "")),
    )


def _waits(desk: Desk, release: Release) -> bool:
    return release.state == "proposed" and release.proposed_by != desk.officer.login


@dataclass(frozen=True, slots=True)
class Making:
    """The form of a new release."""

    words: str = "open-data.propose"
    inputs: Callable[[Desk, Sequence[tuple[DataSet, Period]]], Sequence[Input]] = _due
    lead: None = None
    kind: Literal["primary"] = "primary"


@dataclass(frozen=True, slots=True)
class Deciding:
    """Something that is done with a release, offered where it can be."""

    act: Act
    words: str
    do: Callable[[Releases, str, str, Values], Release]
    offered: Callable[[Desk, Release], bool]
    inputs: Callable[[Desk, Release], Sequence[Input]] = _nothing_asked
    lead: None = None
    kind: Literal["primary", "quiet", "danger"] = "primary"


DECISIONS: Final = (
    Deciding(
        Act.OPEN_DATA_PUBLISH,
        "open-data.publish",
        lambda releases, name, officer, _: releases.publish(name, officer),
        _waits,
    ),
    Deciding(
        Act.OPEN_DATA_REFUSE,
        "open-data.refuse",
        lambda releases, name, officer, said: releases.refuse(name, officer, both(said, "reason")),
        _waits,
        _reason,
        kind="quiet",
    ),
    Deciding(
        Act.OPEN_DATA_WITHDRAW,
        "open-data.withdraw",
        lambda releases, name, officer, said: releases.withdraw(name, officer, both(said, "reason")),
        lambda _, release: release.state == "published",
        _reason,
        kind="danger",
    ),
)


async def _made(desk: Desk, values: Values) -> None:
    dataset, period = values["set"], values["period"]
    made: list[Release] = []

    async def work() -> None:
        made.append(
            await desk.manage(
                Act.OPEN_DATA_PROPOSE,
                f"{dataset}-{period}",
                lambda officer: desk.parts.open_data.propose(dataset, period, officer),
            )
        )

    if await doing(desk, work, desk.say("open-data.propose.done")):
        ui.navigate.to(f"{PATH}/{made[0].release}")


async def _decided(desk: Desk, deciding: Deciding, name: str, values: Values) -> None:
    releases = desk.parts.open_data

    async def work() -> None:
        await desk.manage(deciding.act, name, lambda officer: deciding.do(releases, name, officer, values))

    if await doing(desk, work, desk.say(f"{deciding.words}.done")):
        ui.navigate.reload()
