"""Our interface for a tax-control device (税控设备): its state, a month's report, an order to unlock it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from drivers.ports_tax import SealedWord, TaxState
from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, Nothing, Payload

_CARD = "noMedia invalidMedia invalidData protocolNotSupported atrNotObtained securityFail"

Number = Annotated[str, Field(pattern=r"^[0-9A-Z]{8,20}$", repr=False)]
Month = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""``2026-09``."""
Day = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""``2026-10-26``."""
Text = Annotated[Data, Field(max_length=200, repr=False)]
Mac = Annotated[Data, Field(min_length=32, max_length=32, repr=False)]


class StateOut(Payload):
    """What the device says of itself; ``cleared`` is absent before it was unlocked for the first time."""

    device: Number
    taxpayer: Number
    counter: Annotated[int, Field(ge=0, lt=1 << 32)]
    cleared: Month | None = None
    issues_until: Day
    locked: bool
    held: list[Month]

    @classmethod
    def of(cls, state: TaxState) -> StateOut:
        """The state in the words of the wire."""
        return cls(
            device=state.device,
            taxpayer=state.taxpayer,
            counter=state.counter,
            cleared=f"{state.cleared:%Y-%m}" if state.cleared else None,
            issues_until=state.issues_until.isoformat(),
            locked=state.locked,
            held=[f"{month:%Y-%m}" for month in state.held],
        )

    def state(self) -> TaxState:
        """The state again; raise ``ValueError`` for a day that there is not."""
        return TaxState(
            device=self.device,
            taxpayer=self.taxpayer,
            counter=self.counter,
            cleared=first_day(self.cleared) if self.cleared else None,
            issues_until=date.fromisoformat(self.issues_until),
            locked=self.locked,
            held=tuple(map(first_day, self.held)),
        )


class ReadReportIn(Payload):
    """Of which month."""

    month: Month


class Sealed(Payload):
    """A text with its HMAC-SM3, for the bureau or from it; nobody between reads it."""

    text: Text
    mac: Mac

    @classmethod
    def of(cls, word: SealedWord) -> Sealed:
        """The word on the wire."""
        return cls(text=word.text, mac=word.mac)

    def word(self) -> SealedWord:
        """The word again."""
        return SealedWord(self.text, self.mac)


def first_day(month: str) -> date:
    """The first day of the month."""
    return date.fromisoformat(f"{month}-01")


READ_STATE: Final = Command(
    "TaxControl.ReadState",
    Nothing,
    StateOut,
    version="1.0",
    completion="1.0",
    errors=words(_CARD),
    moves=True,
)
READ_REPORT: Final = Command(
    "TaxControl.ReadReport",
    ReadReportIn,
    Sealed,
    version="1.0",
    completion="1.0",
    errors=words(_CARD),
    moves=True,
)
WRITE_ORDER: Final = Command(
    "TaxControl.WriteOrder",
    Sealed,
    StateOut,
    version="1.0",
    completion="1.0",
    errors=words(_CARD),
    moves=True,
)
INTERFACE: Final = Interface("TaxControl", (READ_STATE, READ_REPORT, WRITE_ORDER))
