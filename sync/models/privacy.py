"""What is held of a person, and who looked at it (个人信息保护法, arts. 44 to 50)."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from sync.models.base import Texts, Wire


class DataRow(Wire):
    """One kind of data. ``until`` and ``basis`` in words; ``why_not`` says why it cannot be deleted."""

    id: str
    title: Texts
    count: int
    since: date
    until: Texts
    basis: Texts
    erasable: bool
    why_not: Texts | None


class HeldData(Wire):
    """``privacy.held``: what the bureau holds of the person who asks, what can be deleted first."""

    rows: list[DataRow]
    as_of: AwareDatetime


class AccessRow(Wire):
    """One access: who, when, to what kind of data, and for what."""

    id: str
    who: Texts
    at: AwareDatetime
    what: Texts
    purpose: Texts


class Accesses(Wire):
    """``privacy.accesses``: who looked at the data of the person who asks, the newest first."""

    rows: list[AccessRow]
    as_of: AwareDatetime
