"""What the console's pages work with, joined in ``bureau.console_app``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bureau.analytics.alerts import Alarm
from bureau.analytics.reports import Analytics
from bureau.engine.remote.sources import Find
from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.levels.superior import Superior
from bureau.officers.accounts import Accounts
from bureau.officers.sessions import Sessions
from bureau.officers.trail import Trail
from bureau.opendata.releases import Releases
from bureau.ports.materials import Vault
from bureau.ports.office import CertificateOffice
from bureau.ports.system import System
from config.clock import Clock
from config.texts import Texts, languages
from sync.crypto import Verifier

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = languages(TEXTS)


@cache
def words() -> Mapping[str, Texts]:
    """Every text of the console, by language."""
    return {lang: Texts(lang, folder=TEXTS) for lang in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Parts:
    """The centre as the console sees it: ports and accounts, no tables."""

    system: System
    clock: Clock
    services: Services
    rules: Rules
    vault: Vault
    accounts: Accounts
    sessions: Sessions
    trail: Trail
    verifier: Verifier
    analytics: Analytics
    alarm: Alarm
    above: Superior
    open_data: Releases
    office: CertificateOffice
    sources: Find
    url: str
    public_url: str
    tries_per_minute: int
