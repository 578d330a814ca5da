"""Composition root of the centre: the one place where its concrete parts are chosen and joined."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from bureau import listening
from bureau.adapters.http_core import HttpPublicRecords, HttpSystem, Link
from bureau.analytics.intake import UseIntake
from bureau.api.app import create_app
from bureau.api.container import Container
from bureau.certificates.office import Trust, open_office
from bureau.engine import looks as accesses
from bureau.engine import phones
from bureau.engine.agency.after import ApplicationsLeft
from bureau.engine.copies import Copies
from bureau.engine.effects import Registry
from bureau.engine.feedback.following import FollowDesk
from bureau.engine.handlers.agency import ApplyForInvoice, IssueInvoice
from bureau.engine.handlers.appointments import BookAppointment, CancelAppointment
from bureau.engine.handlers.card_payments import TellCard
from bureau.engine.handlers.certificates import CertificateOut, IssueCertificate
from bureau.engine.handlers.continuing import ContinueVisit
from bureau.engine.handlers.declarations import SubmitDeclaration
from bureau.engine.handlers.documents import ServeDocument
from bureau.engine.handlers.einvoices import CopyInvoice, DeliverInvoice, RedInvoice
from bureau.engine.handlers.enrolment import EnrolPerson
from bureau.engine.handlers.feedback import Complain, RateVisit, Reply, Report
from bureau.engine.handlers.invoice_checks import CheckInvoice
from bureau.engine.handlers.invoices import CommitInvoices, ReserveInvoices
from bureau.engine.handlers.lottery import DrawLottery
from bureau.engine.handlers.materials import KeepPage, SupplyMaterials
from bureau.engine.handlers.matters import SubmitMatter
from bureau.engine.handlers.mutual import (
    AnswerForHelp,
    AskForHelp,
    ProposeIdea,
    ThankForHelp,
    VoteOnIdea,
)
from bureau.engine.handlers.payments import ClosePayment, CreatePayment
from bureau.engine.handlers.queue import TakeNumber
from bureau.engine.handlers.reissuing import DeliverCertificate, ReissueCertificate
from bureau.engine.handlers.school import CancelSeat, EnrolInCourse, EvaluateCourse
from bureau.engine.handlers.stock import HandOutStock, TakeUpStock
from bureau.engine.handlers.subscriptions import ChangeSubscriptions
from bureau.engine.handlers.surveys import TakeSurvey
from bureau.engine.handlers.tax_control import ReportDevice, UnlockDevice
from bureau.engine.housekeeping import Chore, Housekeeping
from bureau.engine.laws import laws
from bureau.engine.lottery import rounds
from bureau.engine.mailing import Carrier, Leavings, Writer, limits_of
from bureau.engine.mutual.rules import rules as contributions
from bureau.engine.phone.drafts import DraftDesk
from bureau.engine.phone.drafts import forget as drafts_over
from bureau.engine.phone.going_on import GoingOn
from bureau.engine.phone.visits import forget as visits_over
from bureau.engine.publishing import publish
from bureau.engine.queries import (
    Queries,
    agency,
    appointments,
    apps,
    bills,
    books,
    certificates,
    corrections,
    credit,
    deliveries,
    documents,
    drafts,
    einvoices,
    feedback,
    invoices,
    lottery,
    materials,
    matters,
    mutual,
    nontax,
    payments,
    people,
    privacy,
    publicity,
    queue,
    refunds,
    returns,
    risks,
    school,
    sharing,
    subscriptions,
    surveys,
    tax_control,
)
from bureau.engine.reconcile import Reconciler, missed
from bureau.engine.reference.public import ReferencePublicRecords
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.reissuing import Reissuing
from bureau.engine.reminding.round import Round
from bureau.engine.repaying.sending import Repayer
from bureau.engine.resolver import Resolver
from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.engine.sheets.matter_notices import MatterNotices
from bureau.engine.submission import Submission
from bureau.engine.subscribing.finding import Sources
from bureau.engine.subscribing.round import SubscriptionRound
from bureau.errors import AcquirerError
from bureau.fleet import incarnation
from bureau.fleet.audit import AuditChains
from bureau.fleet.kept import Keeper
from bureau.fleet.keys import BureauKeys
from bureau.fleet.nonces import Nonces
from bureau.fleet.notes import note_reader
from bureau.fleet.terminals import BUREAU_NAME, Terminals, hall_of, place_of
from bureau.fleet.vault import SealingVault
from bureau.limits import Limiter, Rate
from bureau.officers.opening import open_accounts, open_sessions, open_trail
from bureau.opening import business_clock, open_acquirers, open_keys, open_post, open_store
from bureau.ports.acquirer import Acquirers
from bureau.ports.einvoices import InvoiceOffice
from bureau.ports.office import CertificateOffice
from bureau.ports.post import Post
from bureau.ports.public import PublicRecords
from bureau.ports.system import System
from bureau.public import asked
from bureau.public.site import PublicSite
from bureau.store.database import Database
from bureau.tls import ensure_loopback_tls
from config import notify
from config.bureau_settings import BureauSettings
from config.clock import CHINA, Clock
from sync.crypto import verifier

log = logging.getLogger("kiosk.bureau")
LETTERS_END_WITHIN_S = 5.0
"""A mail server that thinks for longer when the centre stops is not waited for: the service manager kills after 30 s,
and the letter is carried again, under the same Message-ID."""
PAGES_WAIT_DAYS = 30
"""Pages that nothing names after so long never will be: a terminal delivers within three days, what is parked is
looked at within weeks."""
FILES_COME_WITHIN_DAYS = 7
"""Over holidays an acquirer's file may be days late; a day that waits is compared as soon as its file is there.

