"""What another core system holds of a visit, asked through its ports, for the checker to compare.

The rows have the shape of the reference engine's tables, which the rules read. Only what the journal names can be
asked for: an effect of which the terminal knows nothing, and what nobody asks a port for (a booking's own amount, links
to files), stay the core's own secret.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bureau.ports.payments import Order
from bureau.ports.returns import Kept
from bureau.ports.system import AnsweredEffect, Work
from config.clock import CHINA
from ui.walk.evidence import BUREAU_TABLES
from ui.walk.rules.parties import CENTRE_KINDS

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def told(work: Work, journal: Iterable[Mapping[str, Any]]) -> Tables:
    """The tables of what the journal names."""
    tables: Tables = defaultdict(list, {name: [] for name in BUREAU_TABLES})
    intents = [r for r in journal if r["phase"] == "intent" and r["kind"] in CENTRE_KINDS]
    for intent in intents:
        effect = work.answers.effect(intent["key"])
        if effect is None:
            continue
        tables["effect"].append(_effect(effect))
        if effect.state == "accepted":
            asked = intent["body"].get("data") or {}
            result: dict[str, Any] = json.loads(json.dumps(effect.kept.answer))["result"]
            _made(work, effect, result, asked, tables)
    for number in {row["taxpayer"] for row in tables["effect"] if row["taxpayer"]}:
        known = work.core.registration.taxpayer(number)
        tables["taxpayer"] += [{"taxpayer": known.taxpayer, "name": known.name}] if known else []
    return dict(tables)


def _effect(effect: AnsweredEffect) -> Row:
    return {
        "key": effect.kept.key,
        "terminal": effect.kept.terminal,
        "kind": effect.kind,
        "state": effect.state,
        "reference": effect.reference,
        "transaction": effect.transaction,
        "person_number": effect.person.number if effect.person else "",
        "taxpayer": effect.taxpayer,
        "accepted_at": effect.accepted_at.isoformat(),
        "answer": json.dumps(effect.kept.answer, ensure_ascii=False, default=str),
    }


def _made(
    work: Work, effect: AnsweredEffect, result: Mapping[str, Any], asked: Mapping[str, Any], tables: Tables
) -> None:
    match effect.kind:
        case "certificate.issue":
            _certificate(work, effect, str(result["number"]), asked, tables)
        case "declaration.submit":
            _returns(work, effect, str(result["declaration"]), tables)
        case "payment.create":
            order = work.core.payments.by_key(effect.kept.key)
            if order is not None:
                _payment(order, tables)
        case "invoice.reserve":
            _sheets(work, str(result["reservation"]), tables)
        case "matter.submit":
            _matter(work, effect, str(result["case"]), tables)
        case "einvoice.copy":
            _invoice_file(work, effect, result, tables)
        case "certificate.printed":
            _printed(effect, asked, tables)
        case "lottery.draw":
            _ticket(work, str(result["ticket"]), tables)
        case "queue.take":
            _place(work, effect, tables)


def _certificate(
    work: Work, effect: AnsweredEffect, number: str, asked: Mapping[str, Any], tables: Tables
) -> None:
    record = work.core.certificates.record(number)
    if record is None:
        return
    person = record.person or effect.person
    tables["certificate"].append(
        {
            "number": record.number,
            "code": record.code,
            "key": effect.kept.key,
            "kind": record.kind,
            "person_number": person.number if person else "",
            "taxpayer": record.taxpayer,
            "content_sha256": record.content_sha256,
            "pdf_sha256": record.pdf_sha256,
            "pages": record.pages,
            "copies": record.copies,
            "state": record.state,
            "verify_url": record.verify_url,
            "asked": json.dumps(dict(record.asked), ensure_ascii=False) if record.asked else None,
        }
    )
    if person is not None and record.kind == "iit-record":
        lines = work.core.returns.income(person, str(asked["first"])[:7], str(asked["last"])[:7])
        tables["income"] += [
            {"person_number": person.number, "month": one.month, **_named(one, "income_fen", "tax_fen")}
            for one in lines
        ]
        _books(work, person.number, effect, tables)


def _returns(work: Work, effect: AnsweredEffect, declaration: str, tables: Tables) -> None:
    kept = work.core.returns.kept(declaration)
    if kept is not None:
        _books(work, kept.filed.taxpayer, effect, tables, declaration)


def _books(
    work: Work, taxpayer: str, effect: AnsweredEffect, tables: Tables, declaration: str | None = None
) -> None:
    """All returns of a taxpayer, ours under its key, and what is due of them."""
    since = effect.accepted_at.astimezone(CHINA).date().replace(year=effect.accepted_at.year - 3, day=1)
    known = {row["declaration"]: row for row in tables["declaration"]}
    for kept in work.core.returns.filings(taxpayer, since):
        row = known.get(kept.filed.declaration) or _return(kept)
        if kept.filed.declaration == declaration:
            row["key"] = effect.kept.key
        if kept.filed.declaration not in known:
            tables["declaration"].append(row)
    due = {row["due"] for row in tables["due"]}
    tables["due"] += [
        {"due": one.due, "declaration": one.declaration, "tax": one.tax, "taxpayer": one.taxpayer, "state": one.state}
        for one in work.core.returns.dues(taxpayer)
        if one.due not in due
    ]  # fmt: skip


def _return(kept: Kept) -> Row:
    filed = kept.filed
    return {
        "declaration": filed.declaration,
        "taxpayer": filed.taxpayer,
        "tax": filed.tax,
        "period_first": filed.period_first.isoformat(),
        "period_last": filed.period_last.isoformat(),
        "subject": kept.subject,
        "total_fen": filed.total_fen,
        "figures": json.dumps(kept.figures, ensure_ascii=False),
        "state": "filed" if kept.stands else "withdrawn" if kept.withdrawn else "replaced",
        "key": None,
    }


def _payment(order: Order, tables: Tables) -> None:
    ours = {"order_no": order.order}
    tables["payment_order"].append(
        {**ours, "key": order.key, "taxpayer": order.taxpayer, "amount_fen": order.amount_fen, "bill": order.bill}
    )  # fmt: skip
    tables["payment_due"] += [
        {**ours, "due": one.due, **_named(one, "amount_fen", "late_fee_fen", "left_fen")}
        for one in order.dues
    ]
    parts = [*order.dues, *((order.notice,) if order.notice else ())]
    if order.notice is not None:
        given = order.receipt.model_dump() if order.receipt else {}
        receipt = {f"receipt_{name}": given.get(name, "") for name in ("code", "number", "check")}
        line = {"code": order.notice.code, **_named(order.notice, "amount_fen", "late_fee_fen"), **receipt}
        tables["nontax_payment"].append(ours | line)
    if order.voucher and order.paid_at is not None:
        whole = sum(one.amount_fen + one.late_fee_fen for one in parts)
        day = order.paid_at.astimezone(CHINA).date().isoformat()
        tables["booking"].append(ours | {"amount_fen": whole, "voucher": order.voucher, "entry_date": day})


def _sheets(work: Work, number: str, tables: Tables) -> None:
    reservation = work.core.invoices.reservation(number)
    if reservation is None:
        return
    told_of = {"reservation": number, "code": reservation.code}
    tables["reservation"].append(
        told_of | {"key": reservation.key, "state": reservation.state, "order_no": ""}
    )
    if reservation.state == "committed":
        tables["stock_movement"] += [
            told_of | {"type": "ISSUE", "first": int(one.first), "last": int(one.last), "cause": None}
            for one in work.core.invoices.settled(reservation).delivered
        ]


def _matter(work: Work, effect: AnsweredEffect, number: str, tables: Tables) -> None:
    case = work.core.matters.case(number)
    if case is None:
        return
    tables["matter_case"].append(
        {
            "case_no": case.case,
            "key": effect.kept.key,
            "matter": case.matter,
            "state": case.state,
            "taxpayer": case.taxpayer,
            "person_number": case.person.number,
            "fields": json.dumps(dict(case.fields), ensure_ascii=False),
        }
    )
    order = work.core.deliveries.order(case.case) if case.matter == "invoice.deliver" else None
    if order is not None:
        tables["invoice_delivery"].append(
            {
                "order_no": order.order,
                "taxpayer": order.taxpayer,
                "state": order.state,
                "closed_by": order.closed_by,
            }
        )
    if case.taxpayer is not None and case.effective_on is not None:
        facts = work.core.registration.facts(case.taxpayer, case.effective_on)
        tables["registration_entry"] += [
            {"case_no": case.case, "taxpayer": case.taxpayer, "fact": fact}
            for fact, value in case.fields.items()
            if fact in facts and facts[fact] == value
        ]


def _invoice_file(work: Work, effect: AnsweredEffect, result: Mapping[str, Any], tables: Tables) -> None:
    """The invoice of the register, and its file as the terminal that it was made for is given it."""
    document, invoices = str(result["document"]), work.core.einvoices
    invoice = invoices.find(str(result["code"]), str(result["number"]))
    pdf = invoices.document(document, effect.kept.terminal)
    if invoice is not None and pdf is not None:
        tables["einvoice_document"].append(
            {
                "document": document,
                "key": effect.kept.key,
                "code": invoice.code,
                "number": invoice.number,
                "pdf": hashlib.sha256(pdf).hexdigest(),
            }
        )


def _printed(effect: AnsweredEffect, asked: Mapping[str, Any], tables: Tables) -> None:
    """A print of an invoice's file that the core took note of; it is told nowhere else."""
    document = asked["number"]
    if document in {row["document"] for row in tables["einvoice_document"]}:
        tables["einvoice_print"].append(
            {"document": document, "key": effect.kept.key, "outcome": asked["outcome"]}
        )


def _ticket(work: Work, number: str, tables: Tables) -> None:
    ticket = work.core.lottery.ticket(number)
    if ticket is not None:
        names = ("ticket", "key", "invoice", "mobile", "prize_fen")
        tables["lottery_ticket"].append(_named(ticket, *names) | {"case_no": ticket.case})


def _place(work: Work, effect: AnsweredEffect, tables: Tables) -> None:
    ticket = work.core.queue.ticket(effect.kept.key)
    if ticket is not None:
        tables["queue_ticket"].append(_named(ticket, "key", "hall", "line", "number", "visitor", "state"))


def _named(row: object, *names: str) -> Row:
    return {name: getattr(row, name) for name in names}
