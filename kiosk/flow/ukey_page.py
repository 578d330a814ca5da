"""What the screen shows of a tax UKey, as plain data (see ``kiosk/flow/pages.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.pages import ReaderPage


@dataclass(frozen=True, slots=True)
class UkeyPage(ReaderPage):
    """Put it in, leave it there, take it out.

    ``state``: waiting, reading, writing, away, again, failed; take.
    """

    kind: ClassVar[str] = "ukey"
    illustration: str = "smartCardReader"
