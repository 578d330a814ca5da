"""The simulated PIN pad, and the fingers on it. Frames: docs/pin-pad.md."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from drivers.simulators.base import NoParameters, Outcome, Pace, Parameters, action, written
from drivers.simulators.dispenser_frames import Frame
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.framed_device import FramedSimulator
from drivers.simulators.pin_pad_vault import CAPACITY, RefusedError, Vault

BAUD = 38400
SERIAL = "EP3-0009153"
_IDENTITY = f"YC-EP3|{SERIAL}|3.02|{CAPACITY}"
MASTER = "KBPK"
KEPT_S = 60.0
"""A PIN that nobody uses is wiped; a clock of its own, however fast fingers are."""
_BETWEEN_KEYS_S = 0.15
_KEYS = {"enter": "e", "cancel": "c", "clear": "k", "back": "b"} | {digit: digit for digit in "0123456789"}


def master_key(serial: str = SERIAL) -> bytes:
    """The key that the ceremony of the simulated pad has put in: made from its serial number, secret to nobody."""
    return hashlib.sha256(f"simulated ceremony {serial}".encode()).digest()


class Type(Parameters):
    """``digits`` one after the other, then a key."""

    digits: Annotated[str, written(r"[0-9]{0,40}", "up to 40 digits")] = ""
    then: Literal["enter", "cancel", "clear", "back", "nothing"] = "enter"


class Inject(Parameters):
    """A key block protection key, in hexadecimal; the simulated ceremony's own when left out."""

    name: str = MASTER
    key: (
        Annotated[
            str,
            written(r"([0-9A-Fa-f]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})", "32, 48 or 64 hexadecimal digits"),
        ]
        | None
    ) = None


class LoseNotices(Parameters):
    """So many of the next keys are not told."""

    count: int = Field(1, ge=1, le=100)


class Power(Parameters):
    """Cut or give back the pad's power."""

    state: Literal["on", "off"]


