"""The terminal's side of a conversation: an officer is asked for, news are told and heard, it is ended.

A terminal asks again and again. What it tells is numbered, so that whatever is told twice counts once; what it has not
heard it is told again. One that asks no more is gone (``lost``), and so is what it showed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bureau.engine.refusals import refuse
from bureau.engine.remote.rules import rules
from bureau.engine.remote.sealing import Office, add_line, content_of, sealed_picture, sealed_talk
from bureau.ports.core import Core
from bureau.ports.remote import EndedBy, Line, Talk
from bureau.texts import LANGUAGES
from sync.models import LineTold, RemoteOpen, RemoteOpened, RemoteTalk, RemoteTalked, Texts

A_MINUTE: Final = timedelta(minutes=1)
MOST_LISTED: Final = 10_000


def opened(office: Office, given: RemoteOpen, lang: str) -> RemoteOpened:
    """Ask for an officer, once a visit: asked again while it goes on, it is the same one. Raises ``Refused``.

    Where nobody answers now, or too many wait, nothing is opened.
    """
    core, book = office.core, rules()
    core.remote.lock()
    sweep(core)
    before = core.remote.of_visit(core.terminal, given.visit)
    if before is not None:
        if before.state == "ended":
            raise refuse("consultOnce")
        return RemoteOpened(
            state=before.state, number=before.number, ahead=ahead(core, before), wait_s=book.wait_s
        )
    waiting = core.remote.listed(("waiting",), MOST_LISTED)
    if not on_duty(core) or len(waiting) >= book.most_waiting:
        return RemoteOpened(state="nobody")
    number = core.remote.number_for(f"{core.terminal}:{given.visit}")
    talk = Talk(
        number=number,
        visit=given.visit,
        terminal=core.terminal,
        hall=core.hall,
        lang=lang,
        topic=book.topic(given.topic).id,
        asked_at=core.now,
        heard_at=core.now,
        sealed=sealed_talk(office.vault, number, given.words),
    )
    core.remote.add(talk)
    return RemoteOpened(state="waiting", number=number, ahead=len(waiting), wait_s=book.wait_s)


def talked(office: Office, given: RemoteTalk) -> RemoteTalked:
    """Take what the person said and shows, and tell what they have not heard yet. Raises ``Refused``."""
    core = office.core
    talk = core.remote.of_visit(core.terminal, given.visit, lock=True)
    if talk is None:
        raise refuse("talkUnknown")
    if talk.state != "ended":
        talk = replace(talk, heard_at=core.now)
        talk = _said(office, talk, given)
        talk = _shown(office, talk, given)
        if given.end:
            talk = over(talk, "person", core)
        core.remote.change(talk)
    lines = [one for one in core.remote.lines(talk.number, given.heard) if one.officer]
    return RemoteTalked(
        state=talk.state,
        number=talk.number,
        ended_by=talk.ended_by,
        ahead=ahead(core, talk),
        said=talk.said,
        screen=talk.screen,
        lines=[_told(office, one) for one in lines],
    )


def over(talk: Talk, by: EndedBy, core: Core) -> Talk:
    """Ended by somebody now: nothing is shown any more."""
    screen = "no" if talk.screen in ("asked", "shared") else talk.screen
    return replace(talk, state="ended", ended_at=core.now, ended_by=by, screen=screen, picture=None)


def sweep(core: Core) -> None:
    """End the conversations whose terminals are silent for too long."""
    latest = core.now - rules().lost_after
    for one in core.remote.listed(("waiting", "taken"), MOST_LISTED):
        if one.heard_at < latest and (held := core.remote.find(one.number, lock=True)) is not None:
            if held.state != "ended" and held.heard_at < latest:
                core.remote.change(over(held, "lost", core))


def on_duty(core: Core) -> frozenset[str]:
    """The officers who answer now."""
    return frozenset(officer for officer, until in core.remote.serving().items() if until > core.now)


def ahead(core: Core, talk: Talk) -> int:
    """How many wait before this one."""
    if talk.state != "waiting":
        return 0
    numbers = [one.number for one in core.remote.listed(("waiting",), MOST_LISTED)]
    return numbers.index(talk.number) if talk.number in numbers else 0


def _said(office: Office, talk: Talk, given: RemoteTalk) -> Talk:
    """What is new of what the person said, as far as the limits let; a terminal tells the rest again."""
    core, book = office.core, rules()
    since = core.now - A_MINUTE
    theirs = [one for one in core.remote.lines(talk.number) if not one.officer and one.at > since]
    left = min(book.most_people_a_minute - len(theirs), book.most_lines - talk.spoken)
    for one in sorted(given.say, key=lambda said: said.n):
        if one.n == talk.said + 1 and left > 0:
            talk = replace(add_line(office, talk, "", "text", {"text": one.text}), said=one.n)
            left -= 1
    return talk


def _shown(office: Office, talk: Talk, given: RemoteTalk) -> Talk:
    """The screen, as long as the person lets the officer see it."""
    if talk.state != "taken":
        return talk
    if given.shares == "yes":
        talk = replace(talk, screen="shared")
    elif given.shares == "no":
        talk = replace(talk, screen="refused" if talk.screen == "asked" else "no", picture=None)
    if talk.screen == "shared" and given.shown is not None:
        talk = replace(talk, picture=sealed_picture(office.vault, talk.number, given.shown))
    return talk


def _told(office: Office, line: Line) -> LineTold:
    content = content_of(office.vault, line)
    return LineTold(
        seq=line.seq,
        kind=line.kind,
        text=_texts(content["text"]),
        title=content.get("title") or {},
        source=content.get("source") or {},
        service=content.get("service", ""),
    )


def _texts(said: str | Texts) -> Texts:
    """What was typed is the same in every language."""
    return dict.fromkeys(LANGUAGES, said) if isinstance(said, str) else said
