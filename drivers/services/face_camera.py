"""The face camera's service: a preview, single pictures, and the comparison of a face with its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, Final, cast
from uuid import uuid4

from drivers.errors import UnsupportedData
from drivers.ports import FaceVerdict
from drivers.services.base import DeviceService, Identity
from drivers.services.face_station import FaceAbility, FaceStation
from drivers.supervision import Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import biometric, camera, face_camera
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.service import Line

FRAMES: Final = 16
"""Pictures of one comparison: more than a second and a half, long enough to see a face move."""
LONGEST_S: Final = 15.0
ROUND_S: Final = 3.0
"""What one more look takes on a slow board: its frames, the comparison, and the reply."""
AGAIN: Final = frozenset({"noFace", "severalFaces", "tooFar", "black", "covered"})
"""Verdicts that a person can mend by moving: looked again until the time is up."""
RAW: Final = biometric.DataType(format="reservedRaw1")
MOST_TEMPLATES: Final = 4


class FaceCameraService(DeviceService[FaceStation]):
    """Camera, Biometric (facialFeatures) and FaceCamera.

    References and captured faces live in memory alone, belong to the connection that gave them, and are
    forgotten with it.
    """

    def __init__(self, identity: Identity, supervisor: Supervisor[FaceStation]) -> None:
        interfaces = (camera.INTERFACE, biometric.INTERFACE, face_camera.INTERFACE)
        super().__init__(identity, supervisor, interfaces)
        self._ability: FaceAbility | None = None
        self._templates: dict[str, bytes] = {}
        self._captured: Sequence[bytes] = ()
        self._giver: object | None = None
        self.offer(camera.TAKE_PICTURE, self._take_picture)
        self.offer(camera.RESET, self._reset)
        self.offer(face_camera.START_PREVIEW, self._preview)
        self.offer(face_camera.VERIFY_FACE, self._verify)
        self.offer(biometric.IMPORT, self._import)
        self.offer(biometric.READ, self._read)
        self.offer(biometric.MATCH, self._match)
        self.offer(biometric.GET_STORAGE_INFO, self._storage_info)
        self.offer(biometric.CLEAR, self._clear)
        self.offer(biometric.RESET, self._clear)

    async def connected(self) -> None:
        """Learn which matcher compares."""
        with self.supervisor.using() as station:
            self._ability = await station.ability()
        self.publish()

    def leave(self, line: Line) -> None:
        """Forget the faces of a client that has gone."""
        super().leave(line)
        if self._giver is line:
            self._forget(None)

    # -- Camera and preview -------------------------------------------------------------------------

    async def _take_picture(self, request: Request, payload: camera.TakePictureIn) -> camera.TakePictureOut:
        if payload.camera.lower() != "person":
            raise CommandFailed(
                f"there is no camera {payload.camera!r}; ask for 'person'", "cameraNotSupported"
            )
        if payload.cam_data:
            raise UnsupportedData("no text is burnt into a face; leave camData out")
        with self.supervisor.using() as station:
            return camera.TakePictureOut(
                picture_file=await station.picture(request.deadline.within(LONGEST_S))
            )

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as station:
            await station.reset(request.deadline.within(LONGEST_S))
        return Nothing()

    async def _preview(self, request: Request, payload: Nothing) -> Nothing:
        """Frames until cancelled; a client that reads too slowly gets fewer."""
        with self.supervisor.using() as station:
            async with aclosing(cast(Any, station.frames())) as frames:
                async for jpeg in frames:
                    request.event(face_camera.FRAME, face_camera.FrameBody(jpeg=jpeg), droppable=True)
        return Nothing()

    # -- comparing ----------------------------------------------------------------------------------

    async def _verify(self, request: Request, payload: face_camera.VerifyFaceIn) -> face_camera.VerifyFaceOut:
        """One try; a face that is not (yet) well in the picture is looked for until the time is up."""
        with self.supervisor.using() as station:
            ability = await station.ability()
            limit = request.deadline.within(LONGEST_S)
            while True:
                frames = await station.capture(FRAMES, limit)
                verdict = await station.compare(payload.reference, frames)
                remaining = limit.remaining or 0.0
                if verdict.live or verdict.reason not in AGAIN or remaining < ROUND_S:
                    break
        return face_camera.VerifyFaceOut(
            score=verdict.score,
            live=verdict.live,
            passed=verdict.live and verdict.score >= payload.threshold,
            matcher=ability.matcher,
            reason=verdict.reason,
        )

    async def _import(self, request: Request, payload: biometric.ImportIn) -> biometric.Templates:
        if len(payload.templates) > MOST_TEMPLATES:
            raise CommandFailed(f"at most {MOST_TEMPLATES} templates are kept", "capacityExceeded")
        for template in payload.templates:
            if template.type.format != RAW.format or template.type.algorithm or template.type.key_name:
                raise CommandFailed(f"give pictures as {RAW.format}, not encrypted", "formatNotSupported")
        self._take_over(request, biometric.ClearData.IMPORTED)
        self._templates = {f"id{uuid4().hex[:8]}": template.data for template in payload.templates}
        return biometric.Templates(templates=dict.fromkeys(self._templates, RAW))

    async def _read(self, request: Request, payload: biometric.ReadIn) -> biometric.ReadOut:
        if payload.mode is not biometric.ReadMode.MATCH or payload.data_types:
            raise CommandFailed("live faces are compared here and never given out", "modeNotSupported")
        self._take_over(request, biometric.ClearData.SCANNED)
        request.event(biometric.PRESENT_SUBJECT)
        with self.supervisor.using() as station:
            self._captured = await station.capture(FRAMES, request.deadline.within(LONGEST_S))
        request.event(biometric.SUBJECT_DETECTED)
        return biometric.ReadOut()

    async def _match(self, request: Request, payload: biometric.MatchIn) -> biometric.MatchOut:
        if not self._templates or self._giver is not request.peer:
            raise CommandFailed("import a reference first", "noImportedData")
        if not self._captured:
            raise CommandFailed("read a face first", "noCaptureData")
        if payload.compare_mode is not biometric.CompareMode.VERIFY:
            raise CommandFailed("faces are verified, never searched for", "modeNotSupported")
        if payload.identifier not in self._templates:
            raise CommandFailed("no such template", "invalidIdentifier")
        with self.supervisor.using() as station:
            verdict = await station.compare(self._templates[payload.identifier], self._captured)
        level = _confidence(verdict)
        if level < payload.threshold:
            return biometric.MatchOut(candidates={})
        return biometric.MatchOut(
            candidates={payload.identifier: biometric.Candidate(confidence_level=level)}
        )

    async def _storage_info(self, request: Request, payload: Nothing) -> biometric.Templates:
        if not self._templates or self._giver is not request.peer:
            raise CommandFailed("nothing is imported", "noImportedData")
        return biometric.Templates(templates=dict.fromkeys(self._templates, RAW))

    async def _clear(self, request: Request, payload: biometric.ClearIn) -> Nothing:
        self._forget(payload.clear_data)
        return Nothing()

    def _take_over(self, request: Request, what: biometric.ClearData) -> None:
        """Before new data comes: the old of its kind is forgotten, and all that another connection gave."""
        self._forget(what if self._giver is request.peer else None)
        self._giver = request.peer

    def _forget(self, what: biometric.ClearData | None) -> None:
        """Drop captured faces, references, or both; say which."""
        if what in (None, biometric.ClearData.SCANNED) and self._captured:
            self._captured = ()
            self._cleared(biometric.ClearData.SCANNED)
        if what in (None, biometric.ClearData.IMPORTED) and self._templates:
            self._templates = {}
            self._cleared(biometric.ClearData.IMPORTED)
        if not self._templates and not self._captured:
            self._giver = None

    def _cleared(self, what: biometric.ClearData) -> None:
        self.broadcast(biometric.DATA_CLEARED, biometric.ClearedBody(clear_data=what))

    # -- status -------------------------------------------------------------------------------------

    def class_status(self) -> Mapping[str, object]:
        """The driver's words and the matcher's name."""
        found = self.supervisor.known.details.get("faceCamera")
        told = dict(found) if isinstance(found, Mapping) else {}
        if self._ability is not None:
            told["matcher"] = self._ability.matcher
        return {"faceCamera": told} if told else {}

    def class_capabilities(self) -> Mapping[str, object]:
        """One camera, and verification of faces."""
        ability = self._ability
        return {
            "camera": {"cameras": {"person": True}, "camData": {"autoAdd": False, "manAdd": False}},
            "biometric": {
                "type": {"facialFeatures": True},
                "maxCapture": 1,
                "matchSupported": "storedMatch",
                "scanModes": {"scan": False, "match": True},
                "compareModes": {"verify": True, "identity": False},
                "dataFormats": {RAW.format: True},
                "clearData": {"scannedData": True, "importedData": True},
            },
            "faceCamera": {
                "preview": True,
                "productionReady": bool(ability and ability.production_ready),
                "chipPhoto": bool(ability and ability.decodes_chip_photo),
            },
        }


def _confidence(verdict: FaceVerdict) -> int:
    """0 to 100; a face that is not live matches nothing."""
    return round(verdict.score * 100) if verdict.live else 0