What has not come by then is a case, and compared by hand (``bureau payments reconcile DAY``).
"""


class Papers(CertificateOffice, InvoiceOffice, Protocol):
    """An office, and what the public's verification of its papers stands on."""

    @property
    def trust(self) -> Trust:
        """Who may sign codes and seals."""
        ...


def assemble(
    settings: BureauSettings,
    *,
    clock: Clock | None = None,
    acquirers: Acquirers | None = None,
    office: Papers | None = None,
    published: tuple[Services, Rules] | None = None,
    post: Post | None = None,
) -> Container:
    """All parts of a centre; tests give their own clock, acquirer, office, rules or mail server."""
    clock = clock or business_clock(settings)
    database, keys = open_store(settings), open_keys(settings)
    life = incarnation.current(database, settings.state_dir)
    services, rules = published or publish(database, datetime.now(UTC))
    office = office or open_office(settings.state_dir, BUREAU_NAME, settings.public_url)
    system, records, leave = open_core(settings, database, clock, (services, rules), office)
    acquirers = acquirers or open_acquirers(settings, clock)

    def alarm(kind: str, reference: str, details: dict[str, object]) -> None:
        with system.write() as work:
            work.core.cases.open(kind, reference, details)

    terminals, nonces = Terminals(database, keys, clock, settings.public_url, alarm), Nonces(database)
    read = note_reader(keys, terminals.record_key)
    vault = SealingVault(keys.sealing)
    post = post or open_post(settings)
    limits = limits_of(settings.mail)
    writer = Writer(vault, limits if post is not None else None)
    notices = MatterNotices(system, records, services)
    reissuing = Reissuing(rules, settings.limits.certificate_copies)
    registry = Registry(
        [
            IssueCertificate(office, rules, notices, settings.limits.certificate_copies),
            CertificateOut(),
            ReissueCertificate(office, reissuing),
            DeliverCertificate(reissuing, settings.public_url),
            ReserveInvoices(rules),
            CommitInvoices(),
            CheckInvoice(),
            ApplyForInvoice(rules, office),
            IssueInvoice(office, settings.public_url),
            CopyInvoice(office),
            RedInvoice(),
            DeliverInvoice(office, writer, settings.public_url),
            SubmitDeclaration(rules),
            CreatePayment(rules, acquirers, settings.acquirer.order_s),
            ClosePayment(acquirers),
            TellCard(),
            SubmitMatter(rules, vault),
            KeepPage(vault),
            SupplyMaterials(rules),
            DrawLottery(vault, settings.public_url),
            EnrolPerson(vault),
            ServeDocument(vault, rules),
            ReportDevice(vault, rules),
            UnlockDevice(vault, rules),
            TakeNumber(rules, settings.public_url),
            BookAppointment(rules, settings.public_url),
            CancelAppointment(),
            EnrolInCourse(settings.public_url),
            CancelSeat(settings.public_url),
            EvaluateCourse(),
            ChangeSubscriptions(),
            TakeSurvey(),
            ContinueVisit(vault, settings.public_url),
            AskForHelp(settings.public_url),
            AnswerForHelp(settings.public_url),
            ThankForHelp(),
            ProposeIdea(settings.public_url),
            VoteOnIdea(settings.public_url),
            RateVisit(),
            Complain(vault, rules),
            Report(vault, rules),
            Reply(vault, rules, settings.public_url),
            HandOutStock(read),
            TakeUpStock(read),
        ]
    )
    topics = [
        people.questions(system),
        certificates.questions(system, rules, notices, office, reissuing),
        invoices.questions(system, rules),
        deliveries.questions(system, rules),
        einvoices.questions(system, writer),
        agency.questions(system, rules),
        drafts.questions(system, vault),
        returns.questions(system, rules),
        corrections.questions(system, rules),
        books.questions(system, rules),
        payments.questions(system, acquirers),
        bills.questions(system, rules),
        nontax.questions(system, rules),
        documents.questions(system),
        tax_control.questions(system, vault, rules),
        refunds.questions(system, rules),
        lottery.questions(system),
        feedback.questions(system, vault),
        matters.questions(system, rules),
        queue.questions(system, rules),
        appointments.questions(system, rules),
        apps.questions(system),
        school.questions(system, settings.public_url),
        subscriptions.questions(system),
        sharing.questions(system),
        risks.questions(system, rules),
        surveys.questions(system),
        publicity.questions(system),
        credit.questions(system),
        materials.questions(system),
        privacy.questions(system, services.current),
        mutual.questions(system),
    ]
    site = PublicSite(
        records,
        office.trust,
        BUREAU_NAME,
        url=settings.public_url,
        looks=Limiter(Rate(settings.limits.public_looks_per_minute, 60)),
        drafts=DraftDesk(system, vault, services, rules, settings.public_url),
        feedback=FollowDesk(system, vault),
    )
    topics.append(asked.questions(site, clock.now))
    submission = Submission(system, registry, services, life)
    queries = Queries(services, topics, Keeper(keys, clock), accesses.Looks(system).asked)
    going_on = GoingOn(system, vault, services, rules, queries, submission)
    return Container(
        limits=settings.limits,
        clock=clock,
        incarnation=life,
        keys=keys,
        system=system,
        terminals=terminals,
        nonces=nonces,
        audit=AuditChains(database, terminals, keys, clock, life),
        use=UseIntake(database, clock),
        submission=submission,
        copies=Copies(system, office, settings.limits.certificate_copies),
        queries=queries,
        site=replace(site, going_on=going_on),
        housekeeping=_housekeeping(settings, database, clock, system, acquirers, nonces, keys, rules),
        mailing=_mailing(
            Leavings(system),
            Carrier(system, vault, post, limits, BUREAU_NAME, settings.public_url) if post else None,
        ),
        close=lambda: _close(database, settings.state_dir, leave),
    )


