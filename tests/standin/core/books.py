"""The books of this core: every method of a port is one here, ``port_method``."""

from __future__ import annotations

from tests.standin.core.archives import Archives
from tests.standin.core.certificates import Certificates
from tests.standin.core.deliveries import Deliveries
from tests.standin.core.desk import Desk
from tests.standin.core.devices import Devices
from tests.standin.core.einvoices import EInvoices
from tests.standin.core.hall import Halls
from tests.standin.core.holdings import Holdings
from tests.standin.core.lottery import Lottery
from tests.standin.core.mail import Mail
from tests.standin.core.matters import Matters
from tests.standin.core.payments import Payments
from tests.standin.core.refunds import Refunds
from tests.standin.core.registration import Registration
from tests.standin.core.repayments import Repayments
from tests.standin.core.stockroom import Stockroom


class Books(
    Registration,
    Payments,
    Repayments,
    Refunds,
    Devices,
    Certificates,
    EInvoices,
    Holdings,
    Deliveries,
    Stockroom,
    Halls,
    Lottery,
    Matters,
    Desk,
    Mail,
    Archives,
):
    """What this core knows, all of it."""
