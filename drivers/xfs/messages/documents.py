"""Our interfaces for what looks at documents, in the words of Printer.ReadImage, Check and BarcodeReader.

The standard has a sheet scanner only for cheques (Check) and inside a printer (Printer.ReadImage); neither has
resolution, page size, codes on the page, or the quality of a picture. Personal data: images, codes and zones are
never written anywhere, and payload models do not show them.
"""

from __future__ import annotations

import enum
from typing import Annotated, Final

from pydantic import Field

from drivers.ports import Media
from drivers.ports_documents import (
    Legibility,
    PageColour,
    PageImage,
    PageOrder,
    PageQuality,
    PageSide,
    PageSize,
)
from drivers.protocols.mrz import Mrz
from drivers.xfs.catalogue import Command, Event, Interface, signal, words
from drivers.xfs.messages.barcode import Code
from drivers.xfs.payload import Data, Nothing, Payload, word

V = "1.0"


class Feeder(enum.StrEnum):
    """XFS4IoT Check ``mediaFeeder``."""

    EMPTY = "empty"
    NOT_EMPTY = "notEmpty"
    INOPERATIVE = "inoperative"
    UNKNOWN = "unknown"


class Glass(enum.StrEnum):
    """XFS4IoT Check ``frontImageScanner`` and ``backImageScanner``."""

    OK = "ok"
    FADING = "fading"
    INOPERATIVE = "inoperative"
    UNKNOWN = "unknown"


