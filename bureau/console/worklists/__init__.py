"""Worklists: what waits for some officers, and the page of one of it. Each is data; ``pages`` draws them all alike."""

from __future__ import annotations

from typing import Any, Final

from bureau.console.worklists.call_backs import CALL_BACKS
from bureau.console.worklists.feedback import feedback_worklist
from bureau.console.worklists.inspections import INSPECTIONS
from bureau.console.worklists.knowledge import KNOWLEDGE
from bureau.console.worklists.lottery import LOTTERY
from bureau.console.worklists.mutual import MUTUAL
from bureau.console.worklists.offenders import OFFENDERS
from bureau.console.worklists.pattern import Worklist
from bureau.console.worklists.prizes import PRIZES
from bureau.console.worklists.ratings import RATINGS
from bureau.console.worklists.refunds import REFUNDS
from bureau.console.worklists.remote import REMOTE
from bureau.console.worklists.school import SCHOOL
from bureau.console.worklists.software import SOFTWARE
from bureau.console.worklists.stock import STOCK
from bureau.console.worklists.surveys import SURVEYS

WORKLISTS: Final[tuple[Worklist[Any, Any], ...]] = (
    feedback_worklist("complaint"),
    RATINGS,
    feedback_worklist("report"),
    MUTUAL,
    SCHOOL,
    REFUNDS,
    STOCK,
    SURVEYS,
    OFFENDERS,
    SOFTWARE,
    KNOWLEDGE,
    LOTTERY,
    PRIZES,
    INSPECTIONS,
    REMOTE,
    CALL_BACKS,
)
"""In the order of the rail."""
