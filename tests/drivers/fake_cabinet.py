"""In-memory hardware of the cabinet itself, behind its ports."""

from drivers.cabinet_ports import FlashRate, StampCounts
from drivers.devices.board_picture import wiring
from drivers.devices.board_profile import load_board
from drivers.errors import DeviceNotReady, HardwareFault, InvalidData, LinkLost
from tests.drivers.fakes import FakeDevice

WIRING = wiring(load_board("hall-16"))
SHUT = {"cabinetDoor": "locked", "tamperSensor": "off", "operatorSwitch": "run"}


class FakeBoard(FakeDevice):
    """Doors are opened with ``show(auxiliaries={…})``; what is set is in ``lit``, ``outputs`` and ``food``."""

    def __init__(self):
        super().__init__()
        self.details = {"wiring": WIRING, "auxiliaries": dict(SHUT)}
        self.snapshot = type(self.snapshot)(self.snapshot.device, dict(self.details))
        self.lit, self.outputs, self.food, self.clock = {}, {}, [], None
        self.dim = False

    def see(self, **auxiliaries):
        self.show(auxiliaries=self.details["auxiliaries"] | auxiliaries)

    async def set_lights(self, lights, deadline):
        for name in lights:
            if name not in WIRING["lights"]:
                raise InvalidData(f"no light {name}", "invalidLight")
        if self.dim:
            raise HardwareFault("lightError")
        self.lit |= lights
        self.lit = {name: light for name, light in self.lit.items() if light.rate is not FlashRate.OFF}

    async def set_auxiliaries(self, values, deadline):
        for name in values:
            if name not in (*WIRING["outputs"], "volume"):
                raise InvalidData(f"no {name}", "invalidAuxiliary")
        self.outputs |= values

    async def feed(self, timeout_s, deadline):
        self.food.append(timeout_s)

    async def set_startup(self, time, deadline):
        self.clock = time

    async def startup(self, deadline):
        return self.clock


class FakeStamp(FakeDevice):
    """``fault`` is what goes wrong with the next stamp: None, a code, or ``lostBefore`` and ``lostAfter``."""

    def __init__(self):
        super().__init__()
        self.now = StampCounts(100, 7, False)
        self.fault = None
        self.away = False

    async def counts(self, deadline):
        if self.away:
            raise DeviceNotReady("away")
        return self.now

    async def stamp(self, job, deadline):
        fault, self.fault = self.fault, None
        if fault in ("lostBefore", "lostAfter"):
            self.away = True
        elif fault is not None:
            raise HardwareFault(fault)
        if fault != "lostBefore":
            self.now = StampCounts(self.now.impressions + 1, job, False)
        if fault:
            raise LinkLost("lost")
        return self.now
