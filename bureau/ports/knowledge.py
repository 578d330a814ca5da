"""What officers write for every terminal: notices (通知公告), and answers of the consultation (知识库)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bureau.ports.certificates import IN_JSON
from sync.models import LibrarySource, Texts

KnowledgeKind = Literal["notice", "answer"]
KnowledgeState = Literal["proposed", "refused", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class KnowledgeEntry:
    """One notice, or one version of an answer; what it says is never changed.

    ``since`` and ``until``: the first and the last day on which it holds; None: an answer without an end. ``name``: the
    answer's in the library, the same for each of its versions; a notice has none. ``title``: the notice's, or the
    question as it is shown; ``also``: more ways of asking it, by language; ``service``: what does it, or nothing.
    ``origin``: where it stands in the books of the centre above, where it was decided; of this centre's own nothing.
    """

    __pydantic_config__ = IN_JSON

    number: int
    kind: KnowledgeKind
    title: Texts
    text: Texts
    since: date
    until: date | None
    state: KnowledgeState
    proposed_by: str
    proposed_at: datetime
    name: str = ""
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sources: tuple[LibrarySource, ...] = ()
    service: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    reason: Texts | None = None
    origin: str = ""


class Knowledge(Protocol):
    """Notices and answers; nothing of them is ever deleted."""

    def lock(self) -> None:
        """Nobody else changes an entry until the transaction ends."""
        ...

    def entries(self) -> Sequence[KnowledgeEntry]:
        """All, the latest proposed first."""
        ...

    def find(self, number: int) -> KnowledgeEntry | None:
        """One by its number."""
        ...

    def add(self, entry: KnowledgeEntry) -> KnowledgeEntry:
        """Enter one; its number is given here. What was entered of it is never changed."""
        ...

    def change(self, entry: KnowledgeEntry) -> None:
        """Keep its state, and who decided or withdrew it, when and why."""
        ...
