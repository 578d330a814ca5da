"""``registration.details`` and ``progress.list``: what is registered, and how every case of mine stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bureau.engine.names import day_name, matter_name, role_name
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.system import System
from bureau.texts import named, say
from config.clock import CHINA
from sync.models import CaseRow, OfficerRow, Progress, RegistrationDetails, Texts


def questions(system: System) -> Mapping[str, Query]:
    """The queries of registration and cases."""
    return {
        "registration.details": of_actor(system, NoParams, RegistrationDetails, _details),
        "progress.list": of_actor(system, NoParams, Progress, _progress),
    }


def _details(core: Core, actor: Actor, _: NoParams) -> RegistrationDetails:
    taxpayer, day = actor.enterprise, today(core)
    facts = core.registration.facts(taxpayer.taxpayer, day)

    def text(fact: str) -> str | None:
        return str(facts[fact]) if fact in facts else None

    def word(area: str, fact: str) -> Texts | None:
        return named(area, str(facts[fact])) if fact in facts else None

    confirmed = text("confirmed_on")
    posts = core.registration.posts(taxpayer.taxpayer, day)
    return RegistrationDetails(
        taxpayer=taxpayer.taxpayer,
        name=taxpayer.name,
        state=say(f"taxpayer-state.{taxpayer.state}"),
        taxation=say("taxation.small" if taxpayer.small_scale else "taxation.general"),
        industry=text("industry") or "",
        registered_on=taxpayer.registered_on,
        address=text("address"),
        phone=text("phone"),
        bank=text("bank"),
        bank_name=word("bank", "bank"),
        account=text("account"),
        accounting=text("accounting"),
        accounting_name=word("accounting", "accounting"),
        confirmed_on=date.fromisoformat(confirmed) if confirmed else None,
        officers=[
            OfficerRow(id=str(line), role=role_name(post.role), name=post.person.name, since=post.since)
            for line, post in enumerate(posts, 1)
        ],
        as_of=core.now,
    )


def _progress(core: Core, actor: Actor, _: NoParams) -> Progress:
    """Every case of the person, and of the enterprises in which they hold a role today."""
    held = core.registration.roles(actor.person.key, today(core))
    names = {h.taxpayer.taxpayer: h.taxpayer.name for h in held}
    cases = core.matters.of(actor.person.key, names)
    return Progress(rows=[_row(core, actor, case, names) for case in cases], as_of=core.now)


def _row(core: Core, actor: Actor, case: MatterCase, names: Mapping[str, str]) -> CaseRow:
    return CaseRow(
        case=case.case,
        title=matter_name(case.matter),
        owner=_owner(core, actor, case, names),
        state=case.state,
        accepted_on=case.accepted_at.astimezone(CHINA).date(),
        due_on=case.due_on if case.state == "open" else None,
        next_step=_next(case),
    )


def _owner(core: Core, actor: Actor, case: MatterCase, names: Mapping[str, str]) -> str:
    if case.taxpayer is None:
        return actor.person.name
    if case.taxpayer in names:
        return names[case.taxpayer]
    taxpayer = core.registration.taxpayer(case.taxpayer)
    return taxpayer.name if taxpayer is not None else case.taxpayer


def _next(case: MatterCase) -> Texts:
    """What comes next, in words; of a refusal its reason."""
    if case.state == "open":
        return say("case.next.open", day=day_name(case.due_on))
    if case.state == "refused":
        return say("case.next.refused", reason=case.reason or "")
    assert case.effective_on is not None
    return say("case.next.approved", day=day_name(case.effective_on))