def _housekeeping(
    settings: BureauSettings,
    database: Database,
    clock: Clock,
    system: System,
    acquirers: Acquirers,
    nonces: Nonces,
    keys: BureauKeys,
    rules: Rules,
) -> Housekeeping:
    resolver, reconciler, vault = (
        Resolver(system, acquirers),
        Reconciler(system, acquirers),
        SealingVault(keys.sealing),
    )
    left = ApplicationsLeft(system)
    sessions = open_sessions(database, keys)

    def expire() -> None:
        with system.write() as work:
            work.core.invoices.expire(work.core.now)

    def finish() -> None:
        with system.write() as work:
            work.core.notices.finish()

    def lapse_pages() -> None:
        with system.write() as work:
            work.core.materials.lapse(work.core.now - timedelta(days=PAGES_WAIT_DAYS))

    def turn_rounds() -> None:
        today = clock.now().astimezone(CHINA).date()
        with system.write() as work:
            for day in (today, today + timedelta(days=1)):  # tomorrow's is bound before it begins
                rounds.opened(work.core, vault, day)
            rounds.reveal(work.core, vault, today)

    def forget_codes() -> None:
        with system.write() as work:
            work.core.phones.forget(work.core.now - phones.KEPT)

    def forget_authors() -> None:
        with system.write() as work:
            work.core.mutual.forget(work.core.now - timedelta(days=contributions().authors_kept_days))

    def forget_drafts() -> None:
        with system.write() as work:
            drafts_over(work.core)
            visits_over(work.core)

    def forget_accesses() -> None:
        with system.write() as work:
            work.core.privacy.forget(work.core.now - accesses.KEPT)

    def look_after_handovers() -> None:
        with system.write() as work:
            work.core.handovers.watch()

    def reconcile() -> None:
        today: date = clock.now().astimezone(CHINA).date()
        late: AcquirerError | None = None
        for back in range(1, FILES_COME_WITHIN_DAYS + 1):
            day = today - timedelta(days=back)
            try:
                if not reconciler.done(day):
                    reconciler.run(day)
            except AcquirerError as error:
                late = late or error
                if back == FILES_COME_WITHIN_DAYS:
                    missed(system, day, error)
        if late is not None:
            raise late

    def remember() -> None:
        incarnation.note(database, settings.state_dir)

    chores = [
        Chore("payment resolver", 1.0, resolver.run_once),
        Chore("charges given back", 5.0, Repayer(system, acquirers).run_once),
        Chore("reservations", 10.0, expire),
        Chore("applications for invoices", 30.0, left.run_once),
        Chore("nonces", 60.0, nonces.sweep),
        Chore("old sums of visits", 3600.0, UseIntake(database, clock).forget),
        Chore("officers' sessions", 3600.0, sessions.forget),
        Chore("incarnation", 60.0, remember),
        Chore("notices", 600.0, finish),
        Chore("pages", 3600.0, lapse_pages),
        Chore("lottery", 600.0, turn_rounds),
        Chore("codes of phones", 3600.0, forget_codes),
        Chore("drafts", 60.0, forget_drafts),
        Chore("authors of contributions", 3600.0, forget_authors),
        Chore("records of accesses", 3600.0, forget_accesses),
        Chore("hand-overs", 600.0, look_after_handovers),
        Chore("reminders", 600.0, Round(system, rules).run_once),
        Chore("subscriptions", 600.0, SubscriptionRound(system, Sources(rules, laws)).run_once),
        Chore("daily comparison", 600.0, reconcile),
    ]
    if (pause := notify.watchdog_interval_s()) is not None:
        chores.append(Chore("watchdog", pause, notify.watchdog))
    return Housekeeping(chores)


