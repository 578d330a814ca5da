"""How often the reference face matcher errs on drawn people, and how long it takes.

    python -m benchmarks.face_matcher [--people 40] [--fit]

Document pictures are chip photos as the card carries them, live ones are JPEG frames of the camera simulator.
Two sets of seeds that share no person: weights come from the one (``--fit`` prints them), the error rates that
count are those of the other, held out. Impostors are mostly *hard*: of the same sex and within ten years of age.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from config.settings import FaceSettings
from drivers.devices.face_finding import cut, find_faces
from drivers.devices.face_likeness import closest
from drivers.devices.face_liveness import LIVELY, STEP, liveliness
from drivers.devices.face_reference import ReferenceFaceMatcher, likeness, reference_face
from drivers.devices.photo_demo import DemoPhotoDecoder
from drivers.errors import UnsupportedData
from drivers.services.face_camera import FRAMES
from drivers.simulators.face_traits import Looks
from drivers.simulators.faces import chip_photo
from drivers.simulators.scenes import FPS, Person, Photograph, Scene, Subject
from drivers.transports.video import Picture

Vector = NDArray[np.float64]

FITTING, HELD_OUT = 100, 100_000
"""First seed of each set."""
HARD, OTHERS = 6, 2
"""Impostors for each person: of the same sex and about the same age, and any."""
BAND = 10
"""Years of age between which two people count as about the same."""
THRESHOLD = FaceSettings().threshold
PREVIEW_HZ = 10


@dataclass(slots=True)
class Someone:
    """A drawn person: the document's face, and the same person before the camera."""

    who: Subject
    wanted: Picture | None
    reference: bytes
    frames: list[bytes] = field(default_factory=list)
    seen: list[Picture] = field(default_factory=list)


def filmed(scene: Scene, start: float, every: int = 1, speed: float = 1) -> list[bytes]:
    """One comparison's frames from the device program's camera, which takes ten a second."""
    return [scene.frame(int(start + i * speed * FPS / PREVIEW_HZ)) for i in range(0, FRAMES, every)]


def decoded(frame: bytes) -> Picture:
    """The picture of a JPEG."""
    picture = cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(picture, np.uint8)


