"""Stock out of and into the units: what the book says afterwards decides, not what the machine answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from drivers.client.errors import DeviceCommandFailed
from kiosk.effects.base import Job, Means, StillInDoubt
from kiosk.effects.stock import UnitsIn, UnitsOut
from sync.models import EffectKind
from tests.kiosk.effects.world import ORIGIN

CODE = "053001900104"
EMPTY: Mapping[str, Any] = {"code": CODE, "next": None, "last": None, "count": 0}
FAILED = DeviceCommandFailed("invoiceDispenser", "commandErrorCode", "storageUnitError")


def holding(first: int, last: int, code: str = CODE) -> dict[str, Any]:
    return {"code": code, "next": f"{first:08d}", "last": f"{last:08d}", "count": last - first + 1}


@dataclass
class Dispenser:
    """Its book; ``before`` and ``after`` may fail around each unit's change."""

    units: dict[str, Mapping[str, Any]]
    before: Callable[[str], bool] = lambda _: False
    after: Callable[[str], bool] = lambda _: False
    moved: list[str] = field(default_factory=list)

    async def ranges(self) -> Mapping[str, Mapping[str, Any]]:
        return dict(self.units)

    async def take_out(self, units: Sequence[str]) -> None:
        for unit in units:
            self._change(unit, EMPTY)

    async def put_in(self, unit: str, code: str, kind: str, first: str, last: str) -> None:
        self._change(unit, holding(int(first), int(last), code))

    def _change(self, unit: str, to: Mapping[str, Any]) -> None:
        if self.before(unit):
            raise FAILED
        self.units[unit] = to
        self.moved.append(unit)
        if self.after(unit):
            raise FAILED

    def means(self) -> Means:
        nobody: Any = None
        return Means(nobody, nobody, cast("Any", self), nobody, nobody, nobody)


def out_job(*filled: str) -> Job:
    data = {"units": ["unit1", "unit2"], "filled": [*filled], "note": "KSN1:A"}
    return Job("k", "units.out", data, ORIGIN, "")


def in_job(*units: str) -> Job:
    taken = [{"unit": unit, "code": CODE, "first": "00000004", "last": "00000020"} for unit in units]
    told = {"note": "KSN1:A", "taken": taken, "short": [], "operator": "a", "witness": "b"}
    return Job("k", "units.in", {"told": told, "kinds": dict.fromkeys(units, "04")}, ORIGIN, "")


async def out(dispenser: Dispenser, *filled: str) -> Any:
    return await UnitsOut().act(dispenser.means(), out_job(*filled), lambda _: None)


async def into(dispenser: Dispenser, *units: str) -> Any:
    return await UnitsIn().act(dispenser.means(), in_job(*units), lambda _: None)


def both() -> dict[str, Mapping[str, Any]]:
    return {"unit1": holding(4, 20), "unit2": holding(101, 120)}


async def test_units_that_are_empty_after_a_refusal_were_handed_out() -> None:
    outcome, (owed,) = await out(Dispenser(both(), after=lambda unit: unit == "unit2"), "unit1", "unit2")
    assert (outcome, owed.kind) == ({"note": "KSN1:A"}, EffectKind.STOCK_OUT)


async def test_units_that_all_hold_their_numbers_after_a_refusal_were_not() -> None:
    units = {**both(), "unit2": EMPTY}
    outcome, owed = await out(Dispenser(units, before=lambda unit: unit == "unit1"), "unit1")
    assert (outcome, owed) == ({"fault": "storageUnitError"}, ())


async def test_units_that_are_empty_in_part_are_asked_again_until_all_are() -> None:
    dispenser = Dispenser(both(), before=lambda unit: unit == "unit2")
    with pytest.raises(DeviceCommandFailed):
        await out(dispenser, "unit1", "unit2")
    with pytest.raises(StillInDoubt):
        await UnitsOut().probe(dispenser.means(), out_job("unit1", "unit2"))
    dispenser.before = lambda _: False
    outcome, (owed,) = await UnitsOut().probe(dispenser.means(), out_job("unit1", "unit2"))
    assert ("fault" in outcome, owed.kind) == (False, EffectKind.STOCK_OUT)


async def test_what_was_loaded_before_a_hand_out_was_told_again_stays_in_the_book() -> None:
    job = out_job("unit1", "unit2")
    held = {"unit1": {"code": CODE, "last": "00000020"}, "unit2": {"code": CODE, "last": "00000120"}}
    job = replace(job, data={**job.data, "held": held})
    dispenser = Dispenser({"unit1": holding(900, 950), "unit2": holding(110, 120)})
    outcome, (owed,) = await UnitsOut().probe(dispenser.means(), job)
    assert dispenser.units == {"unit1": holding(900, 950), "unit2": EMPTY}
    assert (outcome, owed.kind) == ({"note": "KSN1:A"}, EffectKind.STOCK_OUT)
    outcome, (owed,) = await UnitsOut().probe(dispenser.means(), job)
    assert (dispenser.units["unit1"], owed.kind) == (holding(900, 950), EffectKind.STOCK_OUT)


async def test_a_unit_that_holds_the_numbers_after_a_refusal_was_filled() -> None:
    outcome, (owed,) = await into(Dispenser({"unit1": EMPTY}, after=lambda _: True), "unit1")
    assert (outcome["refused"], len(owed.data["taken"])) == ({}, 1)


async def test_a_unit_that_holds_other_numbers_keeps_them() -> None:
    dispenser = Dispenser({"unit1": holding(900, 910), "unit2": EMPTY})
    outcome, (owed,) = await into(dispenser, "unit1", "unit2")
    assert outcome["refused"] == {"unit1": "unitNotEmpty"}
    assert (dispenser.units["unit1"], dispenser.moved) == (holding(900, 910), ["unit2"])
    assert [taken["unit"] for taken in owed.data["taken"]] == ["unit2"]


async def test_numbers_of_which_some_were_given_out_meanwhile_are_not_entered_again() -> None:
    dispenser = Dispenser({"unit1": holding(6, 20)})
    outcome, (owed,) = await into(dispenser, "unit1")
    assert (outcome["refused"], dispenser.moved, len(owed.data["taken"])) == ({}, [], 1)
