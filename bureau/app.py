"""Composition root of the centre: the one place where its concrete parts are chosen and joined."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol

from fastapi import FastAPI

from bureau import listening
from bureau.analytics.intake import UseIntake
from bureau.api.app import create_app
from bureau.api.container import Container
from bureau.certificates.office import Trust, open_office
from bureau.cores import close_core, open_core
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
from bureau.engine.handlers.departures import ApplyForDeparture
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
from bureau.engine.handlers.remote import AskForCall
from bureau.engine.handlers.school import CancelSeat, EnrolInCourse, EvaluateCourse
from bureau.engine.handlers.stock import HandOutStock, TakeUpStock
from bureau.engine.handlers.subscriptions import ChangeSubscriptions
from bureau.engine.handlers.surveys import TakeSurvey
from bureau.engine.handlers.tax_control import ReportDevice, UnlockDevice
from bureau.engine.housekeeping import Chore, Housekeeping, Turn
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
    departures,
    documents,
    drafts,
    einvoices,
    feedback,
    invoices,
    library,
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
    remote,
    returns,
    risks,
    school,
    sharing,
    subscriptions,
    surveys,
    tax_control,
)
from bureau.engine.reconcile import Reconciler, missed
from bureau.engine.reissuing import Reissuing
from bureau.engine.reminding.round import Round
from bureau.engine.remote import talking
from bureau.engine.remote.rules import rules as remote_rules
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
from bureau.fleet.terminals import BUREAU_NAME, Terminals
from bureau.fleet.vault import SealingVault
from bureau.levels.centres import Centres
from bureau.levels.superior import Superior
from bureau.limits import Limiter, Rate
from bureau.officers.opening import open_sessions
from bureau.opendata.releases import Releases
from bureau.opening import business_clock, open_acquirers, open_keys, open_post, open_store
from bureau.ports.acquirer import Acquirers
from bureau.ports.einvoices import InvoiceOffice
from bureau.ports.office import CertificateOffice
from bureau.ports.post import Post
from bureau.ports.system import System
from bureau.public import asked
from bureau.public.site import PublicSite
from bureau.store.database import Database
from bureau.store.turns import Turns
from bureau.web import serve_web
from config import notify
from config.bureau_settings import BureauSettings
from config.clock import CHINA, Clock

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
            ApplyForDeparture(rules),
            ContinueVisit(vault, settings.public_url),
            AskForHelp(settings.public_url),
            AnswerForHelp(settings.public_url),
            ThankForHelp(),
            ProposeIdea(settings.public_url),
            VoteOnIdea(settings.public_url),
            AskForCall(vault, rules),
            RateVisit(rules),
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
        departures.questions(system, rules),
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
        library.questions(system),
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
        remote.questions(system, vault),
    ]
    site = PublicSite(
        records,
        office.trust,
        BUREAU_NAME,
        url=settings.public_url,
        looks=Limiter(Rate(settings.limits.public_looks_per_minute, 60)),
        drafts=DraftDesk(system, vault, services, rules, settings.public_url),
        feedback=FollowDesk(system, vault),
        open_data=Releases(database, clock, settings.open_data.districts),
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
        centres=Centres(database, keys, clock),
        submission=submission,
        copies=Copies(system, office, settings.limits.certificate_copies),
        queries=queries,
        site=replace(site, going_on=going_on),
        housekeeping=_housekeeping(settings, database, clock, system, acquirers, nonces, keys, rules),
        mailing=_mailing(
            Leavings(system),
            Carrier(system, vault, post, limits, BUREAU_NAME, settings.public_url) if post else None,
            Turns(database).of,
        ),
        ready=database.ask,
        close=lambda: close_core(database, settings.state_dir, leave),
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

    def sweep_talks() -> None:
        with system.write() as work:
            talking.sweep(work.core)

    def forget_talks() -> None:
        with system.write() as work:
            work.core.remote.forget(work.core.now - remote_rules().kept)

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
        Chore("incarnation", 60.0, remember, own=True),
        Chore("notices", 600.0, finish),
        Chore("pages", 3600.0, lapse_pages),
        Chore("lottery", 600.0, turn_rounds),
        Chore("codes of phones", 3600.0, forget_codes),
        Chore("drafts", 60.0, forget_drafts),
        Chore("authors of contributions", 3600.0, forget_authors),
        Chore("terminals that ask no more", 5.0, sweep_talks),
        Chore("old conversations", 3600.0, forget_talks),
        Chore("records of accesses", 3600.0, forget_accesses),
        Chore("hand-overs", 600.0, look_after_handovers),
        Chore("reminders", 600.0, Round(system, rules).run_once),
        Chore("subscriptions", 600.0, SubscriptionRound(system, Sources(rules, laws)).run_once),
        Chore("daily comparison", 600.0, reconcile),
        Chore("centre above", 300.0, Superior(settings.superior, database, system, keys, clock).run_once),
    ]
    if (pause := notify.watchdog_interval_s()) is not None:
        chores.append(Chore("watchdog", pause, notify.watchdog, own=True))
    return Housekeeping(chores, turn=Turns(database).of)


def _mailing(leavings: Leavings, carrier: Carrier | None, turn: Turn) -> Housekeeping:
    """Letters have a thread of their own: a mail server may keep us waiting for longer than payments may wait.

    Of those that waited when the mail server was taken away, none stays for good.
    """
    stopping = threading.Event()
    if carrier is None:
        first = Chore("letters that nobody carries", 600.0, leavings.give_up)
    else:
        first = Chore("letters", 1.0, partial(carrier.run_once, stopping.is_set))
    chores = [first, Chore("old letters", 600.0, leavings.forget)]
    return Housekeeping(chores, "mailing", turn=turn, stopping=stopping, patience_s=LETTERS_END_WITHIN_S)


def create(settings: BureauSettings) -> FastAPI:
    """The centre as a web application."""
    return create_app(assemble(settings))


def listen(settings: BureauSettings) -> socket.socket:
    """The socket to serve on; port 0 takes any free one."""
    return listening.listen(settings.host, settings.port, 512)


def serve(settings: BureauSettings, listener: socket.socket | None = None, *, tell: bool = False) -> None:
    """Serve until stopped. ``tell`` prints one JSON line with address and pid once it takes calls."""
    listener = listener or listen(settings)
    serve_web(settings, create(settings), settings.public_url, listener, tell=tell)
