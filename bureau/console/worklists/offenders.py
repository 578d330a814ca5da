"""重大税收违法失信主体: cases that one officer enters and another publishes, and takes off when a third asks for it.

What is shown of a case is what everybody will read; of a person's number no birth is kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist, both, in_both
from bureau.engine import proposals
from bureau.engine.publicity import deciding, showing
from bureau.engine.publicity.deciding import CaseDraft
from bureau.engine.publicity.rules import rules
from bureau.engine.subjects import today
from bureau.officers.roles import Act
from bureau.ports.publicity import CaseEvent, OffenderCase
from bureau.ports.system import Work
from bureau.texts import ids, named
from kiosk.domain.masking import mask_name

Stage = Literal["entered", "refused", "published", "removal-asked", "removed", "over"]
"""Where a case stands on a day; ``over``: its time ran out."""
TABS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "waiting": ("entered", "removal-asked"),
    "published": ("published",),
    "past": ("over", "removed", "refused"),
}
TONES: Final[Mapping[Stage, Tone]] = {"entered": "warn", "removal-asked": "warn", "published": "good"}
KINDS: Final = ("organisation", "person")
ANSWERING: Final = ("responsible", "standing", "responsible-sex", "responsible-number")
"""What is filled in of who answered for an organisation."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list."""

    case: OffenderCase
    stage: Stage


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with what was done with it."""

    case: OffenderCase
    stage: Stage
    history: Sequence[CaseEvent]


def _stage(case: OffenderCase, day: date) -> Stage:
    shown = case.state in showing.SHOWN
    return "over" if shown and not showing.stands(case, day) else case.state


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    day = today(work.core)
    rows = [Row(case, _stage(case, day)) for case in work.core.publicity.entries()]
    found = [row for row in rows if row.stage in TABS[tab]]
    if tab == "waiting":
        found.sort(key=lambda row: row.case.served_on)
    return found[:LISTED]


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    case = row.case
    return (
        link(case.case_no, f"/offenders/{case.case_no}"),
        _name(case, row.stage),
        desk.told(rules().reasons[case.reason].title),
        _days(desk, case),
        _badge(desk, row.stage),
    )


def _name(case: OffenderCase, stage: Stage) -> str:
    """A person's is masked while nobody else may read it."""
    hidden = case.kind == "person" and stage not in TABS["published"]
    return mask_name(case.name) if hidden else case.name


def _days(desk: Desk, case: OffenderCase) -> str:
    if case.until is not None:
        return desk.say("offenders.until", day=desk.day(case.until))
    return desk.say("offenders.by", day=desk.day(rules().due_by(case.served_on)))


def _badge(desk: Desk, stage: Stage) -> Markup:
    return badge(desk.say(f"offenders.is-{stage}"), TONES.get(stage, "plain"))


def _mark(work: Work) -> Hashable:
    day = today(work.core)
    return tuple((case.case_no, _stage(case, day)) for case in work.core.publicity.entries())


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    """Those that nobody decided; late is what should have been published already."""
    day = today(work.core)
    waiting = [case for case in work.core.publicity.entries() if _stage(case, day) in TABS["waiting"]]
    late = [case for case in waiting if case.state == "entered" and day > rules().due_by(case.served_on)]
    return len(waiting), len(late)


# --- one case ---------------------------------------------------------------------------------------------


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    case = deciding.there(work.core, number)
    return Opened(case, _stage(case, today(work.core)), deciding.history(work.core, number))


def _sheet(desk: Desk, one: Opened) -> Sheet:
    return Sheet(
        title=one.case.name,
        lead=_lead(desk, one),
        sections=[
            (desk.say("offenders.case"), facts(_facts(desk, one))),
            (desk.say("offenders.shown"), facts(_shown(desk, one.case))),
        ],
        history=[(desk.moment(event.at), _event(desk, event)) for event in one.history],
    )


def _lead(desk: Desk, one: Opened) -> str:
    """Who decides next, where it is not this officer."""
    if one.stage == "entered" and not (_enterable(desk, one) and desk.may(Act.OFFENDER_PUBLISH)):
        return desk.say("offenders.another")
    if one.stage == "removal-asked" and not (_confirmable(desk, one) and desk.may(Act.OFFENDER_CONFIRM)):
        return desk.say("offenders.another-ends")
    return _days(desk, one.case) if one.case.state in ("entered", *showing.SHOWN) else ""


