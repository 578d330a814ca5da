"""Looking after the devices: what is due, and that somebody has changed a part or cleaned."""

from __future__ import annotations

from drivers.client import DeviceHub
from drivers.client.care import Cared, care_done, read_care
from kiosk.staff.board import icon
from kiosk.staff.front import Front
from kiosk.staff.signing import Signing
from kiosk.staff.tasks import Tasks
from kiosk.staff.views import StaffView
from kiosk.watch import Watch


class Caring:
    """What the devices' services told when the page was opened, and the row that is asked about once more."""

    def __init__(self, front: Front, signing: Signing, tasks: Tasks, hub: DeviceHub, watch: Watch) -> None:
        self._front, self._signing, self._tasks, self._hub, self._watch = front, signing, tasks, hub, watch
        self._cared, self._asked, self._looked = Cared(), "", False

    def page(self) -> StaffView:
        """Everything that wears or is cleaned."""
        return self._front.pages.care.page(self._cared, self._asked, icon, looked=self._looked)

    async def look(self) -> None:
        """Ask every device's service; nothing that was asked about stands any more."""
        self._asked = ""
        self._front.draw()
        self._cared = await read_care(self._hub, self._hub.roles())
        self._looked = True

    async def done(self, row: str) -> None:
        """``role:name`` asks whether it was done, ``role:name:sure`` records it, and nothing takes that back."""
        role, _, rest = row.partition(":")
        name, _, sure = rest.partition(":")
        if not sure:
            self._asked = row
            return
        signed = self._signing.signed
        if signed is None or f"{role}:{name}" != self._asked:
            return
        self._asked = ""
        if await self._tasks.ask(
            lambda: care_done(self._hub, role, name, signed.name), "bench.care.recorded"
        ):
            await self._signing.note("staff.cared", {"role": role, "name": name})
            self._watch.care_changed()
            await self.look()
