"""The simulated overhead camera: documents laid under it, well and badly; motion JPEG over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.documents import Kind, Side
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.film import FilmSimulator
from drivers.simulators.table_scenes import Lie, Table, TableScene


class Laid(Parameters):
    """A document and how it lies: degrees, millimetres from the middle, degrees of the camera's lean."""

    kind: Kind = "taxForm"
    seed: int = Field(1, ge=0, lt=2**31)
    side: Side = "front"
    angle: float = Field(0.0, ge=-360, le=360)
    dx: float = Field(0.0, ge=-200, le=200)
    dy: float = Field(0.0, ge=-200, le=200)
    tilt: float = Field(0.0, ge=-15, le=15)
    table: Table = "wood"
    file: str = ""
    """A picture at 300 dpi of what is printed on it, in place of what the kind and the seed draw."""


class Spoilt(Parameters):
    """What spoils the picture: a shadow, a reflection (0 to 1), a lens out of focus (pixels), a hand."""

    shadow: float = Field(0.0, ge=0, le=1)
    glare: float = Field(0.0, ge=0, le=1)
    blur: float = Field(0.0, ge=0, le=20)
    hand: bool = False


class DocumentCameraSimulator(FilmSimulator):
    """1,944 × 2,592, or a ``shrink``-th of it; sees 270 × 360 mm of the table."""

    def __init__(self, pace: Pace, *, port: int = 0, name: str = "documentCamera", shrink: int = 1) -> None:
        self._lie = Lie(kind=None)
        self._shrink = shrink
        super().__init__(name, pace, port, TableScene(self._lie, shrink))

    async def start(self) -> None:
        """Draw the empty table, then listen."""
        await asyncio.to_thread(self._scene.frame, 0)
        await super().start()

    @action("lay", Laid)
    async def lay(self, how: Laid) -> Outcome:
        """Lay a document on the table; what spoils the picture stays."""
        lie = replace(self._lie, **how.model_dump())
        try:
            return await self._see(lie)
        except OSError as error:
            raise ActionRefusedError("that file is no picture of a sheet") from error

    @action("take", NoParameters)
    async def take(self, _: NoParameters) -> Outcome:
        """Take the document away."""
        return await self._see(replace(self._lie, kind=None))

    @action("spoil", Spoilt)
    async def spoil(self, how: Spoilt) -> Outcome:
        """Shadow, reflection, blur, hand; all four are set anew."""
        return await self._see(replace(self._lie, **how.model_dump()))

    @action("clear", NoParameters)
    async def clear(self, _: NoParameters) -> Outcome:
        """End every fault; the document stays."""
        await self._see(replace(self._lie, shadow=0.0, glare=0.0, blur=0.0, hand=False))
        return await super().clear(_)

    async def _see(self, lie: Lie) -> Outcome:
        """Show a scene once it is drawn: a real camera's film does not stand still while a sheet is laid down."""
        scene = TableScene(lie, self._shrink)
        await asyncio.to_thread(scene.frame, 0)
        self._lie = lie
        facts = {
            "kind": lie.kind,
            "spoilt": {"shadow": lie.shadow, "glare": lie.glare, "blur": lie.blur, "hand": lie.hand},
        }
        return self.show(scene, **facts)
