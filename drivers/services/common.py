"""The commands of Common, the same for every service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivers.errors import InvalidData, UnsupportedData
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import common
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request
from drivers.xfs.service import Line
from drivers.xfs.words import CompletionCode

if TYPE_CHECKING:
    from drivers.services.base import DeviceService


class CommonCommands:
    """Serves Status, Capabilities, Cancel, SetVersions and the transaction state of one service."""

    def __init__(self, service: DeviceService[Any]) -> None:
        self._service = service
        self._transaction = common.TransactionStateBody(state=common.TransactionState.INACTIVE)
        service.offer(common.STATUS, self._status)
        service.offer(common.CAPABILITIES, self._capabilities)
        service.offer(common.CANCEL, self._cancel)
        service.offer(common.SET_VERSIONS, self._set_versions)
        service.offer(common.GET_TRANSACTION, self._get_transaction)
        service.offer(common.SET_TRANSACTION, self._set_transaction)

    async def _status(self, request: Request, payload: Nothing) -> common.Free:
        return common.Free(**self._service.status())

    async def _capabilities(self, request: Request, payload: Nothing) -> common.Free:
        return common.Free(**self._service.capabilities())

    async def _cancel(self, request: Request, payload: common.CancelIn) -> Nothing:
        """Cancel completes first; what it cancels ends after it."""
        line = request.peer
        pending = dict(line.pending) if isinstance(line, Line) else {}
        pending.pop(request.id, None)
        if payload.request_ids is not None:
            pending = {number: pending[number] for number in payload.request_ids if number in pending}
        found = list(pending.values())
        if not found:
            raise CommandFailed("no such request is pending on this connection", "noMatchingRequestIDs")
        for other in found:
            request.then(lambda other=other: other.stop(CompletionCode.CANCELED))  # type: ignore[misc]
        return Nothing()

    async def _set_versions(self, request: Request, payload: common.SetVersionsIn) -> Nothing:
        """There is one major version of every message; asking for another is refused."""
        offered = {command.name: command.version for command in self._service.offered}
        events = {e.name: e.version for i in self._service.interfaces for e in i.all_events()}
        for known, wanted in ((offered, payload.commands), (events, payload.events)):
            for name, major in (wanted or {}).items():
                if name not in known:
                    raise InvalidData(f"{name} is not of this service")
                if int(known[name].partition(".")[0]) != major:
                    raise UnsupportedData(f"{name} is spoken in version {known[name]} only")
        return Nothing()

    async def _get_transaction(self, request: Request, payload: Nothing) -> common.TransactionStateBody:
        return self._transaction

    async def _set_transaction(self, request: Request, payload: common.TransactionStateBody) -> Nothing:
        self._transaction = payload
        return Nothing()
