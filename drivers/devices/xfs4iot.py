"""A device behind another vendor's XFS4IoT service: driven in the standard's messages alone.

The service is named by its URI in ``devices.toml``; our own device service stands in front of it, so that jobs,
status with its age, tokens and supervision are the same as for hardware of our own.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from config.clock import Clock, Deadline
from config.errors import ConfigError
from config.role_tokens import in_the_clear, read_token
from drivers.client.capabilities import spoken_versions
from drivers.client.connection import Connection
from drivers.client.errors import (
    DeviceClientError,
    DeviceCommandFailed,
    DeviceTimeout,
    DeviceUnavailable,
)
from drivers.client.hub import merged
from drivers.devices.options import Options
from drivers.devices.supervised import HardwareAbsent, SupervisedDevice
from drivers.devices.traits import Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    DeviceNotReady,
    DriverConfigError,
    HardwareFault,
    InvalidData,
    LinkLost,
    MediaInvalid,
    MediaMissing,
    ProtocolError,
    SecurityFailed,
    SequenceError,
    UnsupportedData,
    UnsupportedOperation,
    UserFault,
)
from drivers.ports import GONE, DeviceState
from drivers.protocols.xfs_wire import XfsWire
from drivers.transports.link import Tap

_CODES: Final[Mapping[str, type[DeviceError]]] = {
    "noMedia": MediaMissing,
    "invalidMedia": MediaInvalid,
    "cardCollision": MediaInvalid,
    **dict.fromkeys(("invalidAuxiliary", "invalidLight", "keyInvalid", "keyNotSupported"), InvalidData),
    **dict.fromkeys(("noActivekeys", "noTerminatekeys", "minimumLength", "keyNotFound"), InvalidData),
    **dict.fromkeys(("keyNoValue", "useViolation", "invalidKeyLength"), InvalidData),
    **dict.fromkeys(("formatNotSupported", "algorithmNotSupported"), UnsupportedData),
    "cryptoMethodNotSupported": UnsupportedData,
    "accessDenied": SecurityFailed,
    "noPin": SequenceError,
}
"""Error codes that say more of the person or of the command than of the device; any other is a ``HardwareFault``."""

_LOCKED: Final = (
    "authorisationRequired", "noCommandNonce", "invalidToken", "invalidTokenNonce", "invalidTokenHMAC",
    "invalidTokenFormat", "invalidTokenKeyNoValue",
)  # fmt: skip
"""Said by a service that wants commands to be signed (end-to-end security), before anything moves."""

_COMPLETIONS: Final[Mapping[str, type[DeviceError]]] = {
    "deviceNotReady": LinkLost,
    "userError": UserFault,
    "invalidData": InvalidData,
    "invalidCommand": InvalidData,
    "unsupportedCommand": UnsupportedOperation,
    "unsupportedData": UnsupportedData,
    "sequenceError": SequenceError,
    "canceled": LinkLost,
    **dict.fromkeys(_LOCKED, DeviceNotReady),
}
"""Completion codes of the standard; any other is a ``HardwareFault`` of that name.

``deviceNotReady`` is said of a device that is not ready *or timed out* (CWA 17852, completion codes): it may come in
the middle of a motion. A device that is away before the command is never sent one.
"""

_RESERVE_S: Final = 0.3
"""A service is given so much less than its caller has: its own word on a time-out is better than ours."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds."""

    answer: float = 3.0
    ask: float = 3.0
    picture: float = 5.0


