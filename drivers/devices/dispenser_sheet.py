"""One sheet from its unit to the tray or the reject bin: the decision, and the count that proves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from drivers.errors import DeviceError, HardwareFault, LinkLost, SequenceError, UserFault
from drivers.ports import DispensedItem
from drivers.protocols import dispenser_replies as replies
from drivers.protocols.dispenser_replies import Fed, Feed, Move, Sensors, UnitState

Command = Callable[[str], Awaitable[str]]
Held = Callable[[str | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SheetRules:
    """``max_thickness_um``: above it a feed counts as double; 0 trusts the unit's own sensor alone."""

    max_thickness_um: int = 0


async def move_sheet(
    command: Command, unit: int, expected: str, rules: SheetRules, held: Held | None = None
) -> DispensedItem:
    """Feed, compare, accept or reject one sheet, and check the totals.

    ``held`` is awaited with the number read while the sheet waits at the gate. Raise ``HardwareFault``
    (``empty``, ``jammed``), ``UserFault`` (``coverOpen``) or ``SequenceError`` before anything has moved, and
    ``LinkLost`` when the unit could not tell what it did.
    """
    before = replies.sensors(await command("S"))
    _may_move(before)
    fed = replies.fed(await command(f"F{unit}"), unit)
    if fed.result is Feed.EMPTY:
        raise HardwareFault("empty", f"unit {unit} is empty; load it")
    if held is not None and fed.result is not Feed.JAM:
        try:
            await held(fed.number)
        except Exception:
            # Nobody could write down what lies here: it must not reach the person.
            await command("R")
            raise
    item = await _decide(command, fed, expected, rules)
    try:
        after = replies.sensors(await command("S"))
    except LinkLost:
        return item  # the unit has answered for the sheet itself
    return _proven(item, before, after)


def _may_move(sensors: Sensors) -> None:
    if sensors.state is UnitState.COVER:
        raise UserFault("the dispenser's cover is open; close it", "coverOpen")
    if sensors.state in (UnitState.JAM, UnitState.ERROR):
        code = "jammed" if sensors.state is UnitState.JAM else "hardwareError"
        raise HardwareFault(code, "the dispenser cannot move; see the jam guide, then reset it")
    if sensors.state is UnitState.BUSY:
        raise SequenceError("the dispenser still moves; wait for it")
    if sensors.shutter_open:
        raise SequenceError("the tray is open to the person; wait until it is taken or retract it")


async def _decide(command: Command, fed: Fed, expected: str, rules: SheetRules) -> DispensedItem:
    if fed.result is Feed.JAM:
        return DispensedItem(expected, fed.number, "transport", "mediaJammed")
    fault = _fault_of(fed, expected, rules)
    letter = "A" if fault is None else "R"
    try:
        moved = replies.moved(await command(letter), letter).result
    except DeviceError as error:
        raise LinkLost(f"a sheet may lie at the gate: {error}") from error
    if moved is Move.OK:
        return DispensedItem(expected, fed.number, "tray" if fault is None else "reject", fault)
    if moved is Move.NONE:
        return DispensedItem(expected, fed.number, "transport", "countUncertain")
    # Jammed, or no room in the bin: the sheet lies in the path, and why it should go is still worth telling.
    held_by = "rejectBinFull" if moved is Move.FULL else None
    return DispensedItem(expected, fed.number, "transport", fault or "mediaJammed", held_by)


def _fault_of(fed: Fed, expected: str, rules: SheetRules) -> str | None:
    if fed.result is Feed.DOUBLE or 0 < rules.max_thickness_um < fed.thickness_um:
        return "doubleFeed"
    if fed.number is None:
        return "unreadable"
    return None if fed.number == expected else "numberMismatch"


def _proven(item: DispensedItem, before: Sensors, after: Sensors) -> DispensedItem:
    """The item, or the same with ``countUncertain`` when the sensors counted something else."""
    exited, rejected = after.exited - before.exited, after.rejected - before.rejected
    fed = after.fed - before.fed
    wanted = {"tray": (1, 0), "reject": (0, None), "transport": (0, None)}[item.position]
    agrees = exited == wanted[0] and (wanted[1] is None or (rejected == wanted[1] and fed == 1))
    if agrees:
        return item
    return replace(item, fault="countUncertain")
