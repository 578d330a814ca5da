"""``draft.open``: what somebody filled in on a phone, to whoever holds its code at a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.phone.drafts import opened
from bureau.engine.queries.registry import Query, of_service
from bureau.engine.refusals import Refused, refuse
from bureau.engine.subjects import Actor
from bureau.limits import Limiter, Rate
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.system import System
from config.catalogue.models import Service
from sync.models import DraftAsked, DraftOpened

GUESSES = Rate(20, 3600)
"""Codes that nobody was given, by terminal: 44 bits are found by nobody at this pace."""


def questions(system: System, vault: Vault) -> Mapping[str, Query]:
    """The query; whoever asks has signed in and may use the service."""
    guesses = Limiter(GUESSES)

    def read(core: Core, actor: Actor, service: Service, asked: DraftAsked) -> DraftOpened:
        if wait := guesses.wait_s(core.terminal):
            raise refuse("askedTooOften", seconds=str(int(wait) + 1))
        try:
            return opened(core, vault, service, asked.code)
        except Refused as no:
            if no.refusal.code == "draftUnknown":
                guesses.take(core.terminal)
            raise

    return {"draft.open": of_service(system, DraftAsked, DraftOpened, read)}
