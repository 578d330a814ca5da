"""应用广场: versions of official software, proposed by one officer, reviewed and published by another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist, both, in_both
from bureau.engine import apps, proposals
from bureau.engine.apps import AppDraft
from bureau.officers.roles import Act
from bureau.ports.apps import AppEvent, AppState, OfficialApp
from bureau.ports.system import Work
from config.clock import CHINA

APP: Final = r"[a-z][a-z0-9-]{1,39}"
VERSION: Final = r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}"
BETWEEN: Final = "@"
"""Between the software's name and its version, in the number of an entry."""
TABS: Final[Mapping[str, tuple[AppState, ...]]] = {
    "waiting": ("proposed", "reviewed"),
    "published": ("published",),
    "past": ("withdrawn", "replaced", "rejected"),
}
TONES: Final[Mapping[AppState, Tone]] = {"proposed": "warn", "reviewed": "warn", "published": "good"}
FINDINGS: Final = ("passed", "rejected")
PARTS: Final = ("name", "publisher", "purpose", "runs_on")
"""What is said of it in both languages, as the engine names it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A version with what was done with it."""

    entry: OfficialApp
    history: Sequence[AppEvent]


def _number(entry: OfficialApp) -> str:
    return f"{entry.app}{BETWEEN}{entry.version}"


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[OfficialApp]:
    return [entry for entry in work.core.apps.entries() if entry.state in TABS[tab]][:LISTED]


def _cells(desk: Desk, entry: OfficialApp) -> Sequence[object]:
    number = _number(entry)
    return (
        link(number, f"/software/{number}"),
        desk.told(entry.name),
        desk.told(entry.publisher),
        desk.day(entry.proposed_at.astimezone(CHINA).date()),
        _badge(desk, entry),
    )


def _badge(desk: Desk, entry: OfficialApp) -> Markup:
    return badge(desk.say(f"software.is-{entry.state}"), TONES.get(entry.state, "plain"))


def _mark(work: Work) -> Hashable:
    return tuple((entry.app, entry.version, entry.state) for entry in work.core.apps.entries())


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    return sum(entry.state in TABS["waiting"] for entry in work.core.apps.entries()), 0


# --- one version ------------------------------------------------------------------------------------------


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    app, _, version = number.partition(BETWEEN)
    entry = apps.there(work.core, app, version)
    return Opened(entry, [one for one in apps.history(work.core, app) if one.version == version])


def _sheet(desk: Desk, one: Opened) -> Sheet:
    entry = one.entry
    return Sheet(
        title=desk.say("software.of", name=desk.told(entry.name), version=entry.version),
        lead=_lead(desk, one),
        sections=[
            (desk.say("software.entry"), facts(_facts(desk, entry))),
            (desk.say("software.shown"), facts(_shown(desk, entry))),
        ],
        history=[(desk.moment(event.at), _event(desk, event)) for event in one.history],
    )


def _lead(desk: Desk, one: Opened) -> str:
    waits = one.entry.state in TABS["waiting"]
    if waits and not (_anothers(desk, one) and desk.may(Act.APP_PUBLISH)):
        return desk.say("software.another")
    return desk.told(one.entry.purpose)


def _facts(desk: Desk, entry: OfficialApp) -> list[tuple[str, object]]:
    told: list[tuple[str, object]] = [
        (desk.say("software.number"), _number(entry)),
        (desk.say("software.state"), _badge(desk, entry)),
        (desk.say("software.proposed-by"), entry.proposed_by),
    ]
    if entry.finding is not None:
        told.append((desk.say("software.finding"), lines(desk.in_both(entry.finding))))
    if entry.reason is not None:
        told.append((desk.say("software.reason"), lines(desk.in_both(entry.reason))))
    return told


def _shown(desk: Desk, entry: OfficialApp) -> list[tuple[str, object]]:
    """What everybody reads; the address is no link, as nobody has said yet that it is what it says."""
    told: list[tuple[str, object]] = [
        (desk.say(f"software.{part}"), lines(desk.in_both(getattr(entry, part)))) for part in PARTS
    ]
    return [*told, (desk.say("software.url"), entry.url)]


def _event(desk: Desk, event: AppEvent) -> str:
    said = desk.say(f"software.log.{event.did}", officer=event.officer)
    return said + desk.say("colon") + desk.told(event.said) if event.said else said


# --- what can be done -------------------------------------------------------------------------------------


def _propose_inputs(_desk: Desk, _known: object) -> Sequence[Input]:
    texts = [each for part in PARTS for each in in_both(part, apps.LONGEST[part])]
    return (
        Input("app", most=40, like=APP),
        Input("version", most=20, like=VERSION),
        *texts,
        Input("url", most=200),
    )


def _propose(_desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    wanted = proposals.made(
        lambda: AppDraft(
            app=values["app"],
            version=values["version"],
            name=both(values, "name"),
            publisher=both(values, "publisher"),
            purpose=both(values, "purpose"),
            runs_on=both(values, "runs_on"),
            url=values["url"],
        )
    )
    apps.propose(work.core, officer, apps.checked(wanted))


def _review_inputs(desk: Desk, _one: Opened) -> Sequence[Input]:
    told = {each: desk.say(f"software.review-{each}") for each in FINDINGS}
    return (Input("outcome", "choice", options=told), *in_both("finding", apps.MOST_SAID))


def _review(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    entry, passed = one.entry, values["outcome"] == "passed"
    apps.review(work.core, entry.app, entry.version, officer, both(values, "finding"), passed=passed)


def _publish(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    apps.publish(work.core, one.entry.app, one.entry.version, officer)


def _withdraw(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    apps.withdraw(work.core, one.entry.app, one.entry.version, officer, both(values, "reason"))


def _anothers(desk: Desk, one: Opened) -> bool:
    return one.entry.proposed_by != desk.officer.login


def _current(work: Work, one: Opened) -> OfficialApp | None:
    work.core.apps.lock()
    return apps.there(work.core, one.entry.app, one.entry.version)


SOFTWARE: Final = Worklist(
    key="software",
    see=Act.APPS_SEE,
    tabs=tuple(TABS),
    columns=("number", "name", "publisher", "proposed-on", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.entry,
    current=_current,
    mark=_mark,
    waits=_waits,
    number=f"{APP}{BETWEEN}{VERSION}",
    deeds=(
        Deed(
            Act.APP_REVIEW,
            "software.review",
            _review,
            _review_inputs,
            lambda desk, one: one.entry.state == "proposed" and _anothers(desk, one),
            details=lambda values: {"outcome": values["outcome"]},
        ),
        Deed(
            Act.APP_PUBLISH,
            "software.publish",
            _publish,
            offered=lambda desk, one: one.entry.state == "reviewed" and _anothers(desk, one),
        ),
        Deed(
            Act.APP_WITHDRAW,
            "software.withdraw",
            _withdraw,
            lambda _desk, _one: in_both("reason", apps.MOST_SAID),
            lambda _desk, one: one.entry.state == "published",
            kind="danger",
        ),
    ),
    begin=(
        Deed(
            Act.APP_PROPOSE,
            "software.propose",
            _propose,
            _propose_inputs,
            details=lambda values: {"app": values["app"], "version": values["version"]},
        ),
    ),
)
