"""The machinery as effects need it, over the device program's clients."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from drivers.client import BarcodeClient, DeviceHub, DispenserClient, PaperClient, PaymentClient
from drivers.client.errors import DeviceTimeout
from drivers.payment import Channel, Payment, Stage
from drivers.pdf_pages import page_count
from drivers.ports import PrintResult
from kiosk.effects.base import Tell

PRINT_WITHIN_S = 90.0
"""Besides its pages: the printer wakes, warms up, and a sheet that stands for want of a hand is taken back."""
SLIP_WITHIN_S = 120.0
"""Drawn, a slip of a visit has forty kilobytes: 45 s on a line of 9600 baud. What goes wrong is told long before."""
SHEET_WITHIN_S = 10.0
"""A sheet takes under two seconds; ten leave room for one retry of the wire."""

CHARGE_WITHIN_S = 150.0
"""A minute to find the card, the PIN, and a slow bank; the person is asked whether they are still there after 180 s."""
CARD_STATES = {
    "InsertCardEvent": "insert",
    "CardInsertedEvent": "processing",
    "PinEntryEvent": "pin",
    "ProcessingEvent": "processing",
}
"""The pay page's states by the events of PaymentTerminal."""
READ_STATES = {
    str(Stage.TRY_AGAIN): "again",
    str(Stage.TRY_ANOTHER_INTERFACE): "other",
    str(Stage.MULTIPLE_CARDS): "several",
    str(Stage.CONFIRMATION_REQUIRED): "confirm",
}
"""And by the ``messageId`` of its ReadStatusEvent."""


class Machines:
    """Paper printers, the invoice dispenser and the card terminal by our keys.

    ``pages_per_minute`` is what the A4 printer prints at the least: a document is waited for as long as its pages need.
    """

    def __init__(self, hub: DeviceHub, pages_per_minute: float) -> None:
        self._page_s = 60 / pages_per_minute
        self._paper = {role: PaperClient(hub, role) for role in ("documentPrinter", "receiptPrinter")}
        self._dispenser = DispenserClient(hub)
        self._cards = PaymentClient(hub)
        self._codes = BarcodeClient(hub)

    async def print_pdf(self, key: str, name: str, pdf: bytes) -> PrintResult:
        """Print a document under our key; its name at the printer is the certificate's number."""
        pages = await asyncio.to_thread(page_count, pdf) or 1
        within_s = PRINT_WITHIN_S + pages * self._page_s
        return await self._paper["documentPrinter"].print_pdf(key, name, pdf, within_s)

    async def print_slip(self, key: str, blocks: Sequence[Mapping[str, Any]]) -> PrintResult:
        """Print a slip under our key."""
        return await self._paper["receiptPrinter"].print_receipt(key, blocks, SLIP_WITHIN_S)

    async def print_result(self, role: str, key: str) -> PrintResult | None:
        """What became of a paper job."""
        return await self._paper[role].query(key)

    async def dispense(self, key: str, body: Mapping[str, Any], on_item: Tell) -> int:
        """Feed the reserved numbers; how many sheets lie in the tray."""
        count = int(body["last"]) - int(body["first"]) + 1
        done = await self._dispenser.dispense(
            key, body["unit"], body["code"], body["first"], body["last"], on_item, count * SHEET_WITHIN_S + 20
        )
        return sum(1 for item in done["items"] if item["position"] == "tray")

    async def present(self, key: str) -> None:
        """Open the tray."""
        await self._dispenser.present(key, SHEET_WITHIN_S)

    async def taken(self, key: str, within_s: float) -> bool:
        """Whether the tray was emptied in time."""
        return await self._dispenser.wait_taken(key, within_s)

    async def retract(self, key: str) -> None:
        """Draw back what lies in the tray."""
        await self._dispenser.retract(key, SHEET_WITHIN_S)

    async def dispense_result(self, key: str) -> Mapping[str, Any] | None:
        """The record of a dispense job, or None when it was never begun."""
        told = await self._dispenser.query(key)
        return told if told.get("known") else None

    async def ranges(self) -> Mapping[str, Mapping[str, Any]]:
        """What each unit of the dispenser holds, by unit."""
        return await self._dispenser.ranges()

    async def take_out(self, units: Sequence[str]) -> None:
        """Everything was taken out of these units."""
        await self._dispenser.take_out(units)

    async def put_in(self, unit: str, code: str, kind: str, first: str, last: str) -> None:
        """These numbers were put into a unit; the machine compares the one in front."""
        await self._dispenser.load(unit, code, kind, first, last)

    async def charge(self, order: str, amount_fen: int, tell: Tell) -> Payment:
        """Charge a bank card for an order; ``tell`` gets ``state`` as the card terminal asks for it."""

        def on_event(name: str, payload: Mapping[str, Any]) -> None:
            state = CARD_STATES.get(name.partition(".")[2]) or READ_STATES.get(str(payload.get("messageId")))
            if state is not None:
                tell({"state": state})

        return await self._cards.purchase(order, amount_fen, Channel.CARD, CHARGE_WITHIN_S, on_event)

    async def code(self, within_s: float) -> bytes | None:
        """What was held before the code reader meanwhile; None when nothing was."""
        try:
            return (await self._codes.read(within_s)).data
        except DeviceTimeout:
            return None

    async def stop_charging(self) -> None:
        """Let the card terminal end what it waits for."""
        await self._cards.cancel()

    async def card_book(self) -> str:
        """Which book charges are entered in at this moment; empty while nobody tells."""
        return self._cards.book

    async def charged(self, order: str, book: str = "") -> Payment | None:
        """What became of the charge of an order; None when it was never begun, as ``book`` (``card_book``) has it."""
        return await self._cards.query(order, book)

    async def units(self) -> list[dict[str, Any]]:
        """What each storage unit holds, as the wire's UnitStock; one that holds nothing is left out.

        A unit whose stock was handed out keeps its code and has no numbers.
        """
        told = await self._dispenser.ranges()
        return [
            {
                "unit": name,
                "code": unit["code"],
                "next_number": unit["next"],
                "last_number": unit["last"],
                "count": unit["count"] if unit["status"] == "ok" else 0,
            }
            for name, unit in sorted(told.items())
            if unit.get("code") and unit.get("next")
        ]
