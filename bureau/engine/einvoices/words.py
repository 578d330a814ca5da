"""An invoice and what was found of it, in finished words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from bureau.engine.einvoices.checking import A_DAY, Checked, Finding
from bureau.engine.names import day_in_words
from bureau.ports.einvoices import IssuedInvoice
from bureau.texts import LANGUAGES, say
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_registered
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_number
from kiosk.domain.money import format_yuan
from sync.models import InvoiceVerdict, PreviewColumn, PreviewFact, SheetShown, Texts

PERSON = re.compile(r"[0-9]{6}(18|19|20)[0-9]{9}[0-9X]")
"""A resident ID number."""


def verdict(checked: Checked) -> InvoiceVerdict:
    """What whoever asked is told, as a sheet to compare with the paper."""
    asked, invoice, finding = checked.asked, checked.invoice, checked.finding
    sheet = _unseen(checked) if invoice is None else shown(invoice)
    return InvoiceVerdict(
        title=say(f"einvoice.{finding}.title"),
        facts=sheet.facts,
        columns=sheet.columns,
        rows=sheet.rows,
        total=sheet.total,
        statements=[
            *_told(checked),
            *_booked(invoice),
            say("einvoice.times", times=str(checked.times), most=str(A_DAY)),
        ],
        finding=finding.value,
        number=asked.number,
        code=asked.code,
        issued=asked.issued,
        seller=invoice.seller_name if invoice else "",
        total_fen=invoice.total_fen if invoice else None,
        times=checked.times,
        booked=booked_state(invoice) if invoice is not None else "",
        booked_text=booked_text(invoice) if invoice is not None and not invoice.code else {},
    )


def booked_as(how: str) -> Texts:
    """How an enterprise has an invoice in its books."""
    return say(f"einvoice.booked-as.{how}")


def booked_state(invoice: IssuedInvoice) -> Literal["", "none", "once", "twice", "withdrawn"]:
    """入账状态: whether somebody has it in their books, or several have; of paper nobody tells."""
    if invoice.code:
        return ""
    if not invoice.booked:
        return "withdrawn" if invoice.bookings else "none"
    return "once" if len(invoice.booked) == 1 else "twice"


def booked_text(invoice: IssuedInvoice) -> Texts:
    """The same in words, with the day; in whose books it is, is not told."""
    state = booked_state(invoice)
    marks = invoice.booked or invoice.bookings[-1:]
    values: dict[str, str | Texts] = (
        {"day": day_in_words(marks[-1].on), "how": booked_as(marks[-1].how)} if marks else {}
    )
    return say(f"einvoice.booked.{state}", count=str(len(invoice.booked)), **values)


def _booked(invoice: IssuedInvoice | None) -> list[Texts]:
    """A warning for whoever would reimburse it once more; nothing where it is in nobody's books."""
    state = booked_state(invoice) if invoice is not None else ""
    return [say(f"einvoice.booked.{state}.lead")] if state in ("once", "twice") else []


def shown(invoice: IssuedInvoice) -> SheetShown:
    """The invoice itself, line by line; the number of a natural person is masked."""
    facts = [
        _fact("number", invoice.number),
        *([_fact("code", invoice.code)] if invoice.code else []),
        PreviewFact(label=say("einvoice.kind"), value=kind_name(invoice)),
        _fact("issued", invoice.issued_on.isoformat()),
        _fact("seller", invoice.seller_name),
        _fact("seller-number", masked(invoice.seller)),
        _fact("buyer", invoice.buyer),
        *([_fact("buyer-number", masked(invoice.buyer_number))] if invoice.buyer_number else []),
        *([_fact("red-of", invoice.red_of)] if invoice.red_of else []),
        *([_fact("remark", invoice.remark)] if invoice.remark else []),
        *(
            [PreviewFact(label=say("einvoice.booking"), value=booked_text(invoice))]
            if not invoice.code
            else []
        ),
    ]
    return SheetShown(
        title=kind_name(invoice),
        facts=facts,
        columns=[
            PreviewColumn(label=say("einvoice.item"), width=40),
            PreviewColumn(label=say("einvoice.net"), width=22, figures=True),
            PreviewColumn(label=say("einvoice.rate"), width=14, figures=True),
            PreviewColumn(label=say("einvoice.tax"), width=22, figures=True),
        ],
        rows=[
            [same(line.name), same(money(line.net_fen)), same(percent(line.rate)), same(money(line.tax_fen))]
            for line in invoice.lines
        ],
        total=[
            _fact("net", money(invoice.net_fen)),
            _fact("tax", money(invoice.tax_fen)),
            _fact("total", money(invoice.total_fen)),
        ],
        statements=[],
    )


def kind_name(invoice: IssuedInvoice) -> Texts:
    """电子发票（普通发票）, or what paper of its kind is called."""
    return say(f"einvoice.kind.{'paper' if invoice.code else 'digital'}-{invoice.kind}")


def money(fen: int) -> str:
    """Yuan with two places; red-letter figures begin with a minus."""
    return format_yuan(Fen(fen))


def percent(rate: str) -> str:
    """``1%``; a line that is exempt (免税) says so."""
    return f"{(Decimal(rate) * 100).normalize():f}%" if rate else "免税"


def masked(number: str) -> str:
    """The number of an enterprise as it is; any other may be a person's, whose middle is hidden."""
    try:
        return (
            number if PERSON.fullmatch(number) is None and check_registered(number) else mask_number(number)
        )
    except FieldError:
        return mask_number(number)


def same(value: str) -> Texts:
    """One text in every language."""
    return dict.fromkeys(LANGUAGES, value)


def _unseen(checked: Checked) -> SheetShown:
    asked = checked.asked
    facts = [
        _fact("number", asked.number),
        *([_fact("code", asked.code)] if asked.code else []),
        _fact("issued", asked.issued.isoformat()),
    ]
    return SheetShown(title={}, facts=facts, columns=[], rows=[], total=[], statements=[])


def _told(checked: Checked) -> list[Texts]:
    invoice, finding = checked.invoice, checked.finding
    if finding is Finding.PARTLY_RED and invoice is not None:
        values = {"back": money(invoice.taken_back_fen), "left": money(invoice.left_fen)}
        return [say("einvoice.partlyRed.lead", **values)]
    lead = [say(f"einvoice.{finding}.lead")]
    if finding is Finding.UNKNOWN and checked.asked.issued == checked.today:
        lead.append(say("einvoice.unknown.late"))
    return lead


def _fact(name: str, value: str) -> PreviewFact:
    return PreviewFact(label=say(f"einvoice.{name}"), value=same(value))
