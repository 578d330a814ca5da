"""A conversation with an officer at a distance: what of it stands on the terminal, and what the centre is told next.

It is the visit's, not the service's: it goes on while another service is open, and is over with the visit. What was
said lives in the visit's state alone. Whatever is told is numbered, so that what is told twice counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

SERVICE: Final = "consult.person"
"""The service that a conversation belongs to, whichever is open meanwhile."""
EVERY_S: Final = 1.5
"""Seconds from one answer of the centre to the next question."""
WITHOUT_ANSWER: Final = 30
"""So often the centre is asked in vain before the conversation is given up; it gives it up itself sooner."""
TOLD_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line. ``mine``: the person's. A source has ``title`` and ``source``, a service its name."""

    mine: bool
    text: Mapping[str, str] = field(repr=False)
    kind: str = "text"
    title: Mapping[str, str] = field(default_factory=dict, repr=False)
    source: Mapping[str, str] = field(default_factory=dict, repr=False)
    service: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """``state``: waiting, taken, ended; ``answered``: an officer took it; ``asked_at``: when the person began to wait.

    ``heard``: the last line of the officer's; ``told``: the last of the person's that the centre has; ``shares``: what
    the person answered to who wants to see the screen, until the centre knows (``telling``: it is being told).
    ``waits``: the effect that is under way, a pause when it ``rests``; empty: the centre is to be asked at once.
    """

    number: str
    asked_at: datetime
    wait_s: int
    state: str = "waiting"
    ended_by: str = ""
    answered: bool = False
    ahead: int = 0
    lines: tuple[Bubble, ...] = field(default=(), repr=False)
    said: int = 0
    unsaid: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    heard: int = 0
    screen: str = "no"
    shares: str = ""
    waits: str = ""
    rests: bool = False
    telling: str = ""
    vain: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether it is not over."""
        return self.state != "ended"

    def late(self, now: datetime) -> bool:
        """Whether somebody has waited for longer than they should."""
        return self.state == "waiting" and (now - self.asked_at).total_seconds() >= self.wait_s


def say(talk: Talk, text: str) -> Talk:
    """What the person says, to be told next."""
    number = talk.said + 1
    mine = Bubble(True, {"": text})
    return replace(
        talk,
        said=number,
        unsaid=(*talk.unsaid, (number, text)),
        lines=(*talk.lines, mine),
        waits="",
        rests=False,
    )


def answer_screen(talk: Talk, allowed: bool) -> Talk:
    """The person lets the officer see the screen, or no more."""
    before = "refused" if talk.screen == "asked" else "no"
    shares = "yes" if allowed else "no"
    return replace(talk, screen="shared" if allowed else before, shares=shares, waits="", rests=False)


def ended(talk: Talk, by: str) -> Talk:
    """Over on this side; the centre is told."""
    return replace(talk, state="ended", ended_by=by, screen="no", waits="")


def params(talk: Talk, visit: str, shown: Mapping[str, Any] | None) -> dict[str, object]:
    """What the centre is told, and asked."""
    told: dict[str, object] = {"visit": visit, "heard": talk.heard}
    if talk.unsaid:
        told["say"] = [{"n": number, "text": text} for number, text in talk.unsaid[:TOLD_AT_ONCE]]
    if talk.shares:
        told["shares"] = talk.shares
    if shown is not None:
        told["shown"] = dict(shown)
    if not talk.goes_on:
        told["end"] = True
    return told


def heard(talk: Talk, told: Mapping[str, Any]) -> Talk:
    """The conversation after the centre's answer."""
    fresh: Sequence[Mapping[str, Any]] = [one for one in told["lines"] if one["seq"] > talk.heard]
    lines = tuple(
        Bubble(False, one["text"], one["kind"], one["title"], one["source"], one["service"]) for one in fresh
    )
    answered = talk.shares != "" and talk.telling == talk.shares
    return replace(
        talk,
        state=str(told["state"]),
        ended_by=str(told["ended_by"]),
        answered=talk.answered or told["state"] == "taken",
        ahead=int(told["ahead"]),
        lines=talk.lines + lines,
        heard=max((int(one["seq"]) for one in fresh), default=talk.heard),
        unsaid=tuple(one for one in talk.unsaid if one[0] > int(told["said"])),
        # what the person has just answered counts until the centre has heard it
        screen=talk.screen if talk.shares and not answered else str(told["screen"]),
        shares="" if answered else talk.shares,
        vain=0,
    )


def in_vain(talk: Talk) -> Talk:
    """The centre did not answer; after too often it is over."""
    tried = replace(talk, vain=talk.vain + 1)
    return ended(tried, "lost") if tried.vain >= WITHOUT_ANSWER else tried
