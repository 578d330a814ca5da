"""Hints for an enterprise's own check (风险自查)."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from sync.models.base import Texts, Wire


class RiskHint(Wire):
    """One comparison. ``hint``: it found something; ``clear``: it did not; ``none``: there is nothing to compare.

    ``compared`` has the figures, ``law`` the texts that it stands on, ``service`` the id of what mends it.
    """

    rule: str
    title: Texts
    state: Literal["hint", "clear", "none"]
    grade: Literal["high", "medium", "low"]
    compared: Texts
    why: Texts
    law: Texts
    mend: Texts
    service: str


class RiskHints(Wire):
    """``risk.hints``: hints first, the gravest of them on top, then what was compared without finding anything."""

    name: str
    taxpayer: str
    rows: list[RiskHint]
    count: int
    as_of: AwareDatetime
