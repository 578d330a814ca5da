"""What two centres say to each other, in JSON; requests and answers are signed as those of terminals are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bureau.ports.knowledge import KnowledgeKind
from sync.models import LibrarySource, Texts
from sync.models.base import Wire

CODE: Final = r"^[0-9]{11}$"
CentreCode = Annotated[str, Field(pattern=CODE, examples=["15301000000"])]
"""税务机关代码: the eleven digits by which a tax authority is known."""
Count = Annotated[int, Field(ge=0, le=10**15)]
MOST_DAYS: Final = 500
"""Days of one report; a province of twenty cities tells two weeks of all of them at once."""
MOST_CENTRES: Final = 5000
"""The country has some three thousand counties."""


class Figures(BaseModel):
    """The sums of one day. What a later release counts besides is passed over by an earlier one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    visits: Count = 0
    uses: Count = 0
    """Services that were opened."""
    done: Count = 0
    trouble: Count = 0
    """Uses that ended because something did not work."""
    terminals: Count = 0
    """Terminals at which somebody was."""
    rated: Count = 0
    rated_low: Count = 0
    """差评: levels 1 and 2."""
    paid: Count = 0
    paid_fen: Count = 0
    """Orders of this centre that entered the treasury (入库), and their amount in fen."""


class JoinCentre(Wire):
    """A centre exchanges its one-time code for a place below; ``public_key``: base64, its requests are signed by it."""

    code: str = Field(min_length=12, max_length=32, examples=["7KMN-2QRT-9WXA"])
    public_key: str = Field(min_length=40, max_length=400)


class Joined(Wire):
    """Under which code the centre is known there, and whose answers it shall believe."""

    centre: CentreCode
    superior: Texts
    verify_key: str


class CentreAt(Wire):
    """Where a centre stands. ``under``: the centre it stands below; None for the one that tells."""

    centre: CentreCode
    under: CentreCode | None = None
    name: Texts


class CentreDay(Wire):
    """One day of one centre, without those of the centres below it."""

    centre: CentreCode
    day: date
    figures: Figures


class DayReport(Wire):
    """The one that tells and all that stand below it, each behind the one above it; and days of theirs.

    Only days that are new, or say something else than before; none says that the centre is there.
    """

    centres: list[CentreAt] = Field(min_length=1, max_length=MOST_CENTRES)
    days: list[CentreDay] = Field(max_length=MOST_DAYS)


class DaysTaken(Wire):
    """How many days are held now as they were told."""

    taken: int


class HandedEntry(Wire):
    """A notice, or a version of an answer, by its number there. One that was withdrawn says why."""

    number: int = Field(ge=1)
    kind: KnowledgeKind
    title: Texts
    text: Texts
    since: date
    until: date | None
    name: str = ""
    also: dict[str, list[str]] = {}
    sources: list[LibrarySource] = []
    service: str = ""
    state: Literal["published", "withdrawn"]
    decided_at: datetime
    reason: Texts | None = None


class Handed(Wire):
    """All that is published for those below; ``entries`` None: it is still the ``version`` that was asked with."""

    version: str
    entries: list[HandedEntry] | None
