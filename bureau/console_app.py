"""Composition root of the officers' console: where its parts are chosen and joined."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.types import ASGIApp

from bureau import listening
from bureau.analytics.alerts import Alarm
from bureau.analytics.reports import open_analytics
from bureau.certificates.office import open_office
from bureau.console.app import create_console
from bureau.console.parts import Parts
from bureau.cores import close_core, open_core
from bureau.engine.publishing import publish
from bureau.engine.remote.sources import Finder
from bureau.fleet.terminals import BUREAU_NAME
from bureau.fleet.vault import SealingVault
from bureau.levels.superior import Superior
from bureau.officers.opening import open_accounts, open_sessions, open_trail
from bureau.opendata.releases import Releases
from bureau.opening import business_clock, open_keys, open_store
from bureau.web import serve_web
from config.bureau_settings import BureauSettings
from sync.crypto import verifier


def console(settings: BureauSettings) -> tuple[ASGIApp, Callable[[], None]]:
    """The officers' console as a web application, and how its store is closed."""
    clock, database, keys = business_clock(settings), open_store(settings), open_keys(settings)
    services, rules = publish(database, datetime.now(UTC))
    office = open_office(settings.state_dir, BUREAU_NAME, settings.public_url)
    system, _records, leave = open_core(settings, database, clock, (services, rules), office)
    reports = open_analytics(database, rules.current)
    parts = Parts(
        system=system,
        clock=clock,
        services=services,
        rules=rules,
        vault=SealingVault(keys.sealing),
        accounts=open_accounts(database, keys),
        sessions=open_sessions(database, keys),
        trail=open_trail(settings, database, keys),
        verifier=verifier(keys.signer.algorithm, keys.signer.public_key),
        analytics=reports,
        alarm=Alarm(reports, clock),
        above=Superior(settings.superior, database, system, keys, clock),
        open_data=Releases(database, clock, settings.open_data.districts),
        office=office,
        sources=Finder(settings.state_dir).find_now,
        url=settings.console_url,
        public_url=settings.public_url,
        tries_per_minute=settings.limits.sign_ins_per_minute,
    )
    return create_console(parts), lambda: close_core(database, settings.state_dir, leave)


def serve(settings: BureauSettings, *, tell: bool = False) -> None:
    """Serve officers until stopped. ``tell`` prints one JSON line with address and pid once it takes calls."""
    listener = listening.listen(settings.console.host, settings.console.port, 128)
    app, close = console(settings)
    try:
        serve_web(settings, app, settings.console_url, listener, tell=tell)
    finally:
        close()
