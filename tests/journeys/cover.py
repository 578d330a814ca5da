"""Services that between them have everything a visit can come to: what ``make test`` walks; ``make deep`` walks all.

A service is data: kinds of steps with their settings, one after the other. What is walked in one service is walked for
each that is made of the same: each kind of step with each of its settings, and one step after another of its kind, whose
page the screen shows anew. Which kind follows which other is the flow's, whose own tests play the services (``tests/kiosk/flow``);
what a service does at the centre is held by the centre's own tests, which leave none out.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Hashable, Iterator

from pydantic import BaseModel

from config.catalogue import Catalogue
from config.catalogue.models import Service

WORDS = {"id", "mark", "title", "lead", "action", "unless"}
"""Of a step: what it is called, and when it is left out."""


def cover(catalogue: Catalogue, walked: Collection[str]) -> list[str]:
    """What has to be walked besides ``walked``, the richest first."""
    made = {name: set(_made_of(published.service)) for name, published in catalogue.items()}
    missing = set[Hashable]().union(*made.values()).difference(*(made[name] for name in walked))
    found = []
    while missing:
        found.append(max(sorted(made), key=lambda name: len(made[name] & missing)))
        missing -= made[found[-1]]
    return found


def _made_of(service: Service) -> Iterator[Hashable]:
    """All in it that a program has to have a way for."""
    yield from (
        ("sign-in", service.sign_in),
        ("audience", service.audience),
        ("offline", str(service.offline)),
    )
    yield from (("unnamed", service.unnamed), ("behalf", service.behalf), ("phone", str(service.phone)))
    yield from (("device", device) for _, devices in service.devices for device in devices)
    yield from (
        ("again", one.kind) for one, other in itertools.pairwise(service.steps) if one.kind == other.kind
    )
    for step in service.steps:
        for name, value in step:
            if name not in WORDS:
                yield step.kind, name, value if isinstance(value, bool) else bool(value)
            if isinstance(value, list):
                yield from (
                    (step.kind, name, inner.kind)
                    for inner in value
                    if isinstance(inner, BaseModel) and hasattr(inner, "kind")
                )
