"""The bank-card terminal on its ECR line: one order at a time, and none ever sent twice."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from config.clock import Clock, Deadline
from drivers.devices.ecr_exchange import PosExchange, Timings
from drivers.devices.ecr_profile import load_dialect
from drivers.devices.line_device import LineDevice
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.traits import Probe, Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    InvalidData,
    LinkLost,
    ProtocolError,
    SequenceError,
)
from drivers.payment import MOST_FEN, BatchTotals, Operation, Order, Outcome, Payment, Settlement, Stage
from drivers.ports import DeviceState
from drivers.protocols import ecr_replies as replies
from drivers.protocols.ecr import ACK, Deframer, Frame, encode
from drivers.protocols.ecr_messages import Dialect, Message, decode_message, encode_message
from drivers.protocols.ecr_replies import Echo
from drivers.protocols.ecr_wire import EcrWire
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

_T = TypeVar("_T")
_log = logging.getLogger("kiosk.devices.paymentTerminal")

DIALECT: Final = "ecr"
_MISSES: Final = 2
_REFERENCE: Final = re.compile(r"[0-9A-Z]{1,20}", re.ASCII)
_READS: Final = frozenset(
    {
        Stage.INSERT_CARD,
        Stage.TRY_AGAIN,
        Stage.TRY_ANOTHER_INTERFACE,
        Stage.MULTIPLE_CARDS,
        Stage.CONFIRMATION_REQUIRED,
    }
)


@dataclass(slots=True)
class _Talk:
    """An order under way: ``stop`` asks the terminal to give up."""

    order: Order
    stop: asyncio.Event = field(default_factory=asyncio.Event)


class PosTerminal(LineDevice):
    """Implements ``PaymentTerminal``.

    One lock serialises all questions. An order runs in a task of its own that nobody cancels: when the caller
    gives up, the terminal is told to, and the line is free again only when it has said how it ended.
    """

    def __init__(
        self, channel: Channel, clock: Clock, dialect: Dialect, timings: Timings | None = None
    ) -> None:
        super().__init__("paymentTerminal", clock, channel)
        self._dialect = dialect
        self._timings = timings or Timings()
        self._exchange = PosExchange(channel, dialect, self._timings, self._noticed)
        self._lock = asyncio.Lock()
        self._echo: Echo | None = None
        self._stage = Stage.IDLE
        self._talk: _Talk | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    # -- the port -----------------------------------------------------------------------------------

    async def transact(self, order: Order, deadline: Deadline) -> Payment:
        """Carry out an order once; see the port. ``Outcome.UNKNOWN`` where no answer came."""
        self._require()
        _check(order)
        await self._take_line(deadline)
        talk = self._talk = _Talk(order)
        task = self._alone(self._carry_out(talk))
        try:
            await asyncio.wait({task}, timeout=_before(deadline, self._timings.wind_down))
            talk.stop.set()
            await asyncio.wait({task}, timeout=deadline.remaining)
        except asyncio.CancelledError:
            talk.stop.set()
            raise
        return task.result() if task.done() else _unknown(order, "timeOut")

    async def query(self, reference: str, deadline: Deadline) -> Payment | None:
        """What the terminal has recorded of a reference; None when it has never begun it."""
        if not _REFERENCE.fullmatch(reference):
            raise InvalidData("a reference has up to 20 capital letters and digits")
        reply = await self._ask("query", deadline, {"reference": reference})
        if reply.values["reference"] != reference:
            raise ProtocolError("the POS answered for another payment; check its firmware")
        return replies.payment(self._dialect, reply)

    async def serial(self, deadline: Deadline) -> str:
        """The serial number of the terminal that is connected now."""
        return replies.echo(await self._ask("echo", deadline)).serial

    async def cancel(self, deadline: Deadline) -> None:
        """Let the terminal give up what it waits for; returns when it is idle."""
        self._require()
        if self._talk is not None:
            self._talk.stop.set()
        async with self._line(deadline):
            await self._within(self._become_idle(), deadline)

    async def totals(self, deadline: Deadline) -> BatchTotals:
        """Count and sum of the open batch."""
        return replies.totals(await self._ask("totals", deadline))

    async def settle(self, deadline: Deadline) -> Settlement:
        """Close the batch and sign in again; raise ``SequenceError`` (``batchClosed``) when there is none."""
        self._require()
        await self._take_line(deadline)
        return await self._within(asyncio.shield(self._alone(self._settle())), deadline)

    async def last_settlement(self, deadline: Deadline) -> Settlement | None:
        """The settlement that the POS has recorded last; raise ``ProtocolError`` while it is at work on one."""
        return replies.last_settlement(self._dialect, await self._ask("last", deadline))

    async def login(self, deadline: Deadline) -> str:
        """Sign in at the bank; the number of the open batch."""
        self._require()
        async with self._line(deadline):
            return await self._within(self._login(), deadline)

    async def reset(self, deadline: Deadline) -> None:
        """Give up what waits, and look anew."""
        await self.cancel(deadline)
        async with self._line(deadline):
            await self._within(self._look(), deadline)

    # -- the line -----------------------------------------------------------------------------------

    async def _take_line(self, deadline: Deadline) -> None:
        try:
            async with asyncio.timeout(deadline.remaining):
                await self._lock.acquire()
        except TimeoutError:
            raise DeadlinePassed("the POS was busy; nothing was sent") from None
        if deadline.passed or not self._connected:
            self._lock.release()
            self._require()
            raise DeadlinePassed("there was no time left; nothing was sent")

    @asynccontextmanager
    async def _line(self, deadline: Deadline) -> AsyncIterator[None]:
        await self._take_line(deadline)
        try:
            yield
        finally:
            self._lock.release()

    def _alone(self, work: Awaitable[_T]) -> asyncio.Task[_T]:
        """Run to the end under the lock that the caller has taken, whatever becomes of the caller."""

        async def run() -> _T:
            try:
                return await work
            finally:
                self._talk = None
                if self._stage is not Stage.REMOVE_CARD:
                    self._stage = Stage.IDLE
                self._lock.release()
                self._show("pushed")

        task = asyncio.ensure_future(run())
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[_T]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            _log.warning("a question to the POS ended with: %s", error)

    async def _within(self, work: Awaitable[_T], deadline: Deadline) -> _T:
        try:
            async with asyncio.timeout(deadline.remaining):
                return await work
        except TimeoutError:
            raise DeadlinePassed("the POS did not answer in time") from None

    async def _ask(self, kind: str, deadline: Deadline, values: Mapping[str, str] | None = None) -> Message:
        """A question that moves no money and may be left at any time."""
        self._require()
        async with self._line(deadline):
            return await self._within(self._exchange.ask(kind, values), deadline)

    # -- orders -------------------------------------------------------------------------------------

    async def _carry_out(self, talk: _Talk) -> Payment:
        order = talk.order
        canceller = asyncio.create_task(self._give_up_when(talk.stop))
        try:
            reply = await self._exchange.ask(order.operation, self._values(order), self._timings.silence)
            found = replies.payment(self._dialect, reply, order.operation)
        except DeviceError as error:
            _log.warning("what became of %s is not known: %s", order.reference, error)
            await self._leave()
            return _unknown(order, "lineLost")
        finally:
            canceller.cancel()
            await asyncio.gather(canceller, return_exceptions=True)
        if found is None or reply.values["reference"] != order.reference:
            _log.error("the POS answered for another payment than %s", order.reference)
            return _unknown(order, "strangeAnswer")
        return found

    async def _leave(self) -> None:
        """A terminal that has fallen silent must not go on asking a person for a card that nobody waits for."""
        if self.channel.is_open:
            with contextlib.suppress(DeviceError):
                await self._within(self._become_idle(), Deadline.after(self._timings.answer))

    def _values(self, order: Order) -> dict[str, str]:
        values = {"reference": order.reference, "amount": f"{order.amount_fen:012d}"}
        if order.operation is Operation.SALE:
            return values | {"channel": self._dialect.channels[order.channel]}
        return values | {"original": order.original or ""}

    async def _give_up_when(self, stop: asyncio.Event) -> None:
        """Tell the terminal to give up, again until it does: the question is harmless and may be lost."""
        await stop.wait()
        while True:
            with contextlib.suppress(DeviceError):
                await self._exchange.tell("cancel")
            await asyncio.sleep(self._timings.again)

    async def _settle(self) -> Settlement:
        reply = await self._exchange.ask("settle", quiet=self._timings.silence)
        said = replies.meaning(self._dialect, reply.values["code"])
        if said.outcome != Outcome.APPROVE and said.word != replies.MISMATCH:
            raise _refused("the batch was not settled", said.word)
        settlement = replies.settlement(self._dialect, reply)
        # The batch is closed: that a new one cannot be opened yet must not hide it.
        with contextlib.suppress(DeviceError):
            await self._login()
        return settlement

    async def _login(self) -> str:
        reply = await self._exchange.ask("login", quiet=self._timings.silence)
        said = replies.meaning(self._dialect, reply.values["code"])
        if said.outcome != Outcome.APPROVE:
            raise _refused("the POS cannot sign in at the bank", said.word)
        await self._look()
        return reply.values.get("batch", "")

    async def _become_idle(self) -> None:
        """Until the terminal says that it does nothing; what is with the bank takes its time."""
        while (await self._look()).busy:
            await self._exchange.ask("cancel")
            await asyncio.sleep(min(0.2, self._timings.again))

    # -- life ---------------------------------------------------------------------------------------

    async def _greet(self) -> None:
        self._exchange.restart()
        async with self._lock:
            found = await self._look()
            if found.busy:
                # Begun by an earlier program; what is with the bank goes on.
                await self._leave()
            elif not found.batch_open and found.host:
                await self._try_login()

    async def _try_login(self) -> None:
        """Sign in, where the bank answers; a POS whose bank does not is here all the same, and is signed in later."""
        try:
            await self._within(self._login(), Deadline.after(self._timings.sign_in))
        except DeviceError as error:
            _log.info("the POS is not signed in yet: %s", error)
            if not isinstance(error, SequenceError):  # the POS may still be with the bank: it tells
                await self._look()

    async def _poll(self) -> None:
        misses = 0
        while True:
            await asyncio.sleep(self._timings.poll)
            try:
                async with self._lock:
                    await self._look()
                misses = 0
            except (DeviceNotReady, ProtocolError) as error:
                misses += 1
                if misses >= _MISSES or (isinstance(error, LinkLost) and not self.channel.is_open):
                    raise

    async def _look(self) -> Echo:
        self._echo = replies.echo(await self._exchange.ask("echo"))
        if self._talk is None and not self._echo.busy and self._stage is not Stage.REMOVE_CARD:
            self._stage = Stage.IDLE
        self._show("polled")
        return self._echo

    def _noticed(self, message: Message) -> None:
        """The terminal says what it is doing; a card may be taken out after the reply has come."""
        found = replies.stage(self._dialect, message)
        if found is not None and (self._talk is not None or found in (Stage.REMOVE_CARD, Stage.IDLE)):
            self._stage = found
            self._show("pushed")

    def _received(self, data: bytes) -> None:
        self._exchange.received(data)

    def _broken(self, error: DeviceError) -> None:
        self._exchange.broken(error)
        self._echo = None

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        echo = self._echo
        if not self._connected or echo is None:
            return
        busy = self._talk is not None or echo.busy
        details = {
            "link": "online" if echo.host else "offline",
            "session": _session(self._stage, busy),
            "stage": self._stage.value,
            "batch": "open" if echo.batch_open else "closed",
            "paper": echo.paper,
        }
        state = DeviceState.DEVICE_BUSY if busy else DeviceState.ONLINE
        self._board.publish(state, {"paymentTerminal": details}, source)

    def _away(self) -> Mapping[str, object]:
        return {"paymentTerminal": dict.fromkeys(("link", "session", "batch", "paper"), "unknown")}


def _check(order: Order) -> None:
    """Raise ``InvalidData`` for an order that no terminal could carry out."""
    if not _REFERENCE.fullmatch(order.reference):
        raise InvalidData("a reference has up to 20 capital letters and digits")
    if isinstance(order.amount_fen, bool) or not 1 <= order.amount_fen <= MOST_FEN:
        raise InvalidData(f"an amount is 1 to {MOST_FEN} fen", "invalidAmount")
    if (order.operation is Operation.SALE) == (order.original is not None):
        raise InvalidData("a void and a refund name the sale they take back, a sale names none")
    if order.original is not None and not _REFERENCE.fullmatch(order.original):
        raise InvalidData("a reference has up to 20 capital letters and digits")


def _unknown(order: Order, why: str) -> Payment:
    return Payment(Outcome.UNKNOWN, order.operation, order.amount_fen, why)


def _refused(what: str, word: str | None) -> SequenceError:
    return SequenceError(f"{what} ({word or 'no reason given'}); try again when the bank is reachable", word)


def _before(deadline: Deadline, seconds: float) -> float | None:
    left = deadline.remaining
    return None if left is None else max(0.0, left - seconds)


def _session(stage: Stage, busy: bool) -> str:
    if not busy:
        return "idle"
    if stage in _READS:
        return "readyToRead"
    return "cardReadOk" if stage is Stage.CARD_INSERTED else "processing"


def _who(answer: bytes) -> str | None:
    """A POS that speaks our own dialect has answered its echo; one of an acquirer's is named by hand."""
    for heard in Deframer().feed(answer):
        if isinstance(heard, Frame):
            with contextlib.suppress(ProtocolError, KeyError):
                found = replies.echo(decode_message(load_dialect(DIALECT), heard.data))
                return f"bank-card terminal {found.model or ''}, serial {found.serial}"
    return None


_ECHO: Final = encode(encode_message(load_dialect(DIALECT), Message("echo", 0)))
_PROBE: Final = Probe(_ECHO, _who, (115200, 9600), goodbye=bytes((ACK,)))


def _wire(options: Mapping[str, Any]) -> EcrWire:
    return EcrWire(load_dialect(str(options.get("profile", DIALECT))))


@driver("payment-terminal-ecr", Traits(probe=_PROBE, wire_for=_wire))
def _create(options: Options, clock: Clock) -> PosTerminal:
    link = SerialLink(options.text("port"), options.integer("baud", 115200, 1200, 921600))
    return PosTerminal(Channel(link, options.tap), clock, load_dialect(options.text("profile", DIALECT)))
