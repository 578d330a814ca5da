"""The officer's side: who answers, who is taken, what is said, and how it ends.

An officer has one conversation at a time, and of two who take the same one exactly one has it. Both the commands and
the console call these functions; what cannot be done is a ``RemoteRefused``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bureau.engine.remote.rules import rules
from bureau.engine.remote.sealing import Office, add_line, content_of, picture_of, words_of
from bureau.engine.remote.sources import Source
from bureau.engine.remote.talking import MOST_LISTED, over, sweep
from bureau.errors import RemoteRefused
from bureau.ports.core import Core
from bureau.ports.remote import Line, LineKind, Talk
from sync.models import ScreenShown, Texts

OWN: Final = "taken"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line, opened; ``officer`` empty: the person said it."""

    seq: int
    at: datetime
    officer: str
    kind: LineKind
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with all that was said, and the screen as it is shown now."""

    talk: Talk
    words: str
    lines: tuple[Spoken, ...]
    shown: ScreenShown | None


def serve(core: Core, officer: str) -> datetime:
    """Answer from now on; until when, if nothing more is done. Each act goes on with it."""
    until = core.now + rules().on_duty
    core.remote.serve(officer, until)
    return until


def rest(core: Core, officer: str) -> None:
    """Answer no more. Raises ``RemoteRefused`` while somebody is talked to."""
    core.remote.lock()
    if (talk := core.remote.of_officer(officer)) is not None:
        raise RemoteRefused("talking", f"end {talk.number} first", number=talk.number)
    core.remote.serve(officer, None)


def waiting(core: Core) -> Sequence[Talk]:
    """Who waits, the longest first."""
    return core.remote.listed(("waiting",), MOST_LISTED)


def take(core: Core, officer: str, number: str) -> Talk:
    """Answer whoever waits there. Raises ``RemoteRefused``: another was faster, they went, or one is taken already."""
    core.remote.lock()
    sweep(core)
    if (own := core.remote.of_officer(officer)) is not None:
        raise RemoteRefused("one", f"{officer} talks to {own.number}: end it first", number=own.number)
    talk = _there(core, number)
    if talk.state == "taken":
        raise RemoteRefused("taken", f"{talk.officer} has taken {number}", officer=talk.officer)
    _not_over(talk)
    taken = replace(talk, state="taken", officer=officer, taken_at=core.now)
    core.remote.change(taken)
    serve(core, officer)
    return taken


def next_one(core: Core, officer: str) -> Talk:
    """Answer whoever has waited longest. Raises ``RemoteRefused``: nobody waits."""
    core.remote.lock()
    sweep(core)
    rows = waiting(core)
    if not rows:
        raise RemoteRefused("nobody", "nobody waits")
    return take(core, officer, rows[0].number)


def say(office: Office, officer: str, number: str, words: str) -> Talk:
    """Say something. Raises ``RemoteRefused``."""
    words, most = words.strip(), rules().longest
    if not 0 < len(words) <= most or not words.replace("\n", " ").isprintable():
        raise RemoteRefused("words", f"say it in 1 to {most} characters", most=most)
    return _tell(office, officer, number, "text", {"text": words})


def phrase(office: Office, officer: str, number: str, name: str) -> Talk:
    """Say what is at hand, in the person's language. Raises ``RemoteRefused``."""
    known = {one.id: one.text for one in rules().phrases}
    if name not in known:
        raise RemoteRefused("phrase", f"no phrase {name!r}; known: {', '.join(known)}")
    return _tell(office, officer, number, "text", {"text": known[name]})


def cite(office: Office, officer: str, number: str, source: Source) -> Talk:
    """Send what the library says, with where it stands. Raises ``RemoteRefused``."""
    content = {"text": source.text, "title": source.title, "source": source.cited}
    return _tell(office, officer, number, "source", content)


def propose(office: Office, officer: str, number: str, service: str, title: Texts) -> Talk:
    """Offer a service that the person may open with one touch. Raises ``RemoteRefused``."""
    return _tell(office, officer, number, "service", {"text": title, "service": service})


def ask_screen(office: Office, officer: str, number: str) -> Talk:
    """Ask to see the screen: nothing is shown before the person allows it. Raises ``RemoteRefused``."""
    talk = _own(office.core, officer, number)
    if talk.screen == "shared":
        raise RemoteRefused("shown", "the screen is shown already")
    return _changed(office.core, officer, replace(talk, screen="asked"))


def end(core: Core, officer: str, number: str) -> Talk:
    """End it. Raises ``RemoteRefused``."""
    return _changed(core, officer, over(_own(core, officer, number), "officer", core))


def opened(office: Office, number: str) -> Opened:
    """All of it. Raises ``RemoteRefused`` for a number that nobody has."""
    talk = office.core.remote.find(number)
    if talk is None:
        raise RemoteRefused("unknown", f"there is no conversation {number}: see `bureau remote list`")
    return Opened(
        talk,
        words_of(office.vault, talk),
        tuple(_spoken(office, one) for one in office.core.remote.lines(number)),
        picture_of(office.vault, talk),
    )


def latest_words(one: Opened) -> str:
    """What the person asked in the beginning and said last: a short line alone tells nothing of what it is about."""
    theirs = [str(line.content["text"]) for line in one.lines if not line.officer]
    return " ".join((one.words, *theirs[-1:]))


def _spoken(office: Office, line: Line) -> Spoken:
    return Spoken(line.seq, line.at, line.officer, line.kind, content_of(office.vault, line))


def _tell(office: Office, officer: str, number: str, kind: LineKind, content: Mapping[str, Any]) -> Talk:
    talk = _own(office.core, officer, number)
    if talk.spoken >= rules().most_lines:
        raise RemoteRefused("long", "so much was said here that nothing more fits: end it, or call back")
    return _changed(office.core, officer, add_line(office, talk, officer, kind, content))


def _changed(core: Core, officer: str, talk: Talk) -> Talk:
    core.remote.change(talk)
    serve(core, officer)
    return talk


def _there(core: Core, number: str) -> Talk:
    talk = core.remote.find(number, lock=True)
    if talk is None:
        raise RemoteRefused("unknown", f"there is no conversation {number}: see `bureau remote list`")
    return talk


def _own(core: Core, officer: str, number: str) -> Talk:
    """The conversation, held, if it is this officer's and goes on."""
    talk = _there(core, number)
    _not_over(talk)
    if talk.state != OWN or talk.officer != officer:
        raise RemoteRefused("notOwn", f"{number} is not {officer}'s: take it first")
    return talk


def _not_over(talk: Talk) -> None:
    if talk.state == "ended":
        raise RemoteRefused("over", f"{talk.number} is over ({talk.ended_by})")