class PinPadSimulator(FramedSimulator):
    """Keeps keys over a loss of power, and a PIN until it is used, wiped, or a minute old."""

    def __init__(self, link: Path, pace: Pace, name: str = "pinPad", *, kept_s: float = KEPT_S) -> None:
        super().__init__(name, link, pace)
        self._kept_s = kept_s
        self.vault = Vault()
        self.vault.inject(MASTER, master_key())
        self._powered, self._tampered = True, False
        self._lost = 0
        self._entries = 0
        self._pin = ""
        self._wiper: asyncio.TimerHandle | None = None
        self._begin("idle", 0, 0, False, "")

    def _begin(self, mode: str, least: int, most: int, auto_end: bool, active: str) -> None:
        self._mode, self._least, self._most = mode, least, most
        self._auto_end, self._active = auto_end, active
        self._typed = ""
        self._told: list[str] = []

    def _wipe(self) -> None:
        self._pin = ""
        if self._wiper is not None:
            self._wiper.cancel()
            self._wiper = None

    async def stop(self) -> None:
        """Unplug; nothing typed remains."""
        self._wipe()
        await super().stop()

    @property
    def listening(self) -> bool:
        """Without power nothing is heard."""
        return self._powered

    def state(self) -> dict[str, object]:
        """What can be seen from outside, and whether a PIN waits inside."""
        return {
            **self.line_state(),
            "power": "on" if self._powered else "off",
            "mode": self._mode,
            "security": "tampered" if self._tampered else "ok",
            "keys": sorted(self.vault.keys),
            "digits": len(self._typed),
            "pin": bool(self._pin),
            "counts": {"entries": self._entries},
        }

    # -- line ---------------------------------------------------------------------------------------

    def obey(self, frame: Frame) -> None:
        """Every command is done at once; what cannot be is refused by its name in the standard."""
        letter, _, rest = frame.body.partition("|")
        orders: dict[str, Callable[..., str]] = {
            "I": lambda: _IDENTITY,
            "S": self._state_words,
            "M": self._start_entry,
            "R": self._again,
            "Q": self._quit,
            "K": self._load,
            "D": self._delete,
            "L": self._listed,
            "P": self._block,
        }
        if letter not in orders:
            return
        try:
            told = orders[letter](*(rest.split("|") if rest else ()))
        except RefusedError as refused:
            told = str(refused)
        self.answer(frame, f"{letter}|{told}")

    def _secure(self) -> None:
        if self._tampered or not self.vault.keys:
            raise RefusedError("accessDenied")

    def _state_words(self) -> str:
        security = "tampered" if self._tampered else "ok"
        return f"{self._mode}|{security}|{'ready' if self.vault.keys else 'none'}|{len(self._told)}"

    def _start_entry(self, mode: str, least: str, most: str, auto_end: str, active: str) -> str:
        if self._tampered:
            raise RefusedError("accessDenied")
        if mode == "pin":
            self._secure()
        self._wipe()
        self._begin(mode, int(least), int(most), auto_end == "1", active)
        return "ok"

    def _again(self, number: str) -> str:
        place = int(number) - 1
        return f"{number}|{self._told[place] if 0 <= place < len(self._told) else 'none'}"

    def _quit(self) -> str:
        self._wipe()
        self._begin("idle", 0, 0, False, "")
        return "ok"

    def _load(self, name: str, protector: str, block: str) -> str:
        self._secure()
        key = self.vault.load(name, protector, block)
        return f"ok|{key.check.hex().upper()}|{len(key.value) * 8}"

    def _delete(self, name: str) -> str:
        self._secure()
        if self.vault.keys.pop(name, None) is None:
            raise RefusedError("keyNotFound")
        return "ok"

    def _listed(self, index: str) -> str:
        names = list(self.vault.keys)
        if not int(index) < len(names):
            return f"{index}|none"
        name = names[int(index)]
        key = self.vault.keys[name]
        facts = f"{key.usage}|{key.algorithm}|{key.mode}|{key.check.hex().upper()}|{len(key.value) * 8}"
        return f"{index}|{name}|{facts}"

    def _block(self, name: str, style: str, account: str) -> str:
        self._secure()
        if not self._pin:
            raise RefusedError("noPin")
        block = self.vault.pin_block(name, style, account, self._pin)
        self._wipe()
        return f"ok|{block.hex().upper()}"

    # -- fingers ------------------------------------------------------------------------------------

    @action("type", Type)
    async def type(self, what: Type) -> Outcome:
        """Press keys as a person does."""
        if self._mode == "idle" or not self._powered or not self.port.plugged:
            raise ActionRefusedError("the keys do nothing; the terminal has not asked for an entry")
        keys = [*what.digits, *([what.then] if what.then != "nothing" else [])]
        for key in keys:
            self._press(key)
            await self.pace.sleep(_BETWEEN_KEYS_S)
        return {"keys": len(keys)}

    def _press(self, key: str) -> None:
        if self._mode == "idle" or _KEYS[key] not in self._active:
            return
        if key.isdigit():
            if len(self._typed) >= self._most:
                return
            self._typed += key
            self._tell("*" if self._mode == "pin" else key)
            if self._auto_end and len(self._typed) == self._most:
                self._finish("auto")
        elif key == "clear":
            self._typed = ""
            self._tell("clear")
        elif key == "back":
            self._typed = self._typed[:-1]
            self._tell("back")
        elif key == "cancel" or len(self._typed) >= self._least:
            self._finish(key)

    def _finish(self, key: str) -> None:
        if self._mode == "pin" and key != "cancel":
            self._pin = self._typed
            self._wiper = asyncio.get_running_loop().call_later(self._kept_s, self._wipe)
        self._entries += 1
        self._tell(key)
        self._mode, self._typed = "idle", ""

    def _tell(self, key: str) -> None:
        self._told.append(f"{key}|{len(self._typed)}")
        if self._lost:
            self._lost -= 1
        else:
            self.event(f"E|{len(self._told)}|{self._told[-1]}")

    @action("tamper", NoParameters)
    async def tamper(self, _: NoParameters) -> Outcome:
        """Open the case: the pad destroys its keys and locks itself."""
        self._tampered = True
        self.vault.erase()
        self._quit()
        self.event("T|tampered")
        return {}

    @action("loseKeys", NoParameters)
    async def lose_keys(self, _: NoParameters) -> Outcome:
        """The key memory's battery is flat."""
        self.vault.erase()
        self._quit()
        return {}

    @action("service", NoParameters)
    async def service(self, _: NoParameters) -> Outcome:
        """The maker has closed the case again; there are no keys."""
        self._tampered = False
        return {}

    @action("inject", Inject)
    async def inject(self, what: Inject) -> Outcome:
        """A key ceremony: put a protection key in."""
        if self._tampered:
            raise ActionRefusedError("the pad has locked itself; its maker must service it first")
        self.vault.inject(what.name, bytes.fromhex(what.key) if what.key else master_key())
        return {"name": what.name, "check": self.vault.keys[what.name].check.hex().upper()}

    @action("loseNotices", LoseNotices)
    async def lose_notices(self, what: LoseNotices) -> Outcome:
        """Let keys go untold; the terminal has to ask for them."""
        self._lost = what.count
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Cut the power: an entry and a PIN are gone, keys stay."""
        self._powered = what.state == "on"
        self._quit()
        self.forget()
        return {}

    def clear_faults(self) -> None:
        """Power on, closed and serviced, with the ceremony's key when all were lost."""
        super().clear_faults()
        self._powered, self._tampered, self._lost = True, False, 0
        if not self.vault.keys:
            self.vault.inject(MASTER, master_key())
