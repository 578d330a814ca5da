"""核查检查: visits that are ordered, what was recorded on the spot, and what follows for the taxpayer.

What is filled in, photographed and signed on the spot has a page of its own (``bureau.console.pages.visit``).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine.inspecting import following, form, recording
from bureau.engine.inspecting.form import Form
from bureau.engine.inspecting.recording import REASON_LONGEST, Order
from bureau.engine.inspecting.rules import rules
from bureau.engine.reminding.matters import Open
from bureau.engine.subjects import today
from bureau.officers.pairs import inspectors, may_inspect
from bureau.officers.roles import Act
from bureau.ports.inspections import Inspection, InspectionEvent, Picture
from bureau.ports.registration import Taxpayer
from bureau.ports.system import Work
from kiosk.domain.ids import Fen, uuid7
from kiosk.domain.masking import mask_name
from kiosk.domain.money import format_yuan

Stage = Literal["coming", "due", "late", "one-word", "confirmed", "to-decide", "issued", "cancelled"]
"""Where a visit stands on a day; ``one-word``: one of the two has confirmed it."""
TABS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "open": ("due", "late", "one-word", "confirmed", "to-decide", "coming"),
    "issued": ("issued",),
    "cancelled": ("cancelled",),
}
TONES: Final[Mapping[Stage, Tone]] = {
    "due": "warn",
    "late": "bad",
    "one-word": "warn",
    "confirmed": "warn",
    "to-decide": "warn",
    "issued": "good",
}
ENDS: Final = ("asked", "return-asked")


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in the list."""

    inspection: Inspection
    name: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit with what was recorded of it. ``markable``: nothing stands against the abnormal state."""

    inspection: Inspection
    taxpayer: Taxpayer
    stage: Stage
    form: Form | None
    pictures: Sequence[Picture]
    history: Sequence[InspectionEvent]
    to_demand: Sequence[Open]
    markable: bool


def stage_of(one: Inspection, day: date) -> Stage:
    """Where it stands."""
    if one.state == "issued":
        return "to-decide" if one.measure in ENDS else "issued"
    if one.state != "ordered":
        return one.state
    if one.confirmed_first is not None or one.confirmed_second is not None:
        return "one-word"
    return "coming" if day < one.day else "due" if day == one.day else "late"


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    day = today(work.core)
    found = [(one, stage_of(one, day)) for one in work.core.inspections.entries(LISTED)]
    return [Row(one, _name(work, one), stage) for one, stage in found if stage in TABS[tab]]


def _name(work: Work, one: Inspection) -> str:
    taxpayer = work.core.registration.taxpayer(one.taxpayer)
    return taxpayer.name if taxpayer is not None else one.taxpayer


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    one = row.inspection
    return (
        link(one.number, f"/inspections/{one.number}"),
        row.name,
        _kind(desk, one),
        desk.day(one.day),
        desk.say("list").join((one.first_name, one.second_name)),
        _badge(desk, row.stage),
    )


def _kind(desk: Desk, one: Inspection) -> str:
    kind = rules().kinds.get(one.kind)
    return desk.told(kind.title) if kind is not None else one.kind


def _badge(desk: Desk, stage: Stage) -> Markup:
    return badge(desk.say(f"inspections.is-{stage}"), TONES.get(stage, "plain"))


def _mark(work: Work) -> Hashable:
    day = today(work.core)
    entries = work.core.inspections.entries(LISTED)
    return tuple((one.number, one.revision, one.measure, stage_of(one, day)) for one in entries)


def _waits(desk: Desk, work: Work) -> tuple[int, int]:
    """This officer's visits that are due, and abnormal states that another has asked for."""
    me, day = desk.officer.login, today(work.core)
    staged = [(one, stage_of(one, day)) for one in work.core.inspections.entries(LISTED)]
    own = [stage for one, stage in staged if me in (one.first, one.second) and stage in TABS["open"][:4]]
    others = [one for one, stage in staged if stage == "to-decide" and one.asked_by != me]
    return len(own) + len(others), sum(stage == "late" for stage in own)


# --- one visit --------------------------------------------------------------------------------------------


