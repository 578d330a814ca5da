"""What the reports find, in words: topics and where they come from, at what a terminal is worse, supplies."""

from __future__ import annotations

from typing import Final

from bureau.analytics.peers import Peer
from bureau.analytics.supplies import SupplyLeft
from bureau.analytics.topics import Topic
from bureau.console.desk import Desk
from bureau.texts import has, outlined
from config.texts import catalogue

MM_PER_M: Final = 1000


def service_title(desk: Desk, service: str) -> str:
    """Its name as terminals show it; of one that is not in the catalogue any more the id."""
    catalogue = desk.parts.services.current
    return desk.told(catalogue[service].service.title) if service in catalogue else service


def source(desk: Desk, one: Topic) -> str:
    """Where a topic was counted."""
    kind, _, name = one.source.partition(":")
    return desk.say("analytics.source.feed", name=name) if name else desk.say(f"analytics.source.{kind}")


def topic(desk: Desk, one: Topic) -> str:
    """Its name; that of an outside source is that source's own."""
    return desk.said(f"analytics.topic.{one.source}.{one.topic}") or one.topic


def worse(desk: Desk, one: Peer) -> list[str]:
    """At what it is worse than the others."""
    return [desk.say(f"analytics.worse.{what}") for what in one.worse]


def told_last(desk: Desk, code: str) -> str:
    """What a person was shown last: a refusal's sentence, its values left open, or a fault's name; else the code."""
    if has(f"refusal.{code}"):
        return desk.told(outlined(f"refusal.{code}"))
    return catalogue(desk.lang).get(f"bench.fault.{code}", code) or "—"


def supply(desk: Desk, one: SupplyLeft) -> str:
    """A device and what it uses up there."""
    device = desk.said(f"analytics.device.{one.role}") or one.role
    if one.code:
        return desk.say("analytics.blanks", device=device, unit=one.name, code=one.code)
    name = desk.said(f"analytics.supply.{one.role}.{one.name}") or desk.said(f"analytics.supply.{one.name}")
    return desk.say("analytics.of-device", device=device, name=name or one.name)


def counted(desk: Desk, counter: str, left: int | None, full: int | None = None) -> str:
    """In its unit; paper in metres."""
    if left is None:
        return "—"
    shown = [n // MM_PER_M if counter == "mm" else n for n in (left, full) if n is not None]
    of = " / ".join(f"{n:,}" for n in shown)
    return desk.say(f"analytics.counter.{counter}", n=of) if desk.has(f"analytics.counter.{counter}") else of
