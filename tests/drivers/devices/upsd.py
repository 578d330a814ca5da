"""Debian's own ``upsd`` with its ``dummy-ups`` driver: a peer that is not ours, private and on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from pathlib import Path
from typing import Final

_UPSD: Final = Path("/lib/nut/upsd")
_DUMMY: Final = Path("/lib/nut/dummy-ups")
FULL: Final = {
    "battery.charge": "93",
    "battery.runtime": "1750",
    "battery.voltage": "27.1",
    "device.mfr": "Dummy",
    "input.voltage": "229.0",
    "ups.load": "31",
    "ups.status": "OL",
}


def missing() -> str | None:
    """Why there is no upsd here, None when there is one."""
    return None if _UPSD.exists() and _DUMMY.exists() else "Debian's nut-server is not installed"


class RealUpsd:
    """Both programs, in a directory of their own; ``say`` changes what the dummy tells."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._programs: list[asyncio.subprocess.Process] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def say(self, **changes: str) -> None:
        """Write what the UPS shall tell; names have a double underscore for a dot."""
        values = FULL | {name.replace("__", "."): value for name, value in changes.items()}
        text = "".join(f"{name}: {value}\n" for name, value in values.items())
        file = self._directory / "hall.dev"
        fresh = file.with_suffix(".new")
        fresh.write_text(text + "TIMER 1\n", "utf-8")  # read again every second
        fresh.replace(file)

    async def start(self) -> None:
        """Start driver and server, and wait until the server listens."""
        place = self._directory
        self.say()
        (place / "ups.conf").write_text("[hall]\n driver = dummy-ups\n port = hall.dev\n mode = dummy-loop\n")
        (place / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\nMAXAGE 15\n")
        (place / "upsd.users").write_text('[kiosk]\n password = "se cret"\n')
        for name in ("ups.conf", "upsd.conf", "upsd.users"):
            (place / name).chmod(0o640)
        env = {
            **os.environ,
            "NUT_CONFPATH": str(place),
            "NUT_STATEPATH": str(place),
            "NUT_ALTPIDPATH": str(place),
        }
        user = "root" if os.getuid() == 0 else str(os.environ.get("USER", ""))
        for command in ((str(_DUMMY), "-a", "hall", "-F", "-u", user), (str(_UPSD), "-F", "-u", user)):
            program = await asyncio.create_subprocess_exec(
                *command, env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
            )
            self._programs.append(program)
        async with asyncio.timeout(15):
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return
                assert all(program.returncode is None for program in self._programs), (
                    "a program of NUT has ended"
                )
                await asyncio.sleep(0.05)

    async def kill_driver(self) -> None:
        """The driver dies; the server stays."""
        self._programs[0].kill()
        await self._programs[0].wait()

    async def stop(self) -> None:
        """End both."""
        for program in self._programs:
            with contextlib.suppress(ProcessLookupError):
                program.terminate()
            await program.wait()
