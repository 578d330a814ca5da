"""Transactions of the reference core: one connection, one business moment, every part sharing both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from sqlalchemy import NestedTransaction, select
from sqlalchemy.exc import DBAPIError

from bureau.engine.reference.agency import ReferenceAgency
from bureau.engine.reference.answers import ReferenceAnswers
from bureau.engine.reference.appointments import ReferenceAppointments
from bureau.engine.reference.apps import ReferenceApps
from bureau.engine.reference.archives import ReferenceArchives
from bureau.engine.reference.bills import ReferenceBills
from bureau.engine.reference.care import ReferenceCases, ReferenceNotices, ReferenceRatings
from bureau.engine.reference.certificates import ReferenceCertificates
from bureau.engine.reference.context import Context
from bureau.engine.reference.continuations import ReferenceContinuations
from bureau.engine.reference.deliveries import ReferenceDeliveries
from bureau.engine.reference.departures import ReferenceDepartures
from bureau.engine.reference.documents import ReferenceDocuments
from bureau.engine.reference.drafts import ReferenceDrafts
from bureau.engine.reference.einvoices import ReferenceEInvoices
from bureau.engine.reference.enrolments import ReferenceEnrolments
from bureau.engine.reference.exports import ReferenceExports
from bureau.engine.reference.feedback import ReferenceFeedback
from bureau.engine.reference.handovers import Handovers
from bureau.engine.reference.holdings import ReferenceHoldings
from bureau.engine.reference.inspections import ReferenceInspections
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.engine.reference.issuing import ReferenceIssuing
from bureau.engine.reference.knowledge import ReferenceKnowledge
from bureau.engine.reference.lottery import ReferenceLottery
from bureau.engine.reference.mail import ReferenceMail
from bureau.engine.reference.mandates import ReferenceMandates
from bureau.engine.reference.materials import ReferenceMaterials
from bureau.engine.reference.matters import ReferenceMatters
from bureau.engine.reference.mutual import ReferenceMutual
from bureau.engine.reference.nontax import ReferenceNontax
from bureau.engine.reference.orders import ReferenceOrders
from bureau.engine.reference.payments import ReferencePayments
from bureau.engine.reference.phones import ReferencePhones
from bureau.engine.reference.privacy import ReferencePrivacy
from bureau.engine.reference.publicity import ReferencePublicity
from bureau.engine.reference.queue import ReferenceQueue
from bureau.engine.reference.refunds import ReferenceRefunds
from bureau.engine.reference.registration import ReferenceRegistration
from bureau.engine.reference.reliefs import ReferenceReliefs
from bureau.engine.reference.reminders import ReferenceReminders
from bureau.engine.reference.remote import ReferenceRemote
from bureau.engine.reference.repayments import ReferenceRepayments
from bureau.engine.reference.returns import ReferenceReturns
from bureau.engine.reference.school import ReferenceSchool
from bureau.engine.reference.sharing import ReferenceSharing
from bureau.engine.reference.stock_slips import ReferenceStock
from bureau.engine.reference.subscriptions import ReferenceSubscriptions
from bureau.engine.reference.surveys import ReferenceSurveys
from bureau.engine.reference.tax_control import ReferenceTaxControl
from bureau.errors import StoreConflict
from bureau.store import tables
from bureau.store.database import Database, may_run_again
from config.clock import Clock
from sync.models import Texts


class ReferenceCore:
    """Implements ``Core``; parts are made when they are asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def now(self) -> datetime:
        """Business time of this transaction."""
        return self._context.now

    @property
    def terminal(self) -> str:
        """The terminal that asks; empty for the centre's own work."""
        return self._context.terminal

    @cached_property
    def place(self) -> Texts:
        """Hall and terminal in words."""
        terminal, hall = tables.terminal, tables.hall
        query = (
            select(hall.c.name)
            .join(terminal, terminal.c.hall == hall.c.hall)
            .where(terminal.c.terminal == self.terminal)
        )
        name: Texts = self._context.connection.execute(query).scalar() or {"zh-CN": "", "en-US": ""}
        return {lang: f"{text} {self.terminal}".strip() for lang, text in name.items()}

    @cached_property
    def hall(self) -> str:
        """The hall that the terminal stands in."""
        t = tables.terminal
        query = select(t.c.hall).where(t.c.terminal == self.terminal)
        return str(self._context.connection.execute(query).scalar() or "")

    @cached_property
    def registration(self) -> ReferenceRegistration:
        """People and enterprises."""
        return ReferenceRegistration(self._context)

    @cached_property
    def returns(self) -> ReferenceReturns:
        """Returns and dues."""
        return ReferenceReturns(self._context)

    @cached_property
    def archives(self) -> ReferenceArchives:
        """Records that are kept to be certified."""
        return ReferenceArchives(self._context)

    @cached_property
    def invoices(self) -> ReferenceInvoices:
        """Paper invoices."""
        return ReferenceInvoices(self._context)

    @cached_property
    def einvoices(self) -> ReferenceEInvoices:
        """The register of issued invoices."""
        return ReferenceEInvoices(self._context)

    @cached_property
    def agency(self) -> ReferenceAgency:
        """Applications for invoices that the bureau issues."""
        return ReferenceAgency(self._context)

    @cached_property
    def holdings(self) -> ReferenceHoldings:
        """Invoices in an enterprise's hands."""
        return ReferenceHoldings(self._context)

    @cached_property
    def orders(self) -> ReferenceOrders:
        """Orders of paper invoices to be picked up."""
        return ReferenceOrders(self._context)

    @cached_property
    def deliveries(self) -> ReferenceDeliveries:
        """Orders of paper invoices that a courier brings."""
        return ReferenceDeliveries(self._context)

    @cached_property
    def handovers(self) -> Handovers:
        """Stock that changes cabinets."""
        return Handovers(self._context)

    @cached_property
    def stock(self) -> ReferenceStock:
        """The bureau's own blank invoices."""
        return ReferenceStock(self._context)

    @cached_property
    def payments(self) -> ReferencePayments:
        """Payments."""
        return ReferencePayments(self._context)

    @cached_property
    def repayments(self) -> ReferenceRepayments:
        """Charges that the acquirer gives back."""
        return ReferenceRepayments(self._context)

    @cached_property
    def bills(self) -> ReferenceBills:
        """Payment vouchers."""
        return ReferenceBills(self._context)

    @cached_property
    def nontax(self) -> ReferenceNontax:
        """Notices of non-tax revenue."""
        return ReferenceNontax(self._context)

    @cached_property
    def departures(self) -> ReferenceDepartures:
        """Refund stores, and travellers' applications for a departure refund."""
        return ReferenceDepartures(self._context)

    @cached_property
    def tax_control(self) -> ReferenceTaxControl:
        """Tax-control devices."""
        return ReferenceTaxControl(self._context)

    @cached_property
    def exports(self) -> ReferenceExports:
        """Exported goods."""
        return ReferenceExports(self._context)

    @cached_property
    def refunds(self) -> ReferenceRefunds:
        """Refunds of taxes."""
        return ReferenceRefunds(self._context)

    @cached_property
    def reliefs(self) -> ReferenceReliefs:
        """Reliefs that are granted on application."""
        return ReferenceReliefs(self._context)

    @cached_property
    def certificates(self) -> ReferenceCertificates:
        """Certificates."""
        return ReferenceCertificates(self._context)

    @cached_property
    def cases(self) -> ReferenceCases:
        """Cases."""
        return ReferenceCases(self._context)

    @cached_property
    def matters(self) -> ReferenceMatters:
        """Matters with a case."""
        return ReferenceMatters(self._context)

    @cached_property
    def materials(self) -> ReferenceMaterials:
        """Scanned pages."""
        return ReferenceMaterials(self._context)

    @cached_property
    def notices(self) -> ReferenceNotices:
        """Notices."""
        return ReferenceNotices(self._context)

    @cached_property
    def mail(self) -> ReferenceMail:
        """Letters to mailboxes."""
        return ReferenceMail(self._context)

    @cached_property
    def reminders(self) -> ReferenceReminders:
        """Reminders that were given."""
        return ReferenceReminders(self._context)

    @cached_property
    def lottery(self) -> ReferenceLottery:
        """The invoice lottery."""
        return ReferenceLottery(self._context)

    @cached_property
    def documents(self) -> ReferenceDocuments:
        """Official documents and their service."""
        return ReferenceDocuments(self._context)

    @cached_property
    def enrolments(self) -> ReferenceEnrolments:
        """Real-name enrolments."""
        return ReferenceEnrolments(self._context)

    @cached_property
    def phones(self) -> ReferencePhones:
        """Codes sent to phones."""
        return ReferencePhones(self._context)

    @cached_property
    def continuations(self) -> ReferenceContinuations:
        """Visits that go on on a phone."""
        return ReferenceContinuations(self._context)

    @cached_property
    def drafts(self) -> ReferenceDrafts:
        """What people begin on a phone."""
        return ReferenceDrafts(self._context)

    @cached_property
    def issuing(self) -> ReferenceIssuing:
        """Phones by which invoices are issued."""
        return ReferenceIssuing(self._context)

    @cached_property
    def mandates(self) -> ReferenceMandates:
        """Who may act for another person."""
        return ReferenceMandates(self._context)

    @cached_property
    def queue(self) -> ReferenceQueue:
        """Queue numbers of the halls."""
        return ReferenceQueue(self._context)

    @cached_property
    def appointments(self) -> ReferenceAppointments:
        """Times that are booked ahead."""
        return ReferenceAppointments(self._context)

    @cached_property
    def school(self) -> ReferenceSchool:
        """Courses that are held, and seats in them."""
        return ReferenceSchool(self._context)

    @cached_property
    def sharing(self) -> ReferenceSharing:
        """Consents to give data to other bodies, and what was given."""
        return ReferenceSharing(self._context)

    @cached_property
    def subscriptions(self) -> ReferenceSubscriptions:
        """What people follow, and what they were told."""
        return ReferenceSubscriptions(self._context)

    @cached_property
    def apps(self) -> ReferenceApps:
        """Official software for taxpayers."""
        return ReferenceApps(self._context)

    @cached_property
    def knowledge(self) -> ReferenceKnowledge:
        """Notices and answers that officers write."""
        return ReferenceKnowledge(self._context)

    @cached_property
    def feedback(self) -> ReferenceFeedback:
        """Complaints and tip-offs."""
        return ReferenceFeedback(self._context)

    @cached_property
    def inspections(self) -> ReferenceInspections:
        """Inspections on site."""
        return ReferenceInspections(self._context)

    @cached_property
    def publicity(self) -> ReferencePublicity:
        """Published cases of grave tax offenders."""
        return ReferencePublicity(self._context)

    @cached_property
    def surveys(self) -> ReferenceSurveys:
        """What whoever comes is asked, and the answers of nobody."""
        return ReferenceSurveys(self._context)

    @cached_property
    def mutual(self) -> ReferenceMutual:
        """What taxpayers ask, answer and propose."""
        return ReferenceMutual(self._context)

    @cached_property
    def remote(self) -> ReferenceRemote:
        """Officers who answer at a distance."""
        return ReferenceRemote(self._context)

    @cached_property
    def ratings(self) -> ReferenceRatings:
        """Ratings."""
        return ReferenceRatings(self._context)

    @cached_property
    def privacy(self) -> ReferencePrivacy:
        """People's rights in their data."""
        return ReferencePrivacy(self._context)


class ReferenceWork:
    """Implements ``Work``."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._core = ReferenceCore(context)
        self._answers = ReferenceAnswers(context)

    @property
    def core(self) -> ReferenceCore:
        """The core system."""
        return self._core

    @property
    def answers(self) -> ReferenceAnswers:
        """The answers."""
        return self._answers

    def attempt(self) -> NestedTransaction:
        """A part that is undone alone when its block raises."""
        return self.context.connection.begin_nested()


class ReferenceSystem:
    """Implements ``System`` over the store. Thread-safe."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    @contextmanager
    def read(self, terminal: str = "") -> Iterator[ReferenceWork]:
        """A view that does not change while it is held."""
        with self.database.read() as connection:
            yield ReferenceWork(Context(connection, self.clock.now(), terminal))

    @contextmanager
    def write(self, terminal: str = "") -> Iterator[ReferenceWork]:
        """A transaction: committed and durable when the block ends, gone when it raises."""
        try:
            with self.database.write() as connection:
                yield ReferenceWork(Context(connection, self.clock.now(), terminal))
        except DBAPIError as error:
            if may_run_again(error):
                raise StoreConflict from error
            raise