def people(first: int, count: int, every: int) -> list[Someone]:
    """Draw ``count`` people of all ages, each filmed from a moment of its own in every ``every``-th frame."""
    found = []
    for seed in range(first, first + count):
        rng = random.Random(f"benchmark-{seed}")
        who = Subject(seed, Looks(rng.choice("12"), rng.randint(18, 85)))
        reference = DemoPhotoDecoder().decode(chip_photo(seed, who.looks)) or b""
        try:
            one = Someone(who, reference_face(reference), reference)
        except UnsupportedData:
            one = Someone(who, None, reference)
        one.frames = filmed(Person(who), rng.uniform(0, 90), every)
        pictures = [decoded(frame) for frame in one.frames[:: STEP // every]]
        one.seen = [cut(p, faces[0], wide=True) for p in pictures if (faces := find_faces(p))]
        found.append(one)
    return found


def impostors(crowd: Sequence[Someone]) -> list[tuple[Someone, Someone]]:
    """(document's, before the camera) of different people, the hard pairs first for each document."""
    pairs = []
    for one in crowd:
        rng = random.Random(f"impostors-{one.who.seed}")
        rest = [other for other in crowd if other is not one]
        hard = [other for other in rest if _close(one.who.looks, other.who.looks)]
        chosen = rng.sample(hard, min(HARD, len(hard))) + rng.sample(rest, OTHERS)
        pairs += [(one, other) for other in chosen]
    return pairs


def _close(one: Looks, other: Looks) -> bool:
    return one.sex == other.sex and abs((one.age or 0) - (other.age or 0)) <= BAND


def measured(pairs: Sequence[tuple[Someone, Someone]]) -> list[float]:
    """The likeness of each pair; a document or a live face that was not found is 0."""
    return [likeness(a.wanted, b.seen) if a.wanted is not None and b.seen else 0.0 for a, b in pairs]


def report(name: str, crowd: Sequence[Someone]) -> None:
    """False matches and false non-matches of a set by likeness alone, without liveness."""
    pairs = impostors(crowd)
    hard = [_close(a.who.looks, b.who.looks) for a, b in pairs]
    same, other = measured([(one, one) for one in crowd]), measured(pairs)
    print(f"{name}: seeds {crowd[0].who.seed} to {crowd[-1].who.seed}, threshold {THRESHOLD:.2f}")
    print(f"  same person      {_rate(s < THRESHOLD for s in same)} refused (false non-match rate)")
    print(f"  another person   {_rate(s >= THRESHOLD for s in other)} accepted (false match rate)")
    close = [score for score, is_hard in zip(other, hard, strict=True) if is_hard]
    print(f"  of these, hard   {_rate(s >= THRESHOLD for s in close)} accepted")
    for level in (0.5, 0.9, 0.95):
        missed = sum(s < level for s in same) / len(same)
        print(
            f"  at {level:.2f}: {missed:.2%} refused, {sum(s >= level for s in other) / len(other):.2%} accepted"
        )
    print(f"  documents in which no face was found: {sum(one.wanted is None for one in crowd)}", flush=True)


def _rate(errors: Iterable[bool]) -> str:
    found = list(errors)
    return f"{sum(found):4d} of {len(found):4d} = {sum(found) / len(found):.2%}"


# -- presentation attacks -----------------------------------------------------------------------------


def attacks(crowd: Sequence[Someone]) -> None:
    """The whole matcher: living owners, photographs of the owner, and what one comparison costs."""
    times = trial("living owner", [(one, one.frames) for one in crowd])
    print(f"processor time of a comparison of {FRAMES} frames: {_spread([1000 * t for t in times])} ms")
    half = crowd[::2]
    start = 7  # anywhere in the loop
    trial("photograph held still", [(one, filmed(Photograph(one.who), start)) for one in half])
    swayed = [(one, Photograph(one.who, sway=True)) for one in half]
    trial(
        "photograph moved by a hand",
        [(one, filmed(sheet, start + n)) for n, (one, sheet) in enumerate(swayed)],
    )
    trial(
        "the same, thrice as fast",
        [(one, filmed(sheet, n, speed=3)) for n, (one, sheet) in enumerate(swayed)],
    )
    after = [half[-1], *half[:-1]]
    middle = FRAMES // 2
    changed = [
        (one, filmed(sheet, start)[:middle] + other.frames[middle:])
        for (one, sheet), other in zip(swayed, after, strict=True)
    ]
    trial("photograph, then another living face", changed)


def trial(name: str, shown: Sequence[tuple[Someone, Sequence[bytes]]]) -> list[float]:
    """Verify what was filmed against each document; print how many passed, return processor seconds of each."""
    matcher = ReferenceFaceMatcher()
    times, levels, passed = [], [], 0
    for one, frames in shown:
        begun = time.process_time()
        try:
            verdict = matcher.verify(one.reference, frames)
        except UnsupportedData:
            continue
        times.append(time.process_time() - begun)
        passed += verdict.live and verdict.score >= THRESHOLD
        pictures = [decoded(frame) for frame in frames]
        faces = [find_faces(picture) for picture in pictures[::STEP]]
        levels.append(liveliness(pictures, [found[0] if found else None for found in faces]))
    lively = f"liveliness {_spread(levels)}, needed {LIVELY}"
    print(f"{name}: {passed} of {len(times)} accepted; {lively}", flush=True)
    return times


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.1f} / {statistics.median(values):.1f} / {max(values):.1f} (least, median, most)"


# -- fitting ------------------------------------------------------------------------------------------


def fit(crowd: Sequence[Someone]) -> None:
    """Print weights: logistic regression on single frames, both kinds of pairs weighing the same.

    The bias is then moved so that the usual threshold lies midway between the likest impostor of 500 and the
    unlikest owner of 50, as whole comparisons judge them.
    """
    own = [_measures(one, one) for one in crowd if one.wanted is not None]
    other = [_measures(a, b) for a, b in impostors(crowd) if a.wanted is not None]
    measures = np.vstack([*own, *other])
    same = np.repeat([1.0, 0.0], [sum(map(len, own)), sum(map(len, other))])
    middle, spread = measures.mean(axis=0), measures.std(axis=0)
    weights = _logistic((measures - middle) / spread, same)[:-1] / spread
    likest = np.quantile([_but_one(found @ weights) for found in other], 0.998)
    unlikest = np.quantile([_but_one(found @ weights) for found in own], 0.02)
    bias = np.log(THRESHOLD / (1 - THRESHOLD)) - (likest + unlikest) / 2
    print(f"_WEIGHTS: Final = Likeness({', '.join(f'{w:.3f}' for w in weights)})")
    print(f"_BIAS: Final = {bias:.3f}")


def _measures(one: Someone, other: Someone) -> Vector:
    """Every measure (columns) of every frame (rows) of a pair."""
    if one.wanted is None:
        raise ValueError("a document without a face cannot be measured")
    return np.asarray([astuple(closest(one.wanted, face)) for face in other.seen])


def _but_one(evidence: Vector) -> float:
    return float(np.sort(evidence)[1 if len(evidence) > 2 else 0])


def _logistic(measures: Vector, same: Vector) -> Vector:
    """Weights, the bias last, by Newton's method with a light ridge."""
    columns = np.column_stack([measures, np.ones(len(measures))])
    each = np.where(same == 1, 0.5 / same.sum(), 0.5 / (1 - same).sum())
    ridge = np.diag([*[0.001] * measures.shape[1], 0.0])
    weights = np.zeros(columns.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (each * (same - chance)) - ridge @ weights
        bend = (columns.T * (each * chance * (1 - chance))) @ columns + ridge
        weights += np.linalg.solve(bend, slope)
    return weights


def main() -> None:
    """Print weights, or the error rates with those in use."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=40, help="drawn people in each set")
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the fitting set, and end")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    fitted = people(FITTING, options.people, STEP)
    if options.fit:
        fit(fitted)
        return
    report("fitting set", fitted)
    held_out = people(HELD_OUT, options.people, 1)
    report("held-out set", held_out)
    attacks(held_out)


if __name__ == "__main__":
    main()
