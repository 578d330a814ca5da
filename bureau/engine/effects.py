"""What the centre does when an effect arrives: one handler a kind, found in one registry.

A handler has two parts. ``prepare`` runs before the transaction and may talk to the world outside (draw a
certificate, open an order); it must be safe to run again. ``apply`` runs inside the one transaction that also
keeps the answer; it raises ``Refused`` before it changed anything, or returns an ``Outcome``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from bureau.engine.services import Version
from bureau.engine.subjects import person_key, principal_of
from bureau.ports.core import Core
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.ports.system import System
from config.catalogue.models import Service
from sync.models import EffectAnswer, EffectBody, EffectKind, EffectState, Refusal, Wire

M = TypeVar("M", bound=Wire)
P = TypeVar("P")

QUEUED_AFTER = timedelta(seconds=60)
"""What arrives so long after it was accepted has waited in a queue, whatever its record says: the network may go
after the record was written, and a terminal gives up asking within this time."""


@dataclass(frozen=True, slots=True)
class Request:
    """An effect that was opened and found well-formed."""

    body: EffectBody
    terminal: str
    visit: str
    transaction: str
    fingerprint: str
    version: Version | None
    """None for what staff do, which belongs to no service."""
    queued: bool = False
    """Whether the terminal's sync program says that it delivers what nobody waits for any more."""

    @property
    def service(self) -> Service:
        """The service it belongs to; nothing of the staff's asks for it."""
        assert self.version is not None
        return self.version.service

    def waited(self, now: datetime) -> bool:
        """Whether the person went home with a receipt in place of the answer."""
        return self.body.offline or self.queued or now - self.body.accepted_at > QUEUED_AFTER


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went. ``reference`` is the number people know the matter by."""

    state: EffectState
    result: Wire | None = None
    refusal: Refusal | None = None
    reference: str = ""


def accepted(result: Wire | None = None, reference: str = "") -> Outcome:
    """Done."""
    return Outcome(EffectState.ACCEPTED, result, None, reference)


def refused(refusal: Refusal, reference: str = "") -> Outcome:
    """Not done, and something was noted all the same (a case, a notice)."""
    return Outcome(EffectState.REFUSED, None, refusal, reference)


def duplicate(result: Wire, refusal: Refusal | None = None, reference: str = "") -> Outcome:
    """Made elsewhere before; ``result`` is the earlier one."""
    return Outcome(EffectState.DUPLICATE, result, refusal, reference)


class Handler(ABC, Generic[M, P]):
    """Carries out one kind of effect."""

    kind: ClassVar[EffectKind]
    model: type[M]

    def read(self, data: dict[str, object]) -> M:
        """The effect's data; raises ``ValidationError``."""
        return self.model.model_validate(data)

    def models(self) -> tuple[type[Wire], ...]:
        """What ``read`` may give, for the description of the interface."""
        return (self.model,)

    @abstractmethod
    def prepare(self, system: System, request: Request, data: M) -> P:
        """Do what takes time or leaves the house; repeatable. Raises ``Refused``, or what makes a 503."""

    @abstractmethod
    def apply(self, core: Core, request: Request, data: M, prepared: P) -> Outcome:
        """Change the records; raises ``Refused`` only before it changed any."""

    def to_mend(self, core: Core, data: M, refusal: Refusal) -> Refusal:
        """The refusal of something that waited, with the day until which it can be put right."""
        return refusal

    def tell(self, core: Core, request: Request, data: M, answer: EffectAnswer) -> None:
        """Tell the person what became of something that waited, and whom they did it for; called once a key."""
        claim = request.body.subject.person
        keys = (person_key(claim), principal_of(core, request.body.subject)) if claim is not None else ()
        for key in keys:
            person = core.registration.person(key) if key is not None else None
            message = self.message(core, request, person, data, answer) if person is not None else None
            if person is not None and message is not None:
                core.notices.tell(person, message)

    def message(
        self, core: Core, request: Request, person: Person, data: M, answer: EffectAnswer
    ) -> Message | None:
        """What became of it, for who went home without the answer; None: they are told nothing."""
        return None


class Simple(Handler[M, None], ABC):
    """A handler with nothing to prepare."""

    def prepare(self, system: System, request: Request, data: M) -> None:
        """Nothing."""


class Registry:
    """All handlers by kind; every kind of the wire has one."""

    def __init__(self, handlers: Iterable[Handler[Any, Any]]) -> None:
        self._handlers = {handler.kind: handler for handler in handlers}
        if missing := set(EffectKind) - self._handlers.keys():
            raise ValueError(f"no handler for {', '.join(sorted(missing))}")

    def __getitem__(self, kind: EffectKind) -> Handler[Any, Any]:
        return self._handlers[kind]
