"""The reference matcher before the camera simulator: who passes, who does not, and what it says of bad pictures."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import pytest
from PIL import Image

from config.settings import FaceSettings
from drivers.devices.face_reference import ReferenceFaceMatcher
from drivers.devices.registry import create_decoder, create_matcher
from drivers.errors import DriverConfigError, UnsupportedData
from drivers.ports import FaceVerdict
from drivers.services.face_camera import FRAMES
from drivers.services.face_station import LocalFaceStation
from drivers.simulators.face_traits import Looks
from drivers.simulators.faces import chip_photo
from drivers.simulators.scenes import FPS, Covered, Dark, Person, Photograph, Scene, Subject
from tests.drivers.fakes import FakeStation

OWNER = Subject(7001, Looks("2", 41))
OTHER = Subject(7002, Looks("2", 39))
THIRD = Subject(7003, Looks("1", 66))
FEW = 5
"""Frames that are enough where no face is compared; drawing them is what takes the time."""
THRESHOLD = FaceSettings().threshold


def document(who: Subject) -> bytes:
    """The picture as the card's chip gives it."""
    png = create_decoder("demo").decode(chip_photo(who.seed, who.looks))
    assert png is not None
    return png


def filmed(scene: Scene, count: int = FRAMES) -> list[bytes]:
    """What the device program's camera takes of a scene for one comparison: ten frames a second."""
    return [scene.frame(int(i * FPS / 10)) for i in range(count)]


@lru_cache
def living(who: Subject) -> tuple[bytes, ...]:
    """Frames of a living person, drawn once."""
    return tuple(filmed(Person(who)))


def verify(frames: Sequence[bytes], who: Subject = OWNER) -> FaceVerdict:
    return ReferenceFaceMatcher().verify(document(who), frames)


def passed(verdict: FaceVerdict) -> bool:
    """As the service decides."""
    return verdict.live and verdict.score >= THRESHOLD


@pytest.mark.parametrize("who", [OWNER, OTHER, THIRD], ids=lambda who: str(who.seed))
def test_the_documents_owner_passes(who: Subject) -> None:
    verdict = verify(living(who), who)
    assert passed(verdict)
    assert verdict.reason is None


@pytest.mark.parametrize(("who", "other"), [(OWNER, OTHER), (OTHER, OWNER), (OWNER, THIRD), (THIRD, OTHER)])
def test_another_living_person_is_refused_as_no_match(who: Subject, other: Subject) -> None:
    verdict = verify(living(other), who)
    assert verdict.live
    assert verdict.reason is None
    assert verdict.score < THRESHOLD


@pytest.mark.parametrize("sway", [False, True], ids=["still", "moved by a hand"])
def test_the_owners_photograph_is_like_the_owner_and_yet_refused(sway: bool) -> None:
    verdict = verify(filmed(Photograph(OWNER, sway=sway)))
    assert verdict.score >= THRESHOLD, "a photograph that is not recognised says nothing about liveness"
    assert not verdict.live
    assert verdict.reason == "still"


def test_a_photograph_for_a_moment_and_then_another_face_is_refused() -> None:
    half = FRAMES // 2
    frames = filmed(Photograph(OWNER, sway=True))[:half] + list(living(OTHER)[half:])
    verdict = verify(frames)
    assert verdict.live, "the change of faces looks lively: likeness alone can tell"
    assert verdict.score < THRESHOLD


def test_a_camera_that_hangs_is_told_from_a_still_face() -> None:
    assert verify(living(OWNER)[:1] * FRAMES) == FaceVerdict(0.0, False, "frozen")


@pytest.mark.parametrize("scene", [Dark("black"), Covered("covered"), Scene("noFace")], ids=lambda s: s.name)
def test_where_no_face_can_be_seen_the_reason_is_told(scene: Scene) -> None:
    assert verify(filmed(scene, FEW)) == FaceVerdict(0.0, False, scene.name)


def test_a_second_person_beside_is_refused() -> None:
    verdict = verify(filmed(Person(OWNER, companion=OTHER), FEW))
    assert verdict == FaceVerdict(0.0, False, "severalFaces")


def test_a_face_too_far_away_is_asked_to_come_closer() -> None:
    assert verify(filmed(Person(OWNER, zoom=0.3), FEW)) == FaceVerdict(0.0, False, "tooFar")


def test_frames_that_are_no_pictures_are_passed_over() -> None:
    frames = living(OWNER)
    spoilt = [frames[0][:700], *frames[1:], b"\xff\xd8\xff", b"", bytes(2000)]
    assert passed(verify(spoilt))
    assert verify([b"\xff\xd8\xff garbage", bytes(100)]) == FaceVerdict(0.0, False, "noFace")
    assert verify([]) == FaceVerdict(0.0, False, "noFace")


def test_a_single_frame_is_never_alive() -> None:
    verdict = verify(living(OWNER)[:1])
    assert not verdict.live
    assert verdict.reason == "still"


def test_a_document_without_a_face_is_said_to_be_unsupported() -> None:
    empty = io.BytesIO()
    Image.new("RGB", (102, 126), (120, 160, 200)).save(empty, "PNG")
    huge = io.BytesIO()
    Image.new("L", (5000, 10)).save(huge, "PNG")
    for reference in (empty.getvalue(), huge.getvalue(), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b""):
        with pytest.raises(UnsupportedData, match="no face"):
            ReferenceFaceMatcher().verify(reference, living(OWNER))


def test_a_large_document_picture_is_taken_as_well() -> None:
    small = cv2.imdecode(np.frombuffer(document(OWNER), np.uint8), cv2.IMREAD_COLOR)
    done, large = cv2.imencode(".jpg", cv2.resize(small, (408, 504), interpolation=cv2.INTER_CUBIC))
    assert done
    assert passed(ReferenceFaceMatcher().verify(large.tobytes(), living(OWNER)))


def test_a_comparison_takes_no_longer_than_a_person_waits() -> None:
    frames, begun = living(OWNER), time.thread_time()
    verify(frames)
    assert time.thread_time() - begun < 2.0


def test_production_refuses_it_by_the_name_it_is_configured_with() -> None:
    matcher = create_matcher("reference")
    assert isinstance(matcher, ReferenceFaceMatcher)
    with pytest.raises(DriverConfigError, match="'reference' is for demonstrations"):
        LocalFaceStation(FakeStation(), matcher, "reference", None, production=True)
    LocalFaceStation(FakeStation(), matcher, "reference", None, production=False)