def _opened(desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    core, law = work.core, desk.parts.rules
    one = recording.there(core, number)
    taxpayer = core.registration.taxpayer(one.taxpayer)
    assert taxpayer is not None, "nobody leaves the register"
    issued = one.state == "issued"
    return Opened(
        inspection=one,
        taxpayer=taxpayer,
        stage=stage_of(one, today(core)),
        form=form.opened(core, desk.parts.vault, number),
        pictures=core.inspections.pictures(number),
        history=core.inspections.history(number),
        to_demand=following.to_demand(core, law, one) if issued else (),
        markable=issued and following.against(core, law, one) is None,
    )


def _sheet(desk: Desk, one: Opened) -> Sheet:
    sections = [(desk.say("inspections.order"), facts(_facts(desk, one)))]
    if one.form is not None:
        sections.append((desk.say("inspections.record"), facts(_recorded(desk, one, one.form))))
    if one.inspection.state == "issued":
        sections.append((desk.say("inspections.after"), facts(_after(desk, one))))
    return Sheet(
        title=one.taxpayer.name,
        lead=_lead(desk, one),
        sections=sections,
        history=[(desk.moment(event.at), _event(desk, event)) for event in one.history],
    )


def _lead(desk: Desk, one: Opened) -> str:
    if one.stage == "to-decide" and one.inspection.asked_by == desk.officer.login:
        return desk.say("inspections.another")
    return desk.say(f"inspections.lead-{one.stage}") if desk.has(f"inspections.lead-{one.stage}") else ""


def _facts(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    visit = one.inspection
    told: list[tuple[str, object]] = [
        (desk.say("inspections.number"), visit.number),
        (desk.say("inspections.state"), _badge(desk, one.stage)),
        (desk.say("inspections.taxpayer"), visit.taxpayer),
        (desk.say("inspections.kind"), _kind(desk, visit)),
        (desk.say("inspections.reason"), visit.reason),
        (desk.say("inspections.basis"), desk.told(rules().bases.get(visit.basis, {"": visit.basis}))),
        (desk.say("inspections.day"), desk.day(visit.day)),
        (desk.say("inspections.officers"), desk.say("list").join((visit.first_name, visit.second_name))),
    ]
    if visit.state in ("ordered", "confirmed") and desk.officer.login in (visit.first, visit.second):
        on_site = Markup('<a class="act primary" href="/inspections/{}/visit">{}</a>')
        told.append(
            (desk.say("inspections.on-site"), on_site.format(visit.number, desk.say("inspections.go")))
        )
    return told


def _recorded(desk: Desk, one: Opened, kept: Form) -> list[tuple[str, object]]:
    """What was filled in, in the words of the form; of who was met the name is masked until it is issued."""
    kind, entered = form.kind_of(one.inspection), kept.entered
    told: list[tuple[str, object]] = [
        (desk.told(question.ask), desk.told(question.answers[value].title) if question.answers else value)
        for key, question in kind.questions.items()
        if (value := entered.answers.get(key, ""))
    ]
    for run in kept.known.runs if kind.counts else ():
        if run.key in entered.counted:
            what = desk.say("inspections.run", kind=desk.told(run.kind), first=run.first, last=run.last)
            told.append(
                (what, desk.say("inspections.counted", ledger=run.count, there=entered.counted[run.key]))
            )
    if entered.outcome:
        told.append((desk.say("inspections.outcome"), desk.told(kind.outcomes[entered.outcome].title)))
    if entered.findings:
        told.append((desk.say("inspections.findings"), entered.findings))
    if (signed := kept.signed) is not None:
        words = "inspections.refused" if signed.refusal else "inspections.signed"
        name = desk.say(words, name=mask_name(signed.name), capacity=signed.capacity, why=signed.refusal)
        told.append((desk.say("inspections.met"), name))
    if one.pictures:
        seen = Markup("").join(
            Markup(
                '<li><a href="/inspections/{}/pictures/{}" target="_blank" rel="noopener">{}</a></li>'
            ).format(one.inspection.number, picture.key, desk.say("inspections.picture", number=at))
            for at, picture in enumerate(one.pictures, 1)
        )
        told.append((desk.say("inspections.pictures"), Markup('<ul class="sheets">{}</ul>').format(seen)))
    return told


def _after(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    visit = one.inspection
    paper = Markup('<a href="/inspections/{0}/paper" target="_blank" rel="noopener">{1}</a>')
    told: list[tuple[str, object]] = [
        (desk.say("inspections.paper"), paper.format(visit.number, desk.say("inspections.paper-open"))),
        (
            desk.say("inspections.copy"),
            link(desk.say("inspections.copy-open"), f"/inspections/{visit.number}/copy"),
        ),
        (desk.say("inspections.served"), visit.document or desk.say("inspections.not-served")),
        (desk.say("inspections.registration"), desk.say(f"inspections.taxpayer-{one.taxpayer.state}")),
    ]
    if one.to_demand:
        told.append((desk.say("inspections.to-demand"), lines(_open(desk, each) for each in one.to_demand)))
    if visit.ground:
        told.append((desk.say("inspections.ground"), desk.say(f"inspections.ground-{visit.ground}")))
    return told


def _open(desk: Desk, one: Open) -> str:
    amount = format_yuan(Fen(one.amount_fen)) if one.what == "pay" else ""
    words = f"inspections.open-{one.what}"
    return desk.say(words, taxes=desk.told(one.taxes), period=desk.told(one.period), amount=amount)


def _event(desk: Desk, event: InspectionEvent) -> str:
    words = f"inspections.log.{event.did}"
    if event.did == "signed" and event.said:
        words += "-refused"
    told = desk.say(words, officer=event.officer, count=event.said.get("count", ""))
    if ground := event.said.get("ground"):
        return told + desk.say("colon") + desk.say(f"inspections.ground-{ground}")
    return told + (desk.say("colon") + event.said["reason"] if "reason" in event.said else "")


# --- what can be done -------------------------------------------------------------------------------------


def _known(desk: Desk, _work: Work) -> Mapping[str, str]:
    """Who may go along: by login, with their names."""
    me = desk.officer.login
    return {
        one.login: desk.say("inspections.officer", name=one.name, login=one.login)
        for one in desk.parts.accounts.all()
        if may_inspect(one) and one.login != me
    }


def _order_inputs(desk: Desk, known: Mapping[str, str]) -> Sequence[Input]:
    book = rules()
    kinds = {
        key: desk.say("inspections.kind-about", title=desk.told(kind.title), about=desk.told(kind.about))
        for key, kind in book.kinds.items()
    }
    return (
        Input("taxpayer", most=20, like=r"[0-9A-Z]{15,20}"),
        Input("kind", "choice", options=kinds),
        Input("basis", "choice", options={key: desk.told(basis) for key, basis in book.bases.items()}),
        Input("reason", most=REASON_LONGEST),
        Input("second", "choice", options=known),
        Input("day", "day", value=desk.today().isoformat()),
    )


def _order(desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    officers = inspectors(desk.parts.accounts, officer, values["second"])
    day = date.fromisoformat(values["day"])
    wanted = Order(values["taxpayer"], values["kind"], values["basis"], values["reason"], day)
    recording.order(work.core, uuid7(), officers, wanted)


def _cancel(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    recording.cancel(work.core, one.inspection.number, officer, values["reason"])


def _demand(desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    following.demand(work.core, desk.parts.rules, one.inspection.number, officer)


def _ask(desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    following.ask(work.core, desk.parts.rules, one.inspection.number, officer)


def _enter(desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    following.enter(work.core, desk.parts.rules, one.inspection.number, officer)


def _decline(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    following.decline(work.core, one.inspection.number, officer)


def _return(desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    following.ask_return(work.core, desk.parts.rules, one.inspection.number, officer, values["ground"])


def _restore(desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    following.restore(work.core, desk.parts.rules, one.inspection.number, officer)


def _keep(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    following.keep(work.core, one.inspection.number, officer)


def _reason(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("reason", most=REASON_LONGEST),)


def _grounds(desk: Desk, _one: Opened) -> Sequence[Input]:
    told = {str(ground): desk.say(f"inspections.ground-{ground}") for ground in following.GROUNDS}
    return (Input("ground", "choice", options=told),)


def _own(desk: Desk, one: Opened) -> bool:
    visit = one.inspection
    return visit.state == "ordered" and desk.officer.login in (visit.first, visit.second)


def _askable(_desk: Desk, one: Opened) -> bool:
    return not one.inspection.measure and one.markable


def _deciding(measure: str, desk: Desk, one: Opened) -> bool:
    return one.inspection.measure == measure and one.inspection.asked_by != desk.officer.login


def _current(work: Work, one: Opened) -> Inspection | None:
    return work.core.inspections.find(one.inspection.number, lock=True)


INSPECTIONS: Final = Worklist(
    key="inspections",
    see=Act.INSPECTIONS_SEE,
    tabs=tuple(TABS),
    columns=("number", "name", "kind", "day", "officers", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.inspection,
    current=_current,
    mark=_mark,
    waits=_waits,
    begin_with=_known,
    deeds=(
        Deed(
            Act.INSPECTION_DEMAND,
            "inspections.demand",
            _demand,
            offered=lambda _desk, one: bool(one.to_demand),
        ),
        Deed(Act.INSPECTION_ASK, "inspections.ask", _ask, offered=_askable, kind="danger"),
        Deed(
            Act.INSPECTION_ENTER,
            "inspections.enter",
            _enter,
            offered=lambda desk, one: _deciding("asked", desk, one),
            kind="danger",
        ),
        Deed(
            Act.INSPECTION_DECLINE,
            "inspections.decline",
            _decline,
            offered=lambda desk, one: _deciding("asked", desk, one),
            kind="quiet",
        ),
        Deed(
            Act.INSPECTION_RETURN,
            "inspections.return",
            _return,
            _grounds,
            lambda _desk, one: one.inspection.measure == "abnormal",
            details=lambda values: {"ground": values["ground"]},
        ),
        Deed(
            Act.INSPECTION_RESTORE,
            "inspections.restore",
            _restore,
            offered=lambda desk, one: _deciding("return-asked", desk, one),
        ),
        Deed(
            Act.INSPECTION_KEEP,
            "inspections.keep",
            _keep,
            offered=lambda desk, one: _deciding("return-asked", desk, one),
            kind="quiet",
        ),
        Deed(Act.INSPECTION_CANCEL, "inspections.cancel", _cancel, _reason, _own, kind="danger"),
    ),
    begin=(
        Deed(
            Act.INSPECTION_ORDER,
            "inspections.order-one",
            _order,
            _order_inputs,
            details=lambda values: {"taxpayer": values["taxpayer"], "kind": values["kind"]},
        ),
    ),
)
