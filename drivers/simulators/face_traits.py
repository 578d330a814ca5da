"""What makes one drawn person different from another, all of it derived from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from hashlib import sha256

Colour = tuple[int, int, int]
"""Blue, green, red: OpenCV's order."""

_SKINS: tuple[Colour, ...] = (
    (170, 198, 236),
    (150, 182, 226),
    (188, 210, 242),
    (134, 168, 216),
    (122, 154, 204),
    (164, 188, 230),
    (106, 138, 190),
)
_HAIRS: tuple[Colour, ...] = (
    (26, 22, 22),
    (34, 34, 42),
    (38, 48, 70),
    (52, 70, 104),
    (58, 54, 60),
    (150, 148, 146),
    (204, 204, 202),
)
_CLOTHES: tuple[Colour, ...] = (
    (112, 62, 34),
    (62, 60, 58),
    (72, 44, 122),
    (98, 112, 60),
    (206, 204, 198),
    (60, 88, 156),
    (140, 120, 96),
    (44, 36, 84),
)
STYLES = ("parted", "crop", "fringe", "long", "bob", "receding", "bun", "wavy", "swept")
_LONG = ("fringe", "long", "bob", "bun", "wavy")
_SHORT = ("parted", "crop", "swept", "receding")


def seed_of(number: str) -> int:
    """The face seed of a person: the first four bytes of SHA-256 of the document number, big endian."""
    return int.from_bytes(sha256(number.encode("utf-8")).digest()[:4], "big")


@dataclass(frozen=True, slots=True)
class Looks:
    """What is known of a person whom a seed stands for: sex as on the card (1 male, 2 female), age in years."""

    sex: str | None = None
    age: int | None = None


UNKNOWN = Looks()


@dataclass(frozen=True, slots=True)
class Traits:
    """Shape, colours and marks of one face; lengths in units of half the head's height."""

    skin: Colour
    hair: Colour
    style: str
    clothes: Colour
    collar: str
    width: float
    jaw: float
    chin: float
    forehead: float
    ear: float
    eye_y: float
    eye_gap: float
    eye_width: float
    eye_open: float
    eye_tilt: float
    iris: Colour
    fold: bool
    brow_y: float
    brow_thick: float
    brow_tilt: float
    brow_length: float
    nose_length: float
    nose_width: float
    mouth_y: float
    mouth_width: float
    lip: float
    lip_colour: Colour
    curve: float
    glasses: str
    beard: str
    mole: tuple[float, float] | None
    lines: bool
    parting: int


def _jitter(rng: random.Random, colour: Colour, by: int) -> Colour:
    # One step for all channels and a small one each: brightness varies, the hue stays a possible one.
    step = rng.randint(-by, by)
    blue, green, red = (min(255, max(0, c + step + rng.randint(-2, 2))) for c in colour)
    return blue, green, red


def _mouth_colour(rng: random.Random, skin: Colour, made_up: bool) -> Colour:
    blue, green, red = skin
    depth = rng.uniform(0.52, 0.66) if made_up else rng.uniform(0.66, 0.8)
    return (
        int(blue * depth * 0.98),
        int(green * depth * 0.86),
        min(255, int(red * (0.9 if made_up else 0.84))),
    )


def traits_of(seed: int, looks: Looks = UNKNOWN) -> Traits:
    """The traits of a seed; the same on every machine and Python version (``random.Random`` is specified)."""
    return _suited(_drawn(seed), seed, looks)


def _suited(traits: Traits, seed: int, looks: Looks) -> Traits:
    """Hair and marks that go with what is known of the person; bones and colours of the seed stay."""
    if looks.sex == "1" and traits.style in _LONG:
        depth = _mouth_colour(random.Random(seed), traits.skin, made_up=False)
        traits = replace(traits, style=_SHORT[seed % len(_SHORT)], lip_colour=depth)
    if looks.sex == "2":
        style = traits.style if traits.style in _LONG else _LONG[seed % len(_LONG)]
        traits = replace(traits, style=style, beard="", brow_thick=min(traits.brow_thick, 0.075))
    if looks.age is not None:
        grey = traits.hair[0] > 120
        if looks.age >= 62 and not grey:
            traits = replace(traits, hair=_HAIRS[5 + seed % 2])
        elif looks.age < 50 and grey:
            traits = replace(traits, hair=_HAIRS[seed % 3])
        traits = replace(traits, lines=looks.age >= 48)
    return traits


def _drawn(seed: int) -> Traits:
    rng = random.Random(f"face-{seed}")
    skin = _jitter(rng, rng.choice(_SKINS), 8)
    hair = _jitter(rng, rng.choices(_HAIRS, weights=(8, 6, 4, 2, 3, 2, 1))[0], 7)
    style = rng.choice(STYLES)
    soft = style in _LONG
    old = hair[0] > 120
    return Traits(
        skin=skin,
        hair=hair,
        style=style,
        clothes=_jitter(rng, rng.choice(_CLOTHES), 14),
        collar=rng.choice(("shirt", "round", "vee")),
        width=rng.uniform(0.66, 0.88),
        jaw=rng.uniform(0.55, 1.15) + (0.1 if soft else 0.0),
        chin=rng.uniform(0.9, 1.14),
        forehead=rng.uniform(0.4, 0.64),
        ear=rng.uniform(0.12, 0.19),
        eye_y=rng.uniform(-0.19, -0.03),
        eye_gap=rng.uniform(0.28, 0.42),
        eye_width=rng.uniform(0.12, 0.2),
        eye_open=rng.uniform(0.05, 0.115),
        eye_tilt=rng.uniform(-0.04, 0.035),
        iris=_jitter(rng, (34, 42, 66), 16),
        fold=rng.random() < 0.55,
        brow_y=rng.uniform(0.16, 0.27),
        brow_thick=rng.uniform(0.025, 0.105) * (0.8 if soft else 1.0),
        brow_tilt=rng.uniform(-0.02, 0.07),
        brow_length=rng.uniform(0.17, 0.29),
        nose_length=rng.uniform(0.28, 0.47),
        nose_width=rng.uniform(0.1, 0.22),
        mouth_y=rng.uniform(0.52, 0.68),
        mouth_width=rng.uniform(0.16, 0.36),
        lip=rng.uniform(0.035, 0.11),
        lip_colour=_mouth_colour(rng, skin, soft and rng.random() < 0.6),
        curve=rng.uniform(-0.03, 0.06),
        glasses=rng.choices(("", "round", "square", "half"), weights=(62, 13, 15, 10))[0],
        beard=""
        if soft
        else rng.choices(("", "moustache", "goatee", "stubble"), weights=(60, 14, 12, 14))[0],
        mole=(rng.choice((-1, 1)) * rng.uniform(0.18, 0.46), rng.uniform(0.12, 0.62))
        if rng.random() < 0.4
        else None,
        lines=old or rng.random() < 0.1,
        parting=rng.choice((-1, 1)),
    )
