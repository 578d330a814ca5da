"""Matters with a case: opened once, decided once, found by whose they are."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from bureau.conformance.bench import Bench, numbered, promise, same, there
from bureau.errors import CaseDecided
from bureau.ports.matters import Decision, MatterCase, NewCase
from bureau.ports.system import Work

MATTER = "registration.change"
BOOKS = ("person", "enterprise")


def opened(bench: Bench, work: Work, what: str) -> MatterCase:
    """A case of the enterprise about something that no other case is about."""
    firm, today = bench.enterprise, bench.now.date()
    new = NewCase(
        MATTER, bench.key(what), bench.person.key, firm.taxpayer, firm.role, bench.manifest.terminal,
        {"phone": "13900002345", "count": 2, "urgent": True}, bench.now, today + timedelta(5), bench.key(what),
    )  # fmt: skip
    return work.core.matters.open(new)


@promise(
    "matters.opened",
    "A case is opened for its key under a new number, and waits for its owner until it is decided.",
    "Keep what was asked for as it came; find an open case by its matter and its owner.",
    *BOOKS,
)
def case_opened(bench: Bench) -> None:
    """Opened, found by number, owner and enterprise."""
    with bench.undone() as work:
        case = opened(bench, work, "m-1")
        numbered("matters/open: the case's number", case.case)
        fields = {"phone": "13900002345", "count": 2, "urgent": True}
        same("matters/open", (case.state, dict(case.fields)), ("open", fields))
        same("matters/case", work.core.matters.case(case.case, lock=True), case)
        owner = f"{bench.enterprise.taxpayer}/{bench.key('m-1')}"
        same("matters/waiting", work.core.matters.waiting(MATTER, owner), case)
        theirs = [one.case for one in work.core.matters.of(bench.person.key, [bench.enterprise.taxpayer])]
        same("matters/of the enterprise", theirs.count(case.case), 1)
        same("matters/case of an unknown number", work.core.matters.case("0" * 20), None)


@promise(
    "matters.decided-once",
    "A case is decided once; what is decided stays as it was decided.",
    "Answer a later decision with CaseDecided, or with the case as it is, and change nothing.",
    *BOOKS,
)
def decided_once(bench: Bench) -> None:
    """Approved, then refused."""
    with bench.undone() as work:
        matters, today = work.core.matters, bench.now.date()
        case = opened(bench, work, "m-2")
        done = matters.decide(case, Decision("approved", "check", effective_on=today))
        same("matters/decide", (done.state, done.decided_by, done.effective_on), ("approved", "check", today))
        late = Decision("refused", "check", "no")
        with suppress(CaseDecided), work.attempt():
            matters.decide(case, late)
        same("matters/case after a second matters/decide", matters.case(case.case), done)
        owner = f"{bench.enterprise.taxpayer}/{bench.key('m-2')}"
        same("matters/waiting after it was decided", matters.waiting(MATTER, owner), None)


@promise(
    "matters.supplied",
    "What an officer asks for is noted with an open case, and gone when it is there.",
    "Keep `wanted` until `supplied`, which sets the last day to decide; keep what was signed byte for byte.",
    *BOOKS,
)
def supplied(bench: Bench) -> None:
    """A lease is wanted, and comes."""
    sealed = b"\x00signed\xff"
    with bench.undone() as work:
        matters, later = work.core.matters, bench.now.date() + timedelta(9)
        case = matters.want(opened(bench, work, "m-3"), "租赁合同")
        same("matters/want", case.wanted, "租赁合同")
        case = matters.keep(case, sealed)
        case = matters.supplied(case, later)
        same("matters/supplied", (case.wanted, case.due_on), (None, later))
        found = there("matters/case", matters.case(case.case))
        same("what was signed", found.sealed, sealed)


@promise(
    "matters.listed",
    "Officers see the open cases of everybody, the one that is due first on top, and those that were decided last.",
    "Sort open cases by their last day, decided ones by when they were decided; give no more than `limit`.",
    *BOOKS,
)
def listed(bench: Bench) -> None:
    """The later one was opened first, and is decided."""
    with bench.undone() as work:
        matters = work.core.matters
        soon = matters.supplied(opened(bench, work, "m-4"), date.min)
        later = opened(bench, work, "m-5")
        found = [one.case for one in matters.listed("open", 1000)]
        same("matters/listed open: due first", found[0], soon.case)
        same("matters/listed open: the other", found.count(later.case), 1)
        same("matters/listed open, one at most", len(matters.listed("open", 1)), 1)
        matters.decide(later, Decision("refused", "check", "no"))
        same("matters/listed decided", matters.listed("decided", 1)[0].case, later.case)
        still = [one.case for one in matters.listed("open", 1000)]
        same("matters/listed open after a decision", still.count(later.case), 0)
