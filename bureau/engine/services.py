"""The published services by id and version, and which effects and questions each may have."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bureau.errors import ServiceUnknown
from config.catalogue import Catalogue, Published
from config.catalogue.models import (
    ChooseStep,
    FormStep,
    GatherStep,
    MutualStep,
    ReviewStep,
    ScanStep,
    Service,
)
from config.catalogue.rows import ListStep
from sync.models import EffectKind

log = logging.getLogger("kiosk.bureau")

BY_STEP: Mapping[str, tuple[EffectKind, ...]] = {
    "print": (EffectKind.CERTIFICATE_PRINTED,),
    "dispense": (EffectKind.INVOICE_COMMIT,),
    "pay": (EffectKind.PAYMENT_CREATE, EffectKind.PAYMENT_CLOSE, EffectKind.PAYMENT_CARD),
    "continue": (EffectKind.VISIT_CONTINUE,),
    "collect": (EffectKind.CERTIFICATE_DELIVER,),
    "rate": (EffectKind.FEEDBACK_RATE,),
}
"""What a step does at the centre besides what a ``submit`` step names itself."""

ASKED_BY_STEP: Mapping[str, tuple[str, ...]] = {
    "identify": ("person.profile",),
    "phone": ("phone.code", "phone.check"),
    "officer": ("consult.open", "consult.talk"),
    "pay": ("payment.status", "payment.charge", "payment.debit"),
    "consult": ("library.edited",),
}
"""What a step asks the centre besides what its own ``ask`` names."""


@dataclass(frozen=True, slots=True)
class Version:
    """The service to judge by. ``exact`` is false when the version named was never published here."""

    service: Service
    exact: bool


class Services:
    """Every version ever published, the current one of each service first."""

    def __init__(self, current: Catalogue, earlier: Iterable[Published] = ()) -> None:
        self.current = current
        self._unknown: set[str] = set()
        self._earlier = {published.hash: published for published in earlier}

    def version(self, service: str, digest: str) -> Version:
        """The version named, else the current one; raises ``ServiceUnknown`` when there is no such service.

        A terminal that runs a version the centre has lost sight of is judged by the current one: a law or a
        text that changed meanwhile is a business decision, never a schema error.
        """
        named = self.current.by_hash(digest) or self._earlier.get(digest)
        if named is not None and named.service.id == service:
            return Version(named.service, exact=True)
        if service not in self.current:
            raise ServiceUnknown(service)
        if digest and digest not in self._unknown:
            self._unknown.add(digest)  # a terminal says it with each request; once is enough for the log
            log.warning("service %s: version %.12s was never published here", service, digest)
        return Version(self.current[service].service, exact=False)


def effects_of(service: Service) -> frozenset[str]:
    """The effect kinds the service's steps have at the centre."""
    found: set[str] = set()
    for step in service.steps:
        if step.kind == "submit":
            found.add(step.effect)
            if step.pages:
                found.add(EffectKind.MATERIAL_PAGE.value)
        if step.kind == "mutual" and step.does == "browse":
            found.add(EffectKind.HELP_THANK.value)
        found.update(kind.value for kind in BY_STEP.get(step.kind, ()))
    return frozenset(found)


OF_NOW = ("certificate.verify",)
"""Answers that nobody keeps: whether a certificate is still valid only the register knows, a minute later as well."""


def kept_of(service: Service) -> frozenset[str]:
    """The questions whose answers a terminal may keep: none but in a service that goes on with them offline.

    In one that takes things without the network, those that its file names.
    """
    if service.offline != "cached":
        asked = (getattr(step, "ask", None) for step in service.steps)
        return frozenset(asks.query for asks in asked if asks is not None and asks.kept)
    return queries_of(service) - {*ASKED_BY_STEP["phone"], *ASKED_BY_STEP["pay"], *OF_NOW}


def queries_of(service: Service) -> frozenset[str]:
    """The questions the service's steps have: what a role may do in one service opens no data of another."""
    found = {query for step in service.steps for query in ASKED_BY_STEP.get(step.kind, ())}
    for step in service.steps:
        if (
            isinstance(step, ChooseStep | FormStep | GatherStep | ListStep | ReviewStep)
            and step.ask is not None
        ):
            found.add(step.ask.query)
        if isinstance(step, MutualStep):
            found.add(step.query)
        if isinstance(step, ScanStep) and step.drafts:
            found.add("draft.open")
        if isinstance(step, ScanStep) and step.reads == "certificate":
            found.add("certificate.keys")
    return frozenset(found)
