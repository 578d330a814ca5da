"""Our interface for the face camera: a preview for the screen, and one comparison with its liveness."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Event, Interface
from drivers.xfs.payload import Data, Nothing, Payload


class FrameBody(Payload):
    """One picture of the preview."""

    jpeg: Data = Field(repr=False)


class VerifyFaceIn(Payload):
    """``reference``: a raw chip photo, PNG or JPEG. ``threshold``: the score that passes, 0 to 1."""

    reference: Data = Field(repr=False)
    threshold: Annotated[float, Field(ge=0, le=1, strict=False)]


class VerifyFaceOut(Payload):
    """``passed`` is live and at or above the threshold; ``reason`` says why the face was not live."""

    score: float
    live: bool
    passed: bool
    matcher: str
    reason: str | None = None


class FaceCameraStatus(Payload):
    """The ``faceCamera`` object of Common.Status: ``frame`` is live, frozen, black, covered or unknown."""

    frame: str | None = None
    matcher: str | None = None


FRAME: Final = Event("FaceCamera.FrameEvent", FrameBody, "1.0")
START_PREVIEW: Final = Command(
    "FaceCamera.StartPreview",
    Nothing,
    Nothing,
    version="1.0",
    completion="1.0",
    events=(FRAME,),
    beside=True,
    moves=True,
)
VERIFY_FACE: Final = Command(
    "FaceCamera.VerifyFace", VerifyFaceIn, VerifyFaceOut, version="1.0", completion="1.0", moves=True
)
INTERFACE: Final = Interface("FaceCamera", (START_PREVIEW, VERIFY_FACE), status=FaceCameraStatus)
