"""投诉、检举: complaints about service and tip-offs, each by its own officers, from the day it came to the answer.

Who acts is the signed-in officer: what ``bureau.toml`` names for the commands does not count here, the roles do. What
was said, by whom, is read by opening the page, which the log of the case keeps beside the console's trail.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from markupsafe import Markup

from bureau.console.case_words import fields_in_words
from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine.feedback import officers
from bureau.engine.feedback.rules import rules
from bureau.engine.feedback.words import state_text
from bureau.officers.roles import Act
from bureau.ports.feedback import Course, FeedbackCase
from bureau.ports.feedback import Desk as FeedbackDesk
from bureau.ports.system import Work
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.masking import mask_mobile
from kiosk.domain.tax.limits import WorkingCalendar

SOON_WORKDAYS: Final = 1
"""A term with so few working days left is told apart."""
COURSES: Final[tuple[Course, ...]] = ("inspect", "investigate", "hold")
ASIDE: Final = frozenset({"kind", "naming", "wish", "name", "mobile"})
"""Of what was said, not under the label of its row: it stands elsewhere, or the form says *your*."""
_SERVICES: Final[Mapping[FeedbackDesk, str]] = {"complaint": "feedback.complain", "report": "feedback.report"}
_KEYS: Final[Mapping[FeedbackDesk, str]] = {"complaint": "complaints", "report": "tip-offs"}
_ACTS: Final[Mapping[FeedbackDesk, str]] = {"complaint": "complaint", "report": "tip-off"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as it stands, and all that its officer reads of it."""

    case: FeedbackCase
    read: officers.Opened


def feedback_worklist(which: FeedbackDesk) -> Worklist[officers.Listed, Opened]:
    """The worklist of one of the two."""
    key, acts = _KEYS[which], _ACTS[which]

    def act(name: str) -> Act:
        return Act(f"{acts}.{name}")

    return Worklist(
        key=key,
        see=Act(f"{key}.see"),
        tabs=("open", "decided"),
        columns=("number", "kind", "received", "due", "state"),
        rows=lambda desk, work, tab: _rows(desk, work, which, tab),
        cells=lambda desk, row: _cells(desk, row, key),
        open=_opened_by(which),
        sheet=_sheet,
        shown=lambda one: one.case,
        current=lambda work, one: work.core.feedback.case(one.case.number, lock=True),
        mark=lambda work: _mark(work, which),
        waits=lambda desk, work: _waits(desk, work, which),
        deeds=(
            Deed(act("accept"), "feedback.accept", _accept, _courses, _received),
            Deed(act("answer"), "feedback.answer", _answer, _answer_inputs, _answerable, _answer_lead),
            Deed(act("transfer"), "feedback.transfer", _transfer, _transfer_inputs, _open, kind="quiet"),
            Deed(act("longer"), "feedback.longer", _ask_longer, _why, _may_ask_longer, kind="quiet"),
            Deed(act("extend"), "feedback.extend", _extend, offered=_may_extend, lead=_extend_lead),
            Deed(act("refuse"), "feedback.refuse", _refuse, _reasons, _refusable, kind="danger"),
        ),
    )


def _office(desk: Desk, work: Work) -> officers.Office:
    return officers.Office(work.core, desk.parts.rules, desk.parts.vault)


def _officer(desk: Desk, which: FeedbackDesk, login: str = "") -> officers.Officer:
    """Who is signed in, with the desk that the page's role opens; the engine asks no list of names beside it."""
    return officers.Officer(login or desk.officer.login, frozenset({which}), desk.officer.name)


# --- the list ---------------------------------------------------------------------------------------------


def _rows(desk: Desk, work: Work, which: FeedbackDesk, tab: str) -> Sequence[officers.Listed]:
    office, officer = _office(desk, work), _officer(desk, which)
    if tab == "open":
        found = officers.listed(office, officer, which, limit=LISTED)
        return sorted(found, key=lambda one: (not one.late, one.due_on or date.max, one.number))
    every = officers.listed(office, officer, which, every=True, limit=officers.MOST_LISTED)
    over = [one for one in every if one.due_on is None]
    return sorted(over, key=lambda one: one.received_at, reverse=True)[:LISTED]


