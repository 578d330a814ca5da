"""All reports of one store together, and the order of a service's steps, which the sums do not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bureau.analytics.centres import CentreReports
from bureau.analytics.peers import PeerReports
from bureau.analytics.ratings import RatingReports
from bureau.analytics.supplies import SupplyReports
from bureau.analytics.topics import TopicReports
from bureau.analytics.use import StepUsed, UseReports
from bureau.analytics.waiting import WaitingReports
from bureau.store.database import Database
from kiosk.domain.tax.limits import WorkingCalendar
from kiosk.domain.tax.parameters import TaxParameters, built_in


@dataclass(frozen=True, slots=True)
class Analytics:
    """What officers ask of the halls' days."""

    use: UseReports
    waiting: WaitingReports
    peers: PeerReports
    topics: TopicReports
    ratings: RatingReports
    supplies: SupplyReports
    centres: CentreReports


def open_analytics(database: Database, law: TaxParameters | None = None) -> Analytics:
    """The reports over a store; working days are those of ``law``, the tables that ship where it is not given."""
    return Analytics(
        UseReports(database),
        WaitingReports(database),
        PeerReports(database),
        TopicReports(database),
        RatingReports(database),
        SupplyReports(database, WorkingCalendar(law or built_in()).working),
        CentreReports(database),
    )


def in_order(steps: Sequence[StepUsed], order: Sequence[str]) -> list[StepUsed]:
    """As a person comes to them; steps that the service does not have any more stand behind."""
    places: Mapping[str, int] = {step: place for place, step in enumerate(order)}
    return sorted(steps, key=lambda one: (places.get(one.step, len(order)), -one.came, one.step))
