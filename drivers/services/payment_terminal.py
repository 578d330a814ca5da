"""The bank-card terminal's service: payments under the client's keys, each entered before the terminal hears of it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from typing import Any, Final

from config.clock import Deadline
from drivers.books.payment import PaymentBook, PaymentJob, fingerprint_of
from drivers.errors import DeviceError
from drivers.payment import (
    BY_STAFF,
    Channel,
    Operation,
    Order,
    Outcome,
    Payment,
    PaymentTerminal,
    Stage,
    reference_of,
)
from drivers.services import settlement_told
from drivers.services.base import DeviceService, Identity
from drivers.services.paying import ASK_S, FORGOTTEN, LONGEST_S, OTHER_TERMINAL, STRANGE, Teller
from drivers.services.settling import Settler
from drivers.store import Store
from drivers.supervision import Stage as Watching
from drivers.supervision import Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import payment_terminal as messages
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.words import CompletionCode

log = logging.getLogger("kiosk.devices.payment")

RETRY_S: Final = 15.0
"""How often the terminal is asked again about a payment whose outcome is not known."""
SIGN_IN_S: Final = 20.0
"""How long the bank may take to open a batch before the queue goes on without."""
_EVENTS: Final = {
    Stage.INSERT_CARD: messages.INSERT_CARD,
    Stage.CARD_INSERTED: messages.CARD_INSERTED,
    Stage.PIN_ENTRY: messages.PIN_ENTRY,
    Stage.PROCESSING: messages.PROCESSING,
}
_ASKS: Final = frozenset(
    {
        Stage.TRY_AGAIN,
        Stage.TRY_ANOTHER_INTERFACE,
        Stage.MULTIPLE_CARDS,
        Stage.CONFIRMATION_REQUIRED,
    }
)


class PaymentTerminalService(DeviceService[PaymentTerminal]):
    """PaymentTerminal. Payments run in the queue, so one key is paid by one command.

    What a power cut, a lost line or a slow bank has left open is asked for when the terminal is connected, and
    then every ``retry_s`` seconds, until it is known.
    """

    def __init__(
        self,
        identity: Identity,
        supervisor: Supervisor[PaymentTerminal],
        store: Store,
        retry_s: float = RETRY_S,
    ) -> None:
        book = PaymentBook(store, identity.name)
        self._store = store
        self._teller = Teller(store, book, self._resolved)
        self._settler = Settler(store, book, identity.name)
        self._retry_s = retry_s
        self._request: Request | None = None
        self._retrying: asyncio.Task[None] | None = None
        super().__init__(identity, supervisor, (messages.INTERFACE,))
        self.offer(messages.PURCHASE, self._purchase)
        self.offer(messages.VOID, self._void)
        self.offer(messages.REFUND, self._refund)
        self.offer(messages.QUERY_LAST, self._query_last)
        self.offer(messages.CANCEL, self._cancel)
        self.offer(messages.START, self._start)
        self.offer(messages.GET_TOTALS, self._get_totals)
        self.offer(messages.SETTLE, self._settle)
        self.offer(messages.LAST_SETTLEMENT, self._last_settlement)
        self.offer(messages.CLOSE_SETTLEMENT, self._close_settlement)
        self.offer(messages.GET_UNRESOLVED, self._get_unresolved)
        self.offer(messages.RESOLVE, self._resolve)
        self.offer(messages.RESET, self._reset)

    # -- life ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Connect, serve, and ask again about what is open."""
        super().start()
        self._retrying = asyncio.create_task(self._retry(), name=f"open payments of {self.name}")

    async def close(self) -> None:
        """End all commands, then close the device."""
        task, self._retrying = self._retrying, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await super().close()

    async def starting(self) -> None:
        """Count what an earlier program has left open."""
        await self._teller.count()
        await self._settler.count()
        self.publish()

    async def connected(self) -> None:
        """Give every payment and settlement left open its outcome, before anything is paid, and open the batch."""
        if self.supervisor.watch.stage is Watching.ONLINE:
            with self.supervisor.using() as terminal:
                await self._teller.resolve(terminal)
                await self._settler.resolve(terminal)
                if self._closed():
                    await self._sign_in(terminal)
            self.publish()

    async def _retry(self) -> None:
        while True:
            await asyncio.sleep(self._retry_s)
            left = self._teller.unresolved or self._settler.unresolved or self._closed()
            if left and not self.queue.busy:
                self.by_itself(self.connected)

    def _closed(self) -> bool:
        """Whether the batch was closed and no new one opened: the answer to its settlement, or the bank's, was lost."""
        told = self._status_told()
        return told.get("batch") == messages.Batch.CLOSED and told.get("link") == messages.Link.ONLINE

    async def _sign_in(self, terminal: PaymentTerminal) -> None:
        try:
            await terminal.login(Deadline.after(SIGN_IN_S))
        except DeviceError as error:
            log.info("no new batch can be opened now: %s", error)

    def _status_told(self) -> Mapping[str, object]:
        """What the terminal itself says of its status."""
        told = self.supervisor.known.details.get("paymentTerminal")
        return told if isinstance(told, Mapping) else {}

    def _resolved(self, job: PaymentJob) -> None:
        """A payment has got its outcome; whoever is connected hears of it."""
        told = messages.QueryLastOut(known=True, key=job.key, payment=_out(job.result, job.order.reference))
        self.broadcast(messages.RESOLVED, told)
        self.publish()

    # -- money --------------------------------------------------------------------------------------

    async def _purchase(self, request: Request, payload: messages.PurchaseIn) -> messages.PaymentOut:
        order = Order(Operation.SALE, reference_of(payload.key), payload.amount, payload.channel)
        return await self._pay(request, payload.key, order)

    async def _void(self, request: Request, payload: messages.VoidIn) -> messages.PaymentOut:
        sale = await self._sale(payload.original_key)
        return await self._take_back(request, Operation.VOID, payload.key, sale, sale.order.amount_fen)

    async def _refund(self, request: Request, payload: messages.RefundIn) -> messages.PaymentOut:
        sale = await self._sale(payload.original_key)
        amount = payload.amount or sale.order.amount_fen
        return await self._take_back(request, Operation.REFUND, payload.key, sale, amount)

    async def _take_back(
        self, request: Request, operation: Operation, key: str, sale: PaymentJob, amount: int
    ) -> messages.PaymentOut:
        order = Order(operation, reference_of(key), amount, Channel.ANY, sale.order.reference)
        return await self._pay(request, key, order, sale.key)

    async def _sale(self, key: str) -> PaymentJob:
        """The sale of that key, which must have been charged."""
        job = await self._teller.book.find(key)
        if job is not None and job.open:
            await self._teller.truth(self._terminal(), job)
            job = await self._teller.book.find(key)
        if job is not None and job.open:
            raise CommandFailed("what became of that payment is not known yet", "unresolvedPayment")
        if job is None or job.order.operation is not Operation.SALE or not job.charged:
            raise CommandFailed("nothing was charged under the original key", "originalUnknown")
        return job

    async def _pay(
        self, request: Request, key: str, order: Order, original_key: str | None = None
    ) -> messages.PaymentOut:
        """Pay once: a key that is known is answered from the book, whatever happens."""
        known = await self._teller.book.find(key)
        if known is not None and known.fingerprint == fingerprint_of(order):
            return _out(await self._teller.truth(self._terminal(), known), order.reference)
        if known is not None or await self._teller.book.key_used(key):
            raise CommandFailed("this key stands for something else; make a new key", "keyReused")
        with self.supervisor.using() as terminal:
            self._request = request
            try:
                result = await self._teller.pay(request, terminal, key, order, original_key)
            finally:
                self._request = None
                self.publish()
        return _out(result, order.reference)

    async def _cancel(self, request: Request, payload: Nothing) -> Nothing:
        """Let the payment under way end; how it ended is told by its own completion."""
        if self._request is not None:
            self._request.stop(CompletionCode.CANCELED)
        return Nothing()

    # -- what became of it --------------------------------------------------------------------------

    async def _query_last(self, request: Request, payload: messages.QueryLastIn) -> messages.QueryLastOut:
        book, paying = self._teller.book, self._teller.paying
        job = await (book.last() if payload.key is None else book.find(payload.key))
        if job is None:
            under_way = payload.key is not None and payload.key == paying
            return messages.QueryLastOut(known=False, book_id=self._store.identity, under_way=under_way)
        if job.open and job.key == self._teller.paying:
            return messages.QueryLastOut(known=True, key=job.key, under_way=True)
        if job.open and job.key == paying:  # it ended while the book was read
            job = await book.find(job.key) or job
        terminal = self._terminal() if self._teller.paying is None else None
        found = await self._teller.truth(terminal, job)
        return messages.QueryLastOut(known=True, key=job.key, payment=_out(found, job.order.reference))

    async def _get_unresolved(self, request: Request, payload: Nothing) -> messages.UnresolvedOut:
        jobs = [job for job in await self._teller.book.unfinished() if job.key != self._teller.paying]
        return messages.UnresolvedOut(payments=[_unresolved(job) for job in jobs])

    async def _resolve(self, request: Request, payload: messages.ResolveIn) -> messages.PaymentOut:
        """Staff has looked at the acquirer's statement.

        The terminal's own word comes first, and a person's counts only where the terminal can no longer tell.
        """
        job = await self._teller.book.find(payload.key)
        if job is None:
            raise CommandFailed("there is no payment of that key", "keyUnknown")
        if not job.open:
            raise CommandFailed("the outcome of that payment is known; query it", "alreadyKnown")
        terminal = self._terminal()
        found = await self._teller.truth(terminal, job)
        if not found.known:
            beyond = terminal is None and self._teller.forgotten(job)
            if not beyond and found.error_code not in (OTHER_TERMINAL, FORGOTTEN, STRANGE):
                why = f"the terminal may still tell ({found.error_code}); connect it and query the payment"
                raise CommandFailed(why, "unresolvedPayment")
            outcome = Outcome.APPROVE if payload.charged else Outcome.DECLINE
            said = Payment(outcome, job.order.operation, job.order.amount_fen, BY_STAFF, serial=job.serial)
            found = await self._teller.enter(job, said, payload.by or request.client.name)
        return _out(found, job.order.reference)

    def _terminal(self) -> PaymentTerminal | None:
        """The terminal, when it can be asked now."""
        online = self.supervisor.watch.stage is Watching.ONLINE
        return self.supervisor.device if online else None

    # -- the batch ----------------------------------------------------------------------------------

    async def _start(self, request: Request, payload: Nothing) -> messages.StartOut:
        with self.supervisor.using() as terminal:
            return messages.StartOut(batch=await terminal.login(request.deadline.within(LONGEST_S)))

    async def _get_totals(self, request: Request, payload: Nothing) -> messages.TotalsOut:
        with self.supervisor.using() as terminal:
            serial = await terminal.serial(request.deadline.within(ASK_S))
            counted = await terminal.totals(request.deadline.within(ASK_S))
        is_open = self._status_told().get("batch") == messages.Batch.OPEN
        count = self._settler.counted if is_open else self._teller.book.totals
        book = await count(counted.batch, serial)
        return messages.TotalsOut(
            batch=counted.batch,
            terminal=messages.Totals.of(counted),
            book=messages.Totals.of(book),
            agrees=book == counted,
        )

    async def _settle(self, request: Request, payload: messages.SettleIn) -> messages.SettleOut:
        """Close the batch; never with a payment in it whose outcome is not known. A known key closes nothing."""
        key = payload.key or f"settle-{uuid.uuid4()}"
        known = await self._settler.book.find(key)
        if known is None and await self._teller.book.key_used(key):
            raise CommandFailed("this key stands for something else; make a new key", "keyReused")
        if known is not None and not known.open:
            return settlement_told.settled(known)
        try:
            with self.supervisor.using() as terminal:
                if known is not None:
                    return settlement_told.settled(await self._settler.ask(terminal, known))
                serial = await terminal.serial(request.deadline.within(ASK_S))
                await self._teller.clear(terminal, serial)
                return settlement_told.settled(await self._settler.settle(request, terminal, serial, key))
        finally:
            self.publish()

    async def _last_settlement(self, request: Request, payload: Nothing) -> messages.LastSettlementOut:
        book = self._settler.book
        return settlement_told.last(await book.last(), await book.unfinished())

    async def _close_settlement(
        self, request: Request, payload: messages.CloseSettlementIn
    ) -> messages.SettlementTold:
        """Staff says that no terminal can tell; refused while this one can, or may."""
        job = await self._settler.book.find(payload.key)
        if job is None:
            raise CommandFailed("there is no settlement of that key", "keyUnknown")
        if not job.open:
            raise CommandFailed("how that settlement ended is known; query it", "alreadyKnown")
        try:
            closed = await self._settler.close(self._terminal(), job, payload.reason, payload.by)
        finally:
            await self._settler.count()
            self.publish()
        return settlement_told.told(closed)

    async def _reset(self, request: Request, payload: Nothing) -> Nothing:
        with self.supervisor.using() as terminal:
            await terminal.reset(request.deadline.within(LONGEST_S))
        return Nothing()

    # -- status -------------------------------------------------------------------------------------

    def own_status(self) -> Mapping[str, object]:
        """How many payments are open, and how the last settlement stands."""
        told = {"unresolved": self._teller.unresolved, **settlement_told.status(self._settler.last)}
        return {"paymentTerminal": {**told, "bookId": self._store.identity}}

    def class_capabilities(self) -> Mapping[str, object]:
        """What the terminal reads and does."""
        return {
            "paymentTerminal": {
                "channels": {"card": True, "qr": True},
                "entries": {"magstripe": True, "chip": True, "contactless": True, "qr": True},
                "void": True,
                "refund": True,
                "settle": True,
                "printsSlip": True,
                "cancel": True,
            }
        }

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Tell whoever pays what the terminal asks of the person, and everybody that the card is out."""
        old, new = (status.get("paymentTerminal", {}).get("stage") for status in (before, after))
        if new == old:
            return
        if old == Stage.REMOVE_CARD and new == Stage.IDLE:
            self.broadcast(messages.CARD_REMOVED)
        if self._request is None or new not in [*Stage]:
            return
        stage = Stage(new)
        if stage in _EVENTS:
            self._request.event(_EVENTS[stage])
        elif stage in _ASKS:
            self._request.event(messages.READ_STATUS, messages.ReadStatus(message_id=stage))


def _out(payment: Payment | None, reference: str) -> messages.PaymentOut:
    told = payment or Payment(Outcome.UNKNOWN)
    return messages.PaymentOut(**messages.PaymentOut.fields_of(told, reference))


def _unresolved(job: PaymentJob) -> messages.UnresolvedPayment:
    return messages.UnresolvedPayment(
        key=job.key,
        operation=job.order.operation,
        amount=job.order.amount_fen,
        reference=job.order.reference,
        serial=job.serial,
        begun_at=job.begun_at.isoformat() if job.begun_at is not None else None,
    )
