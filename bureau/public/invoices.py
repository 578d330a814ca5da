"""Where anybody checks an invoice (发票查验), ``/i``, and where its files are fetched, ``/e/…``."""

from __future__ import annotations

import unicodedata
from datetime import date

from fastapi.responses import Response

from bureau.engine.einvoices.checking import CheckedOften
from bureau.engine.refusals import Refused
from bureau.public.look import HEADERS
from bureau.public.site import Visit
from bureau.public.texts import text
from kiosk.domain.errors import FieldError, MoneyError
from kiosk.domain.money import parse_typed
from sync.models import InvoiceCheck

LONGEST = 40
ASKED = ("n", "c", "day", "amount", "check")
STATUS = {"unknown": 404, "mismatch": 409}
"""Everything else is 200: the invoice is shown."""


def form(visit: Visit) -> Response:
    """The empty form."""
    return visit.page("invoice.html", found=None, given=_given(visit), wrong="", next="")


def checked(visit: Visit) -> Response:
    """What was found, or the form again with what to mend."""
    try:
        told = _told(visit)
    except (FieldError, MoneyError, ValueError):
        return _again(visit, 422, text("invoice.unread", visit.lang), "")
    try:
        found = visit.site.records.invoice(told)
    except CheckedOften as no:
        return visit.later(_refused(visit, 429, no), no.wait_s)
    except Refused as no:
        return _refused(visit, 422, no)
    return visit.page(
        "invoice.html", STATUS.get(found.finding, 200), found=found, given=_given(visit), wrong="", next=""
    )


def _refused(visit: Visit, status: int, no: Refused) -> Response:
    return _again(visit, status, visit.say(no.refusal.text), visit.say(no.refusal.next_step))


def _again(visit: Visit, status: int, wrong: str, mend: str) -> Response:
    return visit.page("invoice.html", status, found=None, given=_given(visit), wrong=wrong, next=mend)


def _given(visit: Visit) -> dict[str, str]:
    """What was typed, to stand there again."""
    return {name: visit.fields.get(name, "") for name in ASKED}


def _told(visit: Visit) -> InvoiceCheck:
    """The fields as they were typed; raises ``FieldError``, ``MoneyError`` or ``ValueError``."""
    typed = {
        name: "".join(unicodedata.normalize("NFKC", value).split())[:LONGEST]
        for name, value in visit.fields.items()
    }
    day, amount = typed.get("day", ""), typed.get("amount", "")
    return InvoiceCheck(
        number=typed.get("n", ""),
        code=typed.get("c") or None,
        issued=date.fromisoformat(day.replace("/", "-")) if day else None,
        amount_fen=_amount(amount) if amount else None,
        check=typed.get("check") or None,
    )


def _amount(typed: str) -> int:
    """Red-letter amounts stand with their minus on the paper."""
    return -int(parse_typed(typed[1:])) if typed.startswith("-") else int(parse_typed(typed))


def offered(visit: Visit, link: str) -> Response:
    """What the link leads to. Looking uses nothing up: programs that look at messages open links too."""
    key, _, secret = link.partition(".")
    invoice = visit.site.records.linked_invoice(key, secret)
    if invoice is None:
        return visit.message("delivered.gone", 404)
    return visit.page("delivered.html", number=invoice.number, seller=invoice.seller_name, link=link)


def fetched(visit: Visit, link: str) -> Response:
    """The files, once."""
    key, _, secret = link.partition(".")
    package = visit.site.records.fetch_invoice(key, secret)
    if package is None:
        return visit.message("delivered.gone", 404)
    name, content = package
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/zip", headers=headers)
