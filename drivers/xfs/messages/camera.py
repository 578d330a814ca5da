"""Camera: single pictures, as the standard has them."""

from __future__ import annotations

import enum
from typing import Annotated, Final

from drivers.xfs.catalogue import Command, Interface, words
from drivers.xfs.payload import Data, Nothing, Payload, word


class Lens(enum.StrEnum):
    """A camera's health."""

    OK = "ok"
    INOP = "inop"
    UNKNOWN = "unknown"


class Store(enum.StrEnum):
    """Room left for pictures."""

    OK = "ok"
    HIGH = "high"
    FULL = "full"
    UNKNOWN = "unknown"


class TakePictureIn(Payload):
    """Which camera, and a text to burn in."""

    camera: str
    cam_data: str | None = None


class TakePictureOut(Payload):
    """The picture, a JPEG."""

    picture_file: Data | None = None


class CameraStatus(Payload):
    """The ``camera`` object of Common.Status, by position."""

    media: dict[str, Annotated[Store, word(Store)]] | None = None
    cameras: dict[str, Annotated[Lens, word(Lens)]] | None = None
    pictures: dict[str, int] | None = None


TAKE_PICTURE: Final = Command(
    "Camera.TakePicture",
    TakePictureIn,
    TakePictureOut,
    completion="3.0",
    errors=words("cameraNotSupported mediaFull cameraInoperable"),
    acts=True,
)
RESET: Final = Command("Camera.Reset", Nothing, Nothing, acts=True)
INTERFACE: Final = Interface("Camera", (TAKE_PICTURE, RESET), status=CameraStatus)
