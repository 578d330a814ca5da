"""The bank-card terminal in the application's words; thin, typed, without policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from drivers.client.answers import understood
from drivers.client.connection import OnEvent
from drivers.client.errors import BookLost, DeviceUnavailable
from drivers.client.hub import DeviceHub
from drivers.payment import Channel, ClosingReason, Operation, Outcome, Payment

ASK_WITHIN_S: Final = 10.0
PAY_S: Final = 120.0
BANK_S: Final = 60.0


class PaymentClient:
    """Payments by our key: the same key never charges twice.

    An answer is an outcome, a declined card too. ``Outcome.UNKNOWN``, and ``DeviceUnavailable`` with
    ``under_way``, mean that only ``query`` tells more; the device program goes on asking the terminal by itself.
    """

    def __init__(self, hub: DeviceHub, role: str = "paymentTerminal") -> None:
        self._hub, self._role = hub, role

    async def start(self, timeout_s: float = BANK_S) -> str:
        """Sign in at the bank (签到); the number of the open batch."""
        told = await self._ask("Start", {}, timeout_s)
        with understood(self._role, "PaymentTerminal.Start"):
            return str(told["batch"])

    async def purchase(
        self,
        key: str,
        amount_fen: int,
        channel: Channel = Channel.ANY,
        timeout_s: float = PAY_S,
        on_event: OnEvent | None = None,
    ) -> Payment:
        """Charge ``amount_fen`` once; ``on_event`` hears InsertCard, PinEntry, Processing and what the reader asks."""
        payload = {"key": key, "amount": amount_fen, "channel": channel.value}
        return self._payment("Purchase", await self._ask("Purchase", payload, timeout_s, on_event))

    async def void(self, key: str, original_key: str, timeout_s: float = BANK_S) -> Payment:
        """Take a whole sale of the open batch back (撤销), once."""
        payload = {"key": key, "originalKey": original_key}
        return self._payment("Void", await self._ask("Void", payload, timeout_s))

    async def refund(
        self, key: str, original_key: str, amount_fen: int | None = None, timeout_s: float = BANK_S
    ) -> Payment:
        """Give back a sale, or a part of it, also of a settled batch (退货), once."""
        payload = {"key": key, "originalKey": original_key, "amount": amount_fen}
        return self._payment("Refund", await self._ask("Refund", payload, timeout_s))

    @property
    def book(self) -> str:
        """Which book payments are entered in; empty while no service tells. It is lost with ``devices.db``."""
        told = self._hub.status(self._role).details.get("paymentTerminal")
        return _book_of(told) if isinstance(told, Mapping) else ""

    async def query(self, key: str, book: str = "") -> Payment | None:
        """What became of a payment; None when it was never begun. ``book`` is the one it would have been entered in.

        Raises ``DeviceUnavailable`` while it is under way, and ``BookLost`` when another book does not know it.
        """
        told = await self._ask("QueryLast", {"key": key}, ASK_WITHIN_S)
        if told.get("underWay"):
            raise DeviceUnavailable(self._role, "the payment is still under way")
        if told.get("known"):
            return self._payment("QueryLast", told.get("payment"))
        if book and _book_of(told) != book:
            raise BookLost(self._role)
        return None

    async def cancel(self) -> None:
        """Let the payment under way end; its own call says how it ended."""
        await self._ask("Cancel", {}, ASK_WITHIN_S)

    async def totals(self) -> Mapping[str, Any]:
        """``batch``, ``terminal`` and ``book`` with counts and sums in fen, ``agrees``."""
        return await self._ask("GetTotals", {}, ASK_WITHIN_S)

    async def settle(self, key: str | None = None, timeout_s: float = BANK_S) -> Mapping[str, Any]:
        """Close the batch (结算), once for each ``key``; as ``totals``, and ``balanced`` from the bank.

        Needs the operator role. When no answer comes, ``last_settlement`` tells how it ended.
        """
        return await self._ask("Settle", {} if key is None else {"key": key}, timeout_s)

    async def last_settlement(self) -> Mapping[str, Any]:
        """The settlement entered last with its ``state`` (``SettlementState``); ``known`` false before the first.

        ``unresolved`` has every one of which nobody knows how it ended, oldest first.
        """
        return await self._ask("GetLastSettlement", {}, ASK_WITHIN_S)

    async def close_settlement(self, key: str, reason: ClosingReason, by: str) -> Mapping[str, Any]:
        """Enter staff's word for an open settlement that no terminal can tell of; needs the operator role.

        Raises ``DeviceCommandFailed``: ``unresolvedSettlement`` while the terminal may still tell.
        """
        told = {"key": key, "reason": reason.value, "by": by}
        return await self._ask("CloseSettlement", told, ASK_WITHIN_S)

    async def unresolved(self) -> Sequence[Mapping[str, Any]]:
        """Every payment whose outcome is not known, oldest first: ``key``, ``amount``, ``serial``, ``begunAt`` ..."""
        found = (await self._ask("GetUnresolved", {}, ASK_WITHIN_S)).get("payments")
        return found if isinstance(found, list) else []

    async def resolve(self, key: str, *, charged: bool, by: str) -> Payment:
        """Enter what the acquirer's statement says when no terminal can tell; ``by`` looked. For the operator role."""
        told = {"key": key, "charged": charged, "by": by}
        return self._payment("Resolve", await self._ask("Resolve", told, ASK_WITHIN_S))

    def _payment(self, name: str, told: Any) -> Payment:
        with understood(self._role, f"PaymentTerminal.{name}"):
            return payment_of(told)

    async def _ask(
        self, name: str, payload: Mapping[str, Any], timeout_s: float, on_event: OnEvent | None = None
    ) -> Mapping[str, Any]:
        return await self._hub.request(self._role, f"PaymentTerminal.{name}", payload, timeout_s, on_event)


def _book_of(told: Mapping[str, Any]) -> str:
    """The identity of the service's book; empty from a service that tells none."""
    return str(told.get("bookId") or "")


def payment_of(told: Mapping[str, Any]) -> Payment:
    """A payment as it came over the wire."""
    operation, at = told.get("operation"), told.get("at")
    return Payment(
        Outcome(told["outcome"]),
        Operation(operation) if operation else None,
        told.get("amount"),
        told.get("errorCode"),
        told.get("responseCode"),
        told.get("text"),
        told.get("card"),
        told.get("entry"),
        told.get("issuer"),
        told.get("trace"),
        told.get("batch"),
        told.get("rrn"),
        told.get("authCode"),
        told.get("terminal"),
        told.get("merchant"),
        datetime.fromisoformat(at) if at else None,
        told.get("serial"),
        bool(told.get("voided")),
    )
