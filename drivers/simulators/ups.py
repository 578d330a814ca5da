"""The simulated UPS behind NUT's own network protocol: mains that fail, a battery that runs down."""

from __future__ import annotations

import asyncio
from typing import Literal

from pydantic import Field

from config.loopback import free_port
from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action
from drivers.simulators.line_device import LineSimulator

NAME = "cabinet"
_TICK_S = 0.1
_RUNTIME_S = 600.0
"""A full battery carries the cabinet so long."""
_RECHARGE = 4.0
"""Charging takes so many times longer than running down."""
_LOW_PERCENT = 20.0


class Mains(Parameters):
    """The hall's power."""

    state: Literal["on", "off"]


class Battery(Parameters):
    """How full it is."""

    percent: float = Field(ge=0, le=100)


class Flag(Parameters):
    """A word of ``ups.status`` that the UPS adds by itself."""

    flag: Literal["RB", "OVER", "BYPASS", "TRIM", "BOOST", "CAL", "FSD"]
    on: bool = True


class Failing(Parameters):
    """What upsd answers instead: the UPS is stale, or its driver is gone."""

    how: Literal["stale", "noDriver", "none"]


class UpsSimulator(LineSimulator):
    """``upsd`` on loopback with one UPS. Reading needs no login, as with upsd."""

    def __init__(self, pace: Pace, port: int = 0, name: str = "ups") -> None:
        super().__init__(name, pace)
        self.port = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._mains = True
        self._charge = 100.0
        self._flags: set[str] = set()
        self._failing = "none"
        self._engaged = 0
        self._questions = 0

    @property
    def plugged(self) -> bool:
        """Whether it can be reached."""
        return self._server is not None

    async def start(self) -> None:
        """Listen, and let time pass."""
        await self._listen()
        self.spawn(self._live())

    async def stop(self) -> None:
        """End every connection."""
        await self._hang_up()
        await super().stop()

    async def _listen(self) -> None:
        if self._server is None:
            self.port = self.port or free_port()  # nobody else's meanwhile, when the cable is pulled
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(_TICK_S)
            since, last = loop.time() - last, loop.time()
            passed = since * self.pace.speed * 100.0 / _RUNTIME_S
            self._charge += passed / _RECHARGE if self._mains else -passed
            self._charge = min(100.0, max(0.0, self._charge))

    # -- line ---------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                if self.silent:
                    continue
                self._questions += 1
                answer = self._answer(line.decode("utf-8", "replace").strip())
                self.send("".join(f"{one}\n" for one in answer).encode())
                if line.strip() == b"LOGOUT":
                    return
        except (OSError, ValueError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    def put(self, data: bytes) -> None:
        """To everybody who is connected: the terminal is the only one."""
        for writer in self._writers:
            if not writer.is_closing():
                writer.write(data)

    def _answer(self, line: str) -> list[str]:
        parts = line.replace('"', "").split()
        match parts:
            case ["VER"]:
                return ["Network UPS Tools upsd 2.8.0 - simulated"]
            case ["NETVER"]:
                return ["1.3"]
            case ["USERNAME" | "PASSWORD", _]:
                return ["OK"]
            case ["LOGIN", ups]:
                return ["OK"] if ups == NAME else ["ERR UNKNOWN-UPS"]
            case ["LOGOUT"]:
                return ["OK Goodbye"]
            case ["STARTTLS"]:
                return ["ERR FEATURE-NOT-CONFIGURED"]
            case ["LIST", "UPS"]:
                return ["BEGIN LIST UPS", f'UPS {NAME} "simulated cabinet"', "END LIST UPS"]
            case ["LIST", "VAR", ups]:
                return self._trouble(ups) or self._list()
            case ["GET", "VAR", ups, name]:
                return self._trouble(ups) or self._get(name)
        return ["ERR UNKNOWN-COMMAND"]

    def _trouble(self, ups: str) -> list[str]:
        if ups != NAME:
            return ["ERR UNKNOWN-UPS"]
        return {"stale": ["ERR DATA-STALE"], "noDriver": ["ERR DRIVER-NOT-CONNECTED"]}.get(self._failing, [])

    def _list(self) -> list[str]:
        lines = [f'VAR {NAME} {name} "{value}"' for name, value in sorted(self._variables().items())]
        return [f"BEGIN LIST VAR {NAME}", *lines, f"END LIST VAR {NAME}"]

    def _get(self, name: str) -> list[str]:
        value = self._variables().get(name)
        return [f'VAR {NAME} {name} "{value}"'] if value is not None else ["ERR VAR-NOT-SUPPORTED"]

    def _variables(self) -> dict[str, str]:
        charging = self._mains and self._charge < 100.0
        words = [
            "OL" if self._mains else "OB",
            *(["CHRG"] if charging else []),
            *(["DISCHRG"] if not self._mains else []),
        ]
        low = self._charge <= _LOW_PERCENT
        return {
            "battery.charge": f"{self._charge:.0f}",
            "battery.charge.low": f"{_LOW_PERCENT:.0f}",
            "battery.runtime": f"{self._charge * _RUNTIME_S / 100:.0f}",
            "battery.voltage": f"{22.0 + self._charge * 0.05:.1f}",
            "device.mfr": 'Invented \\"Power\\"',
            "device.type": "ups",
            "input.voltage": "221.4" if self._mains else "0.0",
            "ups.load": "23",
            "ups.status": " ".join([*words, *(["LB"] if low else []), *sorted(self._flags)]),
        }

    # -- state and hands ----------------------------------------------------------------------------

    def state(self) -> dict[str, object]:
        """Mains, battery, and what upsd says of it."""
        return {
            **self.line_state(),
            "plugged": self.plugged,
            "port": self.port,
            "mains": "on" if self._mains else "off",
            "charge": round(self._charge),
            "status": self._variables()["ups.status"],
            "failing": self._failing,
            "counts": {"questions": self._questions, "failures": self._engaged},
        }

    @action("mains", Mains)
    async def mains(self, what: Mains) -> Outcome:
        """Let the hall's power fail, or come back."""
        self._engaged += self._mains and what.state == "off"
        self._mains = what.state == "on"
        return {}

    @action("battery", Battery)
    async def battery(self, what: Battery) -> Outcome:
        """Set how full the battery is."""
        self._charge = what.percent
        return {}

    @action("flag", Flag)
    async def flag(self, what: Flag) -> Outcome:
        """Let the UPS say something more of itself."""
        (self._flags.add if what.on else self._flags.discard)(what.flag)
        return {}

    @action("failing", Failing)
    async def fail(self, what: Failing) -> Outcome:
        """Let upsd know nothing of its UPS."""
        self._failing = what.how
        return {}

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """End upsd."""
        await self._hang_up()
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Start upsd again, at the same port."""
        await self._listen()
        return {}

    def clear_faults(self) -> None:
        """Mains on, battery full."""
        super().clear_faults()
        self._mains, self._charge, self._failing = True, 100.0, "none"
        self._flags.clear()
