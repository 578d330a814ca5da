"""The simulated invoice dispenser, and the hands of visitors and staff at it."""

from __future__ import annotations

from drivers.simulators.base import NoParameters, Outcome, action
from drivers.simulators.dispenser_machine import REJECT_CAPACITY
from drivers.simulators.dispenser_parameters import (
    AtFeed,
    AutoTake,
    Cassette,
    Cover,
    JamAt,
    LoadSheets,
    Power,
    Stuck,
    Take,
    WrongNumberAt,
)
from drivers.simulators.dispenser_unit import DispenserUnit
from drivers.simulators.errors import ActionRefusedError, BadParameterError
from drivers.simulators.sheet_stack import NUMBER_DIGITS


class InvoiceDispenserSimulator(DispenserUnit):
    """Four storage units, gate with number reader and thickness sensor, tray with shutter, two bins."""

    def state(self) -> dict[str, object]:
        """Where every sheet is, sensors and counters."""
        machine = self.machine
        units = {
            f"unit{n}": {
                "present": stack.present,
                "count": stack.count,
                "runs": [
                    {"code": code, "first": f"{first:0{NUMBER_DIGITS}d}", "count": count}
                    for code, first, count in stack.runs
                ],
            }
            for n, stack in machine.units.items()
        }
        places = {place: [sheet.number for sheet in sheets] for place, sheets in machine.places.items()}
        return {
            **self.line_state(),
            "power": "on" if self._powered else "off",
            "state": self._condition(),
            "shutter": "open" if machine.shutter_open else "closed",
            "cover": "open" if machine.cover_open else "closed",
            "units": units,
            **places,
            "counts": dict(machine.counters),
            "autoTake": self._auto_take,
            "sheetsInTotal": machine.total(),
        }

    def _stack(self, unit: int) -> int:
        if unit not in self.machine.units:
            raise BadParameterError(f"the dispenser has units 1 to {len(self.machine.units)}, not {unit}")
        return unit

    @action("load", LoadSheets)
    async def load(self, what: LoadSheets) -> Outcome:
        """Put numbered sheets into a unit."""
        if int(what.first) + what.count - 1 > 10**NUMBER_DIGITS - 1:
            raise BadParameterError(f"numbers end at {'9' * NUMBER_DIGITS}; load fewer sheets")
        stack = self.machine.units[self._stack(what.unit)]
        if what.replace:
            self.machine.places["removed"] += stack.empty()
        stack.add(what.code, what.first, what.count)
        self.machine.save()
        return {"unit": f"unit{what.unit}", "count": stack.count}

    @action("unload", NoParameters)
    async def unload(self, _: NoParameters) -> Outcome:
        """Take all sheets out of all units, by hand."""
        taken = [sheet for stack in self.machine.units.values() for sheet in stack.empty()]
        self.machine.places["removed"] += taken
        self.machine.save()
        return {"sheets": len(taken)}

    @action("emptyBins", NoParameters)
    async def empty_bins(self, _: NoParameters) -> Outcome:
        """Take out what lies in the reject and the retract bin."""
        self.machine.empty_bins()
        return {}

    @action("cassette", Cassette)
    async def cassette(self, what: Cassette) -> Outcome:
        """Pull a unit out or push it in."""
        self.machine.units[self._stack(what.unit)].present = what.present
        self.machine.save()
        return {}

    @action("jamAt", JamAt)
    async def jam_at(self, what: JamAt) -> Outcome:
        """Let paper jam."""
        if what.step == "feed":
            return self._odd(what, "jam")
        self.machine.next_jams[what.step] = what.k
        return {}

    @action("jam", NoParameters)
    async def jam(self, _: NoParameters) -> Outcome:
        """Jam now: nothing moves until staff clears it."""
        self.machine.jammed = True
        self.machine.save()
        return {}

    @action("doubleAt", AtFeed)
    async def double_at(self, what: AtFeed) -> Outcome:
        """Let two sheets stick together."""
        return self._odd(what, "double")

    @action("unreadableAt", AtFeed)
    async def unreadable_at(self, what: AtFeed) -> Outcome:
        """Smudge a number so that the unit's reader cannot read it."""
        return self._odd(what, "smudged")

    def _odd(self, what: AtFeed, oddity: str) -> Outcome:
        stack = self.machine.units[self._stack(what.unit)]
        stack.oddities[stack.feeds + what.k] = oddity
        self.machine.save()
        return {}

    @action("wrongNumberAt", WrongNumberAt)
    async def wrong_number_at(self, what: WrongNumberAt) -> Outcome:
        """Slip a sheet with another number into the stack, in place of the right one."""
        stack = self.machine.units[self._stack(what.unit)]
        number = what.number or stack.number_at(what.k, 5000)
        right = stack.exchange(what.k, number) if number else None
        if right is None:
            raise ActionRefusedError(f"unit{what.unit} holds only {stack.count} sheets; load it first")
        self.machine.save()
        return {"instead": right, "number": number}

    @action("take", Take)
    async def take(self, how: Take) -> Outcome:
        """A person takes sheets out of the open tray."""
        if not self.machine.shutter_open:
            raise ActionRefusedError("the shutter is closed; the terminal has not presented the tray")
        if not self.machine.places["tray"]:
            raise ActionRefusedError("the tray is empty")
        return {"numbers": self._taken(how.count)}

    @action("autoTake", AutoTake)
    async def auto_take(self, when: AutoTake) -> Outcome:
        """Let a person take everything some time after the shutter has opened."""
        self._auto_take = when.seconds
        return {}

    @action("stuck", Stuck)
    async def stuck(self, what: Stuck) -> Outcome:
        """Let the tray's sensor lie."""
        self._stuck_tray = what.tray
        return {}

    @action("cover", Cover)
    async def cover(self, what: Cover) -> Outcome:
        """Open or close the service door."""
        self.machine.cover_open = what.state == "open"
        self.event(f"E|cover|{what.state}")
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Cut the power, at whatever moment of a motion, or give it back."""
        await (self.power_off() if what.state == "off" else self.power_on())
        return {}

    def clear_faults(self) -> None:
        """Staff: stuck paper out, a full bin emptied, door closed, the unit's own reset key pressed."""
        super().clear_faults()
        if len(self.machine.places["reject"]) >= REJECT_CAPACITY:
            self.machine.empty_bins()
        self.machine.unjam()
        self.machine.next_jams.clear()
        for stack in self.machine.units.values():
            stack.oddities.clear()
            stack.present = True
        if self.machine.cover_open:
            self.machine.cover_open = False
            self.event("E|cover|closed")
        self._upset = False
        self._stuck_tray = None
        self.machine.save()