def _facts(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    case = one.case
    told: list[tuple[str, object]] = [
        (desk.say("offenders.number"), case.case_no),
        (desk.say("offenders.state"), _badge(desk, one.stage)),
        (desk.say("offenders.served"), desk.day(case.served_on)),
        (desk.say("offenders.due"), desk.day(rules().due_by(case.served_on))),
    ]
    if case.published_on is not None:
        told.append((desk.say("offenders.published-on"), desk.day(case.published_on)))
        told.append((desk.say("offenders.last-day"), desk.day(case.until)))
    if case.ground:
        told.append((desk.say("offenders.ground"), desk.told(rules().grounds[case.ground].title)))  # type: ignore[index]
    if case.said is not None:
        told.append((desk.say("offenders.reason-why"), lines(desk.in_both(case.said))))
    return told


def _shown(desk: Desk, case: OffenderCase) -> list[tuple[str, object]]:
    """What everybody reads, in both languages."""
    told: list[tuple[str, object]] = [
        (desk.say("offenders.name"), case.name),
        (desk.say("offenders.code"), case.code),
    ]
    if case.kind == "organisation":
        told.append((desk.say("offenders.address"), case.address))
        told.append((desk.say("offenders.responsible"), lines(desk.in_both(showing.people(case)))))
    else:
        told.append((desk.say("offenders.sex"), desk.told(named("publicity.sex", str(case.sex)))))
    return [
        *told,
        (desk.say("offenders.reason"), lines(desk.in_both(rules().reasons[case.reason].title))),
        (desk.say("offenders.facts"), lines(desk.in_both(case.facts))),
        (desk.say("offenders.decision"), lines(desk.in_both(case.decision))),
        (desk.say("offenders.authority"), lines(desk.in_both(case.authority))),
        (desk.say("offenders.document"), case.document),
    ]


def _event(desk: Desk, event: CaseEvent) -> str:
    said = desk.say(f"offenders.log.{event.did}", officer=event.officer)
    if ground := event.said.get("ground"):
        return said + desk.say("colon") + desk.told(rules().grounds[ground].title)  # type: ignore[index]
    if late := event.said.get("late"):
        return said + desk.say("offenders.log.late", day=desk.day(date.fromisoformat(late)))
    return said + desk.say("colon") + desk.told(event.said) if event.said else said


# --- what can be done -------------------------------------------------------------------------------------


def _enter_inputs(desk: Desk, _known: object) -> Sequence[Input]:
    longest = deciding.LONGEST
    sexes = {sex: desk.told(named("publicity.sex", sex)) for sex in ids("publicity.sex")}
    standings = {one: desk.told(named("publicity.standing", one)) for one in ids("publicity.standing")}
    return (
        Input("kind", "choice", options={kind: desk.say(f"offenders.kind-{kind}") for kind in KINDS}),
        Input("name", most=40, like=".{2,}"),
        Input("code", most=20),
        Input("address", most=60, optional=True),
        Input("responsible", most=20, like=".{2,}", optional=True),
        Input("standing", "choice", options=standings, optional=True),
        Input("responsible-sex", "choice", options=sexes, optional=True),
        Input("responsible-number", most=18, optional=True),
        Input("sex", "choice", options=sexes, optional=True),
        Input(
            "reason",
            "choice",
            options={key: desk.told(reason.title) for key, reason in rules().reasons.items()},
        ),
        *in_both("facts", longest["facts"], "words"),
        *in_both("decision", longest["decision"], "words"),
        *in_both("authority", longest["authority"]),
        Input("document", most=40, like=".{4,}"),
        Input("served", "day", value=desk.today().isoformat()),
    )


def _enter(_desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    answering = deciding.responsible(tuple(values[key] for key in ANSWERING))
    wanted = proposals.made(
        lambda: CaseDraft.model_validate(
            {
                "kind": values["kind"],
                "name": values["name"],
                "code": values["code"],
                "address": values["address"],
                "sex": values["sex"] or None,
                "responsible": answering,
                "reason": values["reason"],
                "facts": both(values, "facts"),
                "decision": both(values, "decision"),
                "authority": both(values, "authority"),
                "document": values["document"],
                "served_on": date.fromisoformat(values["served"]),
            }
        )
    )
    deciding.enter(work.core, officer, deciding.checked(wanted))


def _publish(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    deciding.publish(work.core, one.case.case_no, officer)


def _refuse_inputs(desk: Desk, one: Opened) -> Sequence[Input]:
    settled = {"settled": desk.say("offenders.settled")}
    asked = rules().reasons[one.case.reason].settles
    return (
        *([Input("settled", "ticks", options=settled, optional=True)] if asked else []),
        *in_both("said", deciding.LONGEST["said"]),
    )


def _refuse(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    settled = bool(values.get("settled"))
    deciding.refuse(work.core, one.case.case_no, officer, both(values, "said"), settled=settled)


def _grounds(desk: Desk, _one: Opened) -> Sequence[Input]:
    told: dict[str, str] = {key: desk.told(ground.title) for key, ground in rules().grounds.items()}
    return (Input("ground", "choice", options=told),)


def _withdraw(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    deciding.withdraw(work.core, one.case.case_no, officer, values["ground"])


def _confirm(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    deciding.confirm(work.core, one.case.case_no, officer)


def _keep(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    deciding.keep(work.core, one.case.case_no, officer, both(values, "said"))


def _said(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return in_both("said", deciding.LONGEST["said"])


def _enterable(desk: Desk, one: Opened) -> bool:
    return one.stage == "entered" and one.case.entered_by != desk.officer.login


def _confirmable(desk: Desk, one: Opened) -> bool:
    return one.stage == "removal-asked" and one.case.asked_by != desk.officer.login


def _current(work: Work, one: Opened) -> OffenderCase | None:
    work.core.publicity.lock()
    return work.core.publicity.find(one.case.case_no)


OFFENDERS: Final = Worklist(
    key="offenders",
    see=Act.OFFENDERS_SEE,
    tabs=tuple(TABS),
    columns=("number", "name", "reason", "days", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.case,
    current=_current,
    mark=_mark,
    waits=_waits,
    deeds=(
        Deed(Act.OFFENDER_PUBLISH, "offenders.publish", _publish, offered=_enterable),
        Deed(Act.OFFENDER_REFUSE, "offenders.refuse", _refuse, _refuse_inputs, _enterable, kind="danger"),
        Deed(Act.OFFENDER_CONFIRM, "offenders.confirm", _confirm, offered=_confirmable),
        Deed(Act.OFFENDER_KEEP, "offenders.keep", _keep, _said, _confirmable, kind="quiet"),
        Deed(
            Act.OFFENDER_WITHDRAW,
            "offenders.withdraw",
            _withdraw,
            _grounds,
            lambda _desk, one: one.stage == "published",
            details=lambda values: {"ground": values["ground"]},
            kind="danger",
        ),
    ),
    begin=(
        Deed(
            Act.OFFENDER_ENTER,
            "offenders.enter",
            _enter,
            _enter_inputs,
            details=lambda values: {"document": values["document"]},
        ),
    ),
)
