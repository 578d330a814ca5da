"""The chip card reader: the card's cable has the tap, and pulling it takes the reader's service along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from config.clock import Deadline
from drivers.devices.card_profile import load_profile
from drivers.devices.options import Value
from drivers.devices.smart_card import SmartCard
from drivers.errors import DeviceError
from drivers.ports import ChipPower, ChipProtocol, SmartCardReader
from drivers.ports_tax import SealedWord
from drivers.simulators.base import Pace
from drivers.simulators.chip import PIN
from drivers.simulators.chip_keys import ec_key
from drivers.simulators.pcscd import PrivatePcscd
from drivers.simulators.smart_card import SmartCardSimulator
from drivers.transports.pcsc import PcscReader
from drivers.transports.pcsc_calls import use_socket
from tests.drivers.contract.faults import Pieces, Spoilt
from tests.drivers.contract.subject import CLOCK, Command, Subject, none
from tests.drivers.contract.tap import TcpTap
from tests.drivers.pcscd import kept
from tests.drivers.tax_devices import REPORT, UKEY, order, sealed

READER = "Virtual PCD * 00"
_SELECT = bytes.fromhex("00A4040008F05441584B45590100")
_CHALLENGE = b"contract of 2026-10-12"
_MONTH = date(2026, 9, 1)
_ATR = 4
_LENGTH = 2


class _Frames:
    """Cuts a stream of vpcd into its messages, each with its length in front."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> list[bytes]:
        self._kept += data
        found = []
        while (end := self._end()) is not None:
            found.append(self._kept[:end])
            self._kept = self._kept[end:]
        return found

    def _end(self) -> int | None:
        end = _LENGTH + int.from_bytes(self._kept[:_LENGTH], "big")
        return end if len(self._kept) >= end else None


class CardTap(TcpTap):
    """Between card and virtual reader. The reader's own looks, several a second, pass by without being counted."""

    def __init__(self, daemon: PrivatePcscd) -> None:
        super().__init__(daemon.ports[0])
        self._daemon = daemon
        self._looks = 0
        self._powered = False

    def _cut(self) -> None:
        super()._cut()
        if self.is_cut:
            self._daemon.kill()

    async def _mend(self) -> None:
        await asyncio.to_thread(self._daemon.start)
        await super()._mend()

    def spoil(self, number: int, data: bytes) -> Pieces:
        """A card can say anything wrong; the length in front is the reader's, which hands on what it heard as one."""
        if not isinstance(self.fault, Spoilt):
            return super().spoil(number, data)
        pieces = self.fault.answer(self, number, data[_LENGTH:])
        waits = [piece for piece in pieces if isinstance(piece, float)]
        said = b"".join(piece for piece in pieces if isinstance(piece, bytes))
        return [*waits, len(said).to_bytes(_LENGTH, "big") + said] if said else waits

    async def _requests(self, card: asyncio.StreamReader, reader: asyncio.StreamWriter) -> None:
        """From the card: its answers."""
        frames = _Frames()
        while data := await card.read(4096):
            for frame in frames.feed(data):
                if self._looks:
                    self._looks -= 1
                    reader.write(frame)
                else:
                    await self.answer(frame, reader.write)

    async def _answers(self, reader: asyncio.StreamReader, card: asyncio.StreamWriter) -> None:
        """From the reader: what the driver asks, and the reader's own looks."""
        frames = _Frames()
        self._looks = 0
        while data := await reader.read(4096):
            for frame in frames.feed(data):
                control = frame[2] if len(frame) == 3 else None
                if control == _ATR and not self._powered:
                    self._looks += 1
                    card.write(frame)
                else:
                    self.ask(frame, card.write)
                self._powered = control in (1, 2)


class SmartCards(Subject):
    """PC/SC reader with an ISO 7816 card; vpcd's protocol repairs nothing."""

    name = "smart-card-pcsc"
    port = SmartCardReader
    driver = SmartCard
    limit = 1.0
    steps = 1
    piece = 8
    singles = 24
    # TCP has a check sum; and between card and reader a doubled block is dropped by its number (ISO 7816-3, 11.6.3),
    # which vpcd's protocol has not.
    exempt = frozenset({"flipped", "twice"})
    # A block between card and reader has a check sum (ISO/IEC 7816-3, 11.4.4), which vpcd's protocol has not either.
    unchecked = frozenset({"garbage-before"})

    async def start(self) -> None:
        daemon = kept()
        use_socket(str(daemon.socket))
        self.tap: CardTap = CardTap(daemon)
        await self.tap.start()
        self.sim = SmartCardSimulator(Pace(100), daemon, port=self.tap.port)
        await self.sim.start()
        self.device = SmartCard(PcscReader(READER), CLOCK, load_profile("iso-ecc"))

    async def stop(self) -> None:
        await self.sim.stop()
        await self.tap.stop()

    def options(self) -> Mapping[str, Value]:
        return {"socket": str(kept().socket), "reader": READER, "profile": "iso-ecc"}

    def commands(self, device: SmartCard) -> Mapping[str, Command]:
        async def out() -> None:
            if self.sim.state()["card"] is not None:
                await self.sim.do("remove")
            await device.removed(_soon())

        async def lie() -> None:
            """A card that can be powered is in, and has no power yet."""
            for _ in range(4):
                try:
                    await device.power(ChipPower.COLD, Deadline.after(0.5))
                    # pcscd may have answered the first one from memory, for a card that has just gone.
                    await device.power(ChipPower.COLD, Deadline.after(0.5))
                    return await device.reset(_soon())
                except DeviceError:
                    await out()
                    await self.sim.do("insert", {"tax": UKEY})
                    await device.insert(_soon())

        async def powered() -> None:
            await lie()
            await device.power(ChipPower.COLD, _soon())

        async def shown() -> None:
            await lie()
            await device.verify_pin(PIN, _soon())

        def soon_after(action: str) -> Callable[[], Any]:
            async def hand() -> None:
                await asyncio.sleep(0.02)
                await self.sim.do(action)

            return hand

        key = ec_key(1)
        return {
            "insert": Command(device.insert, none, out, soon_after("insert")),
            "removed": Command(device.removed, none, lie, soon_after("remove")),
            "power": Command(
                lambda d: device.power(ChipPower.COLD, d), lambda chip: chip.protocol is ChipProtocol.T1, lie
            ),
            "transmit": Command(
                lambda d: device.transmit(_SELECT, ChipProtocol.T1, d),
                lambda told: told[:1] == b"\x6f" and told[-2:] == b"\x90\x00",
                powered,
            ),
            "verify_pin": Command(lambda d: device.verify_pin(PIN, d), lambda told: told.right, lie),
            "certificate": Command(
                device.certificate, lambda der: x509.load_der_x509_certificate(der).public_key() == key.public_key(), lie
            ),
            "sign": Command(lambda d: device.sign(_CHALLENGE, d), _signed(key), shown),
            "tax_state": Command(device.tax_state, lambda told: told.device == UKEY["number"], lie),
            "tax_report": Command(lambda d: device.tax_report(_MONTH, d), lambda told: told.text == REPORT, lie),
            "tax_order": Command(
                lambda d: device.tax_order(SealedWord(order(), sealed(order())), d), lambda told: told.counter == 7, lie
            ),
            "reset": Command(device.reset, none, powered),
        }  # fmt: skip


def _signed(key: ec.EllipticCurvePrivateKey) -> Callable[[Any], bool]:
    def good(signature: Any) -> bool:
        key.public_key().verify(signature, _CHALLENGE, ec.ECDSA(hashes.SHA256()))
        return True

    return good


def _soon() -> Deadline:
    return Deadline.after(5)
