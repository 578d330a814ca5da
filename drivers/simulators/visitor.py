"""The person before the cabinet: steps up, lays down a card, takes paper, and leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, Simulator, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.personas import Cast

_WITH_PAPER = ("receiptPrinter", "documentPrinter", "dispenser", "invoicePrinter")
_ALIASES = {"invoiceDispenser": "dispenser"}


class Who(Parameters):
    """A persona by id, name or document number; ``seconds`` limits how long the card lies there."""

    persona: str = Field(min_length=1)
    seconds: float | None = Field(None, gt=0, le=3600)


class Face(Parameters):
    """A persona before the camera: themselves, or their photograph."""

    persona: str = Field(min_length=1)
    alive: bool = True
    photo: bool = False


class Whose(Parameters):
    """A persona's tax UKey; ``taxpayer`` names the enterprise where they have several, else it is the first."""

    persona: str = Field(min_length=1)
    taxpayer: str = ""


class TakePaper(Parameters):
    """``from`` which device; from all of them when null."""

    origin: Literal["receiptPrinter", "documentPrinter", "dispenser", "invoiceDispenser"] | None = Field(
        None, alias="from"
    )


class VisitorSimulator(Simulator):
    """Acts on the other simulators as one person would."""

    def __init__(
        self, pace: Pace, cast: Cast, devices: Mapping[str, Simulator], name: str = "person"
    ) -> None:
        super().__init__(name, pace)
        self._cast = cast
        self._devices = devices
        self._persona: str | None = None
        self._holds: list[str] = []

    async def start(self) -> None:
        """Nobody is there yet."""

    async def stop(self) -> None:
        """Nothing to do."""

    def state(self) -> dict[str, object]:
        """Who is there, where the card is, and what was taken since they came."""
        on_reader = self._devices["idReader"].state()["card"] is not None
        card = None if self._persona is None else "reader" if on_reader else "hand"
        return {"persona": self._persona, "card": card, "holds": list(self._holds)}

    @action("arrive", Who)
    async def arrive(self, who: Who) -> Outcome:
        """Step before the camera and lay the card on the reader."""
        await self._near(True)
        await self.face(Face(persona=who.persona))
        return await self.card(who)

    @action("card", Who)
    async def card(self, who: Who) -> Outcome:
        """Lay the persona's card on the reader."""
        one = self._cast.find(who.persona)
        self._stepped_up(one.id)
        card = one.card.model_copy(update={"face_seed": one.seed}).model_dump(by_alias=True)
        return await self._devices["idReader"].do("present", {"card": card, "seconds": who.seconds})

    @action("removeCard", NoParameters)
    async def remove_card(self, _: NoParameters) -> Outcome:
        """Take the card back."""
        return await self._devices["idReader"].do("remove")

    @action("face", Face)
    async def face(self, how: Face) -> Outcome:
        """Step before the camera, or hold up a photograph."""
        one = self._cast.find(how.persona)
        self._stepped_up(one.id)
        if how.photo:
            return await self._devices["camera"].do("still", {"faceSeed": one.seed})
        return await self._devices["camera"].do("person", {"faceSeed": one.seed, "alive": how.alive})

    @action("ukey", Whose)
    async def ukey(self, whose: Whose) -> Outcome:
        """Put a persona's tax UKey into the card reader."""
        one = self._cast.find(whose.persona)
        found = next((u for u in one.ukeys if whose.taxpayer in ("", u.taxpayer)), None)
        if found is None:
            raise ActionRefusedError(f"{one.id} has no such UKey; `bureau device list` shows whose there are")
        if (reader := self._devices.get("smartCard")) is None:
            raise ActionRefusedError("this cabinet has no chip card reader")
        return await reader.do("insert", {"tax": found.model_dump(by_alias=True)})

    @action("takePaper", TakePaper)
    async def take_paper(self, what: TakePaper) -> Outcome:
        """Take what lies in the trays."""
        names = _WITH_PAPER if what.origin is None else (_ALIASES.get(what.origin, what.origin),)
        taken: list[str] = []
        refusals: list[str] = []
        for name in names:
            try:
                found = await self._devices[name].do("take")
            except ActionRefusedError as refused:
                refusals.append(f"{name}: {refused}")
                continue
            taken += [str(one) for key in ("files", "numbers") for one in _listed(found.get(key))]
        if not taken:
            raise ActionRefusedError("; ".join(refusals))
        self._holds += taken
        return {"taken": taken}

    @action("leave", NoParameters)
    async def leave(self, _: NoParameters) -> Outcome:
        """Go away with the card and everything taken."""
        if self._devices["idReader"].state()["card"] is not None:
            await self._devices["idReader"].do("remove")
        await self._devices["camera"].do("none")
        await self._near(False)
        holds, self._holds, self._persona = self._holds, [], None
        return {"holds": holds}

    async def _near(self, on: bool) -> None:
        """What the proximity sensor sees."""
        if (board := self._devices.get("board")) is not None:
            await board.do("approach", {"on": on})

    def _stepped_up(self, who: str) -> None:
        if self._persona != who:
            self._persona, self._holds = who, []


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
