"""All reports of one store together, and the order of a service's steps, which the sums do not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bureau.analytics.peers import PeerReports
from bureau.analytics.topics import TopicReports
from bureau.analytics.use import StepUsed, UseReports
from bureau.analytics.waiting import WaitingReports
from bureau.store.database import Database


@dataclass(frozen=True, slots=True)
class Analytics:
    """What officers ask of the halls' days."""

    use: UseReports
    waiting: WaitingReports
    peers: PeerReports
    topics: TopicReports


def open_analytics(database: Database) -> Analytics:
    """The reports over a store."""
    return Analytics(
        UseReports(database), WaitingReports(database), PeerReports(database), TopicReports(database)
    )


def in_order(steps: Sequence[StepUsed], order: Sequence[str]) -> list[StepUsed]:
    """As a person comes to them; steps that the service does not have any more stand behind."""
    places: Mapping[str, int] = {step: place for place, step in enumerate(order)}
    return sorted(steps, key=lambda one: (places.get(one.step, len(order)), -one.came, one.step))
