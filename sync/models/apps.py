"""Official software for taxpayers (应用广场)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from sync.models.base import Texts, Wire


class AppListed(Wire):
    """One version of a piece of software that was reviewed and published; ``url`` is its official page.

    One that was withdrawn stays listed for a while, with the reason and without a way to get it.
    """

    app: str
    name: Texts
    publisher: Texts
    purpose: Texts
    runs_on: Texts
    version: str
    state: Literal["published", "withdrawn"]
    reviewed_on: date
    finding: Texts
    url: str
    open: bool
    why_not: Texts | None


class AppList(Wire):
    """``apps.list``: what may be installed first, then what was withdrawn."""

    as_of: AwareDatetime
    apps: list[AppListed]