def _mailing(leavings: Leavings, carrier: Carrier | None) -> Housekeeping:
    """Letters have a thread of their own: a mail server may keep us waiting for longer than payments may wait.

    Of those that waited when the mail server was taken away, none stays for good.
    """
    stopping = threading.Event()
    if carrier is None:
        first = Chore("letters that nobody carries", 600.0, leavings.give_up)
    else:
        first = Chore("letters", 1.0, partial(carrier.run_once, stopping.is_set))
    chores = [first, Chore("old letters", 600.0, leavings.forget)]
    return Housekeeping(chores, "mailing", stopping=stopping, patience_s=LETTERS_END_WITHIN_S)


def _close(database: Database, state_dir: Path, leave: Callable[[], None]) -> None:
    leave()
    incarnation.note(database, state_dir)
    database.close()


def open_core(
    settings: BureauSettings,
    database: Database,
    clock: Clock,
    published: tuple[Services, Rules],
    office: InvoiceOffice,
) -> tuple[System, PublicRecords, Callable[[], None]]:
    """The core system that the settings name, what the public may see of it, and how it is left."""
    services, law = published
    if settings.core.url is None:
        system = ReferenceSystem(database, clock)
        return system, ReferencePublicRecords(system, services.current, office, law), lambda: None
    link = Link(settings.core.url, settings.core.timeout_s)
    core = HttpSystem(link, clock, partial(hall_of, database), partial(place_of, database))
    return core, HttpPublicRecords(core, office, law), link.close


