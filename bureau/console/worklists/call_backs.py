"""回电: people who found no officer free, each with the day by which they are called, and what came of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine.remote import calling
from bureau.engine.remote.rules import rules
from bureau.engine.remote.sealing import Office
from bureau.engine.subjects import today
from bureau.officers.roles import Act
from bureau.ports.remote import Call, CallState
from bureau.ports.system import Work

TABS: Final[Mapping[str, tuple[CallState, ...]]] = {"open": ("open",), "done": ("reached", "closed")}
TONES: Final[Mapping[CallState, Tone]] = {"open": "warn", "reached": "good", "closed": "plain"}
Opened = calling.OpenedCall


def _office(desk: Desk, work: Work) -> Office:
    return Office(work.core, desk.parts.vault)


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Call]:
    found = calling.listed(work.core, TABS[tab], LISTED)
    return found if tab == "open" else found[::-1]


def _cells(desk: Desk, call: Call) -> Sequence[object]:
    return (
        link(call.number, f"/call-backs/{call.number}"),
        desk.told(rules().topic(call.topic).title),
        desk.say(f"call-backs.slot.{call.slot}"),
        desk.day(call.call_by),
        str(call.tries),
        _badge(desk, call),
    )


def _badge(desk: Desk, call: Call) -> Markup:
    if calling.late(call, desk.today()):
        return badge(desk.say("call-backs.late"), "bad")
    return badge(desk.say(f"call-backs.is.{call.state}"), TONES[call.state])


def _mark(work: Work) -> Hashable:
    return tuple(
        (one.number, one.state, one.tries) for one in calling.listed(work.core, calling.EVERY, LISTED)
    )


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    waiting = calling.listed(work.core)
    return len(waiting), sum(calling.late(one, today(work.core)) for one in waiting)


def _opened(desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    return calling.opened(_office(desk, work), number)


def _sheet(desk: Desk, one: Opened) -> Sheet:
    call = one.call
    told: list[tuple[str, object]] = [
        (desk.say("call-backs.mobile"), one.mobile),
        (desk.say("call-backs.slot"), desk.say(f"call-backs.slot.{call.slot}")),
        (desk.say("call-backs.call-by"), desk.day(call.call_by)),
        (desk.say("call-backs.words"), one.words),
        (desk.say("call-backs.lang"), desk.say(f"lang.{call.lang}")),
        (desk.say("call-backs.asked"), desk.moment(call.asked_at)),
        (desk.say("call-backs.number"), call.number),
        (desk.say("call-backs.state"), _badge(desk, call)),
    ]
    if call.talk:
        told.append((desk.say("call-backs.talk"), call.talk))
    return Sheet(
        title=desk.told(rules().topic(call.topic).title),
        sections=[(desk.say("call-backs.call"), facts(told))],
        history=[(desk.moment(done.at), _event(desk, done)) for done in reversed(one.done)],
    )


def _event(desk: Desk, done: calling.Done) -> str:
    said = desk.say(f"call-backs.log.{done.did}", officer=done.officer)
    return said + desk.say("colon") + done.words if done.words else said


def _note(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return (Input("words", most=calling.MOST_NOTE),)


def _reached(desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    calling.reached(_office(desk, work), officer, one.call.number, values["words"])


def _missed(desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    calling.missed(_office(desk, work), officer, one.call.number)


def _close(desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    calling.close(_office(desk, work), officer, one.call.number, values["words"])


def _open(_desk: Desk, one: Opened) -> bool:
    return one.call.state == "open"


CALL_BACKS: Final = Worklist(
    key="call-backs",
    see=Act.CALLS_SEE,
    tabs=tuple(TABS),
    columns=("number", "topic", "slot", "call-by", "tries", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.call,
    current=lambda work, one: work.core.remote.call(one.call.number, lock=True),
    mark=_mark,
    waits=_waits,
    deeds=(
        Deed(Act.CALL_REACHED, "call-backs.reached", _reached, _note, _open),
        Deed(Act.CALL_MISSED, "call-backs.missed", _missed, offered=_open, kind="quiet"),
        Deed(
            Act.CALL_CLOSE,
            "call-backs.close",
            _close,
            _note,
            lambda desk, one: _open(desk, one) and one.call.tries >= rules().tries,
            kind="danger",
        ),
    ),
)
