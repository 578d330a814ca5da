"""All device services as one hub: found by capabilities, kept connected, asked by role, status with its age.

A role is what the terminal needs (``idReader``); which service plays it is told by the interfaces the service has,
never by its name, or by a URI in the settings (a service of another vendor).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from config.sections import LOOPBACK
from drivers.client.capabilities import lacking_for, role_of, spoken_versions
from drivers.client.connection import Connection, OnEvent, guarded
from drivers.client.errors import (
    DeviceClientError,
    DeviceCommandFailed,
    DeviceRefused,
    DeviceUnavailable,
    WrongService,
)
from drivers.transports.link import Tap

log = logging.getLogger("kiosk.devices.client")

UNKNOWN = "unknown"
STALE_AFTER_S = 20.0
"""A status nobody confirmed for so long is unknown, never on line and never off line."""
ASK_EVERY_S = 5.0
RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)
ANSWER_WITHIN_S = 5.0
WRONG_EVERY_S = 300.0
"""A service that lacks the interface of its role is asked again so seldom, or when its connection has ended."""


@dataclass(frozen=True, slots=True)
class RoleStatus:
    """``device`` is a value of XFS4IoT's ``device`` or ``unknown``; ``age_s`` since it was last confirmed.

    Of a service that cannot play the role it is named for, ``details`` has one word of our own:
    ``connection.lacking``, the interface that it has not.
    """

    device: str = UNKNOWN
    details: Mapping[str, Any] = field(default_factory=dict)
    age_s: float = float("inf")


OnChange = Callable[[str, RoleStatus], None]


@dataclass(slots=True)
class _Line:
    """The connection to one service and what it last said of itself."""

    uri: str
    connection: Connection | None = None
    role: str = ""
    status: dict[str, Any] = field(default_factory=dict)
    seen_at: float = float("-inf")
    stale: bool = False
    lacking: str = ""


class DeviceHub:
    """Connects to the publisher's services and to those named in ``roles`` (role → service URI).

    ``token`` opens our own publisher and the services on its port, and is shown to nobody else: a service named in
    ``roles`` is shown the token that ``role_tokens`` has for its role, and none when there is none.
    ``taps`` see the messages of those named in ``roles``, by role.
    """

    def __init__(
        self,
        publisher_uri: str,
        token: str,
        roles: Mapping[str, str] | None = None,
        taps: Mapping[str, Tap] | None = None,
        role_tokens: Mapping[str, str] | None = None,
    ) -> None:
        self._publisher, self._token = publisher_uri, token
        self._taps = dict(taps or {})
        self._fixed = dict(roles or {})
        self._role_tokens = dict(role_tokens or {})
        self._lines: list[_Line] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[OnChange] = []
        self.exchanging = asyncio.Lock()
        """Held during a storage exchange: the services cannot tell two exchanges over one connection apart."""
        self._unsolicited: list[Callable[[str, str, Mapping[str, Any]], None]] = []

    async def start(self) -> None:
        """Begin to find services; returns at once, devices come in when they answer."""
        for role, uri in self._fixed.items():
            self._keep(uri, role)
        self._spawn(self._discover())
        self._spawn(self._grow_old())

    async def close(self) -> None:
        """Disconnect from everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for line in self._lines:
            if line.connection is not None:
                await line.connection.close()

    def status(self, role: str) -> RoleStatus:
        """What is known of a role's device now; never raises."""
        line = self._line(role)
        if line is None or line.connection is None:
            lacking = line.lacking if line is not None else ""
            return RoleStatus(details={"connection": {"lacking": lacking}} if lacking else {})
        age = time.monotonic() - line.seen_at
        common = line.status.get("common")
        device = common.get("device", UNKNOWN) if isinstance(common, Mapping) else UNKNOWN
        return RoleStatus(device if age <= STALE_AFTER_S else UNKNOWN, line.status, age)

    def on_change(self, callback: OnChange) -> Callable[[], None]:
        """Call back (on the loop) when a role's device changed; call the result to stop."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def on_unsolicited(self, callback: Callable[[str, str, Mapping[str, Any]], None]) -> Callable[[], None]:
        """Call back with (role, message name, payload) of every unsolicited message; call the result to stop."""
        self._unsolicited.append(callback)
        return lambda: self._unsolicited.remove(callback)

    def roles(self) -> list[str]:
        """Every role that a service has played so far."""
        return sorted({line.role for line in self._lines if line.role})

    async def request(
        self,
        role: str,
        name: str,
        payload: Mapping[str, Any] | None = None,
        timeout_s: float | None = 30.0,
        on_event: OnEvent | None = None,
    ) -> Mapping[str, Any]:
        """Send a command to the role's service; see ``Connection.request`` for what is raised."""
        line = self._line(role)
        if line is not None and line.lacking:
            raise WrongService(role, line.uri, line.lacking)
        if line is None or line.connection is None:
            raise DeviceUnavailable(role, "no service plays this role now")
        return await line.connection.request(name, payload or {}, timeout_s, on_event)

    # --- finding and keeping ---------------------------------------------------------------------------

    async def _discover(self) -> None:
        """Ask the publisher again and again: services may come later."""
        failures = 0
        while True:
            try:
                for uri in await self._services():
                    self._keep(uri, "")
                failures = 0
                await asyncio.sleep(ASK_EVERY_S)
            except DeviceClientError as error:
                if failures == 0:
                    log.warning("the device program's publisher does not answer: %s", error)
                await asyncio.sleep(_pause(failures))
                failures += 1

    async def _services(self) -> list[str]:
        found: list[str] = []

        def merge(payload: Mapping[str, Any]) -> None:
            services = payload.get("services")
            for service in services if isinstance(services, list) else ():
                if isinstance(service, Mapping) and isinstance(uri := service.get("serviceURI"), str):
                    found.append(uri)

        connection = await Connection.open("publisher", self._publisher, self._token, lambda _n, _p: None)
        try:
            merge(
                await connection.request(
                    "ServicePublisher.GetServices", {}, ANSWER_WITHIN_S, lambda _name, payload: merge(payload)
                )
            )
        finally:
            await connection.close()
        return list(dict.fromkeys(found))

    def _keep(self, uri: str, role: str) -> None:
        """One line a service that was found; one a role of a service that is named, for it may play several."""
        if not any(line.uri == uri and role in ("", line.role) for line in self._lines):
            self._lines.append(_Line(uri, role=role))
            self._spawn(self._hold(self._lines[-1]))

    async def _hold(self, line: _Line) -> None:
        """Stay connected to one service; log once down and once up."""
        failures = 0
        while True:
            last_seen = line.seen_at
            why = await self._lost(line)
            if line.seen_at != last_seen:  # it was there meanwhile: this loss is a new one
                failures = 0
            if why is not None and failures == 0:
                known = isinstance(why, DeviceClientError)
                log.warning("device service %s lost: %s", line.uri, why, exc_info=None if known else why)
            line.connection = None
            self._tell(line)
            await asyncio.sleep(_pause(failures))
            failures += 1

    async def _lost(self, line: _Line) -> Exception | None:
        """Serve the line until it is lost, and why it was; None for a service that is to be asked anew.

        What a service of another vendor says must not end the watching of it, however little sense it makes.
        """
        try:
            await self._serve(line)
        except Exception as error:
            return error
        return None

    async def _serve(self, line: _Line) -> None:
        name = line.role or line.uri.rsplit("/", 1)[-1]
        connection = await Connection.open(
            name,
            line.uri,
            self._token_for(line),
            lambda message, payload: self._heard(line, message, payload),
            self._taps.get(line.role) if line.uri == self._fixed.get(line.role) else None,
        )
        try:
            told = await connection.request("Common.Capabilities", {}, ANSWER_WITHIN_S)
            connection.know(spoken_versions(told))
            if line.role and (lacking := lacking_for(line.role, told)):
                return await self._leave_alone(line, connection, lacking)
            line.lacking = ""
            line.role = line.role or self._free(role_of(told))
            line.status = dict(await connection.request("Common.Status", {}, ANSWER_WITHIN_S))
            line.seen_at = time.monotonic()
            line.connection = connection
            log.info("device service %s connected as %s", name, line.role or "no role of ours")
            self._tell(line)
            while not connection.closed.done():
                await asyncio.wait({connection.closed}, timeout=ASK_EVERY_S)
                if not connection.closed.done():
                    await self._look(line, connection)
            raise DeviceUnavailable(line.role or name, "the connection ended")
        finally:
            line.connection = None
            await connection.close()

    async def _look(self, line: _Line, connection: Connection) -> None:
        """Ask for the status.

        A service that cannot tell it while it executes a command keeps its connection, and so the command its
        completion; what is known of the device grows old meanwhile.
        """
        try:
            status = dict(await connection.request("Common.Status", {}, ANSWER_WITHIN_S))
        except (DeviceCommandFailed, DeviceRefused):
            if connection.busy:
                return
            raise
        changed = status != line.status
        line.status, line.seen_at = status, time.monotonic()
        if changed:
            self._tell(line)

    def _free(self, role: str) -> str:
        """``role``, if no service is named for it: what is named is never stood in for by what was found."""
        return "" if role in self._fixed else role

    async def _leave_alone(self, line: _Line, connection: Connection, lacking: str) -> None:
        """Say once that the service cannot play its role, and wait until it may have become another one."""
        if line.lacking != lacking:
            line.lacking = lacking
            log.error("%s", WrongService(line.role, line.uri, lacking))
            self._tell(line)
        await asyncio.wait({connection.closed}, timeout=WRONG_EVERY_S)
        if connection.closed.done():
            raise DeviceUnavailable(line.role, "the connection ended")

    def _token_for(self, line: _Line) -> str:
        """What opens the service of a line; our own token is for our own publisher's port alone."""
        if line.uri == self._fixed.get(line.role):
            return self._role_tokens.get(line.role, "")
        return self._token if _place(line.uri) == _place(self._publisher) else ""

    async def _grow_old(self) -> None:
        """Tell when a status that nobody confirms any more has become unknown, and when it is known again."""
        while True:
            await asyncio.sleep(1.0)
            for line in [*self._lines]:
                old = line.connection is not None and time.monotonic() - line.seen_at > STALE_AFTER_S
                if old != line.stale:
                    line.stale = old
                    self._tell(line)

    def _heard(self, line: _Line, name: str, payload: Mapping[str, Any]) -> None:
        if line.lacking:
            return  # it has no part here
        if name == "Common.StatusChangedEvent":
            line.status = merged(line.status, payload)
            line.seen_at = time.monotonic()
            self._tell(line)
            return
        for callback in [*self._unsolicited]:
            guarded(callback, line.role, name, payload)

    def _tell(self, line: _Line) -> None:
        if line.role:
            status = self.status(line.role)
            for callback in [*self._listeners]:
                guarded(callback, line.role, status)

    def _line(self, role: str) -> _Line | None:
        lines = [line for line in self._lines if line.role == role]
        return next((line for line in lines if line.connection is not None), lines[0] if lines else None)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            if error := task.exception():
                log.error("watching a device service ended: %r", error)


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """A status with what changed put into it; objects are merged, values replaced.

    Null says what absence says: not changed. A service that writes nulls takes nothing back by them.
    """
    result = dict(old)
    for name, value in new.items():
        if value is None:
            continue
        before = result.get(name)
        both = isinstance(value, Mapping) and isinstance(before, Mapping)
        result[name] = merged(before, value) if both and isinstance(before, Mapping) else value
    return result


def _place(uri: str) -> tuple[str, str, int | None]:
    """Where a service listens; the names of loopback are one place."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    return parts.scheme, "localhost" if host in LOOPBACK else host, port


def _pause(failures: int) -> float:
    base = RETRY_S[min(failures, len(RETRY_S) - 1)]
    return base * random.uniform(0.8, 1.2)


__all__ = ["DeviceHub", "RoleStatus"]
