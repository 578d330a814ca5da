"""Facts of a picture, and the picture that is made of them: of the same facts, and of nobody."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.devices.camera_frames import FrameLook, darkness
from drivers.imaging.facts import FrameFacts, NoFacts, PageFacts, Tones, page_facts, whiteness

DIGEST = "ab" * 32


def frame(mean: float, deviation: float, digest: str = DIGEST) -> FrameFacts:
    return FrameFacts(640, 480, mean, deviation, digest)


@given(st.floats(0, 255), st.floats(0, 127))
def test_a_made_picture_has_the_mean_and_the_deviation_that_were_told(mean: float, deviation: float) -> None:
    widest = (mean * (255 - mean)) ** 0.5  # no picture of this mean has more
    deviation = min(deviation, widest)
    row = Tones.of(mean, deviation).row(20_000).astype(float)  # in fewer, one white dot is already too much
    assert abs(row.mean() - mean) < 1
    assert abs(row.std() - deviation) < 2


@given(st.integers(0, 255), st.floats(0, 0.6))
def test_paper_stays_as_bright_as_it_was_whatever_is_on_it(paper: int, ink: float) -> None:
    page = np.full((64, 1000), paper, np.uint8)
    page[:, : round(1000 * ink)] = paper // 3
    facts = page_facts(page.tobytes(), page)
    row = facts.tones().row(1000)
    assert abs(whiteness(np.tile(row, (64, 1))) - paper) <= 1
    assert abs(float(row.mean()) - facts.brightness) < 2


@pytest.mark.parametrize(
    ("mean", "noise", "look"),
    [(2, 4, FrameLook.BLACK), (40, 20, FrameLook.COVERED), (120, 20, FrameLook.LIVE)],
)
def test_what_the_driver_sees_in_a_picture_it_sees_in_the_one_made_of_its_facts(
    mean: int, noise: int, look: FrameLook
) -> None:
    """A sensor's noise is no shape: it must not become one."""
    seen = np.random.default_rng(7).normal(mean, noise, (480, 640, 3)).clip(0, 255).astype(np.uint8)
    if look is FrameLook.LIVE:
        seen[100:300, 200:400] = 220
    assert darkness(seen) is look
    assert darkness(FrameFacts.of(seen).picture()) is look


def test_equal_pictures_stay_equal_and_different_ones_different() -> None:
    one, same, other = frame(90, 40), frame(90, 40), frame(90, 40, "cd" * 32)
    assert np.array_equal(one.picture(), same.picture())
    assert not np.array_equal(one.picture(), other.picture())


def test_facts_are_read_back_as_they_were_written() -> None:
    facts = frame(90.25, 40.5)
    assert FrameFacts.load(facts.dump()) == facts
    page = PageFacts(1200, DIGEST, 253.0, 240.5, 31.0)
    assert PageFacts.load(json.loads(json.dumps(page.dump()))) == page
    assert PageFacts.load(PageFacts(3, DIGEST).dump()) == PageFacts(3, DIGEST)


@pytest.mark.parametrize(
    "change",
    [
        {"size": "640"},
        {"size": "0x480"},
        {"size": "99999x9"},
        {"brightness": 300},
        {"brightness": float("nan")},
        {"contrast": -1},
        {"sha256": "xyz"},
        {"sha256": None},
    ],
)
def test_what_describes_no_picture_is_refused(change: dict[str, object]) -> None:
    told = {**json.loads(frame(90, 40).dump()), **change}
    with pytest.raises(NoFacts):
        FrameFacts.load(json.dumps(told).encode())
