"""What every device service is: an XFS4IoT endpoint over one supervised device, with Common and Supervision."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Generic

from drivers.errors import DriverConfigError, UnsupportedOperation
from drivers.ports import GONE, DeviceState
from drivers.recording.tap import Recorder
from drivers.services.cabinet import Cabinet
from drivers.services.care import CareCommands
from drivers.services.common import CommonCommands
from drivers.services.recording import record
from drivers.services.status import changes, checked, forgotten
from drivers.supervision import D, Stage, Supervisor
from drivers.xfs.auth import OPERATOR, Client
from drivers.xfs.catalogue import Command, Interface
from drivers.xfs.messages import care, common, supervision
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Peer, Request
from drivers.xfs.service import MAXIMUM_REQUESTS, Service

_ERRORS: Final = {
    DeviceState.HARDWARE_ERROR: (common.ErrorKind.HARDWARE, common.ErrorAction.RESET),
    DeviceState.OFFLINE: (common.ErrorKind.HARDWARE, common.ErrorAction.MAINTENANCE),
    DeviceState.NO_DEVICE: (common.ErrorKind.HARDWARE, common.ErrorAction.MAINTENANCE),
    DeviceState.USER_ERROR: (common.ErrorKind.USER, common.ErrorAction.CLEAR),
    DeviceState.FRAUD_ATTEMPT: (common.ErrorKind.FRAUD_ATTEMPT, common.ErrorAction.SUSPEND),
    DeviceState.POTENTIAL_FRAUD: (common.ErrorKind.FRAUD_ATTEMPT, common.ErrorAction.SUSPEND),
}
"""States worth a Common.ErrorEvent: what kind, and what mends it."""


BY_ITSELF: Final = Command("Supervision.ByItself", Nothing, Nothing, graceful=True)
"""What stands in the queue for work no client asked for; it is offered to nobody."""


class Nobody(Peer):
    """The end of such work: nothing is sent."""

    @property
    def client(self) -> Client:
        """The service itself."""
        return Client("service", frozenset({OPERATOR}))

    def send(self, text: str, *, droppable: bool = False) -> None:
        """Nobody listens."""

    def finished(self, request: Request) -> None:
        """Nobody counts."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which service this is."""

    name: str
    role: str
    driver: str
    isolation: str = "parent"
    options: Mapping[str, object] = field(default_factory=dict)
    """What is set for the service itself, not for its driver."""

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number among the options; raise ``DriverConfigError`` for anything else."""
        value = self.options.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise DriverConfigError(f"{self.name}: {name} is a whole number from {low} to {high}")
        return value


class DeviceService(Service, Generic[D]):
    """Base of all services. ``start`` connects the device and serves; ``close`` ends both.

    Subclasses offer their commands in ``__init__``, list their ``interfaces`` there, and may override
    ``class_capabilities``, ``class_status`` and ``changed``.
    """

    def __init__(
        self, identity: Identity, supervisor: Supervisor[D], interfaces: tuple[Interface, ...]
    ) -> None:
        super().__init__(identity.name)
        self.identity = identity
        self.supervisor = supervisor
        self.interfaces = (common.INTERFACE, *interfaces, care.INTERFACE, supervision.INTERFACE)
        self.common = CommonCommands(self)
        self.care = CareCommands(self)
        self.cabinet = Cabinet()
        self._told: dict[str, Any] = {}
        self._health: supervision.Health | None = None
        self._stage = Stage.STARTING
        self.recorder: Recorder | None = None
        """What writes down the device's line; the composition root puts it there."""
        self.offer(supervision.GET_HEALTH, self._get_health)
        self.offer(supervision.RECONNECT, self._reconnect)
        self.offer(supervision.RECORD, self._record)
        supervisor.on_change(self.publish)

    def start(self) -> None:
        """Connect the device and begin to serve."""
        self._told = self.status()
        self.by_itself(self.care.load)
        self.by_itself(self.starting)
        super().start()
        self.supervisor.start()

    async def starting(self) -> None:
        """What to do before the first command, with the device not yet connected."""

    async def connected(self) -> None:
        """What to do each time the device has been connected, before any command that waits."""

    def guiding(self) -> AbstractContextManager[None]:
        """The light beside this device, on meanwhile: somebody must act there."""
        return self.cabinet.guidance.shine(self.identity.role)

    def by_itself(self, act: Callable[[], Awaitable[None]]) -> None:
        """Let the service do something in its queue, between two commands."""

        async def handler(request: Request, payload: Nothing) -> Nothing:
            await act()
            return Nothing()

        self.queue.put(Request(Nobody(), 0, BY_ITSELF, Nothing(), 0, handler))

    def join_cabinet(self, cabinet: Cabinet) -> None:
        """Share doors and guiding lights with the other services; called before ``start``."""
        self.cabinet = cabinet

    async def close(self) -> None:
        """End all commands, then close the device."""
        await super().close()
        await self.supervisor.close()

    def stuck(self) -> None:
        """Connect the device anew."""
        self.supervisor.reconnect()

    def exchange_active(self) -> bool:
        """True while the staff exchange stock."""
        return False

    def class_status(self) -> Mapping[str, object]:
        """Status objects that the service knows better than the driver, by their property."""
        return {}

    def own_status(self) -> Mapping[str, object]:
        """Of those objects what stands in the service's own books: it is known while the device is away, too."""
        return {}

    def class_capabilities(self) -> Mapping[str, object]:
        """Capability objects by their property."""
        return {}

    def changed(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """React to a changed status with the class's own unsolicited events."""

    def status(self) -> dict[str, Any]:
        """The payload of Common.Status."""
        known = self.supervisor.known
        blind = not known.believed or known.device in GONE
        result: dict[str, Any] = {
            "common": {
                "device": known.device.value,
                "exchange": "active" if self.exchange_active() else "inactive",
            }
        }
        details, own = {**known.details, **self.class_status()}, self.own_status()
        for interface in self.interfaces:
            if interface.status is None:
                continue
            found = checked(interface.status, details.get(interface.key))
            if blind:
                last = {**self._told.get(interface.key, {}), **found}
                found = forgotten(interface.status, last)
            found |= checked(interface.status, own.get(interface.key))
            if found:
                result[interface.key] = found
        return result

    def capabilities(self) -> dict[str, Any]:
        """The payload of Common.Capabilities: what is offered, and no more."""
        own = self.class_capabilities()
        entries = [self._entry(interface) for interface in self.interfaces]
        interfaces = [
            entry
            for entry, interface in zip(entries, self.interfaces, strict=True)
            if entry["commands"]
            or interface.key in own  # a UPS has the status of Auxiliaries, and no command of it
        ]
        information = {"modelName": self.identity.driver, "modelDescription": self.identity.role}
        return {
            "interfaces": interfaces,
            "common": {
                "serviceVersion": "1.0",
                "deviceInformation": [information],
                "powerSaveControl": False,
                "antiFraudModule": False,
            },
            **own,
        }

    def _entry(self, interface: Interface) -> dict[str, Any]:
        """An interface as Common.Capabilities lists it; its events are told by what its commands begin."""
        offered = {command.name for command in self.offered}
        commands = {c.name: {"versions": [c.version]} for c in interface.commands if c.name in offered}
        events = {e.name: {"versions": [e.version]} for e in interface.all_events()} if commands else {}
        entry = {"name": interface.name, "commands": commands, "maximumRequests": MAXIMUM_REQUESTS}
        return entry | ({"events": events} if events else {})

    def publish(self) -> None:
        """Tell every connection what has changed since the last time."""
        stage = self.supervisor.watch.stage
        if stage is Stage.ONLINE and self._stage is not Stage.ONLINE:
            self.by_itself(self.connected)
        self._stage = stage
        now = self.status()
        before, self._told = self._told, now
        if delta := changes(before, now):
            self.broadcast(common.STATUS_CHANGED, common.Free(**delta))
            self.changed(before, now)
        device = now["common"]["device"]
        if device != before.get("common", {}).get("device") and DeviceState(device) in _ERRORS:
            kind, action = _ERRORS[DeviceState(device)]
            cause = self.supervisor.watch.cause
            self.broadcast(
                common.ERROR, common.ErrorBody(event_id=kind, action=action, vendor_description=cause)
            )
        self._tell_health()

    def health(self) -> supervision.Health:
        """How the watching goes."""
        watch, known = self.supervisor.watch, self.supervisor.known
        return supervision.Health(
            state=watch.stage.value,
            role=self.identity.role,
            driver=self.identity.driver,
            isolation=self.identity.isolation,
            source=known.source if known.believed else None,
            stale=watch.stale,
            attempts=watch.attempts,
            drops=watch.drops,
            tripped=watch.tripped,
            cause=watch.cause,
            due=self.care.due(),
        )

    def _tell_health(self) -> None:
        now = self.health()
        # The number of attempts alone is no news: it would be told at every pause of a dead device.
        if self._health is None or now.model_copy(update={"attempts": self._health.attempts}) != self._health:
            self.broadcast(supervision.HEALTH_CHANGED, now)
        self._health = now

    async def _get_health(self, request: Request, payload: Nothing) -> supervision.Health:
        now = {"age_ms": round(self.supervisor.age_s * 1000), "tries": self.supervisor.tries}
        return self.health().model_copy(update=now)

    async def _record(self, request: Request, payload: supervision.RecordIn) -> supervision.RecordOut:
        if self.recorder is None:
            raise UnsupportedOperation("the line of this device cannot be written down")
        return await record(self, self.recorder, request, payload)

    async def _reconnect(self, request: Request, payload: Nothing) -> Nothing:
        if (hanging := self.queue.hanging) is not None:
            hanging.give_up()  # its end connects the device anew (``stuck``)
        else:
            self.supervisor.reconnect()
        return Nothing()
