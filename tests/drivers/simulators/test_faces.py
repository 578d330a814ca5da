"""Drawn faces: stable, found by OpenCV's cascade, and different enough to tell persons apart."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.simulators.faces import BLINK, SMILE, chip_photo, draw_face, seed_of

Image = NDArray[np.uint8]
PERSONS = range(500, 514)


def unpack(photo: bytes) -> Image:
    length = int.from_bytes(photo[4:6], "big")
    image = cv2.imdecode(np.frombuffer(photo[6 : 6 + length], np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, np.uint8)


def find(image: Image) -> tuple[int, int, int, int] | None:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    boxes = CASCADE.detectMultiScale(grey, 1.1, 4, minSize=(80, 80))
    return max((tuple(int(v) for v in box) for box in boxes), key=lambda box: box[2], default=None)


CASCADE = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt2.xml")
HOG = cv2.HOGDescriptor((64, 64), (16, 16), (8, 8), (8, 8), 9)


def describe(image: Image, box: tuple[int, int, int, int]) -> NDArray[np.float32]:
    x, y, width, height = box
    part = cv2.resize(image[y : y + height, x : x + width], (64, 64), interpolation=cv2.INTER_AREA)
    shape = np.asarray(HOG.compute(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)), np.float32).ravel()
    colour = cv2.resize(part, (4, 4), interpolation=cv2.INTER_AREA).astype(np.float32).ravel() / 255
    colour -= colour.mean()
    return np.concatenate([shape / np.linalg.norm(shape), colour / np.linalg.norm(colour)])


def test_the_same_seed_draws_the_same_pixels_and_another_seed_another_person() -> None:
    once, again, other = draw_face(7), draw_face(7), draw_face(8)
    assert hashlib.sha256(once.tobytes()).digest() == hashlib.sha256(again.tobytes()).digest()
    assert np.abs(once.astype(int) - other).mean() > 3


def test_the_seed_of_a_person_is_the_first_four_bytes_of_the_digest_of_the_number() -> None:
    assert seed_of("11010519491231002X") == 0x426695A0


def test_pose_and_expression_move_the_face_but_keep_the_size() -> None:
    plain = draw_face(21)
    for changed in (
        draw_face(21, pose=(9, 4, 3)),
        draw_face(21, expression=BLINK),
        draw_face(21, expression=SMILE),
    ):
        assert changed.shape == plain.shape == (480, 640, 3)
        assert (changed != plain).any()


def test_a_background_is_drawn_upon_and_left_as_it_was() -> None:
    hall = np.full((480, 640, 3), 90, np.uint8)
    picture = draw_face(3, background=hall)
    assert (picture[:20, :20] == 90).all()
    assert (hall == 90).all()


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_a_chip_photo_fills_exactly_the_chip_and_opens_as_a_portrait(seed: int) -> None:
    photo = chip_photo(seed)
    assert len(photo) == 1024
    assert photo[:4] == b"WPD1"
    assert unpack(photo).shape == (126, 102, 3)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]]:
    """Descriptors of chip photo and live picture of each person, None where no face was found."""
    found = []
    for seed in PERSONS:
        chip = np.asarray(cv2.resize(unpack(chip_photo(seed)), None, fx=3, fy=3), np.uint8)
        live = draw_face(seed, pose=(8, -4, 1.5), expression=SMILE)
        boxes = find(chip), find(live)
        found.append(
            (describe(chip, boxes[0]) if boxes[0] else None, describe(live, boxes[1]) if boxes[1] else None)
        )
    return found


def test_the_cascade_finds_nearly_every_face_on_the_chip_and_before_the_camera(
    pairs: list[tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]],
) -> None:
    assert sum(one is None for pair in pairs for one in pair) <= 1


def test_a_simple_descriptor_takes_the_chip_photo_to_its_own_person(
    pairs: list[tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]],
) -> None:
    complete = [(chip, live) for chip, live in pairs if chip is not None and live is not None]
    likeness = np.asarray([chip for chip, _ in complete]) @ np.asarray([live for _, live in complete]).T
    right = (likeness.argmax(axis=1) == np.arange(len(complete))).mean()
    assert right >= 0.92