def _cells(desk: Desk, row: officers.Listed, key: str) -> Sequence[object]:
    return (
        link(row.number, f"/{key}/{row.number}"),
        _kind(desk, row),
        desk.day(row.received_at.astimezone(CHINA).date()),
        _due(desk, row),
        badge(desk.say(f"feedback.state.{row.state}"), "warn" if row.state == "received" else "plain"),
    )


def _kind(desk: Desk, row: officers.Listed) -> str:
    if row.desk == "complaint":
        return desk.told(say(f"feedback.kind.{row.kind}"))
    return desk.say("feedback.named" if row.named else "feedback.anonymous")


def _due(desk: Desk, row: officers.Listed) -> Markup | str:
    """The next term's end by working days, with the day."""
    if row.due_on is None:
        return "—"
    left = WorkingCalendar(desk.parts.rules.current).between(desk.today(), row.due_on)
    tone: Tone
    if row.due_on < desk.today():
        told, tone = desk.say("feedback.overdue", days=-left), "bad"
    elif row.late:
        told, tone = desk.say("feedback.not-taken-up"), "bad"
    else:
        told = desk.say("feedback.left", days=left) if left else desk.say("feedback.today")
        tone = "warn" if left <= SOON_WORKDAYS else "plain"
    return Markup("<span>{} {}</span>").format(badge(told, tone), desk.day(row.due_on))


def _mark(work: Work, which: FeedbackDesk) -> Hashable:
    cases = work.core.feedback.listed(which, officers.EVERY, LISTED * 2)
    return tuple((one.number, one.state, one.answer_by, one.round, one.level) for one in cases)


def _waits(desk: Desk, work: Work, which: FeedbackDesk) -> tuple[int, int]:
    rows = _rows(desk, work, which, "open")
    return len(rows), sum(row.late for row in rows)


# --- one of them ------------------------------------------------------------------------------------------


def _opened_by(which: FeedbackDesk) -> Callable[[Desk, Work, str, str], Opened]:
    def opened(desk: Desk, work: Work, login: str, number: str) -> Opened:
        read = officers.opened(_office(desk, work), _officer(desk, which, login), number)
        case = work.core.feedback.case(number)
        assert case is not None, "it was read just now"
        return Opened(case, read)

    return opened


def _sheet(desk: Desk, one: Opened) -> Sheet:
    case, row = one.case, one.read.listed
    return Sheet(
        title=desk.say(f"feedback.{case.desk}", kind=_kind(desk, row)),
        lead=desk.told(state_text(case, desk.today())),
        sections=[
            (desk.say("feedback.said"), facts(_said(desk, one))),
            (desk.say("feedback.terms"), facts(_terms(desk, one))),
        ],
        history=_history(desk, one),
    )


