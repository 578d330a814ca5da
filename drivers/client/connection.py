"""One WebSocket to one service: requests with their events and completion, and unsolicited messages."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from config.role_tokens import in_the_clear
from drivers.client.errors import (
    DeviceCanceled,
    DeviceCommandFailed,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnavailable,
    MessageTooLong,
    TokenInTheClear,
)
from drivers.client.socket import BROKEN, Address, Socket, opened
from drivers.client.why_broken import why_broken
from drivers.transports.link import Tap
from drivers.xfs.envelope import MAX_MESSAGE, Reply, read_reply, write_command
from drivers.xfs.words import CompletionCode, MessageType

log = logging.getLogger("kiosk.devices.client")
CANCEL_WITHIN_S = 3.0
GRACE_S = 5.0
"""A service counts the time-out itself; this much later the client no longer believes in a completion."""

OnEvent = Callable[[str, Mapping[str, Any]], None]


@dataclass(slots=True)
class _Pending:
    """A request on its way."""

    done: asyncio.Future[Reply]
    on_event: OnEvent | None = None


class Connection:
    """Open with ``Connection.open``; ends with the socket, failing what is pending."""

    def __init__(self, role: str, socket: Socket, on_unsolicited: OnEvent) -> None:
        """Used by ``open``."""
        self._role, self._socket, self._on_unsolicited = role, socket, on_unsolicited
        self._ids = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._versions: Mapping[str, str] = {}
        self._reader = asyncio.create_task(self._read(), name=f"xfs-{role}")

    @classmethod
    async def open(
        cls, role: str, uri: str, token: str, on_unsolicited: OnEvent, tap: Tap | None = None
    ) -> Connection:
        """Connect; raises ``DeviceUnavailable``. ``tap`` sees the messages.

        A ``token`` goes over ``wss://`` or stays on this machine, else ``TokenInTheClear`` is raised.
        """
        if token and in_the_clear(uri):
            raise TokenInTheClear(role, uri)
        try:
            socket = await opened(Address(uri, token), tap)
        except BROKEN as error:
            raise DeviceUnavailable(role, f"no connection to {uri}: {why_broken(uri, error)}") from error
        return cls(role, socket, on_unsolicited)

    def know(self, versions: Mapping[str, str]) -> None:
        """The command versions that the service's capabilities list."""
        self._versions = versions

    @property
    def busy(self) -> bool:
        """Whether a command is under way."""
        return bool(self._pending)

    @property
    def closed(self) -> asyncio.Task[None]:
        """Ends when the connection does."""
        return self._reader

    async def request(
        self,
        name: str,
        payload: Mapping[str, Any],
        timeout_s: float | None,
        on_event: OnEvent | None = None,
    ) -> Mapping[str, Any]:
        """Send one command and wait for its completion; the completion's payload.

        Cancelling the call cancels the command at the service. Raises ``DeviceCommandFailed`` and its
        children, ``DeviceRefused``, or ``DeviceUnavailable`` when the connection is lost meanwhile.
        """
        number = next(self._ids)
        pending = _Pending(asyncio.get_running_loop().create_future(), on_event)
        self._pending[number] = pending
        milliseconds = 0 if timeout_s is None else max(1, round(timeout_s * 1000))
        try:
            await self._send(name, number, milliseconds, payload)
            async with asyncio.timeout(None if timeout_s is None else timeout_s + GRACE_S):
                reply = await asyncio.shield(pending.done)
        except TimeoutError:
            await self._cancel(number, pending)
            if not pending.done.done():
                raise DeviceTimeout(self._role, "no completion came") from None
            reply = await pending.done  # late, but it says what happened
        except asyncio.CancelledError:
            await self._cancel(number, pending)
            raise
        finally:
            self._pending.pop(number, None)
            if pending.done.done():
                pending.done.exception()
        return self._result(reply)

    async def close(self) -> None:
        """Close the socket; what is pending fails."""
        with contextlib.suppress(*BROKEN):
            await self._socket.close()
        await asyncio.wait([self._reader])

    async def _send(self, name: str, number: int, milliseconds: int, payload: Mapping[str, Any]) -> None:
        version = self._versions.get(
            name, "2.0" if name.startswith(("Common.", "ServicePublisher.")) else "1.0"
        )
        text = write_command(name, number, version, milliseconds, dict(payload))
        if (length := len(text.encode())) > MAX_MESSAGE:
            raise MessageTooLong(self._role, length, MAX_MESSAGE)
        try:
            await self._socket.send(text)
        except BROKEN as error:
            raise DeviceUnavailable(self._role, "the connection is gone") from error

    async def _cancel(self, number: int, pending: _Pending) -> None:
        """Ask the service to stop a command nobody waits for any more, and give it a moment to end in truth.

        A cancellation is a request, no guarantee: the next command must not race with this one.
        """
        with contextlib.suppress(DeviceUnavailable):
            await self._send("Common.Cancel", next(self._ids), 0, {"requestIds": [number]})
            await asyncio.wait({pending.done}, timeout=CANCEL_WITHIN_S)

    def _result(self, reply: Reply) -> Mapping[str, Any]:
        if reply.type is MessageType.ACKNOWLEDGE:
            raise DeviceRefused(self._role, reply.status or "")
        code = reply.completion_code or ""
        if code == CompletionCode.SUCCESS:
            return reply.payload
        if code == CompletionCode.TIME_OUT:
            raise DeviceTimeout(self._role, reply.description or "", reply.payload)
        if code == CompletionCode.CANCELED:
            raise DeviceCanceled(self._role, reply.payload)
        own = code == CompletionCode.COMMAND_ERROR_CODE
        error = str(reply.payload.get("errorCode") or "") if own else ""
        raise DeviceCommandFailed(self._role, code, error, reply.description or "", reply.payload)

    async def _read(self) -> None:
        reason = "the connection was closed"
        try:
            async for message in self._socket:
                try:
                    self._take(read_reply(message))
                except ValueError as error:
                    log.warning("%s sent what is no message: %s", self._role, error)
        except BROKEN as error:
            reason = f"the connection broke ({type(error).__name__})"
        finally:
            for pending in self._pending.values():
                if not pending.done.done():
                    pending.done.set_exception(DeviceUnavailable(self._role, reason, under_way=True))

    def _take(self, reply: Reply) -> None:
        if reply.request_id is None:
            if reply.type is MessageType.UNSOLICITED:
                guarded(self._on_unsolicited, reply.name, reply.payload)
            return
        pending = self._pending.get(reply.request_id)
        if pending is None or pending.done.done():
            return
        if reply.type is MessageType.EVENT:
            if pending.on_event is not None:
                guarded(pending.on_event, reply.name, reply.payload)
        elif reply.type is MessageType.COMPLETION or (reply.type is MessageType.ACKNOWLEDGE and reply.status):
            pending.done.set_result(reply)


def guarded(callback: Callable[..., object], *arguments: object) -> None:
    """Call back; a fault of the listener is logged and must not cost the connection."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("a listener to device messages failed")
