"""What officers do with complaints and tip-offs: list, read, take up or refuse, pass on, ask for longer, answer.

Each desk has officers of its own, and a case of the other desk is for them as if it were not there. Every act and
every look at what was said is in the log of the case. Both the commands and the console call these functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from bureau.engine.feedback import codes, words
from bureau.engine.feedback.log import note
from bureau.engine.feedback.rules import rules
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import FeedbackRefused
from bureau.ports.core import Core
from bureau.ports.feedback import Act, Course, Desk, FeedbackAct, FeedbackCase, FeedbackState
from bureau.ports.materials import Vault
from bureau.texts import say
from kiosk.domain.tax.limits import WorkingCalendar

OPEN: Final[tuple[FeedbackState, ...]] = ("received", "accepted")
EVERY: Final[tuple[FeedbackState, ...]] = (*OPEN, "refused", "answered", "closed")
MOST_ANSWER: Final = 200
MOST_NOTE: Final = 100
MOST_UNIT: Final = 40
MOST_LISTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Officer:
    """Who decides, and the desks that are theirs. ``called``: their own name, where ``name`` is an account's."""

    name: str
    desks: frozenset[Desk]
    called: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """One transaction, the law in force, and what opens the seals."""

    core: Core
    law: Rules
    vault: Vault