def create(settings: BureauSettings) -> FastAPI:
    """The centre as a web application."""
    return create_app(assemble(settings))


def listen(settings: BureauSettings) -> socket.socket:
    """The socket to serve on; port 0 takes any free one."""
    return listening.listen(settings.host, settings.port, 512)


def serve(settings: BureauSettings, listener: socket.socket | None = None, *, tell: bool = False) -> None:
    """Serve until stopped. ``tell`` prints one JSON line with address and pid once it takes calls."""
    listener = listener or listen(settings)
    _run(web(settings, create(settings), settings.public_url), settings.public_url, listener, tell)


def console(settings: BureauSettings) -> tuple[ASGIApp, Callable[[], None]]:
    """The officers' console as a web application, and how its store is closed."""
    from bureau.console.app import (
        create_console,  # loads a framework that no other program of the centre needs
    )
    from bureau.console.parts import Parts

    clock, database, keys = business_clock(settings), open_store(settings), open_keys(settings)
    services, rules = publish(database, datetime.now(UTC))
    office = open_office(settings.state_dir, BUREAU_NAME, settings.public_url)
    system, _records, leave = open_core(settings, database, clock, (services, rules), office)
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
        url=settings.console_url,
        tries_per_minute=settings.limits.sign_ins_per_minute,
    )
    return create_console(parts), lambda: _close(database, settings.state_dir, leave)


def serve_console(settings: BureauSettings, *, tell: bool = False) -> None:
    """Serve officers until stopped; ``tell`` as for the centre."""
    listener = listening.listen(settings.console.host, settings.console.port, 128)
    app, close = console(settings)
    try:
        _run(web(settings, app, settings.console_url), settings.console_url, listener, tell)
    finally:
        close()


def _run(config: uvicorn.Config, url: str, listener: socket.socket, tell: bool) -> None:
    _Server(config, url, tell).run(sockets=[listener])
    notify.stopping("closed")


def web(settings: BureauSettings, app: ASGIApp, url: str) -> uvicorn.Config:
    """How it is served. Who asks is whoever connects, unless that is a proxy which the settings name."""
    cert, key = _certificate(settings, url)
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        http="h11",  # said, so that what else is installed does not choose
        loop="asyncio",
        ssl_certfile=cert,
        ssl_keyfile=key,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=75,  # far beyond how often a terminal asks, so that idle connections end at its side
        lifespan="on",
        # the server's own default believes every program of this machine
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
    )


class _Server(uvicorn.Server):
    """Tells systemd, and whoever started it by hand, when it takes calls."""

    def __init__(self, config: uvicorn.Config, url: str, tell: bool) -> None:
        super().__init__(config)
        self._url, self._tell = url, tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            log.info("calls are taken at %s", self._url)
            notify.ready(f"serving {self._url}")
            if self._tell:
                told = {"url": self._url, "pid": os.getpid()}
                sys.stdout.write(json.dumps(told) + "\n")
                sys.stdout.flush()


def _certificate(settings: BureauSettings, url: str) -> tuple[str | None, str | None]:
    """Certificate and key: the configured ones, else a loopback authority's when the address says https."""
    tls = settings.tls
    if tls.cert_file is not None and tls.key_file is not None:
        return str(tls.cert_file), str(tls.key_file)
    if not url.startswith("https://") or settings.profile == "production":
        return None, None
    files = ensure_loopback_tls(settings.state_dir / "tls")
    return str(files.cert_file), str(files.key_file)
