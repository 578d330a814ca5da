"""The register of issued invoices: found as they were issued, no more taken back than told, and the sales the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bureau.conformance.bench import Bench, numbered, promise, same, there, true
from bureau.conformance.promises.matters import opened
from bureau.ports.einvoices import Booking, InvoiceDocument, InvoiceLine, InvoiceLink, IssuedInvoice
from bureau.ports.returns import TakenBack
from bureau.ports.system import Work

NET_FEN, TAX_FEN = 120_000, 1_200
PART_NET_FEN, PART_TAX_FEN = 50_000, 500
"""What a red-letter invoice takes back of it."""
DIGITS = 20
PDF = b"%PDF-1.7 check\n\xff"


def _day(bench: Bench) -> date:
    return bench.now.date()


def issued(bench: Bench, work: Work, **changed: Any) -> IssuedInvoice:
    """An ordinary 数电票 of the manifest's enterprise under the next number, entered."""
    invoices, taxpayer = work.core.einvoices, bench.enterprise.taxpayer
    seller = there("registration/taxpayer", work.core.registration.taxpayer(taxpayer))
    net, tax = changed.get("net_fen", NET_FEN), changed.get("tax_fen", TAX_FEN)
    line = InvoiceLine("*复核* check", "件", "3", net, "0.01", tax)
    new = IssuedInvoice(
        code="", number=invoices.next_digital(), kind="ordinary", issued_on=_day(bench), seller=taxpayer,
        seller_name=seller.name, buyer="个人", buyer_number="", net_fen=net, tax_fen=tax, state="valid",
        check_code="", red_of="", lines=(line,),
    )  # fmt: skip
    invoices.add(made := replace(new, **changed))
    return made


def _taken(bench: Bench, work: Work, invoice: IssuedInvoice) -> IssuedInvoice:
    """A part of the invoice is taken back."""
    return issued(
        bench, work, net_fen=-PART_NET_FEN, tax_fen=-PART_TAX_FEN, state="red", red_of=invoice.id
    )  # fmt: skip


@promise(
    "einvoices.found",
    "An invoice is found by code and number, as it was entered.",
    "Keep every field and every line of it; answer with nothing for another number.",
    "enterprise",
)
def found(bench: Bench) -> None:
    """One entered, one that nobody issued."""
    with bench.undone() as work:
        invoices = work.core.einvoices
        new = issued(bench, work, remark="复核 check")
        same("einvoices/find", invoices.find(new.code, new.number), new)
        same("einvoices/find of a number that nobody issued", invoices.find("", "0" * DIGITS), None)


@promise(
    "einvoices.number",
    "`next_digital` is a number of 20 digits that no invoice has.",
    "Take the next of a counter in the transaction that asks.",
    "enterprise",
)
def number(bench: Bench) -> None:
    """Asked before and after one is entered."""
    with bench.undone() as work:
        first = issued(bench, work).number
        true("einvoices/next_digital: 20 digits", len(first) == DIGITS and first.isdigit(), first)
        again = work.core.einvoices.next_digital()
        same("einvoices/find by the next number", work.core.einvoices.find("", again), None)
        true("einvoices/next_digital once more", again != first, again)


@promise(
    "einvoices.numbers-kept",
    "`document_for`, `confirmation_for`: the same number to the same key for ever, 20 digits with a check digit.",
    "Keep the number with the key: a file drawn twice after a crash is one.",
)
def numbers_kept(bench: Bench) -> None:
    """Each asked twice for one key."""
    with bench.undone() as work:
        for name in ("document_for", "confirmation_for"):
            ask, key = getattr(work.core.einvoices, name), bench.key("numbers")
            numbered(f"einvoices/{name}", first := ask(key))
            same(f"einvoices/{name} of the same key", ask(key), first)


@promise(
    "einvoices.counted",
    "`checked` counts also what is not there.",
    "Count by day and by what is asked for, and answer with how many there were, this one included.",
)
def counted(bench: Bench) -> None:
    """Twice the same, once another; nobody issued either."""
    with bench.undone() as work:
        asked = [work.core.einvoices.checked(bench.key(what)) for what in ("e-1", "e-1", "e-2")]
        same("einvoices/checked of one, of the same, of another", asked, [1, 2, 1])


@promise(
    "einvoices.taken-back",
    "What red-letter invoices took back of an invoice is told with it, by `find`, `lock` and `taken_back` alike.",
    "Add up the red-letter invoices that name it, without their sign.",
    "enterprise",
)
def taken_back(bench: Bench) -> None:
    """A part, and the whole of another."""
    with bench.undone() as work:
        invoices = work.core.einvoices
        new, other = issued(bench, work), issued(bench, work)
        _taken(bench, work, new)
        gone = (PART_NET_FEN, PART_TAX_FEN)
        same("einvoices/taken_back: net and tax", tuple(invoices.taken_back(new.id)), gone)
        now = invoices.lock(new)
        same("einvoices/lock: what was taken back, with tax", now.taken_back_fen, sum(gone))
        same("einvoices/find after that", invoices.find(new.code, new.number), now)
        same("einvoices/taken_back of another", tuple(invoices.taken_back(other.id)), (0, 0))


