"""Every page of the console: its address, what it needs, and where it stands in the rail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bureau.officers.roles import Act, Role, may


@dataclass(frozen=True, slots=True)
class Place:
    """A page, or several below one address. ``act`` None: it is open to every officer."""

    key: str
    path: str
    act: Act | None
    icon: str


PLACES: Final = (
    Place("today", "/", None, "today"),
    Place("cases", "/cases", Act.CASES_SEE, "folder"),
    Place("complaints", "/complaints", Act.COMPLAINTS_SEE, "speech"),
    Place("ratings", "/ratings", Act.RATINGS_SEE, "faces"),
    Place("tip-offs", "/tip-offs", Act.TIP_OFFS_SEE, "lock"),
    Place("mutual", "/mutual", Act.MUTUAL_SEE, "people"),
    Place("school", "/school", Act.SCHOOL_SEE, "cap"),
    Place("refunds", "/refunds", Act.REFUNDS_SEE, "coins"),
    Place("stock", "/stock", Act.STOCK_SEE, "stack"),
    Place("surveys", "/surveys", Act.SURVEYS_SEE, "ticks"),
    Place("offenders", "/offenders", Act.OFFENDERS_SEE, "warning"),
    Place("software", "/software", Act.APPS_SEE, "phone"),
    Place("knowledge", "/knowledge", Act.KNOWLEDGE_SEE, "book"),
    Place("open-data", "/open-data", Act.OPEN_DATA_SEE, "table"),
    Place("lottery", "/lottery", Act.LOTTERY_SEE, "gift"),
    Place("prizes", "/prizes", Act.PRIZES_SEE, "coins"),
    Place("inspections", "/inspections", Act.INSPECTIONS_SEE, "walk"),
    Place("remote", "/remote", Act.REMOTE_SEE, "headset"),
    Place("call-backs", "/call-backs", Act.CALLS_SEE, "call"),
    Place("analytics", "/analytics", Act.ANALYTICS_SEE, "chart"),
    Place("centres", "/centres", Act.ANALYTICS_SEE, "levels"),
    Place("officers", "/officers", Act.OFFICERS_SEE, "badge"),
    Place("trail", "/trail", Act.TRAIL_SEE, "shield"),
)
"""In the order of the rail."""


def place_of(path: str) -> Place | None:
    """The place that an address belongs to; None for one that is nobody's."""
    for place in PLACES:
        below = place.path != "/" and path.startswith(place.path + "/")
        if path == place.path or below:
            return place
    return None


def open_to(roles: Iterable[Role], place: Place) -> bool:
    """Whether an officer with these roles gets there."""
    return place.act is None or may(roles, place.act)
