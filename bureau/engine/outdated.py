"""What became untrue of a valid certificate since it was issued: tax given back, a return corrected or taken back.

A certificate is frozen (domain note, section 5), so this is looked up whenever one is checked, and kept nowhere.
Valid stays what it says in the register; who checks it, and its holder, learn that it no longer holds as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from bureau.certificates.data import thaw
from bureau.certificates.errors import FrozenFormError
from bureau.engine import booked
from bureau.engine.records import back
from bureau.engine.sheets.firms import DECLARATION_COPY, OWN_DECLARATION_COPY
from bureau.engine.sheets.people import VEHICLE
from bureau.engine.sheets.taxes import OWN_TAX_PAYMENT, TAX_PAYMENT, given_back
from bureau.engine.sheets.vouchers import OWN_PAYMENT_VOUCHER, PAYMENT_VOUCHER
from bureau.engine.subjects import today
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.core import Core
from bureau.ports.returns import PaidTax
from config.clock import CHINA

IIT_RECORD = "iit-record"
Asked = Mapping[str, Any]


def changes(core: Core, record: CertificateRecord) -> list[CertificateChange]:
    """What changed since, the oldest first; nothing of one that ended, or of a kind that says no amount paid."""
    look = LOOKS.get(record.kind)
    if record.ended is not None or record.asked is None or look is None:
        return []
    return look(core, record, record.asked)


def _taxpayer(core: Core, record: CertificateRecord) -> str | None:
    """Whose books it was made from: the enterprise's, or the person's own."""
    if record.taxpayer is not None or record.person is None:
        return record.taxpayer
    own = core.registration.own(record.person)
    return None if own is None else own.taxpayer


def _paid(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """Taxes that it certifies as paid were given back since; those that it tells itself are no news."""
    taxpayer = _taxpayer(core, record)
    if taxpayer is None:
        return []
    first = date.fromisoformat(f"{asked['first']}-01")
    last = date.fromisoformat(f"{back(asked['last'], -1)}-01") - timedelta(days=1)
    until = min(last, record.issued_at.astimezone(CHINA).date())
    return _refunded(record, given_back(core, taxpayer, first, until, today(core)))


def _voucher(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """Of one payment."""
    order = core.payments.order(str(asked.get("item", "")))
    taxpayer = _taxpayer(core, record)
    if order is None or order.paid_at is None or taxpayer is None:
        return []
    mine = {part.due for part in order.dues}
    found = core.returns.entered(taxpayer, order.paid_at.astimezone(CHINA).date(), today(core))
    return _refunded(record, [one for one in found if one.amount_fen < 0 and one.due in mine])


def _refunded(record: CertificateRecord, found: Iterable[PaidTax]) -> list[CertificateChange]:
    """Refund by refund; what names the refund's number has it in its own figures."""
    news = [one for one in found if one.voucher.encode() not in record.frozen]
    ordered = sorted(news, key=lambda one: (one.entry_date, one.voucher))
    return [
        CertificateChange("refunded", day, number, -sum(one.amount_fen + one.late_fee_fen for one in parts))
        for (day, number), parts in groupby(ordered, key=lambda one: (one.entry_date, one.voucher))
    ]


def _vehicle(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """The tax on the vehicle is another one now, or is not held any more; from the day on which it was given back."""
    if record.person is None:
        return []
    held = [one.tax_fen for one in booked.vehicles(core, record.person) if one.vin == asked.get("item")]
    return _lowered(core, record, sum(held), booked.VEHICLE)


def _incomes(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """Of the tax of those months a part was given back since."""
    if record.person is None:
        return []
    lines = booked.incomes(core, record.person, str(asked["first"]), str(asked["last"]))
    return _lowered(core, record, sum(one.tax_fen for one in lines), booked.ANNUAL)


def _lowered(core: Core, record: CertificateRecord, now_fen: int, tax: str) -> list[CertificateChange]:
    certified = _amount(record)
    if certified is None or now_fen >= certified:
        return []
    taxpayer = _taxpayer(core, record)
    since = record.issued_at.astimezone(CHINA).date()
    left = core.returns.entered(taxpayer, since, today(core)) if taxpayer is not None else ()
    days = [one.entry_date for one in left if one.amount_fen < 0 and one.tax == tax]
    return [CertificateChange("refunded", max(days, default=None), "", certified - now_fen)]


def _amount(record: CertificateRecord) -> int | None:
    """The total that it certifies, in fen; None where what is kept cannot be read."""
    try:
        return thaw(record.frozen).amount_fen
    except FrozenFormError:
        return None


def _copied(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """The return that it copies was corrected or taken back."""
    kept = core.returns.kept(str(asked.get("item", "")))
    if kept is None or kept.stands:
        return []
    if kept.withdrawn:
        return [CertificateChange("withdrawn", None, kept.filed.declaration, 0)]
    filed = kept.filed
    now = core.returns.filed(filed.taxpayer, filed.tax, filed.period_first, filed.period_last, kept.subject)
    if now is None:
        return [CertificateChange("corrected", None, "", 0)]
    day = now.filed_at.astimezone(CHINA).date()
    return [CertificateChange("corrected", day, now.declaration, now.total_fen)]


LOOKS: Mapping[str, Callable[[Core, CertificateRecord, Asked], list[CertificateChange]]] = {
    TAX_PAYMENT: _paid,
    OWN_TAX_PAYMENT: _paid,
    PAYMENT_VOUCHER: _voucher,
    OWN_PAYMENT_VOUCHER: _voucher,
    VEHICLE: _vehicle,
    IIT_RECORD: _incomes,
    DECLARATION_COPY: _copied,
    OWN_DECLARATION_COPY: _copied,
}
"""How each kind that certifies something paid or declared is looked at."""
