"""Who signed in: the enterprises they may act for, and what they have to be told."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from kiosk.domain.people import Ground, Role, Scope
from sync.models.base import Texts, Wire


class RoleBinding(Wire):
    """One enterprise the person may act for."""

    taxpayer: str
    name: str
    role: Role
    small_scale: bool
    state: str  # normal 正常, abnormal 非正常, cancelled 注销
    temporary: bool = False
    """A person registered as a business for a time: ``L`` is the head of it, no legal representative."""


class MandateHeld(Wire):
    """Somebody for whom the person may act, and what (``kiosk.domain.people.Scope``).

    Name and number are shown in part. ``own``: that person is a taxpayer in their own name. ``ground``: whether they
    gave a mandate, or are a ward.
    """

    mandate: str
    name: str
    number: str
    scope: Scope
    own: bool = False
    ground: Ground = Ground.SIGNED


class Notice(Wire):
    """Something the centre has to tell this person (催报催缴, refusal of a queued return …)."""

    id: str
    kind: str
    title: Texts
    text: Texts
    created: AwareDatetime
    deadline: date | None = None
    reference: str | None = None


class PersonProfile(Wire):
    """``person.profile``: answer to sign-in. ``chip_photo`` is absent; ``known`` says whether enrolled.

    ``own``: the person is a taxpayer in their own name as well.
    """

    known: bool
    roles: list[RoleBinding]
    notices: list[Notice]
    own: bool = False
    mandates: list[MandateHeld] = []