def _said(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    service = desk.parts.services.current.get(_SERVICES[one.case.desk])
    said = {
        name: value for name, value in one.read.said.items() if value not in (None, "") and name not in ASIDE
    }
    told: list[tuple[str, object]] = list(
        fields_in_words(service.service if service else None, said, desk.lang)
    )
    told += [(desk.say(f"feedback.{name}"), one.read.said.get(name)) for name in ("wish", "name")]
    if mobile := one.read.said.get("mobile"):
        told.append((desk.say("feedback.mobile"), mask_mobile(mobile)))
    return [(name, value) for name, value in told if value]


def _terms(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    case, row = one.case, one.read.listed
    lines: list[tuple[str, object]] = [
        (desk.say("feedback.number"), case.number),
        (desk.say("feedback.received"), desk.moment(case.received_at)),
        (desk.say("feedback.hall"), case.hall),
    ]
    if row.due_on is not None:
        lines += [
            (desk.say("feedback.next"), _due(desk, row)),
            (desk.say("feedback.accept-by"), desk.day(case.accept_by)),
            (desk.say("feedback.answer-by"), desk.day(case.answer_by)),
        ]
    lines += [
        (desk.say("feedback.course"), desk.say(f"feedback.course.{case.course}") if case.course else ""),
        (desk.say("feedback.unit"), case.unit),
        (desk.say("feedback.answer"), one.read.answer),
        (desk.say("feedback.level"), desk.told(say(f"feedback.level.{case.level}")) if case.level else ""),
        (desk.say("feedback.basis"), desk.told(rules().of(case.desk).basis)),
        (desk.say("feedback.read-by"), desk.say("list").join(_readers(one))),
    ]
    return [(name, value) for name, value in lines if value]


def _readers(one: Opened) -> list[str]:
    """Who has read it, each once, in the order in which they did."""
    return list(dict.fromkeys(line.officer for line in one.read.log if line.act == "read"))


def _history(desk: Desk, one: Opened) -> list[tuple[str, str]]:
    told = [(desk.moment(one.case.received_at), desk.say("feedback.log.received"))]
    reasons = rules().of(one.case.desk).refusals
    for line in one.read.log:
        if line.act == "read":
            continue
        words = desk.told(reasons[line.words]) if line.words in reasons else line.words
        said = desk.say(f"feedback.log.{line.act}", officer=line.officer, second=line.second)
        told.append((desk.moment(line.at), f"{said}{desk.say('colon')}{words}" if words else said))
    return told


# --- what can be done -------------------------------------------------------------------------------------


def _received(_desk: Desk, one: Opened) -> bool:
    return one.case.state == "received"


def _refusable(_desk: Desk, one: Opened) -> bool:
    return one.read.listed.state == "received"


def _open(_desk: Desk, one: Opened) -> bool:
    return one.case.state in officers.OPEN


def _answerable(desk: Desk, one: Opened) -> bool:
    return _open(desk, one) and (one.case.desk == "complaint" or one.case.state == "accepted")


def _may_ask_longer(_desk: Desk, one: Opened) -> bool:
    return one.case.state == "accepted" and not one.case.extended and not one.read.asks_longer


def _may_extend(desk: Desk, one: Opened) -> bool:
    return one.read.asks_longer not in ("", desk.officer.login)


def _courses(desk: Desk, one: Opened) -> Sequence[Input]:
    if one.case.desk == "complaint":
        return ()
    return (
        Input("course", "choice", options={each: desk.say(f"feedback.course.{each}") for each in COURSES}),
    )


def _reasons(desk: Desk, one: Opened) -> Sequence[Input]:
    known = rules().of(one.case.desk).refusals
    return (Input("reason", "choice", options={each: desk.told(told) for each, told in known.items()}),)


def _answer_inputs(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("text", "words", officers.MOST_ANSWER),)


def _transfer_inputs(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("unit", most=officers.MOST_UNIT), Input("why", most=officers.MOST_NOTE))


def _why(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("why", most=officers.MOST_NOTE),)


def _answer_lead(desk: Desk, one: Opened) -> str:
    told = one.case.desk == "complaint" or one.case.named
    return desk.say("feedback.answer-told" if told else "feedback.answer-kept")


def _extend_lead(desk: Desk, one: Opened) -> str:
    return desk.say("feedback.extend-lead", officer=one.read.asks_longer)


def _accept(desk: Desk, work: Work, login: str, one: Opened, values: Values) -> None:
    course = cast("Course", values.get("course", ""))
    officers.accept(_office(desk, work), _officer(desk, one.case.desk, login), one.case.number, course)


def _refuse(desk: Desk, work: Work, login: str, one: Opened, values: Values) -> None:
    officer = _officer(desk, one.case.desk, login)
    officers.refuse(_office(desk, work), officer, one.case.number, values["reason"])


def _transfer(desk: Desk, work: Work, login: str, one: Opened, values: Values) -> None:
    officer = _officer(desk, one.case.desk, login)
    officers.transfer(_office(desk, work), officer, one.case.number, values["unit"], values["why"])


def _ask_longer(desk: Desk, work: Work, login: str, one: Opened, values: Values) -> None:
    officer = _officer(desk, one.case.desk, login)
    officers.ask_longer(_office(desk, work), officer, one.case.number, values["why"])


def _extend(desk: Desk, work: Work, login: str, one: Opened, _values: Values) -> None:
    officers.allow_longer(_office(desk, work), _officer(desk, one.case.desk, login), one.case.number)


def _answer(desk: Desk, work: Work, login: str, one: Opened, values: Values) -> None:
    officer = _officer(desk, one.case.desk, login)
    officers.answer(_office(desk, work), officer, one.case.number, values["text"])
