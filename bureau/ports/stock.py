"""The bureau's own blank invoices (发票库存): where each number lies, what officers do with them, and who decides it.

Whatever makes paper saleable, moves it or takes it off the books has two people (双人): one writes a slip (单), another
confirms it, and only then anything moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

from bureau.errors import StockRefused
from kiosk.domain.invoices import InvoiceRange

SHELF: Final = ("shelf", "1")
"""Place and unit of paper that is in no terminal."""
DIFFERS: Final = "count differs, case "
"""How the reason begins for which a unit is closed whose count differs; the number of its case follows."""
Lots = tuple[tuple[str, InvoiceRange], ...]
"""Numbers with their code."""
Errand = Literal["receive", "hand-out", "fetch", "return", "arrive", "release", "spoil", "unload", "count"]
"""入库, 调拨到终端, 从终端收回, 企业退回, 交接到库, 解除隔离, 作废, 退回上级, 盘点."""
SlipState = Literal["proposed", "done", "refused", "withdrawn"]
Result = Literal["", "BALANCED", "TIMING", "DIFFERENCE"]
"""What came of a count; empty: it was none, or nobody has confirmed it."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does it, and who watches."""

    operator: str
    witness: str

    def __post_init__(self) -> None:
        if not self.operator.strip() or not self.witness.strip():
            raise StockRefused("hands", "name two people: who does it and who watches")
        if self.operator.strip().casefold() == self.witness.strip().casefold():
            raise StockRefused("hands", "the second person must be somebody else")


@dataclass(frozen=True, slots=True)
class Where:
    """What is said of a range: its state, and the slot, holder and reservation that go with it."""

    state: str
    place: str | None = None
    unit: str | None = None
    holder: str | None = None
    reservation: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A range and where it is."""

    numbers: InvoiceRange
    where: Where


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot with everything in it."""

    place: str
    unit: str
    locked: bool
    reason: str
    contents: tuple[tuple[str, Held], ...]


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A hand-over between cabinets that is not finished: ``waits`` is what its old terminal has still to settle.

    ``to``: where it was taken up, or the terminal that it is for; empty: any of the hall, or by ``fate`` its safe.
    """

    note: str
    terminal: str
    to: str
    fate: str
    made_at: datetime
    operator: str
    witness: str
    numbers: Lots
    waits: Lots


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the ledger."""

    movement: str
    type: str
    place: str
    unit: str
    code: str
    numbers: InvoiceRange
    at: datetime
    operator: str
    witness: str
    cause: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done. ``place`` and ``unit``: where to, of a hand-out; else where it lies; empty: wherever it lies.

    ``numbers`` is there for all but ``count`` and ``arrive``, of which ``found`` is what people counted. ``taxpayer``
    returned it, ``note`` is the hand-over that it came with, ``cause`` why it is written off or sent back.
    """

    errand: Errand
    place: str = ""
    unit: str = ""
    code: str = ""
    kind: str = ""
    numbers: InvoiceRange | None = None
    found: Lots = ()
    taxpayer: str = ""
    note: str = ""
    cause: str = ""

    @property
    def lots(self) -> Lots:
        """All that it is about."""
        return self.found if self.numbers is None else ((self.code, self.numbers),)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the movement's number, and of a count its result; ``case`` where something differs."""

    movement: str = ""
    result: Result = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """What one officer wants and another confirms.

    ``book``: of a count what the books had when it was written, of a hand-over what was on its way.
    """

    slip: str
    wanted: Wanted
    state: SlipState
    proposed_by: str
    proposed_at: datetime
    book: Lots = ()
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    done: Done = field(default_factory=Done)


class Stock(Protocol):
    """The bureau's own blank invoices: what lies where, and what officers do with it."""

    def lock(self) -> None:
        """Nobody else writes or decides a slip until the transaction ends."""
        ...

    def slots(self, place: str | None = None) -> Sequence[SlotView]:
        """Every slot with its contents, by place and unit."""
        ...

    def slot(self, place: str, unit: str) -> SlotView | None:
        """One slot with its contents."""
        ...

    def codes(self) -> Mapping[str, str]:
        """Every code that is known here, with its kind."""
        ...

    def lies(self, code: str, numbers: InvoiceRange) -> Sequence[Held]:
        """What of ``numbers`` the books have, and where, ascending."""
        ...

    def movements(self, place: str, unit: str, limit: int) -> Sequence[Moved]:
        """The last movements of a slot, the latest first."""
        ...

    def on_the_way(self) -> Sequence[OnTheWay]:
        """Hand-overs between cabinets that are not finished, the newest first."""
        ...

    def check_place(self, place: str) -> None:
        """Raises ``StockRefused`` for a place that is neither the shelf nor an enrolled terminal."""
        ...

    def load(
        self, place: str, unit: str, code: str, numbers: InvoiceRange, hands: Hands, kind: str = ""
    ) -> str:
        """Put paper into a slot: new to the books, or from the shelf. Raises ``StockRefused``."""
        ...

    def fetch(self, place: str, unit: str, code: str, numbers: InvoiceRange, hands: Hands) -> str:
        """Bring what lies free in a terminal's unit back to the shelf. Raises ``StockRefused``."""
        ...

    def take_back(self, taxpayer: str, code: str, numbers: InvoiceRange, hands: Hands) -> str:
        """Unused sheets an enterprise hands in: to the shelf, in quarantine. Raises ``StockRefused``."""
        ...

    def receive(self, number: str, found: Lots, hands: Hands) -> tuple[str, str]:
        """Put what a hand-over brought on the shelf; movement, and case of what is missing. Raises ``StockRefused``."""
        ...

    def release(self, code: str, numbers: InvoiceRange, hands: Hands) -> str:
        """Make quarantined paper saleable again; it goes to the shelf. Raises ``StockRefused``."""
        ...

    def spoil(self, code: str, numbers: InvoiceRange, hands: Hands, cause: str) -> str:
        """Write off blanks (作废); the paper is kept. Raises ``StockRefused``."""
        ...

    def unload(self, code: str, numbers: InvoiceRange, hands: Hands, cause: str = "") -> str:
        """Hand paper back to the warehouse: it leaves these books. Raises ``StockRefused``."""
        ...

    def lose(self, code: str, numbers: InvoiceRange, hands: Hands, cause: str) -> str:
        """Write off what lies nowhere (丢失). Raises ``StockRefused`` for what is not free in a slot."""
        ...

    def count(self, place: str, unit: str, found: Lots, hands: Hands, book: Lots | None = None) -> Done:
        """Compare a unit with what two people found in it; a difference locks the unit and opens a case.

        Raises ``StockRefused`` where the unit no longer holds ``book``, which it held when it was counted.
        """
        ...

    def slips(self, states: Sequence[SlipState], limit: int) -> Sequence[Slip]:
        """Those in these states, the newest first."""
        ...

    def slip(self, number: str) -> Slip | None:
        """One by its number."""
        ...

    def write(self, wanted: Wanted, officer: str, book: Lots) -> Slip:
        """A new slip of this officer's; called with the slips locked."""
        ...

    def decide(self, slip: Slip) -> None:
        """Keep its state, who decided it, when and why, and what came of it. What it wants is never changed."""
        ...
