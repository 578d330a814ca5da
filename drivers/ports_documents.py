"""Ports of the devices that look at documents: the feeding scanner, the overhead camera, the MRZ reader.

Images hold personal data: they live in memory alone, travel to the one client that asked, and are kept nowhere.
"""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from config.clock import Deadline
from drivers.ports import Barcode, Device
from drivers.protocols.mrz import Mrz


class PageSide(enum.StrEnum):
    """XFS4IoT image sources."""

    FRONT = "front"
    BACK = "back"


class PageColour(enum.StrEnum):
    """XFS4IoT Check ``colorFormat``."""

    BINARY = "binary"
    GRAY = "grayScale"
    FULL = "full"


class PageSize(enum.StrEnum):
    """What kind of document to expect."""

    A4 = "a4"
    ID1 = "id1"
    ID3 = "id3"

    @property
    def millimetres(self) -> tuple[float, float]:
        """The shorter and the longer edge: ISO 216 A4; ISO/IEC 7810 ID-1 (cards) and ID-3 (a passport's page)."""
        return {"a4": (210.0, 297.0), "id1": (53.98, 85.60), "id3": (88.0, 125.0)}[self.value]


@dataclass(frozen=True, slots=True)
class PageOrder:
    """How to read one document. ``mrz`` also looks for a machine readable zone.

    ``most_bytes`` is how large the picture of one side may be; a JPEG is coded coarser until it fits.
    """

    size: PageSize = PageSize.A4
    colour: PageColour = PageColour.FULL
    dpi: int = 200
    sides: tuple[PageSide, ...] = (PageSide.FRONT,)
    mrz: bool = False
    most_bytes: int = 8 << 20


@dataclass(frozen=True, slots=True)
class Legibility:
    """What tells whether a side can be read, from 0 to 1; what is too little is for whoever asked to say.

    ``sharpness`` as in ``PageQuality``; ``light`` is the tone of the paper as it was seen (1: white); ``ink`` the
    share of the page within its margins that is written or printed on.
    """

    sharpness: float
    light: float
    ink: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """One side: an upright JPEG, or a PNG when ``binary``; with the codes found on it, and its MRZ if asked for."""

    side: PageSide
    kind: str  # "jpg" or "png"
    data: bytes = field(repr=False)
    width: int
    height: int
    dpi: int
    codes: tuple[Barcode, ...] = field(default=(), repr=False)
    mrz: Mrz | None = field(default=None, repr=False)
    legible: Legibility | None = None


@dataclass(frozen=True, slots=True)
class PageQuality:
    """How good a camera's picture was, for the screen's advice and for a bureau's statistics.

    ``sharpness`` is 1 for a print in focus and falls to 0; ``glare`` is the share of the page that is burnt out;
    ``tilt`` the angle in degrees by which the sheet lay crooked; ``scale`` the pixels the camera had for each of
    the answer's: below 1 the answer is enlarged.
    """

    sharpness: float
    glare: float
    tilt: float
    scale: float


@dataclass(frozen=True, slots=True)
class StraightPage:
    """A page as it would come from a flatbed, and how well it was seen."""

    image: PageImage
    quality: PageQuality


@dataclass(frozen=True, slots=True)
class ScannerAbility:
    """What a scanner can do, as its backend says. ``sensor``: it tells whether a sheet lies in the feeder."""

    sides: tuple[PageSide, ...] = ()
    colours: tuple[PageColour, ...] = ()
    resolutions: tuple[int, ...] = ()
    feeder: bool = False
    sensor: bool = False


class DocumentScanner(Device, Protocol):
    """Scanner with a feeder, or a flatbed."""

    async def ability(self) -> ScannerAbility:
        """What the connected scanner can do."""
        ...

    async def load(self, deadline: Deadline) -> None:
        """Wait until a sheet lies in the feeder; raise ``MediaMissing`` at the deadline.

        A scanner without a sensor, or without a feeder, cannot tell: it returns at once, and ``scan`` waits.
        """
        ...

    async def scan(self, order: PageOrder, deadline: Deadline) -> Sequence[PageImage]:
        """Scan one sheet, each side that is asked for; waits for the sheet; raise ``MediaMissing``."""
        ...


class DocumentCamera(Device, Protocol):
    """Camera that looks down on a table (高拍仪)."""

    def frames(self) -> AsyncIterator[bytes]:
        """JPEG previews, at most ten a second, until the iterator is closed."""
        ...

    async def read(self, order: PageOrder, deadline: Deadline) -> StraightPage:
        """The document on the table, straightened; looks until it is seen well.

        At the deadline raise ``MediaMissing`` (``noDocument``), or ``MediaInvalid`` whose code says what to mend:
        ``cutOff``, ``blurTooHigh``, ``glare``, ``tooFar``.
        """
        ...


class MrzReader(Device, Protocol):
    """Swipe or full-page reader that sends the lines of a machine readable zone."""

    async def read_mrz(self, deadline: Deadline) -> Mrz:
        """Wait for a document; raise ``MediaMissing`` at the deadline, ``ReadFailed`` for lines that are wrong."""
        ...
