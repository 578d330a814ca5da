"""远程帮办: who waits at a terminal for an officer, and the conversation with whoever was taken.

What was said and shown is for the officer who has the conversation; the others see that there is one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, link
from bureau.console.worklists.pattern import LISTED, Deed, Input, Sheet, Values, Worklist
from bureau.engine.remote import desk as remote
from bureau.engine.remote.rules import rules
from bureau.engine.remote.sealing import Office
from bureau.engine.remote.sources import Source
from bureau.officers.roles import Act
from bureau.ports.remote import Talk, TalkState
from bureau.ports.system import Work
from sync.models import RowShown, ScreenShown, Texts

TABS: Final[Mapping[str, TalkState]] = {"waiting": "waiting", "taken": "taken", "over": "ended"}
TONES: Final[Mapping[TalkState, Tone]] = {"waiting": "warn", "taken": "good", "ended": "plain"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation; ``inside``: whether this officer may read it; ``sources``: what the library says to its words."""

    one: remote.Opened
    hall: Texts
    inside: bool
    sources: Sequence[Source]

    @property
    def talk(self) -> Talk:
        """The conversation itself."""
        return self.one.talk


def _office(desk: Desk, work: Work) -> Office:
    return Office(work.core, desk.parts.vault)


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[tuple[Talk, Texts]]:
    remote_port = work.core.remote
    found = remote_port.latest(LISTED) if tab == "over" else remote_port.listed((TABS[tab],), LISTED)
    halls = {one.hall: work.core.queue.name(one.hall) for one in found}
    return [(one, halls[one.hall]) for one in found]


def _cells(desk: Desk, row: tuple[Talk, Texts]) -> Sequence[object]:
    talk, hall = row
    return (
        link(talk.number, f"/remote/{talk.number}"),
        desk.told(rules().topic(talk.topic).title),
        desk.told(hall) or talk.hall,
        desk.moment(talk.asked_at),
        talk.officer or "—",
        _badge(desk, talk),
    )


def _badge(desk: Desk, talk: Talk) -> Markup:
    told = f"remote.ended.{talk.ended_by}" if talk.ended_by else f"remote.is.{talk.state}"
    return badge(desk.say(told), TONES[talk.state])


def _mark(work: Work) -> Hashable:
    """Of a screen that is shown each look of its terminal is news."""
    going_on = work.core.remote.listed(("waiting", "taken"), LISTED)
    over = work.core.remote.latest(1)
    return tuple(
        (one.number, one.state, one.officer, one.spoken, one.screen, one.heard_at if one.picture else None)
        for one in (*going_on, *over)
    )


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    """Those whom nobody has taken; late is who waits for longer than they are asked to."""
    waiting = remote.waiting(work.core)
    return len(waiting), sum(
        (work.core.now - one.asked_at).total_seconds() > rules().wait_s for one in waiting
    )


# --- one conversation -------------------------------------------------------------------------------------


def _opened(desk: Desk, work: Work, officer: str, number: str) -> Opened:
    one = remote.opened(_office(desk, work), number)
    inside = one.talk.officer == officer
    own = inside and one.talk.state == "taken"
    day = desk.today()
    sources = desk.parts.sources(work.core, remote.latest_words(one), one.talk.lang, day) if own else ()
    return Opened(one, work.core.queue.name(one.talk.hall), inside, sources)


def _sheet(desk: Desk, opened: Opened) -> Sheet:
    talk = opened.talk
    sections: list[tuple[str, Markup]] = []
    if opened.inside:
        sections.append((desk.say("remote.said"), _said(desk, opened)))
        if talk.state == "taken":
            sections.append((desk.say("remote.screen"), _screen(desk, talk, opened.one.shown)))
    sections.append((desk.say("remote.facts"), facts(_facts(desk, opened))))
    return Sheet(title=desk.told(rules().topic(talk.topic).title), sections=sections)


