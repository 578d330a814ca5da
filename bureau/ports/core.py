"""The core tax system as handlers see it: all its ports inside one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bureau.ports.agency import Agency
from bureau.ports.appointments import Appointments
from bureau.ports.apps import Apps
from bureau.ports.archives import Archives
from bureau.ports.bills import Bills
from bureau.ports.cases import Cases
from bureau.ports.certificates import Certificates
from bureau.ports.continuations import Continuations
from bureau.ports.deliveries import Deliveries
from bureau.ports.departures import Departures
from bureau.ports.documents import Documents
from bureau.ports.drafts import Drafts
from bureau.ports.einvoices import EInvoices
from bureau.ports.enrolments import Enrolments
from bureau.ports.exports import Exports
from bureau.ports.feedback import Feedback
from bureau.ports.handovers import Handovers
from bureau.ports.holdings import Holdings
from bureau.ports.inspections import Inspections
from bureau.ports.invoices import Invoices
from bureau.ports.issuing import Issuing
from bureau.ports.knowledge import Knowledge
from bureau.ports.lottery import Lottery
from bureau.ports.mail import Mail
from bureau.ports.mandates import Mandates
from bureau.ports.materials import Materials
from bureau.ports.matters import Matters
from bureau.ports.mutual import Mutual
from bureau.ports.nontax import Nontax
from bureau.ports.notices import Notices
from bureau.ports.orders import Orders
from bureau.ports.payments import Payments
from bureau.ports.phones import Phones
from bureau.ports.privacy import Privacy
from bureau.ports.publicity import Publicity
from bureau.ports.queue import Queue
from bureau.ports.ratings import Ratings
from bureau.ports.refunds import Refunds
from bureau.ports.registration import Registration
from bureau.ports.reliefs import Reliefs
from bureau.ports.reminders import Reminders
from bureau.ports.remote import Remote
from bureau.ports.repayments import Repayments
from bureau.ports.returns import Returns
from bureau.ports.school import School
from bureau.ports.sharing import Sharing
from bureau.ports.stock import Stock
from bureau.ports.subscriptions import Subscriptions
from bureau.ports.surveys import Surveys
from bureau.ports.tax_control import TaxControl
from sync.models import Texts


class Core(Protocol):
    """Everything of the core system inside one transaction, at one business moment, for one terminal."""

    @property
    def now(self) -> datetime:
        """Business time of this transaction."""
        ...

    @property
    def terminal(self) -> str:
        """The terminal that asks; empty for the centre's own work."""
        ...

    @property
    def place(self) -> Texts:
        """Hall and terminal in words, as papers name where they were made."""
        ...

    @property
    def hall(self) -> str:
        """The hall that the terminal stands in; empty for the centre's own work."""
        ...

    @property
    def registration(self) -> Registration:
        """People and enterprises."""
        ...

    @property
    def returns(self) -> Returns:
        """Returns and dues."""
        ...

    @property
    def archives(self) -> Archives:
        """Records that are kept to be certified."""
        ...

    @property
    def invoices(self) -> Invoices:
        """Paper invoices."""
        ...

    @property
    def einvoices(self) -> EInvoices:
        """The register of issued invoices."""
        ...

    @property
    def agency(self) -> Agency:
        """Applications for invoices that the bureau issues."""
        ...

    @property
    def holdings(self) -> Holdings:
        """Invoices in an enterprise's hands."""
        ...

    @property
    def orders(self) -> Orders:
        """Orders of paper invoices to be picked up."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """Orders of paper invoices that a courier brings."""
        ...

    @property
    def handovers(self) -> Handovers:
        """Stock that changes cabinets."""
        ...

    @property
    def stock(self) -> Stock:
        """The bureau's own blank invoices."""
        ...

    @property
    def payments(self) -> Payments:
        """Payments."""
        ...

    @property
    def repayments(self) -> Repayments:
        """Charges that the acquirer gives back."""
        ...

    @property
    def bills(self) -> Bills:
        """Payment vouchers."""
        ...

    @property
    def nontax(self) -> Nontax:
        """Notices of non-tax revenue."""
        ...

    @property
    def departures(self) -> Departures:
        """Refund stores, and travellers' applications for a departure refund."""
        ...

    @property
    def tax_control(self) -> TaxControl:
        """Tax-control devices."""
        ...

    @property
    def exports(self) -> Exports:
        """Exported goods."""
        ...

    @property
    def refunds(self) -> Refunds:
        """Refunds of taxes."""
        ...

    @property
    def reliefs(self) -> Reliefs:
        """Reliefs that are granted on application."""
        ...

    @property
    def certificates(self) -> Certificates:
        """Certificates."""
        ...

    @property
    def cases(self) -> Cases:
        """Cases."""
        ...

    @property
    def matters(self) -> Matters:
        """Matters with a case."""
        ...

    @property
    def materials(self) -> Materials:
        """Scanned pages."""
        ...

    @property
    def notices(self) -> Notices:
        """Notices."""
        ...

    @property
    def mail(self) -> Mail:
        """Letters to mailboxes."""
        ...

    @property
    def reminders(self) -> Reminders:
        """Reminders that were given."""
        ...

    @property
    def lottery(self) -> Lottery:
        """The invoice lottery."""
        ...

    @property
    def documents(self) -> Documents:
        """Official documents and their service."""
        ...

    @property
    def continuations(self) -> Continuations:
        """Visits that go on on a phone."""
        ...

    @property
    def drafts(self) -> Drafts:
        """What people begin on a phone."""
        ...

    @property
    def enrolments(self) -> Enrolments:
        """Real-name enrolments."""
        ...

    @property
    def phones(self) -> Phones:
        """Codes sent to phones."""
        ...

    @property
    def issuing(self) -> Issuing:
        """Phones by which invoices are issued."""
        ...

    @property
    def mandates(self) -> Mandates:
        """Who may act for another person."""
        ...

    @property
    def queue(self) -> Queue:
        """Queue numbers of the halls."""
        ...

    @property
    def appointments(self) -> Appointments:
        """Times at the halls' windows that are booked ahead."""
        ...

    @property
    def school(self) -> School:
        """Courses that are held, and seats in them."""
        ...

    @property
    def sharing(self) -> Sharing:
        """Consents to give data to other bodies, and what was given."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """What people follow, and what they were told."""
        ...

    @property
    def apps(self) -> Apps:
        """Official software for taxpayers."""
        ...

    @property
    def knowledge(self) -> Knowledge:
        """Notices, and answers of the consultation, that officers write."""
        ...

    @property
    def feedback(self) -> Feedback:
        """Complaints and tip-offs."""
        ...

    @property
    def inspections(self) -> Inspections:
        """Inspections on site."""
        ...

    @property
    def publicity(self) -> Publicity:
        """Published cases of grave tax offenders."""
        ...

    @property
    def surveys(self) -> Surveys:
        """What whoever comes is asked, and the answers of nobody."""
        ...

    @property
    def mutual(self) -> Mutual:
        """What taxpayers ask, answer and propose."""
        ...

    @property
    def remote(self) -> Remote:
        """Officers who answer at a distance, and whom they call back."""
        ...

    @property
    def ratings(self) -> Ratings:
        """Ratings."""
        ...

    @property
    def privacy(self) -> Privacy:
        """People's rights in their data."""
        ...
