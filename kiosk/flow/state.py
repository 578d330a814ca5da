"""The whole state of the flow as one immutable value."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.catalogue import Published
from config.catalogue.models import Step
from kiosk.flow.talk import Talk

Answers = Mapping[str, Mapping[str, object]]
"""What each step left, by step id."""


class Phase(enum.StrEnum):
    """Where the terminal is."""

    ATTRACT = "attract"
    HOME = "home"
    SERVICE = "service"
    FAREWELL = "farewell"
    OUT_OF_SERVICE = "outOfService"


class After(enum.StrEnum):
    """What the main button of a message does."""

    RETRY = "retry"
    NEXT = "next"
    HOME = "home"
    LEAVE = "leave"


OWN = "own"
"""The role of who is a taxpayer in their own name; a service names it among its roles when it is for them as well."""
SELF = "self"
"""The same, and also for who declared nothing in their own name so far."""


MANDATE = "mandate"
"""The role of who acts for another person by a mandate of theirs (授权委托)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, for this visit only. ``claim`` is the wire's PersonClaim; ``roles`` None: not known (offline)."""

    claim: Mapping[str, object]
    roles: tuple[Mapping[str, object], ...] | None = None
    kept_at: str = ""
    """The moment of the roles where they are a kept answer; the centre is asked as soon as it is back."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that proved itself to the centre by the code of this challenge, for this visit only."""

    mobile: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Message:
    """A page that stands before the step: refused, not possible, a problem, or news."""

    tone: str
    title: str
    body: tuple[str, ...]
    after: After
    facts: tuple[tuple[str, str], ...] = ()
    incident: str = ""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """Whether one service can be done now, and if not why and what else (``kiosk/availability.py``)."""

    usable: bool
    reason: str = ""
    degraded: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What the terminal knows of its surroundings: network, devices, supplies, services."""

    online: bool = True
    services: Mapping[str, ServiceState] = field(default_factory=dict)
    devices: Mapping[str, bool] = field(default_factory=dict)
    units: tuple[Mapping[str, object], ...] = ()
    out_of_service: str = ""
    card: bool | None = None
    """Whether a card lies on the reader; None when nobody can tell."""
    power: str = ""
    """``battery`` while mains have failed, ``low`` while the machine is being brought down for it."""


@dataclass(frozen=True, slots=True)
class WorldChanged:
    """The surroundings are not what they were."""

    world: World


@dataclass(frozen=True, slots=True)
class FlowState:
    """Everything the flow knows. ``local`` belongs to the step under way; ``serial`` grows with every page."""

    phase: Phase = Phase.ATTRACT
    lang: str = "zh-CN"
    mode: str = "standard"
    world: World = field(default_factory=World)
    visit: str = ""
    person: Person | None = None
    phone: Phone | None = None
    group: str = ""
    """Whose services stand on the screen in place of the home page; it is kept while one of them is open."""
    service: Published | None = None
    transaction: str = ""
    index: int = 0
    local: object = None
    data: Answers = field(default_factory=dict)
    talk: Talk | None = None
    """The conversation with an officer, over or not; it is the visit's, whichever service is open."""
    offline: bool = False
    kept_at: str = ""
    """The moment of the oldest kept answer that this service goes by; empty: all of it is the centre's own."""
    return_to: int | None = None
    ukey_left: bool = False
    """Whether a tax UKey was left in the reader when its service ended before its end."""
    message: Message | None = None
    done_once: frozenset[str] = frozenset()
    """What may be done once and was, since somebody came; visits that are kept apart share it, for it names nobody."""
    staff_called: bool = False
    card_taken: bool = False
    serial: int = 0
    issued: int = 0
    waiting: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether somebody has said who they are, by document or by phone."""
        return self.person is not None or self.phone is not None

    @property
    def step(self) -> Step:
        """The step under way; only while a service is."""
        assert self.service is not None, "no service under way"
        return self.service.service.steps[self.index]
