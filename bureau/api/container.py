"""Everything the interface needs, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bureau.analytics.intake import UseIntake
from bureau.engine.copies import Copies
from bureau.engine.housekeeping import Housekeeping
from bureau.engine.queries import Queries
from bureau.engine.submission import Submission
from bureau.fleet.audit import AuditChains
from bureau.fleet.keys import BureauKeys
from bureau.fleet.nonces import Nonces
from bureau.fleet.terminals import Terminals
from bureau.levels.centres import Centres
from bureau.ports.system import System
from bureau.public.site import PublicSite
from config.bureau_settings import LimitSettings
from config.clock import Clock


@dataclass(frozen=True, slots=True)
class Container:
    """The parts of one running centre."""

    limits: LimitSettings
    clock: Clock
    incarnation: str
    keys: BureauKeys
    system: System
    terminals: Terminals
    nonces: Nonces
    audit: AuditChains
    use: UseIntake
    centres: Centres
    submission: Submission
    copies: Copies
    queries: Queries
    site: PublicSite
    housekeeping: Housekeeping
    mailing: Housekeeping
    close: Callable[[], None]
    ready: Callable[[], None] = lambda: None
    """Raises ``BureauError`` where no call can be answered now."""
