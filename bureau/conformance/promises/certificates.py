"""The register of certificates: what was issued never changes, and is given out as often as it may be."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bureau.conformance.bench import Bench, numbered, promise, refused, same, there, true
from bureau.errors import CopiesSpent
from bureau.ports.certificates import CertificateCopy, CertificateEnd, CertificateLink, NewCertificate
from bureau.ports.system import Work

PDF, FROZEN = b"%PDF-1.7 check\n\xff", b'{"frozen": "\xe5\x80\xbc"}\x00'
MOST = 3


def issued(bench: Bench, work: Work, what: str, **changed: str) -> NewCertificate:
    """A certificate that is entered."""
    key = bench.key(what)
    asked = {"certificate": "iit-record", "first": "2026-01", "last": "2026-09", "purpose": None}
    new = NewCertificate(
        number=work.core.certificates.number_for(key), code=f"CHECK{bench.run.upper()}{what.upper()}"[:16], key=key,
        kind="iit-record", person=bench.person.key, terminal=bench.manifest.terminal,
        content_sha256=hashlib.sha256(key.encode()).hexdigest(), frozen=FROZEN, pdf=PDF,
        pdf_sha256=hashlib.sha256(PDF).hexdigest(), pages=1, verify_url="https://bureau.example/v?n=1",
        issued_at=bench.now, asked=asked, original=changed.get("original"),
    )  # fmt: skip
    work.core.certificates.add(new)
    return new


@promise(
    "certificates.number",
    "`number_for` gives the same number to the same key for ever, 20 digits with a check digit.",
    "Keep the number with the key: a certificate drawn twice after a crash is one.",
)
def number(bench: Bench) -> None:
    """Asked twice for one key, in two transactions, and once for another."""
    with bench.lasting() as work:
        first = work.core.certificates.number_for(bench.key("number"))
        again = work.core.certificates.number_for(bench.key("number"))
        same("certificates/number_for of the same key", again, first)
        other = work.core.certificates.number_for(bench.key("number-2"))
        true("certificates/number_for of another key", other != first, other)
    numbered("certificates/number_for", first)
    with bench.lasting() as work:
        later = work.core.certificates.number_for(bench.key("number"))
    same("certificates/number_for of the same key in a later transaction", later, first)


@promise(
    "certificates.frozen",
    "What was frozen at issue is what the register keeps, also of a certificate that ended.",
    "Keep content, files and hashes byte for byte; `end` changes the state and adds how it ended.",
    "person",
)
def frozen(bench: Bench) -> None:
    """Entered, looked at, ended, looked at again."""
    with bench.undone() as work:
        register = work.core.certificates
        new = issued(bench, work, "frozen")
        before = there("certificates/record", register.record(new.number))
        came = (
            before.frozen,
            before.content_sha256,
            before.pdf_sha256,
            before.code,
            before.asked,
            before.state,
        )
        wanted = (FROZEN, new.content_sha256, new.pdf_sha256, new.code, new.asked, "valid")
        same("certificates/record: content, hashes, code, what was asked, state", came, wanted)
        same("certificates/issued by its content", register.issued(new.content_sha256), [new.number])
        end = CertificateEnd("void", "wrong", bench.now, officer="check", second="check two", note="check")
        same("certificates/end of a valid one", register.end(new.number, end), True)
        after = there("certificates/record", register.record(new.number))
        same("state and end after it", (after.state, after.ended), ("void", end))
        same("content after it", (after.frozen, after.content_sha256, after.pdf_sha256), wanted[:3])
        same("certificates/pdf after it", register.pdf(new.number, new.terminal), PDF)
        other = CertificateEnd("void", "lost", bench.now, officer="check", second="check two")
        same("certificates/end of one that has ended", register.end(new.number, other), False)
        same("how it ended after that", there("certificates/record", register.record(new.number)).ended, end)


@promise(
    "certificates.file",
    "The file is for the terminal that issued it or had it let out, and no other.",
    "Answer `pdf` with nothing for any other terminal.",
    "person",
)
def file(bench: Bench) -> None:
    """Another terminal, before and after it was let out there."""
    other = bench.key("terminal")
    with bench.undone() as work:
        register = work.core.certificates
        new = issued(bench, work, "file")
        same("certificates/pdf at its own terminal", register.pdf(new.number, new.terminal), PDF)
        same("certificates/pdf at another terminal", register.pdf(new.number, other), None)
        register.let_out(new.number, bench.key("let-out"), other)
        same("certificates/pdf where it was let out", register.pdf(new.number, other), PDF)


@promise(
    "certificates.copies",
    "`copy` counts a job once, however often it is asked; one more than the most is CopiesSpent.",
    "Keep the print job with its copy; a job known to have left the paper blank does not count.",
    "person",
)
def copies(bench: Bench) -> None:
    """The first copy twice, one left blank, the second sealed, a third, and one too many."""
    with bench.undone() as work:
        register = work.core.certificates
        new = issued(bench, work, "copies")

        def copy(job: str) -> CertificateCopy | None:
            return register.copy(new.number, bench.key(job), new.terminal, MOST)

        first = there("certificates/copy", copy("j-1"))
        same("its count and its file", (first.copy, first.pdf), (1, PDF))
        same("certificates/copy of the same job", copy("j-1"), first)
        out = register.printed(new.number, bench.key("p-1"), "printed", new.terminal, bench.key("j-1"))
        same("certificates/printed: how many so far", out, 1)
        second = there("certificates/copy of a second job", copy("j-2"))
        same("its count and its file", (second.copy, second.pdf), (2, None))
        same("certificates/sealed", register.sealed(new.number, bench.key("j-2"), b"marked"), b"marked")
        same("certificates/sealed again", register.sealed(new.number, bench.key("j-2"), b"other"), b"marked")
        register.printed(new.number, bench.key("p-2"), "notPrinted", new.terminal, bench.key("j-2"))
        same(
            "the count after a job that left the paper blank", there("certificates/copy", copy("j-3")).copy, 2
        )
        same("the count of the next job", there("certificates/copy", copy("j-4")).copy, 3)
        spent = refused(work, CopiesSpent, "certificates/copy of one too many", lambda: copy("j-5"))
        same("number and most in CopiesSpent", (spent.number, spent.most), (new.number, MOST))


@promise(
    "certificates.link",
    "`fetch` uses a link up once, whoever asks, and only before it expires.",
    "Delete or mark the link in the transaction that gives the file.",
    "person",
)
def link(bench: Bench) -> None:
    """Fetched twice; one that is over."""
    with bench.undone() as work:
        register = work.core.certificates
        new = issued(bench, work, "link")
        made = CertificateLink(bench.key("k-1"), "b" * 64, new.number, bench.now + timedelta(hours=1))
        register.add_link(made)
        register.add_link(
            CertificateLink(bench.key("k-2"), "c" * 64, new.number, bench.now - timedelta(hours=1))
        )
        same("certificates/linked", register.linked(made.key), made)
        same("certificates/linked of one that is over", register.linked(bench.key("k-2")), None)
        same("certificates/fetch", register.fetch(made.key), PDF)
        same("certificates/fetch a second time", register.fetch(made.key), None)


@promise(
    "certificates.original",
    "Of one thing there is one valid certificate at most: `original` names it.",
    "Find it by `original` while it is valid, and nothing once it has ended.",
    "person",
)
def original(bench: Bench) -> None:
    """One of a vehicle, which then ends."""
    thing = bench.key("vehicle")
    with bench.undone() as work:
        register = work.core.certificates
        same("certificates/original before there is one", register.original(thing, True), None)
        new = issued(bench, work, "original", original=thing)
        same("certificates/original", register.original(thing, True), new.number)
        register.end(new.number, CertificateEnd("void", "wrong", bench.now, officer="a", second="b"))
        same("certificates/original after it has ended", register.original(thing), None)
