"""Opens what every program of the centre stands on: the store, the keys, business time, the acquirers."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from bureau.fleet.keys import BureauKeys
from bureau.pki import locked
from bureau.ports.acquirer import Acquirers, DebitNetwork
from bureau.ports.post import Post
from bureau.store.database import Database
from bureau.store.migrate import migrate
from config.bureau_settings import BureauSettings
from config.clock import CHINA, Clock, SystemClock
from sync.crypto import open_keystore


def business_clock(settings: BureauSettings) -> SystemClock:
    """Business time: moved by the offset all programs share; without one, by whole days to the city's day."""
    if settings.clock.offset_s or settings.city.as_of is None:
        return SystemClock(timedelta(seconds=settings.clock.offset_s))
    return SystemClock(timedelta(days=(settings.city.as_of - datetime.now(CHINA).date()).days))


def open_store(settings: BureauSettings) -> Database:
    """The store at this release's layout; raises ``StoreUnavailable`` or ``StoreNewer``."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url, settings.database.pool)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def open_acquirers(settings: BureauSettings, clock: Clock) -> Acquirers:
    """Who is asked about payments: the acquirer of codes; the card acquirer's files and the banks where set."""
    from bureau.acquirer.card_files import CardFiles
    from bureau.acquirer.client import (
        AcquirerClient,  # loads an HTTP client, which no command about stock needs
    )

    acquirer, files = settings.acquirer, settings.acquirer.card_files
    codes = AcquirerClient(acquirer.url, acquirer.timeout_s)
    cards = CardFiles(files, clock) if files is not None else None
    return Acquirers(codes, cards, _open_treasury(settings, clock))


def _open_treasury(settings: BureauSettings, clock: Clock) -> DebitNetwork | None:
    from bureau.treasury.link import TreasuryLink  # loads an HTTP client as well

    treasury = settings.treasury
    if treasury.url is None:
        return None
    return TreasuryLink(treasury.url, treasury.node, clock, treasury.timeout_s)


def open_post(settings: BureauSettings) -> Post | None:
    """Who carries letters; None where the bureau has no mail server. Raises ``OSError`` for a file it cannot read."""
    from bureau.mailing.smtp import MailServer

    return MailServer(settings.mail) if settings.mail.host else None


def open_keys(settings: BureauSettings) -> BureauKeys:
    """The centre's keys, sealed in the state directory."""
    with locked(settings.state_dir / "keys"):  # processes that start together make them once
        return BureauKeys.open(
            open_keystore(settings.state_dir, os.environ, settings.profile), settings.keys.signature
        )
