"""What a decision on a case does: the effect in the registration, and what its owner is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bureau.engine import messages
from bureau.engine.matters.effects import EFFECTS
from bureau.engine.matters.kinds import Matter, matters
from bureau.engine.matters.relief import Terms, examined, reach
from bureau.engine.matters.words import told_reason
from bureau.engine.names import matter_name
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.errors import CaseDecided, CaseUnknown, ReliefRefused
from bureau.ports.core import Core
from bureau.ports.matters import Decision, MatterCase
from bureau.ports.registration import Person

AT_ONCE = "system"
"""Who decided where nobody had to."""


def carry_out(core: Core, case: MatterCase, matter: Matter, by: str) -> MatterCase:
    """Approve a case whose enterprise is locked and let it take effect today."""
    day = today(core)
    counts_from = EFFECTS[matter.effect].apply(core, replace(case, decided_by=by), matter, day)
    return core.matters.decide(case, Decision("approved", by, effective_on=counts_from))


def approve(core: Core, number: str, officer: str) -> MatterCase:
    """An officer's yes: it takes effect and the owner is told. Raises ``CaseUnknown``, ``CaseDecided``."""
    case = _open(core, number)
    matter = matters()[case.matter]
    if matter.reliefs:
        raise ReliefRefused(
            f"case {number} is a relief: two officers grant it, and it reaches what was filed"
        )
    done = carry_out(core, case, matter, officer)
    _tell(core, done)
    return done


def grant(core: Core, number: str, officer: str, terms: Terms, rules: Rules) -> MatterCase:
    """An officer's yes to a relief: the first examines it, and the case stays open; the second's lets it take effect.

    Then it also reaches the returns of its months that were filed before. Raises ``CaseUnknown``, ``CaseDecided``,
    ``ReliefRefused``.
    """
    case = _open(core, number)
    matter = matters()[case.matter]
    if not matter.reliefs:
        raise ReliefRefused(f"case {number} is no relief: it is approved by one officer, without terms")
    if not examined(core, case, matter, officer, terms):
        return case
    done = carry_out(core, case, matter, officer)
    relief, adjusted = core.reliefs.relief(number), reach(core, done, rules)
    assert relief is not None, "just granted"
    for person in _owners(core, done):
        core.notices.tell(person, messages.relief_granted(relief, adjusted))
    return done


def refuse_case(core: Core, number: str, officer: str, reason: str) -> MatterCase:
    """An officer's no with its reason, which the owner is told; nothing changes.

    Raises ``CaseUnknown``, ``CaseDecided``, ``ReasonMissing``.
    """
    reason = told_reason(reason)
    case = _open(core, number)
    matter = matters()[case.matter]
    EFFECTS[matter.effect].drop(core, case, matter)
    done = core.matters.decide(case, Decision("refused", officer, reason))
    _tell(core, done)
    return done


def ask_for(core: Core, number: str, what: str) -> MatterCase:
    """Ask the owner of an open case for what is missing, which they are told (补正告知).

    Raises ``CaseUnknown``, ``CaseDecided``, ``ReasonMissing``.
    """
    what = told_reason(what)
    case = core.matters.want(_open(core, number), what)
    for person in _owners(core, case):
        core.notices.tell(person, messages.case_wanted(case, matter_name(case.matter)))
    return case


def _open(core: Core, number: str) -> MatterCase:
    """The case, locked after its enterprise as everything about an enterprise is."""
    seen = core.matters.case(number)
    if seen is None:
        raise CaseUnknown(number)
    if seen.taxpayer is not None:
        core.registration.taxpayer(seen.taxpayer, lock=True)
    case = core.matters.case(number, lock=True)
    assert case is not None  # cases are never deleted
    if case.state != "open":
        raise CaseDecided(number, case.state)
    return case


def _tell(core: Core, case: MatterCase) -> None:
    for person in _owners(core, case):
        core.notices.tell(person, messages.case_decided(case, matter_name(case.matter)))


def _owners(core: Core, case: MatterCase) -> Iterable[Person]:
    """Who applied; they are told on the phone on file, whatever role they still have."""
    person = core.registration.person(case.person)
    return [person] if person is not None else []
