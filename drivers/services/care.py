"""The commands of Care, the same for every service that something is counted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivers.books.care import CareBook, Part, Supply, Task, Wear
from drivers.errors import UnsupportedOperation
from drivers.xfs.messages import care
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

if TYPE_CHECKING:
    from drivers.services.base import DeviceService


class CareCommands:
    """Serves GetCare and Done of one service. ``book`` is put there by the composition root."""

    def __init__(self, service: DeviceService[Any]) -> None:
        self.book: CareBook | None = None
        self._service = service
        service.offer(care.GET, self._get)
        service.offer(care.DONE, self._done)

    async def load(self) -> None:
        """Read the book, at the start of the service."""
        if self.book is not None:
            await self.book.load()

    async def count(self, **worn: int) -> None:
        """Add what a job has worn."""
        if self.book is not None:
            before = self.book.due()
            await self.book.count(**worn)
            if self.book.due() != before:
                self._service.publish()

    async def sensed(self, source: str, out: bool) -> None:
        """A paper source is out, or is not (any more)."""
        if self.book is not None:
            await self.book.sensed(source, out)

    def due(self) -> list[str] | None:
        """What is due, None for nothing."""
        return list(self.book.due()) or None if self.book is not None else None

    async def _get(self, request: Request, payload: Nothing) -> care.CareOut:
        items = [(wear.entry, _item(wear)) for wear in self._known().wear()]
        return care.CareOut(
            parts=[item for entry, item in items if isinstance(entry, Part)],
            supplies=[item for entry, item in items if isinstance(entry, Supply)],
            plan=[item for entry, item in items if isinstance(entry, Task)],
            counters=dict(self._known().counters()),
        )

    async def _done(self, request: Request, payload: care.DoneIn) -> Nothing:
        who = f"{request.client.name}: {payload.by}" if payload.by else request.client.name
        await self._known().done(payload.name, who)
        self._service.publish()
        return Nothing()

    def _known(self) -> CareBook:
        if self.book is None:
            raise UnsupportedOperation("nothing is counted for this device")
        return self.book


def _item(wear: Wear) -> care.Item:
    entry = wear.entry
    return care.Item(
        name=entry.name,
        zh=entry.zh,
        en=entry.en,
        counter=entry.counter,
        used=wear.used if entry.counter is not None else None,
        life=entry.life if isinstance(entry, Part) else None,
        full=entry.full if isinstance(entry, Supply) else None,
        every=entry.every if isinstance(entry, Task) else None,
        days=entry.days if isinstance(entry, Task) else None,
        last=wear.last.isoformat(timespec="seconds") if wear.last is not None else None,
        share=round(wear.share, 4),
        due=wear.due,
    )
