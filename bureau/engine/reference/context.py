"""What every part of the reference core needs: the transaction's connection, its moment, its terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from bureau.store import tables
from bureau.store.hold import hold
from bureau.store.insert import insert_into
from config.clock import CHINA
from kiosk.domain import taxpayer_ids
from kiosk.domain.own_numbers import make_number

REGION = "9900"
"""Four digits of the region in this bureau's own numbers; no region has these."""


@dataclass(frozen=True, slots=True)
class Context:
    """One transaction of the reference core."""

    connection: Connection
    now: datetime
    terminal: str

    @property
    def today(self) -> date:
        """The business day, in China."""
        return self.now.astimezone(CHINA).date()

    def hold(self, what: str) -> None:
        """Wait until no other transaction holds ``what``, and hold it to the end: for what has no row to lock."""
        hold(self.connection, what)

    def next_serial(self, type_: str) -> int:
        """The next running number of a kind of paper today; the counter is locked until the end."""
        serial = tables.serial
        first = insert_into(self.connection, serial).values(type=type_, day=self.today.isoformat(), last=1)
        upsert = first.on_conflict_do_update(
            index_elements=[serial.c.type, serial.c.day], set_={"last": serial.c.last + 1}
        )
        return int(self.connection.execute(upsert.returning(serial.c.last)).scalar_one())

    def next_number(self, type_: str) -> str:
        """A new number of this bureau's own, 20 digits with a check digit."""
        return make_number(type_, REGION, self.today, self.next_serial(type_))

    def number_for(self, type_: str, purpose: str) -> str:
        """The number given to ``purpose``: a new one the first time, the same ever after."""
        given = tables.serial_given
        found = self.connection.execute(select(given.c.number).where(given.c.purpose == purpose)).scalar()
        if found is not None:
            return str(found)
        number = self.next_number(type_)
        self.connection.execute(given.insert().values(purpose=purpose, number=number))
        return number


class Type:
    """The kinds of this bureau's own numbers (first two digits)."""

    TEMPORARY = taxpayer_ids.TEMPORARY
    CERTIFICATE = "21"
    EINVOICE = "22"
    RED_LETTER = "23"
    DECLARATION = "31"
    ORDER = "41"
    REFUND = "42"
    DUE = "43"
    BILL = "44"
    REPAYMENT = "45"
    DEPARTURE = "46"
    MOVEMENT = "51"
    RESERVATION = "52"
    PICK_UP = "53"
    SLIP = "54"
    CASE = "61"
    NOTICE = "62"
    MATTER = "63"
    TICKET = "64"
    ENROLMENT = "65"
    DOCUMENT = "66"
    COMPLAINT = "67"
    TIP_OFF = "68"
    CONTRIBUTION = "69"
    OFFENDER = "70"
    REMOTE = "71"
    INSPECTION = "72"
