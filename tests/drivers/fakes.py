"""In-memory hardware behind the ports: what a person or a fault does to it is done by plain methods."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime

from config.clock import Deadline
from drivers.errors import (
    DeadlinePassed,
    DeviceNotReady,
    HardwareFault,
    LinkLost,
    MediaMissing,
    MediaMustBeRepresented,
    SequenceError,
)
from drivers.ports import (
    Barcode,
    DeviceState,
    DispensedItem,
    FaceVerdict,
    IdCard,
    IdCardLayout,
    PrintOutcome,
    PrintResult,
    Snapshot,
)

CARD = IdCard(
    IdCardLayout.RESIDENT, "110101199003078515", "李秀兰", None, "2", "01", None, date(1990, 3, 7),
    "云川市人民路一号", "云川市公安局", date(2015, 1, 1), None, None, None, b"WPD1" + bytes(1020),
)  # fmt: skip


class FakeDevice:
    """Life cycle and status of every fake. ``plugged`` is whether somebody has plugged it in."""

    def __init__(self):
        self.listeners = []
        self.snapshot = Snapshot(DeviceState.STARTING)
        self.plugged = True
        self.opened = False
        self.opens = 0
        self.resets = 0
        self.details = {}
        self.stuck = False

    def on_status(self, listener):
        self.listeners.append(listener)

    def show(self, device=DeviceState.ONLINE, **details):
        self.details = {**self.details, **details}
        self.snapshot = Snapshot(device, dict(self.details), datetime.now(UTC), "pushed")
        for listener in self.listeners:
            listener(self.snapshot)

    async def open(self):
        self.opens += 1
        if not self.plugged:
            raise DeviceNotReady("nothing is plugged in")
        self.opened = True
        self.show()

    async def close(self):
        self.opened = False

    async def reset(self, deadline):
        self.need()
        self.resets += 1

    def need(self):
        if not (self.plugged and self.opened):
            raise LinkLost("the line is dead")

    def unplug(self):
        self.plugged = False
        self.show(DeviceState.NO_DEVICE)

    def replug(self):
        self.plugged = True

    async def until(self, ready, deadline):
        """Poll the world until ``ready()``; the deadline raises."""
        while self.stuck or not ready():
            if not self.stuck:
                self.need()
                if deadline.passed:
                    raise DeadlinePassed("too late")
            try:
                await asyncio.sleep(0.005)
            except asyncio.CancelledError:
                if not self.stuck:
                    raise


class FakeIdReader(FakeDevice):
    def __init__(self):
        super().__init__()
        self.card = None
        self.found = False
        self.fault = None
        self.details = {"cardReader": {"media": "notPresent", "chipPower": "noCard"}}

    def lay(self, card=CARD):
        self.card, self.found = card, False

    def take(self):
        self.card, self.found = None, False
        self.show(cardReader={"media": "notPresent", "chipPower": "noCard"})

    async def find(self, deadline):
        try:
            await self.until(lambda: self.card is not None and not self.found, deadline)
        except DeadlinePassed:
            raise MediaMissing("no card") from None
        self.found = True
        self.show(cardReader={"media": "present", "chipPower": "online"})

    async def read(self, deadline):
        self.need()
        if self.fault is not None:
            raise self.fault
        if self.card is None:
            raise MediaMissing("the card was taken away")
        if not self.found:
            raise MediaMustBeRepresented("moved")
        return self.card

    async def removed(self, deadline):
        await self.until(lambda: self.card is None, deadline)

    async def sam_id(self, deadline):
        self.need()
        return "05.03-20260101-0000000001-0000000001"


class FakePrinter(FakeDevice):
    """Both printers: every sheet that came out lies in ``out``."""

    def __init__(self):
        super().__init__()
        self.out = []
        self.names = {}
        self.delay = 0.0
        self.fault = None
        self.result = PrintResult(PrintOutcome.PRINTED, sheets=1)
        self.details = {"printer": {"media": "notPresent", "paper": {"upper": "full"}, "toner": "full"}}

    async def _print(self, what, name=None):
        self.need()
        await asyncio.sleep(self.delay)
        if self.fault is not None:
            raise self.fault
        if self.result.outcome is PrintOutcome.PRINTED:
            self.out.append(what)
        if name is not None:
            self.names[name] = self.result
        return self.result

    async def print_receipt(self, lines, deadline, cut_first=False):
        self.cut_first = cut_first
        return await self._print(list(lines))

    async def print_pdf(self, name, pdf, copies, deadline):
        return await self._print(pdf, name)

    async def find_job(self, name, age_s, deadline):
        self.need()
        return self.names.get(name)


class FakeBarcodeReader(FakeDevice):
    def __init__(self):
        super().__init__()
        self.codes = []
        self.details = {"barcodeReader": {"scanner": "on"}}

    async def scan(self, deadline, symbologies=()):
        while True:
            await self.until(lambda: self.codes, deadline)
            code = self.codes.pop(0)
            if not symbologies or code.symbology in symbologies:
                return code

    def show_code(self, data, symbology="qrCode"):
        self.codes.append(Barcode(symbology, data))


class FakeStation(FakeDevice):
    def __init__(self):
        super().__init__()
        self.verdicts = []
        self.captures = 0
        self.previews = 0
        self.details = {"camera": {"cameras": {"person": "ok"}}, "faceCamera": {"frame": "live"}}

    async def frames(self):
        self.previews += 1
        number = 0
        try:
            while True:
                self.need()
                yield b"\xff\xd8\xff" + str(number).encode()
                number += 1
                await asyncio.sleep(0.01)
        finally:
            self.previews -= 1

    async def picture(self, deadline):
        self.need()
        return b"\xff\xd8\xffpicture"

    async def capture(self, count, deadline):
        self.need()
        self.captures += 1
        await asyncio.sleep(0.01)
        return [b"\xff\xd8\xff"] * count

    async def ability(self):
        from drivers.services.face_station import FaceAbility

        return FaceAbility("fake", False, True)

    async def compare(self, reference, frames):
        self.need()
        return self.verdicts.pop(0) if self.verdicts else FaceVerdict(0.93, True)


class Machine:
    """The dispenser's mechanics and memory: survives the program that drives it.

    Sheets are ``(code, number)``. ``faults`` maps the n-th feed from now (0 is the next) to what happens:
    jam (before the gate), stuck (jammed behind it), double, wrong (another number is printed on the sheet), smudged.
    """

    def __init__(self, units=2):
        self.stacks = {f"unit{n}": [] for n in range(1, units + 1)}
        self.totals = {"fed": 0, "exited": 0, "rejected": 0, "retracted": 0}
        self.gate, self.path, self.tray, self.reject, self.retract, self.taken = [], [], [], [], [], []
        self.removed = []
        self.shutter = "closed"
        self.jammed = False
        self.faults = []
        self.retract_full = False
        self.reject_full = False
        self.serial = "D-0001"

    def load(self, unit, code, first, count):
        """The staff put a fresh pack in place of what is left, which they keep."""
        self.removed += self.stacks[unit]
        self.stacks[unit] = [(code, str(int(first) + n).zfill(len(first))) for n in range(count)]

    def take(self):
        """A person takes what lies in the open tray."""
        assert self.shutter == "open"
        self.taken += self.tray
        self.tray = []
        self.shutter = "closed"

    def everywhere(self):
        stacked = [sheet for stack in self.stacks.values() for sheet in stack]
        places = (self.gate, self.path, self.tray, self.reject, self.retract, self.taken, self.removed)
        return stacked + [sheet for place in places for sheet in place]

    def sensors(self):
        def front(stack):
            code, number = stack[0] if stack else (None, None)
            status = "ok" if stack else "empty"
            return {"status": status, "count": len(stack), "code": code, "number": number}

        return {
            **self.totals,
            "serial": self.serial,
            "tray": "paper" if self.tray else "empty",
            "shutter": self.shutter,
            "units": {unit: front(stack) for unit, stack in self.stacks.items()},
        }


class FakeDispenser(FakeDevice):
    """The port over a ``Machine``. ``hook(step)`` is called at each step of a motion and may raise."""

    def __init__(self, machine):
        super().__init__()
        self.machine = machine
        self.hook = lambda step: None
        self.held_listeners = []
        self.details = {"invoiceDispenser": {"transport": "ok", "shutter": "closed"}}

    def on_held(self, listener):
        self.held_listeners.append(listener)

    async def sensors(self, deadline):
        self.need()
        return self.machine.sensors()

    async def dispense_one(self, unit, expected, deadline):
        self.need()
        machine = self.machine
        if machine.jammed or machine.path or machine.gate:  # a sheet in the way lets no other pass
            raise HardwareFault("jammed", "jammed")
        if machine.shutter == "open":
            raise SequenceError("the tray is open")
        stack = machine.stacks[unit]
        if not stack:
            raise HardwareFault("empty", "empty")
        fault = machine.faults.pop(0) if machine.faults else None
        self.hook("feed")
        sheets = [stack.pop(0)]
        if fault == "double" and stack:
            sheets.append(stack.pop(0))
        if fault == "wrong":
            sheets[0] = (sheets[0][0], "99999999")
        machine.path = sheets
        self.hook("path")
        if fault == "jam":
            machine.jammed = True
            return DispensedItem(expected, None, "transport", "mediaJammed")
        machine.gate, machine.path = sheets, []
        machine.totals["fed"] += 1
        self.hook("gate")
        read = None if fault == "smudged" else sheets[0][1]
        for listener in self.held_listeners:
            await listener(unit, read)
        if fault == "stuck":
            machine.path, machine.gate = machine.gate, []
            machine.jammed = True
            return DispensedItem(expected, read, "transport", "mediaJammed")
        problem = "doubleFeed" if len(sheets) > 1 else "unreadable" if read is None else None
        if problem is None and read != expected:
            problem = "numberMismatch"
        if problem and machine.reject_full:
            return DispensedItem(expected, read, "transport", problem, "rejectBinFull")
        place, total = ("reject", "rejected") if problem else ("tray", "exited")
        getattr(machine, place).extend(machine.gate)
        machine.gate = []
        machine.totals[total] += 1
        self.hook("moved")
        return DispensedItem(expected, read, place, problem)

    async def present(self, deadline):
        self.need()
        if not self.machine.tray:
            raise SequenceError("nothing to present")
        self.hook("present")
        self.machine.shutter = "open"
        self.hook("presented")

    async def taken(self, deadline):
        with contextlib.suppress(DeadlinePassed):
            await self.until(lambda: not self.machine.tray, deadline)
        return not self.machine.tray

    async def retract(self, deadline):
        self.need()
        machine = self.machine
        if machine.retract_full:
            raise HardwareFault("retractBinFull", "full")
        self.hook("retract")
        count = len(machine.tray)
        machine.retract += machine.tray
        machine.tray = []
        machine.totals["retracted"] += count
        machine.shutter = "closed"
        self.hook("retracted")
        return count

    async def reset(self, deadline):
        await super().reset(deadline)
        machine = self.machine
        if machine.reject_full and (machine.path or machine.gate):
            raise HardwareFault("rejectBinFull", "full")
        for place in (machine.path, machine.gate):
            if place:
                machine.reject += place
                machine.totals["rejected"] += 1
                place.clear()
        machine.jammed = False


def never():
    return Deadline.after(None)


__all__ = ["CARD", "FakeDispenser", "FakeIdReader", "FakePrinter", "Machine", "never", "replace"]
