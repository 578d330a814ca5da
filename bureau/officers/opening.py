"""Opens accounts, sessions and trail over a store that is open, for the console and for the commands."""

from __future__ import annotations

from bureau.fleet.keys import BureauKeys
from bureau.fleet.vault import SealingVault
from bureau.officers.accounts import Accounts
from bureau.officers.sessions import Sessions
from bureau.officers.trail import Trail
from bureau.opening import business_clock
from bureau.store.database import Database
from config.bureau_settings import BureauSettings
from config.clock import SystemClock

ISSUER = "自助办税中心"
"""How an authenticator lists the account."""


def open_accounts(database: Database, keys: BureauKeys) -> Accounts:
    """The accounts; their second factor goes by the time of the world, whatever day a demonstration plays."""
    return Accounts(database, SealingVault(keys.sealing), SystemClock(), ISSUER)


def open_sessions(database: Database, keys: BureauKeys) -> Sessions:
    """The sessions, by the time of the world as well."""
    return Sessions(database, SealingVault(keys.sealing), SystemClock())


def open_trail(settings: BureauSettings, database: Database, keys: BureauKeys) -> Trail:
    """The trail, in business time as the cases that it tells of."""
    return Trail(database, keys.signer, business_clock(settings))
