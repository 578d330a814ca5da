"""``privacy.*``: what is held of the person who asks, and who looked at it."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import own_data
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.privacy import Look, Looked
from bureau.ports.system import System
from bureau.texts import named, say
from config.catalogue import Catalogue
from sync.models import Accesses, AccessRow, HeldData, Texts

MOST = 60
"""Accesses that are listed, the newest: as many as a list shows."""


def questions(system: System, catalogue: Catalogue) -> Mapping[str, Query]:
    """The queries of a person about their own data; ``catalogue`` names the services data were used for."""

    def accesses(core: Core, actor: Actor, _: NoParams) -> Accesses:
        found = core.privacy.looks(actor.person.key, MOST)
        return Accesses(rows=[_row(one, catalogue) for one in found], as_of=core.now)

    return {
        "privacy.held": of_actor(system, NoParams, HeldData, _held),
        "privacy.accesses": of_actor(system, NoParams, Accesses, accesses),
    }


def _held(core: Core, actor: Actor, _: NoParams) -> HeldData:
    return HeldData(rows=[own_data.row(one) for one in core.privacy.held(actor.person.key)], as_of=core.now)


def _row(looked: Looked, catalogue: Catalogue) -> AccessRow:
    look = looked.look
    return AccessRow(
        id=looked.access,
        who=_who(look),
        at=looked.at,
        what=own_data.title(look.kind),
        purpose=_purpose(look, catalogue),
    )


def _who(look: Look) -> Texts:
    if look.party == "public" and not look.who:
        return say("look.public-page")
    return say(f"look.{look.party}", who=look.who)


def _purpose(look: Look, catalogue: Catalogue) -> Texts:
    published = catalogue.get(look.purpose)
    if look.party != "officer" and published is not None:
        return published.service.title
    return named("look.purpose", look.purpose)