@promise(
    "einvoices.sales",
    "What a return is prefilled with (`returns.sales`) and what is found here are the same invoices.",
    "Sum the register: without void ones, red-letter ones below zero.",
    "enterprise",
)
def sales(bench: Bench) -> None:
    """One that stands, a void one, and a part of the first taken back."""
    day, taxpayer = _day(bench), bench.enterprise.taxpayer
    with bench.undone() as work:
        before = work.core.returns.sales(taxpayer, day, day)
        new = issued(bench, work)
        issued(bench, work, state="void")
        _taken(bench, work, new)
        wanted = replace(
            before, count=before.count + 2, ordinary_fen=before.ordinary_fen + NET_FEN - PART_NET_FEN
        )
        same("returns/sales of the day", work.core.returns.sales(taxpayer, day, day), wanted)
        red = TakenBack(day, day, "ordinary", PART_NET_FEN)
        came = [one for one in work.core.returns.taken_back(taxpayer) if one.issued_on == day == one.sold_on]
        true("returns/taken_back: the red letter of the day", red in came, came)


@promise(
    "einvoices.listed",
    "`issued` are the latest so many of those days, the latest first; `issued_days` says how many each day has.",
    "Count every state alike; who looks for an invoice looks for void ones too.",
    "enterprise",
)
def listed(bench: Bench) -> None:
    """Two of a day, the first of them void."""
    day, taxpayer = _day(bench), bench.enterprise.taxpayer
    with bench.undone() as work:
        invoices = work.core.einvoices
        known = {one.day: one.count for one in invoices.issued_days(taxpayer, day)}.get(day, 0)
        void, new = issued(bench, work, state="void"), issued(bench, work)
        latest = [one.number for one in invoices.issued(taxpayer, day, day, 2)]
        same("einvoices/issued of the day, two of them", latest, [new.number, void.number])
        same("einvoices/issued of the day, one of them", len(invoices.issued(taxpayer, day, day, 1)), 1)
        earlier = invoices.issued(taxpayer, day - timedelta(days=1), day - timedelta(days=1), 100)
        true("einvoices/issued of the day before", new not in earlier, new.number)
        days = {one.day: one.count for one in invoices.issued_days(taxpayer, day)}
        same("einvoices/issued_days: how many that day has", days.get(day), known + 2)


@promise(
    "einvoices.booked",
    "`book` adds the enterprise's mark; earlier marks stay.",
    "Tell all marks with the invoice, the oldest first.",
    "person",
    "enterprise",
)
def booked(bench: Bench) -> None:
    """Deducted, then no longer."""
    with bench.undone() as work:
        new, firm = issued(bench, work), bench.enterprise.taxpayer
        marks = tuple(
            Booking(firm, how, _day(bench), opened(bench, work, f"b-{how}").case)
            for how in ("deducted", "withdrawn")
        )
        for mark in marks:
            work.core.einvoices.book(new.number, mark)
        came = there("einvoices/find", work.core.einvoices.find(new.code, new.number)).bookings
        same("einvoices/find: its marks", came, marks)


@promise(
    "einvoices.link",
    "`fetched` uses a link up once, whoever asks, and only before it expires.",
    "Mark the link in the transaction that asks; `linked` tells it no more from then on.",
    "enterprise",
)
def link(bench: Bench) -> None:
    """Fetched twice; one that is over."""
    with bench.undone() as work:
        invoices, new = work.core.einvoices, issued(bench, work)
        hour = timedelta(hours=1)
        made = InvoiceLink(bench.key("e-1"), "e" * 64, new.code, new.number, bench.now + hour)
        over = InvoiceLink(bench.key("e-2"), "f" * 64, new.code, new.number, bench.now - hour)
        for one in (made, over):
            invoices.add_link(one)
        same("einvoices/linked", invoices.linked(made.key), made)
        same("einvoices/linked of one that is over", invoices.linked(over.key), None)
        came = [invoices.fetched(key) for key in (made.key, made.key, over.key)]
        same("einvoices/fetched, again, and of one that is over", came, [True, False, False])
        same("einvoices/linked after it was fetched", invoices.linked(made.key), None)


@promise(
    "einvoices.file",
    "The file is for the terminal that it was made for, and no other.",
    "Keep the bytes as they are given; answer `document` with nothing for any other terminal.",
    "person",
    "enterprise",
)
def file(bench: Bench) -> None:
    """At its own terminal and at another."""
    terminal = bench.manifest.terminal
    with bench.undone() as work:
        invoices, new = work.core.einvoices, issued(bench, work)
        name = invoices.document_for(bench.key("file"))
        digest = hashlib.sha256(PDF).hexdigest()
        invoices.add_document(
            InvoiceDocument(
                name, bench.key("file"), new, terminal, bench.person.key, PDF, digest, 1, bench.now
            )
        )
        same("einvoices/document at its own terminal", invoices.document(name, terminal), PDF)
        same("einvoices/document at another terminal", invoices.document(name, bench.key("terminal")), None)