@dataclass(frozen=True, slots=True)
class Listed:
    """One of a list, with nothing from within the seal. ``due_on``: the next term's end; ``late``: it is over."""

    number: str
    desk: Desk
    kind: str
    named: bool
    state: str
    round: int
    hall: str
    unit: str
    received_at: datetime
    due_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log, its words opened."""

    at: datetime
    officer: str
    second: str
    act: Act
    words: str


@dataclass(frozen=True, slots=True)
class Opened:
    """All of a case: what was said (the fields of ``FeedbackComplain`` or ``FeedbackReport``), answer and log.

    ``asks_longer``: who has asked for a later day, and nobody has allowed it yet; empty: nobody has.
    """

    listed: Listed
    said: Mapping[str, Any]
    answer: str
    log: tuple[Logged, ...]
    asks_longer: str = ""


def officer_of(name: str, complaints: Iterable[str], tip_offs: Iterable[str]) -> Officer:
    """The officer of that name by the lists of ``bureau.toml``.

    Complaints are everybody's as long as nobody is named for them; tip-offs are nobody's until somebody is.
    """
    named, desks = tuple(complaints), set[Desk]()
    if not named or name in named:
        desks.add("complaint")
    if name in tuple(tip_offs):
        desks.add("report")
    return Officer(name, frozenset(desks))


def listed(
    office: Office, officer: Officer, desk: Desk, *, every: bool = False, late: bool = False, limit: int = 50
) -> Sequence[Listed]:
    """Those that wait for the bureau (or ``every`` one), the next term's end first; ``late``: whose term is over.

    Raises ``FeedbackRefused`` for who is not of that desk.
    """
    _of(officer, desk)
    day = today(office.core)
    states = EVERY if every else OPEN
    rows = [_row(case, day) for case in office.core.feedback.listed(desk, states, MOST_LISTED)]
    return [one for one in rows if one.late or not late][:limit]


def opened(office: Office, officer: Officer, number: str) -> Opened:
    """What was said, and all that was done; that it was read is logged. Raises ``FeedbackRefused``."""
    case = _locked(office, officer, number)
    note(office.core, office.vault, case, "read", officer.name)
    said = json.loads(office.vault.open(codes.bound(number), case.sealed))
    answer = (
        b"" if case.reply is None else office.vault.open(codes.bound_answer(number, case.round), case.reply)
    )
    acts = office.core.feedback.acts(number)
    log = tuple(Logged(one.at, one.officer, one.second, one.act, _words(office, one)) for one in acts)
    asked = _asked_longer(acts)
    by = asked.officer if asked is not None and case.state == "accepted" else ""
    return Opened(_row(case, today(office.core)), said, answer.decode(), log, by)


def accept(office: Office, officer: Officer, number: str, course: Course = "") -> FeedbackCase:
    """Take it up: the term of the answer runs from today. ``course`` is what is done with a tip-off.

    Raises ``FeedbackRefused``.
    """
    case = _locked(office, officer, number)
    if case.state != "received":
        raise FeedbackRefused("decided", f"case {number} is {case.state}: it was decided before")
    if (case.desk == "report") is (course == ""):
        raise FeedbackRefused(
            "course", "a tip-off is taken up by a course (inspect, investigate or hold), a complaint without"
        )
    day = today(office.core)
    term = rules().of(case.desk).kinds[case.kind]
    until = min(case.answer_by, term.after(day, WorkingCalendar(office.law.current)))
    return _done(
        office, officer, case, replace(case, state="accepted", course=course, answer_by=until), "accept"
    )


def refuse(office: Office, officer: Officer, number: str, reason: str) -> FeedbackCase:
    """Do not take it up, for one of the reasons of ``config/feedback.yaml``, which is told in its words.

    A complaint whose first term is over counts as accepted. Raises ``FeedbackRefused``.
    """
    case = _locked(office, officer, number)
    if case.state != "received" or words.standing(case, today(office.core)) == "deemed":
        raise FeedbackRefused("takenUp", f"case {number} is taken up already: answer it")
    known = rules().of(case.desk).refusals
    if reason not in known:
        raise FeedbackRefused("reason", f"no reason {reason!r}; known: {', '.join(known)}")
    return _done(office, officer, case, replace(case, state="refused", reason=reason), "refuse", reason)


def transfer(office: Office, officer: Officer, number: str, unit: str, why: str) -> FeedbackCase:
    """Have another unit look into it (转办); who made it is told which. The terms stay. Raises ``FeedbackRefused``."""
    case = _locked(office, officer, number)
    _undecided(case)
    unit, why = line(unit, MOST_UNIT, "name the unit"), line(why, MOST_NOTE, "say why")
    return _done(office, officer, case, replace(case, unit=unit), "transfer", why)


def extend(office: Office, officer: Officer, number: str, second: Officer, why: str) -> FeedbackCase:
    """A later day for the answer, once a round, allowed by another officer of the desk. Raises ``FeedbackRefused``."""
    case = _longer(office, officer, number)
    _of(second, case.desk)
    if second.name == officer.name:
        raise FeedbackRefused("another", "another officer allows it")
    return _extended(office, officer, case, second, line(why, MOST_NOTE, "say why"))


def ask_longer(office: Office, officer: Officer, number: str, why: str) -> FeedbackCase:
    """Ask for a later day, which another officer of the desk allows (``allow_longer``). Raises ``FeedbackRefused``."""
    case = _longer(office, officer, number)
    if _asked_longer(office.core.feedback.acts(number)) is not None:
        raise FeedbackRefused("asked", f"a later day for case {number} was asked for already")
    note(office.core, office.vault, case, "longer", officer.name, line(why, MOST_NOTE, "say why"))
    return case


def allow_longer(office: Office, officer: Officer, number: str) -> FeedbackCase:
    """Allow the later day that another officer asked for. Raises ``FeedbackRefused``."""
    case = _longer(office, officer, number)
    asked = _asked_longer(office.core.feedback.acts(number))
    if asked is None:
        raise FeedbackRefused("notAsked", f"nobody has asked for a later day for case {number}")
    if asked.officer == officer.name:
        raise FeedbackRefused("another", "another officer allows it")
    first = replace(officer, name=asked.officer, called="")
    return _extended(office, first, case, officer, _words(office, asked))


def answer(office: Office, officer: Officer, number: str, text: str) -> FeedbackCase:
    """Answer it. A complaint may be answered at once; a tip-off after it was taken up. Raises ``FeedbackRefused``.

    Who gave a tip-off without a name is told that it is concluded, and no more: the words are for the file.
    """
    case = _locked(office, officer, number)
    _undecided(case)
    if case.desk == "report" and case.state != "accepted":
        raise FeedbackRefused("notTakenUp", f"tip-off {number} is not taken up yet: accept it first")
    text = line(text, MOST_ANSWER, "say what was found and done")
    sealed = office.vault.seal(codes.bound_answer(number, case.round), text.encode())
    changed = replace(case, state="answered", reply=sealed, answered_at=office.core.now)
    return _done(office, officer, case, changed, "answer", text)


def _done(
    office: Office,
    officer: Officer,
    before: FeedbackCase,
    after: FeedbackCase,
    act: Act,
    said: str = "",
    second: str = "",
) -> FeedbackCase:
    """Keep it, log it, and have the phone of a complaint told that there is something new; never what."""
    note(office.core, office.vault, before, act, officer.name, said, second)
    office.core.feedback.change(after)
    if after.mobile:
        told = say("feedback.sms", number=after.number, news=say(f"feedback.news.{act}"))
        office.core.phones.tell(after.mobile, told["zh-CN"])
    return after


def _locked(office: Office, officer: Officer, number: str) -> FeedbackCase:
    """The case, held; one of another desk is as good as none, and nobody handles what is about themselves (回避)."""
    case = office.core.feedback.case(number, lock=True)
    if case is None or case.desk not in officer.desks:
        raise FeedbackRefused("unknown", f"there is no case {number} here: see `bureau feedback list`")
    said = json.loads(office.vault.open(codes.bound(number), case.sealed))
    about = said.get("officer") or said.get("target") or ""
    if any(name and name in about for name in (officer.name, officer.called)):
        raise FeedbackRefused("own", f"case {number} names {officer.name}: another officer handles it")
    return case


def _longer(office: Office, officer: Officer, number: str) -> FeedbackCase:
    """The case, if its answer may have a later day."""
    case = _locked(office, officer, number)
    _undecided(case)
    if case.state != "accepted":
        raise FeedbackRefused("notTakenUp", f"case {number} is not taken up yet: accept it first")
    if case.extended:
        raise FeedbackRefused(
            "extended", f"the term of case {number} was extended already, until {case.answer_by}"
        )
    return case


def _extended(
    office: Office, officer: Officer, case: FeedbackCase, second: Officer, why: str
) -> FeedbackCase:
    later = rules().of(case.desk).extend.after(case.answer_by, WorkingCalendar(office.law.current))
    return _done(
        office, officer, case, replace(case, extended=True, answer_by=later), "extend", why, second.name
    )


def _asked_longer(acts: Sequence[FeedbackAct]) -> FeedbackAct | None:
    """Who asked for a later day in this round, if nobody has allowed it; what was asked anew begins a round."""
    decisive = [one for one in acts if one.act in ("longer", "extend", "answer", "again")]
    return decisive[-1] if decisive and decisive[-1].act == "longer" else None


def _words(office: Office, act: FeedbackAct) -> str:
    if act.sealed is None:
        return ""
    return office.vault.open(codes.bound_act(act.number, act.seq), act.sealed).decode()


def _of(officer: Officer, desk: Desk) -> None:
    if desk not in officer.desks:
        raise FeedbackRefused(
            "desk", f"{officer.name} is no officer for this: name who is under [feedback] in bureau.toml"
        )


def _undecided(case: FeedbackCase) -> None:
    if case.state not in OPEN:
        raise FeedbackRefused("over", f"case {case.number} is {case.state}: nothing is to be done with it")


def line(text: str, most: int, what: str) -> str:
    """An officer's words as they are kept; raises ``FeedbackRefused``."""
    text = text.strip()
    if not 0 < len(text) <= most or not text.isprintable():
        raise FeedbackRefused("words", f"{what}, in 1 to {most} characters on one line", most=most)
    return text


def _row(case: FeedbackCase, day: date) -> Listed:
    due = words.due_on(case, day)
    return Listed(
        number=case.number,
        desk=case.desk,
        kind=case.kind,
        named=case.named,
        state=words.standing(case, day),
        round=case.round,
        hall=case.hall,
        unit=case.unit,
        received_at=case.received_at,
        due_on=due,
        late=(due is not None and day > due) or (case.state == "received" and day > case.accept_by),
    )
