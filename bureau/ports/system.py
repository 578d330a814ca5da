"""Transactions of the core system, and the first answer to every key."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bureau.ports.core import Core
from bureau.ports.registration import PersonKey


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer to an effect's key, and the fingerprint of the body it was given for."""

    key: str
    terminal: str
    fingerprint: str
    answer: dict[str, object]
    told: bool = False
    """Whether a notice was given because the person had gone."""


@dataclass(frozen=True, slots=True)
class AnsweredEffect:
    """What is kept beside the answer, to find and explain it later."""

    kept: KeptAnswer
    kind: str
    service: str
    service_hash: str
    service_known: bool
    visit: str
    transaction: str
    person: PersonKey | None
    taxpayer: str | None
    offline: bool
    accepted_at: datetime
    received_at: datetime
    state: str
    reference: str


class Answers(Protocol):
    """Keys and first answers, kept as long as the business records they belong to."""

    def find(self, key: str) -> KeptAnswer | None:
        """The answer given before."""
        ...

    def effect(self, key: str) -> AnsweredEffect | None:
        """The whole entry: who asked for what, where and when, and the answer."""
        ...

    def take_turn(self, key: str) -> bool:
        """False when another process is answering this key right now; the turn ends with the transaction."""
        ...

    def keep(self, effect: AnsweredEffect) -> None:
        """Keep the answer, in the same transaction as what it changed."""
        ...

    def told(self, key: str) -> None:
        """Note that the person was given a notice of the answer."""
        ...


class Work(Protocol):
    """One transaction: the core system and the answers, committed together or not at all."""

    @property
    def core(self) -> Core:
        """The core system."""
        ...

    @property
    def answers(self) -> Answers:
        """The answers."""
        ...

    def attempt(self) -> AbstractContextManager[object]:
        """A part that is undone alone when its block raises; the transaction goes on."""
        ...


class System(Protocol):
    """Begins transactions."""

    def read(self, terminal: str = "") -> AbstractContextManager[Work]:
        """A view that does not change while it is held; writing in it fails."""
        ...

    def write(self, terminal: str = "") -> AbstractContextManager[Work]:
        """A transaction: committed and durable when the block ends, gone when it raises."""
        ...