class XfsDevice(SupervisedDevice):
    """One service over one connection.

    Args:
        label: the role, for logs.
        clock: business time, for the time of a status.
        uri: ``ws://`` or ``wss://`` of the service itself, not of its publisher.
        token: sent as ``Authorization: Bearer``; empty for services that take none.
        tap: sees the messages of the connection.
    """

    interface: ClassVar[str]
    """The interface of the standard that the service must have."""
    part: ClassVar[str]
    """Its object in status and capabilities."""
    needs: ClassVar[frozenset[str]]
    """Commands without which the driver can do nothing."""

    def __init__(
        self,
        label: str,
        clock: Clock,
        uri: str,
        token: str = "",
        timings: Timings | None = None,
        tap: Tap | None = None,
    ) -> None:
        self._uri = uri
        self._token = token
        self._timings = timings or Timings()
        self._tap = tap
        self._line: Connection | None = None
        self._status: dict[str, Any] = {}
        self._asking: set[asyncio.Future[Any]] = set()
        super().__init__(label, clock)

    async def reset(self, deadline: Deadline) -> None:
        """The interface's own Reset."""
        await self._ask(f"{self.interface}.Reset", {}, deadline)

    async def _ask(self, name: str, payload: Mapping[str, Any], deadline: Deadline) -> Mapping[str, Any]:
        """One command and its completion.

        Raise what ``_ready`` does when it was not sent, ``LinkLost`` or ``DeadlinePassed`` when what it did is
        not known, otherwise what the completion says.
        """
        line = self._ready(deadline)
        left = deadline.remaining
        within = None if left is None else left - min(_RESERVE_S, left / 4)
        asking = asyncio.ensure_future(line.request(name, payload, within))
        self._asking.add(asking)
        asking.add_done_callback(self._answered)
        try:
            await asyncio.wait({asking}, timeout=left)
        finally:
            # The service is told, and the next command waits in its queue. What has come at the last moment counts.
            late = asking.cancel()
        if late:
            raise DeadlinePassed(f"{self.label}: {name} was not completed in time")
        try:
            return asking.result()
        except DeviceClientError as error:
            raise translated(error) from error

    def _ready(self, deadline: Deadline) -> Connection:
        """The line to send on; raise ``DeviceNotReady`` without one, ``DeadlinePassed`` without time."""
        self._require()
        if self._line is None:
            raise DeviceNotReady(f"{self.label}: {self._uri} is not connected")
        if deadline.passed:
            raise DeadlinePassed(f"{self.label}: there was no time left; nothing was sent")
        return self._line

    def _answered(self, asking: asyncio.Future[Any]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()

    async def _connect(self) -> None:
        line = None
        try:
            async with asyncio.timeout(self._timings.answer):
                line = await Connection.open(self.label, self._uri, self._token, self._heard, self._tap)
                told = await line.request("Common.Capabilities", {}, self._timings.answer)
                self._fits(told)
                line.know(spoken_versions(told))
                self._known(told)
                self._status = dict(await line.request("Common.Status", {}, self._timings.answer))
                self._present()
                await self._greet(line)
            self._line = line
        except TimeoutError:
            secure = ", and speaks TLS" if self._uri.startswith("wss://") else ""
            raise DeviceNotReady(
                f"{self._uri} does not answer; check that the service runs{secure}"
            ) from None
        except DeviceUnavailable as error:  # says itself what to do
            raise DeviceNotReady(str(error)) from error
        except DeviceClientError as error:
            raise DeviceNotReady(f"{error}; check that the service runs and takes this token") from error
        finally:
            if self._line is None:  # also when somebody gave up waiting, or what it said made no sense
                await self._end(line)

    def _fits(self, capabilities: Mapping[str, Any]) -> None:
        if lacking := sorted(self.needs - spoken_versions(capabilities).keys()):
            raise ProtocolError(f"the service at {self._uri} has no {', '.join(lacking)}; name another URI")

    def _present(self) -> None:
        """Raise ``HardwareAbsent`` when the service has no device: it is waited for as one that is switched off."""
        state = self._state()
        if state in GONE and part_of(self._status, "common").get("device") == state:
            raise HardwareAbsent(
                f"the service at {self._uri} says {state}; check power and cable there", state
            )

    def _known(self, capabilities: Mapping[str, Any]) -> None:
        """What the service says it can do: its whole Capabilities."""

    async def _greet(self, line: Connection) -> None:
        """What a new connection begins with, its status being known; raise as ``_connect`` does."""

    async def _looked(self, line: Connection) -> None:
        """What follows each look at the status; raise ``DeviceClientError`` when the service is lost."""

    async def _watch(self) -> None:
        """Ask for the status again and again: an event may have been missed."""
        line = self._line
        if line is None:
            raise LinkLost("the service is not connected")
        while True:
            await asyncio.wait({line.closed}, timeout=self._timings.ask)
            if line.closed.done():
                raise LinkLost(f"the service at {self._uri} ended the connection")
            if (error := await self._look(line)) is None:
                self._show("polled")
            elif not self._asking or isinstance(error, DeviceUnavailable):
                raise LinkLost(f"the service at {self._uri} is lost: {error}") from error
            # Else it cannot tell its status while it executes a command, whose completion is still to come.

    async def _look(self, line: Connection) -> DeviceClientError | None:
        """Ask for the status; why it is not known, if it is not."""
        try:
            async with asyncio.timeout(self._timings.answer):
                self._status = dict(await line.request("Common.Status", {}, self._timings.answer))
                await self._looked(line)
        except TimeoutError:
            return DeviceTimeout(self.label, "it is silent")
        except DeviceClientError as error:
            return error
        return None

    async def _disconnect(self) -> None:
        line, self._line = self._line, None
        await self._end(line)

    @staticmethod
    async def _end(line: Connection | None) -> None:
        if line is not None:
            with contextlib.suppress(DeviceClientError):
                await line.close()

    def _heard(self, name: str, payload: Mapping[str, Any]) -> None:
        if name == "Common.StatusChangedEvent":
            self._status = merged(self._status, payload)
            self._show("pushed")

    def _announce(self) -> None:
        self._show("polled")

    def _show(self, source: str) -> None:
        if not self._connected:
            return
        self._board.publish(self._state(), self._details(part_of(self._status, self.part)), source)

    def _state(self) -> DeviceState:
        """The service's word for its device; one that is none of the standard's is taken as off line."""
        word = part_of(self._status, "common").get("device")
        return DeviceState(word) if isinstance(word, str) and word in _STATES else DeviceState.OFFLINE

    def _details(self, part: Mapping[str, Any]) -> Mapping[str, object]:
        return {self.part: dict(part)}

    def _away(self) -> Mapping[str, object]:
        return {self.part: {}}


_STATES: Final = frozenset(state.value for state in DeviceState)


def part_of(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """One object of a status or of capabilities; empty when the service does not tell it."""
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def translated(error: DeviceClientError) -> DeviceError:
    """What a client's error means for whoever drives the device."""
    if isinstance(error, DeviceUnavailable):
        return LinkLost(str(error))
    if isinstance(error, DeviceTimeout):
        return DeadlinePassed(str(error))
    if not isinstance(error, DeviceCommandFailed):
        return DeviceNotReady(str(error))  # refused: nothing happened
    if error.error_code:
        known = _CODES.get(error.error_code)
        return known(str(error), error.error_code) if known else HardwareFault(error.error_code, str(error))
    kind = _COMPLETIONS.get(error.completion_code)
    return kind(str(error)) if kind else HardwareFault(error.completion_code, str(error))


def decoded(value: object) -> bytes:
    """The bytes of a base64 value, none for an absent one; raise ``ProtocolError``."""
    try:
        return base64.b64decode(str(value or ""), validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError("the service sent data that is no base64") from None


def address(options: Options) -> tuple[str, str]:
    """The option ``uri`` of every driver here, and the token in ``token_file``; raise ``DriverConfigError``."""
    uri = options.text("uri")
    if not uri.startswith(("ws://", "wss://")):
        raise DriverConfigError(
            "option 'uri' is the service's address, such as ws://127.0.0.1:5847/xfs4iot/v1.0/Printer"
        )
    return uri, _token(uri, options.text("token_file", ""))


def _token(uri: str, file: str) -> str:
    if not file:
        return ""
    if in_the_clear(uri):
        raise DriverConfigError(f"option 'token_file': {uri} is an open wire; use wss:// for that service")
    try:
        return read_token(Path(file))
    except ConfigError as error:
        raise DriverConfigError(f"option 'token_file': {error}") from None


TRAITS: Final = Traits(wire=XfsWire)
"""Of every driver here."""
