"""Who may have a departure refund: the holder of a foreign passport, in no register of the bureau's."""

from __future__ import annotations

from typing import Final

from bureau.engine.refusals import refuse
from bureau.engine.subjects import claimed
from bureau.ports.core import Core
from config.catalogue.models import Service
from kiosk.domain.people import DocumentKind
from sync.models import PersonClaim, Subject

MAINLAND: Final = "CHN"
"""Nationality of who lives here; Hong Kong's, Macao's and Taiwan's residents come with permits, which are read
nowhere yet."""


def traveller(core: Core, subject: Subject, service: Service) -> PersonClaim:
    """Who stands there, by their passport; raises ``Refused`` for whoever cannot (财政部公告2015年第3号, 一)."""
    claim, _ = claimed(core, subject, service.sign_in)
    if claim.kind is not DocumentKind.PASSPORT or claim.nationality is None:
        raise refuse("departurePassport")
    if claim.nationality == MAINLAND:
        raise refuse("departureResident")
    return claim
