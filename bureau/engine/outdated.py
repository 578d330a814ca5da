"""What became untrue of a valid certificate since it was issued: tax given back, a return corrected or taken back.

A certificate is frozen (domain note, section 5), so this is looked up whenever one is checked, and kept nowhere.
Valid stays what it says in the register; who checks it, and its holder, learn that it no longer holds as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from bureau.certificates.data import thaw
from bureau.certificates.errors import FrozenFormError
from bureau.engine import booked, corrections
from bureau.engine.records import back
from bureau.engine.sheets.firms import DECLARATION_COPY, OWN_DECLARATION_COPY
from bureau.engine.sheets.people import VEHICLE
from bureau.engine.sheets.taxes import OWN_TAX_PAYMENT, TAX_PAYMENT, given_back
from bureau.engine.sheets.vouchers import OWN_PAYMENT_VOUCHER, PAYMENT_VOUCHER
from bureau.engine.subjects import today
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.core import Core
from bureau.ports.returns import Filed, Kept, PaidTax
from config.clock import CHINA

IIT_RECORD = "iit-record"
Asked = Mapping[str, Any]
Moved = tuple[date, str, int]
"""An entry of the treasury: its day, its number, and how much in fen."""


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
    found = given_back(core, taxpayer, first, until, today(core))
    if asked.get("form") == "text":
        inside = core.returns.entered(taxpayer, first, until)
        found = [one for one in found if not _in_sums(record, one, inside)]
    return _refunded(record, found)


def _in_sums(record: CertificateRecord, one: PaidTax, inside: Sequence[PaidTax]) -> bool:
    """Whether the sums of a text form have the refund without its number, as those made before it was named do.

    They are of all that entered ``inside`` the window until the issue. Of the day of issue the total tells.
    """
    if one not in inside:
        return False
    total = sum(part.amount_fen + part.late_fee_fen for part in inside)
    return one.entry_date < record.issued_at.astimezone(CHINA).date() or _amount(record) == total


def _voucher(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """Of one payment; what was given back before tells the voucher itself, or was no news when it was issued."""
    order = core.payments.order(str(asked.get("item", "")))
    taxpayer = _taxpayer(core, record)
    if order is None or order.paid_at is None or taxpayer is None:
        return []
    mine = {part.due for part in order.dues}
    found = core.returns.entered(taxpayer, record.issued_at.astimezone(CHINA).date(), today(core))
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
    """The return of the vehicle was corrected or taken back, or a part of its tax was given back.

    One that was taken back and declared anew is told as corrected: what stands now came after the certificate, or was
    taken without the network before it, and says another tax.
    """
    own = _own(core, record, booked.VEHICLE)
    mine = [one for one in own if one.figures["facts"]["vin"] == asked.get("item")]
    certified = _amount(record)
    changed = [
        _correction(one.filed)
        for one in mine
        if _came_after(one, record) or one.stands and certified not in (None, one.filed.total_fen)
    ]
    if record.person is not None and mine and not any(one.stands for one in mine):
        held = booked.vehicles(core, record.person)
        if all(one.vin != asked.get("item") for one in held):
            changed.append(CertificateChange("withdrawn", None, mine[0].filed.declaration, 0))
    return _in_order([*changed, *_less(record, _entries(core, mine), 0)])


def _incomes(core: Core, record: CertificateRecord, asked: Asked) -> list[CertificateChange]:
    """The settlement of a year among those months was corrected, or a part of their tax was given back.

    A correction is told once the months come to another tax than it says.
    """
    if record.person is None:
        return []
    first, last = str(asked["first"]), str(asked["last"])
    own = _own(core, record, booked.ANNUAL)
    mine = [one for one in own if first <= f"{one.filed.period_last:%Y-%m}" <= last]
    now = sum(one.tax_fen for one in booked.incomes(core, record.person, first, last))
    newer = [one for one in mine if _came_after(one, record) and one.figures.get("replaces")]
    corrected = newer if now != _amount(record) else []
    known = core.returns.income(record.person, first, last)
    there = {one.month for one in known if one.item == booked.SETTLEMENT}
    others = [one for one in mine if f"{one.filed.period_last:%Y-%m}" not in there]
    moved = [*_entries(core, others), *_withheld(core, others)]
    less = _less(record, moved, sum(one.tax_fen for one in known))
    return _in_order([*(_correction(one.filed) for one in corrected), *less])


def _own(core: Core, record: CertificateRecord, tax: str) -> list[Kept]:
    """Returns of that tax that the person filed in their own name, those that stand no longer too."""
    own = _taxpayer(core, record)
    if record.person is None or own is None:
        return []
    return [one for one in core.returns.filings(own, date.min) if one.filed.tax == tax]


def _came_after(one: Kept, record: CertificateRecord) -> bool:
    """Whether the return was filed after the certificate was issued, and stands."""
    return one.stands and one.filed.filed_at > record.issued_at


def _correction(filed: Filed) -> CertificateChange:
    day = filed.filed_at.astimezone(CHINA).date()
    return CertificateChange("corrected", day, filed.declaration, filed.total_fen)


def _entries(core: Core, mine: Sequence[Kept]) -> list[Moved]:
    """What of the dues of these returns entered the treasury, and below zero what left it again."""
    if not mine:
        return []
    numbers = {one.filed.declaration for one in mine}
    periods = {(one.filed.period_first, one.filed.period_last) for one in mine}
    since = min(first for first, _ in periods)
    found = core.returns.entered(mine[0].filed.taxpayer, since, today(core))
    return [
        (one.entry_date, one.voucher, one.amount_fen)
        for one in found
        if (one.period_first, one.period_last) in periods
        and (due := core.returns.due(one.due)) is not None
        and due.declaration in numbers
    ]


def _withheld(core: Core, mine: Sequence[Kept]) -> list[Moved]:
    """What others had withheld of these years and was paid back by their settlement, below zero."""
    back = [moved for one in mine if one.stands for moved in corrections.given_back(core, one)]
    return [(day, "", -fen) for day, fen in back if day is not None]


def _less(record: CertificateRecord, moved: Sequence[Moved], others_fen: int) -> list[CertificateChange]:
    """Given back since it was issued, as far as less is left with ``others_fen`` than the total that it certifies.

    Entries have a day and no hour: whether one of the day of issue is in its figures already, the total tells.
    """
    since = record.issued_at.astimezone(CHINA).date()
    back = [(day, number) for day, number, fen in moved if fen < 0 and day >= since]
    certified, left = _amount(record), others_fen + sum(fen for _, _, fen in moved)
    if not back or certified is None or left >= certified:
        return []
    return [CertificateChange("refunded", *max(back), certified - left)]


def _in_order(found: Iterable[CertificateChange]) -> list[CertificateChange]:
    return sorted(found, key=lambda one: one.day or date.max)


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
    if now is None:  # what took its place was taken back
        return [CertificateChange("withdrawn", None, filed.declaration, 0)]
    return [_correction(now)]


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