def _facts(desk: Desk, opened: Opened) -> list[tuple[str, object]]:
    talk = opened.talk
    told: list[tuple[str, object]] = [
        (desk.say("remote.number"), talk.number),
        (desk.say("remote.hall"), f"{desk.told(opened.hall) or talk.hall} {talk.terminal}"),
        (desk.say("remote.lang"), desk.say(f"lang.{talk.lang}")),
        (desk.say("remote.asked"), desk.moment(talk.asked_at)),
        (desk.say("remote.officer"), talk.officer or "—"),
        (desk.say("remote.state"), _badge(desk, talk)),
    ]
    if talk.state == "waiting" or opened.inside:
        told.insert(0, (desk.say("remote.words"), opened.one.words))
    return told


def _said(desk: Desk, opened: Opened) -> Markup:
    if not opened.one.lines:
        return Markup('<p class="empty">{}</p>').format(desk.say("remote.nothing-said"))
    lines = Markup("").join(_line(desk, line) for line in opened.one.lines)
    return Markup('<div role="log" aria-label="{}"><ol class="talk">{}</ol></div>').format(
        desk.say("remote.said"), lines
    )


def _line(desk: Desk, line: remote.Spoken) -> Markup:
    content = line.content
    text = content["text"] if isinstance(content["text"], str) else desk.told(content["text"])
    who = desk.say("remote.you") if line.officer else desk.say("remote.person")
    body = Markup("{}").format(text)
    if line.kind == "source":
        body = Markup("<b>{}</b><br>{}<br><i>{}</i>").format(
            desk.told(content["title"]), text, desk.told(content["source"])
        )
    elif line.kind == "service":
        body = Markup("{}").format(desk.say("remote.proposed", service=text))
    return Markup('<li class="{}"><span>{}</span>{}</li>').format(
        "ours" if line.officer else "theirs", f"{who} {desk.moment(line.at)[-5:]}", body
    )


def _screen(desk: Desk, talk: Talk, shown: ScreenShown | None) -> Markup:
    if talk.screen != "shared" or shown is None:
        return Markup('<p class="empty">{}</p>').format(desk.say(f"remote.screen.{talk.screen}"))
    rows = Markup("").join(_row(desk, row) for row in shown.rows)
    above = " · ".join(filter(None, (shown.service, shown.step)))
    return Markup(
        '<div class="seen"><p class="above">{}</p><p class="headline">{}</p><p>{}</p><ul>{}</ul></div>'
    ).format(above, shown.title, shown.lead, rows)


def _row(desk: Desk, row: RowShown) -> Markup:
    told = desk.said(f"remote.mark.{row.mark}") if row.mark else ""
    words = desk.say("colon").join(filter(None, (row.label, row.value)))
    return Markup('<li class="{}">{}{}</li>').format(row.mark, words, f" ({told})" if told else "")


# --- what can be done -------------------------------------------------------------------------------------


def _own(desk: Desk, opened: Opened) -> bool:
    return opened.talk.state == "taken" and opened.talk.officer == desk.officer.login


def _duty(desk: Desk, work: Work) -> str:
    """Until when this officer answers, in words; the library is opened for whoever may be answered soon."""
    desk.parts.sources(work.core, "", desk.lang, desk.today())
    until = work.core.remote.serving().get(desk.officer.login)
    if until is None or until <= work.core.now:
        return desk.say("remote.off-duty")
    return desk.say("remote.on-duty", until=desk.moment(until))


def _serve(_desk: Desk, work: Work, officer: str, _known: object, _values: Values) -> None:
    remote.serve(work.core, officer)


def _rest(_desk: Desk, work: Work, officer: str, _known: object, _values: Values) -> None:
    remote.rest(work.core, officer)


def _take(_desk: Desk, work: Work, officer: str, opened: Opened, _values: Values) -> None:
    remote.take(work.core, officer, opened.talk.number)


def _say(desk: Desk, work: Work, officer: str, opened: Opened, values: Values) -> None:
    remote.say(_office(desk, work), officer, opened.talk.number, values["words"])


