"""The simulated face camera: people, photographs and the empty hall, 640 x 480."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.face_traits import UNKNOWN, Looks
from drivers.simulators.film import FilmSimulator
from drivers.simulators.scenes import Person, Photograph, Scene, Subject


class Before(Parameters):
    """A person before the camera; ``zoom`` 0.3 is far away, ``companionSeed`` puts another one beside."""

    face_seed: int = Field(ge=0, lt=2**64)
    alive: bool = True
    zoom: float = Field(1.0, ge=0.15, le=1.4)
    companion_seed: int | None = Field(None, ge=0, lt=2**64)


class HeldUp(Parameters):
    """A photograph of a person; ``sway`` moves the sheet as a hand does."""

    face_seed: int = Field(ge=0, lt=2**64)
    sway: bool = False


@lru_cache(maxsize=8)
def _person(who: Subject, alive: bool, zoom: float, companion: Subject | None) -> Person:
    """Who comes again has been drawn already: a loop is 90 frames of 30 ms and 4 MB."""
    return Person(who, alive=alive, zoom=zoom, companion=companion)


class CameraSimulator(FilmSimulator):
    """What stands before the terminal."""

    def __init__(
        self,
        pace: Pace,
        *,
        port: int = 0,
        name: str = "camera",
        looks_of: Callable[[int], Looks] = lambda seed: UNKNOWN,
    ) -> None:
        super().__init__(name, pace, port, Scene("none"))
        self._looks_of = looks_of

    def _subject(self, seed: int) -> Subject:
        return Subject(seed, self._looks_of(seed))

    @action("person", Before)
    async def person(self, who: Before) -> Outcome:
        """Let a person step before the camera."""
        companion = None if who.companion_seed is None else self._subject(who.companion_seed)
        scene = _person(self._subject(who.face_seed), who.alive, who.zoom, companion)
        return self.show(scene, faceSeed=who.face_seed, alive=who.alive)

    @action("still", HeldUp)
    async def still(self, what: HeldUp) -> Outcome:
        """Hold a photograph before the camera."""
        return self.show(Photograph(self._subject(what.face_seed), sway=what.sway), faceSeed=what.face_seed)

    @action("none", NoParameters)
    async def nobody(self, _: NoParameters) -> Outcome:
        """The empty hall."""
        return self.show(Scene("none"))
