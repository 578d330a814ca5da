"""The remote officer (``consult.person``): a conversation by text, the screen that is shared, and the call-back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from sync.models.base import Texts, Wire

LONGEST_SAID = 200
"""Characters of what is said at once."""
MOST_TOLD = 10
"""Lines that a terminal tells at once."""
MOST_SHOWN = 60
"""Rows of a screen that is shared."""
RemoteTopic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*$", max_length=40)]
VisitName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
SaidText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SAID, strip_whitespace=True)]
TalkState = Literal["nobody", "waiting", "taken", "ended"]
"""``nobody``: no officer answers now, and nothing was opened."""
CallSlot = Literal["morning", "afternoon", "any"]


class RemoteOpen(Wire):
    """``consult.open``: an officer is asked for, once a visit."""

    visit: VisitName
    topic: RemoteTopic
    words: SaidText = Field(repr=False)


class RemoteOpened(Wire):
    """Its answer. ``ahead``: how many wait before; ``wait_s``: after so long a call-back is offered."""

    state: TalkState
    number: str = ""
    ahead: int = 0
    wait_s: int = 0


class Said(Wire):
    """The ``n``-th line of the person, from 1: told again it counts once."""

    n: Annotated[int, Field(ge=1, le=10_000)]
    text: SaidText = Field(repr=False)


class RowShown(Wire):
    """One row of a shared screen: its label, and what stands there, personal data out of sight."""

    label: Annotated[str, StringConstraints(max_length=200)] = Field(repr=False)
    value: Annotated[str, StringConstraints(max_length=300)] = Field(default="", repr=False)
    mark: Literal["", "button", "wrong", "chosen", "closed"] = ""


class ScreenShown(Wire):
    """What a person sees at the terminal and let an officer see: words of the page, no picture and no camera."""

    service: Annotated[str, StringConstraints(max_length=200)] = ""
    step: Annotated[str, StringConstraints(max_length=200)] = ""
    title: Annotated[str, StringConstraints(max_length=300)] = Field(default="", repr=False)
    lead: Annotated[str, StringConstraints(max_length=500)] = Field(default="", repr=False)
    rows: Annotated[list[RowShown], Field(max_length=MOST_SHOWN)] = Field(default_factory=list, repr=False)


class RemoteTalk(Wire):
    """``consult.talk``: what the person said since, what news there are, and whether they show their screen.

    ``heard``: the last line of the officer's that stands on the screen already. ``end``: the person ends it.
    """

    visit: VisitName
    heard: Annotated[int, Field(ge=0)] = 0
    say: Annotated[list[Said], Field(max_length=MOST_TOLD)] = Field(default_factory=list, repr=False)
    shares: Literal["", "yes", "no"] = ""
    shown: ScreenShown | None = Field(default=None, repr=False)
    end: bool = False


class LineTold(Wire):
    """A line of the officer's: words, a source of the library with its citation, or a service to be opened."""

    seq: int
    kind: Literal["text", "source", "service"]
    text: Texts = Field(repr=False)
    title: Texts = Field(default_factory=dict, repr=False)
    source: Texts = Field(default_factory=dict, repr=False)
    service: str = ""


class RemoteTalked(Wire):
    """Its answer. ``said``: the last line of the person that is here; ``screen``: whether the officer asks for it."""

    state: TalkState
    number: str
    ended_by: Literal["", "person", "officer", "lost"] = ""
    ahead: int = 0
    said: int = 0
    screen: Literal["no", "asked", "shared", "refused"] = "no"
    lines: list[LineTold] = Field(default_factory=list, repr=False)


class CallBack(Wire):
    """``consult.call-back``: an officer is to call this phone."""

    topic: RemoteTopic
    words: SaidText = Field(repr=False)
    mobile: Annotated[str, StringConstraints(pattern=r"^1[3-9][0-9]{9}$")] = Field(repr=False)
    slot: CallSlot


class CallBackTaken(Wire):
    """Its answer: the case, by when the phone is called, and when it was asked for."""

    case: str
    topic_text: Texts
    slot_text: Texts
    call_by: date
    state_text: Texts
    asked_at: AwareDatetime
