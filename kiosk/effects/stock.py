"""Stock that goes out of this cabinet, or comes in, by a signed paper: the dispenser's book first, then the centre.

Telling the book is the same however often it is told, so the probe after a crash tells it again and comes to the same
outcome. What the machine refuses is an outcome too: nothing moved, and nothing is owed for it. Whether it moved is read
from the book, never from the refusal: an exchange may fail at its end, when the numbers are entered already.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from drivers.client.errors import DeviceCanceled, DeviceClientError, DeviceCommandFailed, DeviceTimeout
from kiosk.effects.base import UNREACHABLE_S, Job, Means, Owed, StillInDoubt, Tell, register
from sync.models import EffectKind

OUT: Final = "units.out"
IN: Final = "units.in"
NOT_EMPTY: Final = "unitNotEmpty"
"""Other numbers are entered in the unit: they must be handed out first, or they would vanish from the book."""
Done = tuple[Mapping[str, Any], Sequence[Owed]]


class _Told(ABC):
    """Told again after a crash, until the device program answers."""

    max_doubt_s: ClassVar[float] = 72 * 3600.0
    resolver: ClassVar[str] = "the device program"

    @abstractmethod
    async def act(self, means: Means, job: Job, tell: Tell) -> Done:
        """Tell the dispenser's book, then owe the centre its word."""

    async def probe(self, means: Means, job: Job) -> Done:
        """The same once more."""
        try:
            return await self.act(means, job, lambda _: None)
        except DeviceClientError as error:
            raise StillInDoubt(self.resolver, UNREACHABLE_S) from error


@register
class UnitsOut(_Told):
    """``data``: ``units`` that were emptied, the ``filled`` ones among them, and the ``note`` of what was in them.

    ``held`` is the code and last number that each of these had. A unit with others was loaded anew before it was told
    again: it keeps them.
    """

    kinds: ClassVar[tuple[str, ...]] = (OUT,)

    async def act(self, means: Means, job: Job, tell: Tell) -> Done:
        """Empty the units in the book; raises what the machine said while only some of them are."""
        units, held = await means.devices.ranges(), job.data.get("held", {})
        emptied = [unit for unit in job.data["units"] if not _others(units.get(unit, {}), held.get(unit))]
        try:
            if emptied:
                await means.devices.take_out(emptied)
        except (DeviceTimeout, DeviceCanceled):
            raise  # no word about the exchange itself: it is asked again
        except DeviceCommandFailed as error:
            units = await means.devices.ranges()
            filled = job.data.get("filled", job.data["units"])
            left = [unit for unit in filled if unit in emptied and _filled(units.get(unit, {}))]
            if len(left) == len(filled):
                return {"fault": error.error_code or error.completion_code}, ()
            if left:
                raise
        return {"note": job.data["note"]}, (Owed(EffectKind.STOCK_OUT, {"note": job.data["note"]}),)


@register
class UnitsIn(_Told):
    """``data``: a ``stock.in`` of the wire as ``told``, and the ``kinds`` of invoices by unit."""

    kinds: ClassVar[tuple[str, ...]] = (IN,)

    async def act(self, means: Means, job: Job, tell: Tell) -> Done:
        """Enter each range that is not in its unit yet; what the machine refuses is left out."""
        told = job.data["told"]
        refused: dict[str, str] = {}
        units = await means.devices.ranges()
        for taken in told["taken"]:
            unit = taken["unit"]
            if _holds(units.get(unit, {}), taken):
                continue
            if _filled(units.get(unit, {})):
                refused[unit] = NOT_EMPTY
                continue
            try:
                kind = job.data["kinds"][unit]
                await means.devices.put_in(unit, taken["code"], kind, taken["first"], taken["last"])
            except (DeviceTimeout, DeviceCanceled):
                raise
            except DeviceCommandFailed as error:
                units = await means.devices.ranges()
                if _holds(units.get(unit, {}), taken):
                    continue
                if _filled(units.get(unit, {})):
                    raise
                refused[unit] = error.error_code or error.completion_code
        done = [taken for taken in told["taken"] if taken["unit"] not in refused]
        short = [one for one in told["short"] if one["unit"] not in refused]
        outcome = {"taken": done, "refused": refused}
        if not done and not short:
            return {**outcome, "fault": next(iter(refused.values()), "")}, ()
        return outcome, (Owed(EffectKind.STOCK_IN, {**told, "taken": done, "short": short}),)


def _holds(unit: Mapping[str, Any], taken: Mapping[str, str]) -> bool:
    """Whether the book has these numbers there, or what is left of them after somebody was served."""
    return (
        _filled(unit)
        and (unit.get("code"), unit.get("last")) == (taken["code"], taken["last"])
        and str(unit["next"]) >= taken["first"]
    )


def _others(unit: Mapping[str, Any], held: Mapping[str, str] | None) -> bool:
    """Whether the book has other numbers there than what was ``held`` (None: not known)."""
    return (
        held is not None
        and _filled(unit)
        and (unit.get("code"), unit.get("last")) != (held["code"], held["last"])
    )


def _filled(unit: Mapping[str, Any]) -> bool:
    """Whether the book has any numbers there."""
    return bool(unit.get("next") and unit.get("count"))
