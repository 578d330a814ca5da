"""Wearing parts, supplies and the cleaning plan in the application's words, for staff's page and command line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from drivers.client.errors import DeviceClientError, DeviceCommandFailed
from drivers.client.hub import DeviceHub

ASK_WITHIN_S: Final = 5.0
TELL_WITHIN_S: Final = 10.0
SOON: Final = 0.8
"""Share of its measure from which a part or task is worth a look ahead: six days of a month's cleaning."""


Kind = Literal["part", "supply", "task"]
_LISTS: Final[Mapping[str, Kind]] = {"parts": "part", "supplies": "supply", "plan": "task"}


@dataclass(frozen=True, slots=True)
class CareItem:
    """A wearing part, a supply or a task of the plan. ``limit`` is in counts of ``counter``; ``share`` 1 is full."""

    role: str
    name: str
    zh: str
    en: str
    kind: Kind
    counter: str
    used: int
    limit: int
    days: int
    last: datetime | None
    share: float
    due: bool

    @property
    def soon(self) -> bool:
        """Not due, but before long."""
        return not self.due and self.share >= SOON

    @property
    def left(self) -> int | None:
        """Of a part or supply, in its counter; None of a task, and when more was used than there can have been."""
        left = self.limit - self.used
        if self.kind == "part":
            return max(left, 0)
        return left if self.kind == "supply" and left >= 0 else None

    @property
    def by(self) -> datetime | None:
        """The day on which it is due by the calendar; None when it goes by counts alone, or was never done."""
        return self.last + timedelta(days=self.days) if self.last is not None and self.days else None


@dataclass(frozen=True, slots=True)
class Cared:
    """What the services told, by role, and why the others told nothing."""

    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)

    @property
    def items(self) -> tuple[CareItem, ...]:
        """Every part, supply and task: what is due first, then what is nearest to it."""
        found = [
            _item(role, kind, facts)
            for role, told in self.told.items()
            for of, kind in _LISTS.items()
            for facts in told.get(of, ())
        ]
        return tuple(sorted(found, key=lambda item: (not item.due, -item.share)))


async def read_care(hub: DeviceHub, roles: Sequence[str]) -> Cared:
    """Ask every role at once. A role for which nothing is counted is in neither list."""
    answers = await asyncio.gather(*(_ask(hub, role) for role in roles))
    told = {role: facts for role, facts, _ in answers if facts is not None}
    return Cared(told, {role: why for role, _, why in answers if why})


async def care_done(hub: DeviceHub, role: str, name: str, by: str) -> None:
    """``by`` has changed, filled or done it: its count begins anew. Raise ``DeviceClientError``."""
    await hub.request(role, "Care.Done", {"name": name, "by": by}, TELL_WITHIN_S)


async def _ask(hub: DeviceHub, role: str) -> tuple[str, Mapping[str, Any] | None, str]:
    try:
        return role, await hub.request(role, "Care.GetCare", {}, ASK_WITHIN_S), ""
    except DeviceCommandFailed as error:
        return role, None, "" if error.completion_code == "unsupportedCommand" else str(error)
    except DeviceClientError as error:
        return role, None, str(error)


def _item(role: str, kind: Kind, facts: Mapping[str, Any]) -> CareItem:
    last = facts.get("last")
    return CareItem(
        role=role,
        name=str(facts["name"]),
        zh=str(facts["zh"]),
        en=str(facts["en"]),
        kind=kind,
        counter=str(facts.get("counter") or ""),
        used=int(facts.get("used") or 0),
        limit=int(facts.get("life") or facts.get("full") or facts.get("every") or 0),
        days=int(facts.get("days") or 0),
        last=datetime.fromisoformat(last) if last else None,
        share=float(facts["share"]),
        due=bool(facts["due"]),
    )