def _phrases(desk: Desk, _opened: Opened) -> Sequence[Input]:
    return (Input("phrase", "choice", options={one.id: desk.told(one.text) for one in rules().phrases}),)


def _phrase(desk: Desk, work: Work, officer: str, opened: Opened, values: Values) -> None:
    remote.phrase(_office(desk, work), officer, opened.talk.number, values["phrase"])


def _found(desk: Desk, opened: Opened) -> Sequence[Input]:
    told = {one.id: f"{desk.told(one.title)} — {desk.told(one.cited)}" for one in opened.sources}
    return (Input("source", "choice", options=told),)


def _cite(desk: Desk, work: Work, officer: str, opened: Opened, values: Values) -> None:
    source = next(one for one in opened.sources if one.id == values["source"])
    remote.cite(_office(desk, work), officer, opened.talk.number, source)


def _proposable(desk: Desk, opened: Opened) -> Mapping[str, str]:
    """What the topic's rules name, and what the library names to the person's words."""
    named = (*rules().topic(opened.talk.topic).services, *(one.service for one in opened.sources))
    catalogue = desk.parts.services.current
    return {name: desk.told(catalogue[name].service.title) for name in named if name in catalogue}


def _services(desk: Desk, opened: Opened) -> Sequence[Input]:
    return (Input("service", "choice", options=_proposable(desk, opened)),)


def _propose(desk: Desk, work: Work, officer: str, opened: Opened, values: Values) -> None:
    title = desk.parts.services.current[values["service"]].service.title
    remote.propose(_office(desk, work), officer, opened.talk.number, values["service"], title)


def _ask_screen(desk: Desk, work: Work, officer: str, opened: Opened, _values: Values) -> None:
    remote.ask_screen(_office(desk, work), officer, opened.talk.number)


def _end(_desk: Desk, work: Work, officer: str, opened: Opened, _values: Values) -> None:
    remote.end(work.core, officer, opened.talk.number)


def _standing(talk: Talk | None) -> object:
    """What must not have changed under the officer's hands; that somebody said something may."""
    return None if talk is None else (talk.state, talk.officer, talk.screen)


REMOTE: Final = Worklist(
    key="remote",
    see=Act.REMOTE_SEE,
    tabs=tuple(TABS),
    columns=("number", "topic", "hall", "asked", "officer", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda opened: _standing(opened.talk),
    current=lambda work, opened: _standing(work.core.remote.find(opened.talk.number, lock=True)),
    mark=_mark,
    waits=_waits,
    live=True,
    deeds=(
        Deed(Act.REMOTE_TAKE, "remote.take", _take, offered=lambda _desk, one: one.talk.state == "waiting"),
        Deed(
            Act.REMOTE_SAY,
            "remote.say",
            _say,
            lambda _desk, _one: (Input("words", "words", rules().longest),),
            _own,
        ),
        Deed(Act.REMOTE_SAY, "remote.phrase", _phrase, _phrases, _own, kind="quiet"),
        Deed(
            Act.REMOTE_SAY,
            "remote.cite",
            _cite,
            _found,
            lambda desk, one: _own(desk, one) and bool(one.sources),
            kind="quiet",
        ),
        Deed(
            Act.REMOTE_SAY,
            "remote.propose",
            _propose,
            _services,
            _own,
            details=lambda values: {"service": values["service"]},
            kind="quiet",
        ),
        Deed(
            Act.REMOTE_SCREEN,
            "remote.ask-screen",
            _ask_screen,
            offered=lambda desk, one: _own(desk, one) and one.talk.screen in ("no", "refused"),
            kind="quiet",
        ),
        Deed(Act.REMOTE_END, "remote.end", _end, offered=_own, kind="danger"),
    ),
    begin=(
        Deed(Act.REMOTE_SERVE, "remote.serve", _serve, lead=lambda _desk, known: str(known)),
        Deed(Act.REMOTE_SERVE, "remote.rest", _rest, kind="quiet"),
    ),
    begin_with=_duty,
)