class Cover(enum.StrEnum):
    """Ours."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class ReadImageIn(Payload):
    """What to read and how; ``sides`` in the order of the answer. ``mrz`` also looks for a travel document's zone.

    ``maxBytes`` is how large the picture of one side may be.
    """

    sides: Annotated[list[Annotated[PageSide, word(PageSide)]], Field(min_length=1, max_length=2)] = [
        PageSide.FRONT
    ]
    page_size: Annotated[PageSize, word(PageSize)] = PageSize.A4
    color_format: Annotated[PageColour, word(PageColour)] = PageColour.FULL
    resolution: Annotated[int, Field(ge=75, le=400)] = 200
    mrz: bool = False
    max_bytes: Annotated[int, Field(ge=50_000, le=8 << 20)] = 8 << 20

    def order(self) -> PageOrder:
        """In the words of the ports."""
        sides = tuple(dict.fromkeys(self.sides))
        return PageOrder(self.page_size, self.color_format, self.resolution, sides, self.mrz, self.max_bytes)


class MrzBody(Payload):
    """One machine readable zone: ICAO Doc 9303. Dates as YYYY-MM-DD, absent when the document leaves them open."""

    layout: str
    code: str
    issuer: str
    number: str = Field(repr=False)
    family_name: str = Field(repr=False)
    given_names: str = Field(repr=False)
    nationality: str = Field(repr=False)
    sex: str = Field(repr=False)
    birth: str | None = Field(None, repr=False)
    expiry: str | None = Field(None, repr=False)
    optional: str | None = Field(None, repr=False)
    corrected: int = 0

    @classmethod
    def of(cls, mrz: Mrz) -> MrzBody:
        """For the wire."""
        return cls(
            layout=mrz.layout.value,
            code=mrz.code,
            issuer=mrz.issuer,
            number=mrz.number,
            family_name=mrz.family_name,
            given_names=mrz.given_names,
            nationality=mrz.nationality,
            sex=mrz.sex,
            birth=mrz.birth.isoformat() if mrz.birth else None,
            expiry=mrz.expiry.isoformat() if mrz.expiry else None,
            optional=mrz.optional or None,
            corrected=mrz.corrected,
        )


class LegibilityBody(Payload):
    """What tells whether a side can be read (``Legibility``)."""

    sharpness: float
    light: float
    ink: float

    @classmethod
    def of(cls, legible: Legibility) -> LegibilityBody:
        """For the wire."""
        return cls(sharpness=legible.sharpness, light=legible.light, ink=legible.ink)


class ImageBody(Payload):
    """One side: ``imageType`` jpg or png, the codes on it, the zone when one was asked for and is there."""

    side: Annotated[PageSide, word(PageSide)]
    image_type: str
    width: int
    height: int
    resolution: int
    image: Data = Field(repr=False)
    codes: list[Code] | None = Field(None, repr=False)
    mrz: MrzBody | None = Field(None, repr=False)
    legibility: LegibilityBody | None = None

    @classmethod
    def of(cls, page: PageImage) -> ImageBody:
        """For the wire."""
        codes = [Code(symbology=code.symbology, barcode_data=code.data) for code in page.codes]
        return cls(
            side=page.side,
            image_type=page.kind,
            width=page.width,
            height=page.height,
            resolution=page.dpi,
            image=page.data,
            codes=codes or None,
            mrz=None if page.mrz is None else MrzBody.of(page.mrz),
            legibility=None if page.legible is None else LegibilityBody.of(page.legible),
        )


class QualityBody(Payload):
    """How well a camera saw the page (``PageQuality``)."""

    sharpness: float
    glare: float
    tilt: float
    scale: float

    @classmethod
    def of(cls, quality: PageQuality) -> QualityBody:
        """For the wire."""
        return cls(sharpness=quality.sharpness, glare=quality.glare, tilt=quality.tilt, scale=quality.scale)


class MediaInOut(Payload):
    """Whether a sheet lies in the feeder; ``unknown`` where no sensor tells."""

    media_feeder: Annotated[Feeder, word(Feeder)]


class ScanOut(Payload):
    """The sides, in the order asked for."""

    images: list[ImageBody]


class PageOut(Payload):
    """The page, and how well it was seen."""

    images: list[ImageBody]
    quality: QualityBody


class FrameBody(Payload):
    """One picture of the preview."""

    jpeg: Data = Field(repr=False)


class ScannerStatus(Payload):
    """The ``documentScanner`` object of Common.Status."""

    media: Annotated[Media, word(Media)] | None = None
    media_feeder: Annotated[Feeder, word(Feeder)] | None = None
    front_image_scanner: Annotated[Glass, word(Glass)] | None = None
    back_image_scanner: Annotated[Glass, word(Glass)] | None = None
    cover: Annotated[Cover, word(Cover)] | None = None


class CameraStatus(Payload):
    """The ``documentCamera`` object of Common.Status: ``frame`` is live, frozen, black, covered or unknown."""

    frame: str | None = None


class MrzReaderStatus(Payload):
    """The ``mrzReader`` object of Common.Status; ``scanner`` is on or unknown."""

    scanner: str | None = None


NO_MEDIA: Final = signal("DocumentScanner.NoMediaEvent", V)
MEDIA_INSERTED: Final = signal("DocumentScanner.MediaInsertedEvent", V)
_SCANNER = "mediaJammed doubleFeed coverOpen noMedia scannerInop lampInoperative feederInop invalidData"
MEDIA_IN: Final = Command(
    "DocumentScanner.MediaIn",
    Nothing,
    MediaInOut,
    V,
    V,
    words(_SCANNER),
    (NO_MEDIA, MEDIA_INSERTED),
    moves=True,
)
SCAN: Final = Command(
    "DocumentScanner.ReadImage",
    ReadImageIn,
    ScanOut,
    V,
    V,
    words(_SCANNER),
    (NO_MEDIA, MEDIA_INSERTED),
    moves=True,
)
SCANNER_RESET: Final = Command(
    "DocumentScanner.Reset", Nothing, Nothing, V, V, words("mediaJammed coverOpen"), moves=True
)
SCANNER: Final = Interface("DocumentScanner", (MEDIA_IN, SCAN, SCANNER_RESET), status=ScannerStatus)

FRAME: Final = Event("DocumentCamera.FrameEvent", FrameBody, V)
PRESENT: Final = signal("DocumentCamera.PresentDocumentEvent", V)
START_PREVIEW: Final = Command(
    "DocumentCamera.StartPreview", Nothing, Nothing, V, V, frozenset(), (FRAME,), beside=True, moves=True
)
READ_PAGE: Final = Command(
    "DocumentCamera.ReadImage",
    ReadImageIn,
    PageOut,
    V,
    V,
    words("noDocument cutOff blurTooHigh glare tooFar"),
    (PRESENT,),
    moves=True,
)
CAMERA_RESET: Final = Command("DocumentCamera.Reset", Nothing, Nothing, V, V, moves=True)
CAMERA: Final = Interface("DocumentCamera", (START_PREVIEW, READ_PAGE, CAMERA_RESET), status=CameraStatus)

READ_MRZ: Final = Command(
    "MrzReader.Read", Nothing, MrzBody, V, V, words("noMedia invalidData invalidMedia"), moves=True
)
MRZ_RESET: Final = Command("MrzReader.Reset", Nothing, Nothing, V, V, moves=True)
MRZ_READER: Final = Interface("MrzReader", (READ_MRZ, MRZ_RESET), status=MrzReaderStatus)
