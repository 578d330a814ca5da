"""Another vendor's encrypting PIN pad: Keyboard, PinPad and KeyManagement, from the message definitions alone.

Its keys are loaded already; PIN blocks are made by psec, a library that the program under test does not have.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from psec import pinblock

from tests.drivers.xfs.vendor_service import Failed, Service

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
KEYS = {
    "BANK01": ("P0", "T", bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")),
    "BANK02": ("P0", "A", bytes.fromhex("00112233445566778899AABBCCDDEEFF")),
}


class VendorPad:
    """``type`` presses keys; ``service`` is the service. ``telling``: it tells the digits of a PIN, and must not."""

    def __init__(self) -> None:
        self.pressed: asyncio.Queue[str] = asyncio.Queue()
        self.pin = ""
        self.telling = False
        self.silent = False
        self.resets = 0
        self.service = self._service()

    def type(self, digits: str = "", then: str = "") -> None:
        """Press digits, then a key such as ``enter``."""
        for digit in digits:
            self.pressed.put_nowait(DIGITS[int(digit)])
        if then:
            self.pressed.put_nowait(then)

    def _service(self) -> Service:
        commands = {
            "Keyboard.DataEntry": ("2.0", "2.0", self._data),
            "Keyboard.PinEntry": ("2.0", "2.0", self._pin),
            "Keyboard.Reset": ("2.0", "2.0", self._reset),
            "PinPad.GetPinBlock": ("2.0", "2.0", self._block),
            "PinPad.Reset": ("2.0", "2.0", self._reset),
            "KeyManagement.GetKeyDetail": ("2.0", "2.0", self._keys),
        }
        formats = {"iso0": True, "iso4": True}
        return Service(
            "Pad",
            "keyManagement",
            "keyManagement",
            commands,
            {"keyNum": 16},
            {"encryptionState": "ready"},
            other_capabilities={"pinPad": {"pinFormats": formats}, "keyboard": {"autoBeep": {}}},
            other_status={"keyboard": {"autoBeepMode": {"activeAvailable": False}}},
        )

    async def _data(self, payload: dict[str, Any]) -> dict[str, Any]:
        typed, end = await self._entry(payload, secret=False)
        keys: list[dict[str, Any]] = [{"completion": "continue", "digit": digit} for digit in typed]
        keys += [{"completion": end, "digit": end}] if end != "auto" else []
        return {"keys": len(keys), "pinKeys": keys, "completion": end}

    async def _pin(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.pin = ""
        if not any(key["terminate"] for key in payload["activeKeys"].values()) and not payload["autoEnd"]:
            raise Failed("commandErrorCode", "noTerminatekeys")
        typed, end = await self._entry(payload, secret=True)
        if end != "cancel":
            self.pin = "".join(str(DIGITS.index(digit)) for digit in typed)
        return {"digits": len(typed), "completion": end}

    async def _entry(self, payload: dict[str, Any], *, secret: bool) -> tuple[list[str], str]:
        active = payload["activeKeys"]
        if unknown := active.keys() - {*DIGITS, "enter", "cancel", "clear", "backspace"}:
            raise Failed("commandErrorCode", "keyNotSupported", ", ".join(unknown))
        while not self.pressed.empty():
            self.pressed.get_nowait()
        await self.service.event("Keyboard.EnterDataEvent")
        typed: list[str] = []
        while True:
            key = await self.pressed.get()
            if key not in active:
                continue
            last = key in DIGITS and payload["autoEnd"] and len(typed) + 1 == payload["maxLen"]
            if key in DIGITS:
                if len(typed) == payload["maxLen"]:
                    continue
                typed.append(key)
            typed = [] if key == "clear" else typed[:-1] if key == "backspace" else typed
            told: dict[str, Any] = {"completion": "auto" if last else "continue" if key in DIGITS else key}
            if not secret or key not in DIGITS or self.telling:
                told["digit"] = key
            if not self.silent:
                await self.service.event("Keyboard.KeyEvent", told)
            if last or active[key].get("terminate"):
                return typed, "auto" if last else key

    async def _block(self, payload: dict[str, Any]) -> dict[str, Any]:
        kind, account = payload["format"], payload["customerData"]
        usage, algorithm, key = KEYS.get(payload["key"], ("", "", b""))
        if not key:
            raise Failed("commandErrorCode", "keyNotFound")
        if not self.pin:
            raise Failed("commandErrorCode", "noPin")
        if payload["cryptoMethod"] != "ecb" or (kind, algorithm) not in (("iso0", "T"), ("iso4", "A")):
            raise Failed("commandErrorCode", "formatNotSupported")
        pin, self.pin = self.pin, ""
        if kind == "iso4":
            block = pinblock.encipher_pinblock_iso_4(key, pin, account)
        else:
            engine = Cipher(TripleDES(key + key[:8]), modes.ECB()).encryptor()
            block = engine.update(pinblock.encode_pinblock_iso_0(pin, account + "0")) + engine.finalize()
        return {"pinBlock": base64.b64encode(block).decode()}

    async def _keys(self, _: dict[str, Any]) -> dict[str, Any]:
        details = {
            name: {
                "loaded": "yes",
                "keyBlockInfo": {
                    "keyUsage": usage,
                    "algorithm": algorithm,
                    "modeOfUse": "E",
                    "keyLength": len(key) * 8,
                },
            }
            for name, (usage, algorithm, key) in KEYS.items()
        }
        return {"keyDetails": details | {"SPARE": {"loaded": "no"}}}

    async def _reset(self, _: dict[str, Any]) -> dict[str, Any]:
        self.pin = ""
        self.resets += 1
        return {}
