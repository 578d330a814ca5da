"""Published cases (重大税收违法失信主体): entered, published, and taken off, by two officers each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import Texts

OffenderKind = Literal["organisation", "person"]
Sex = Literal["male", "female"]
Standing = Literal["legal-representative", "head", "actual"]
"""法定代表人, 负责人, or the one who was in fact responsible by a court's judgement (实际责任人)."""
CaseState = Literal["entered", "refused", "published", "removal-asked", "removed"]
"""``removal-asked``: one officer took it off, the other has not yet; until then it stays published."""


@dataclass(frozen=True, slots=True)
class OffenderCase:
    """One case. Of a person's number nothing is kept but what may be published: without day, month and year of birth.

    ``code``: the taxpayer's number, of a person their number as it is published. ``said``: why it was refused, in
    an officer's words; ``ground``: why it was taken off. ``until``: the last day of its publication.
    """

    __pydantic_config__ = IN_JSON

    case_no: str
    kind: OffenderKind
    name: str
    code: str
    address: str
    sex: Sex | None
    responsible: str
    responsible_as: Standing | None
    responsible_sex: Sex | None
    responsible_number: str
    reason: str
    facts: Texts
    decision: Texts
    authority: Texts
    document: str
    served_on: date
    state: CaseState
    entered_by: str
    entered_at: datetime
    decided_by: str = ""
    published_on: date | None = None
    until: date | None = None
    asked_by: str = ""
    ground: str = ""
    ended_by: str = ""
    ended_on: date | None = None
    said: Texts | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """What an officer did with a case, and when. ``kept``: the other officer left it published."""

    __pydantic_config__ = IN_JSON

    number: int
    case_no: str
    at: datetime
    officer: str
    did: Literal["entered", "refused", "published", "removal-asked", "removed", "kept"]
    said: Mapping[str, str]


class Publicity(Protocol):
    """The cases and what was done with them; nothing of either is ever deleted."""

    def lock(self) -> None:
        """Nobody else changes a case until the transaction ends."""
        ...

    def number_for(self, document: str) -> str:
        """The number of the case that the decision of this number makes, twenty digits."""
        ...

    def entries(self) -> Sequence[OffenderCase]:
        """All, the latest published first, then those that never were, by number."""
        ...

    def find(self, case_no: str) -> OffenderCase | None:
        """One by its number."""
        ...

    def add(self, case: OffenderCase) -> None:
        """Enter one."""
        ...

    def change(self, case: OffenderCase) -> None:
        """Keep how it stands, and who decided what and when; what was entered of it stays as it was."""
        ...

    def note(self, event: CaseEvent) -> None:
        """Enter what was done; the number is given here."""
        ...

    def history(self, case_no: str) -> Sequence[CaseEvent]:
        """What officers did with one, the first first."""
        ...
