"""Mandates (授权委托): who may act for another person in that person's own name, in what, and until when.

A mandate is given in writing and signed; it names the attorney (受托人), the matters, the powers and the term
(民法典 art. 165). The principal (委托人) may take it back at any time, and the attorney lay it down (art. 173).

A guardian (监护人) acts for a ward (被监护人) by law (art. 23): the ward is the principal here and the guardian the
attorney, and what lets them act is that an officer approved their papers (``Mandate.ground``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from bureau.ports.registration import PersonKey
from kiosk.domain.people import Ground, Scope


@dataclass(frozen=True, slots=True)
class Mandate:
    """One mandate, from ``since`` to ``until``, both days included; ``case`` is the matter that gave it.

    ``relation``: what the attorney is to the principal, as the form names it; of a guardian the kind of guardianship.
    ``sealed``: the signed text and the signature in the vault's seal, under the case's number; empty where they are
    kept with the case, or on paper.
    """

    case: str
    principal: PersonKey
    attorney: PersonKey
    relation: str
    scope: Scope
    since: date
    until: date
    sealed: bytes = field(repr=False)
    ground: Ground = Ground.SIGNED

    @property
    def by_guardian(self) -> bool:
        """Whether it is a guardian's, for a ward."""
        return self.ground is Ground.GUARDIAN

    def holds(self, day: date) -> bool:
        """Whether ``day`` is within its term."""
        return self.since <= day <= self.until


class Mandates(Protocol):
    """The mandates, most of them only while nobody has ended them. What is over stays as history."""

    def guarding(self, day: date) -> Sequence[Mandate]:
        """Those of guardians that hold on ``day``, the one that ends first on top."""
        ...

    def hold(self, *people: PersonKey) -> None:
        """Nobody else gives a mandate to or from these people until the transaction ends."""
        ...

    def find(self, case: str, *, lock: bool = False) -> Mandate | None:
        """The one that this case gave; ``lock`` lets nothing else be decided about it until the transaction ends."""
        ...

    def given(self, case: str) -> Mandate | None:
        """The same, also when it was ended or its term is over: what was done by it was done for its principal."""
        ...

    def of_attorney(self, person: PersonKey, day: date) -> Sequence[Mandate]:
        """Those by which the person may act on ``day``, the oldest first."""
        ...

    def of_principal(self, person: PersonKey, day: date) -> Sequence[Mandate]:
        """Those that the person has given and that hold on ``day``, the oldest first."""
        ...

    def give(self, mandate: Mandate) -> None:
        """It holds from now on."""
        ...

    def end(self, mandate: Mandate, day: date, by: str, reason: str | None = None) -> None:
        """It holds no more from ``day`` on: by the matter of this number, or by this officer, who gives a reason."""
        ...
