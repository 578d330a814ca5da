"""One state of the books for a reader, all or nothing for a writer, and nobody held up by a centre that died."""

from __future__ import annotations

import threading
import time

from bureau.conformance.bench import Bench, Broken, promise, same, there, true
from bureau.conformance.promises.filing import all_of, filing, standing, taken_back
from bureau.conformance.wire import Absent, Trouble
from bureau.errors import AlreadyFiled, CoreUnavailable, StoreConflict
from bureau.ports.returns import Filing

BOOKS = ("person", "enterprise")
WITHIN_S = 10.0
"""How long a second writer may wait for the first, and longer than anybody should."""


@promise(
    "transactions.durable",
    "What was done is durable when the commit is answered.",
    "Answer the commit after it, not before.",
    *BOOKS,
)
def durable(bench: Bench) -> None:
    """Filed and committed: there for the next reader."""
    wanted = filing(bench, "durable")
    with bench.lasting() as work:
        filed = work.core.returns.file(wanted)
    with bench.reading() as work:
        same("returns/filed after the commit", standing(work, wanted), filed)
    taken_back(bench, wanted)


@promise(
    "transactions.undone",
    "DELETE undoes everything.",
    "Let nothing of the transaction outlive it: no return, no due, no answer.",
    *BOOKS,
)
def undone(bench: Bench) -> None:
    """Filed and deleted: never there."""
    wanted = filing(bench, "undone")
    with bench.undone() as work:
        work.core.returns.file(wanted)
        there("returns/filed in the transaction that filed it", standing(work, wanted))
    with bench.reading() as work:
        same("returns/filings after DELETE", all_of(work, wanted), [])


@promise(
    "transactions.savepoint",
    "`undo` undoes what came after the savepoint, and the transaction goes on.",
    "Put back everything, returns and dues alike, as at the savepoint; keep what was done before it.",
    *BOOKS,
)
def savepoint(bench: Bench) -> None:
    """One return before the mark, one behind it; then the mark's is undone."""
    kept, gone = filing(bench, "before-the-mark"), filing(bench, "behind-the-mark")
    transaction = bench.begin("write")
    work, dues = transaction.work, transaction.work.core.returns.dues
    try:
        first = work.core.returns.file(kept)
        before = list(dues(kept.taxpayer))
        mark = transaction.savepoint()
        work.core.returns.file(gone)
        transaction.undo(mark)
        same("returns/filings of what was filed behind the savepoint, after undo", all_of(work, gone), [])
        same("returns/dues after undo", list(dues(kept.taxpayer)), before)
        same("returns/filed of what was filed before the savepoint", standing(work, kept), first)
        work.core.returns.file(gone)
    finally:
        transaction.drop()


@promise(
    "transactions.read-only",
    "A read is a view: writing in it fails.",
    "Refuse to write in a transaction that was begun to read, or forget what it wrote.",
    *BOOKS,
)
def read_only(bench: Bench) -> None:
    """Filed in a read, which is committed: nowhere."""
    wanted, transaction = filing(bench, "in-a-read"), bench.begin("read")
    try:
        transaction.work.core.returns.file(wanted)
        transaction.commit()
    except CoreUnavailable:
        transaction.drop()
    with bench.reading() as work:
        same("returns/filings after it was filed in a read", all_of(work, wanted), [])


@promise(
    "transactions.one-state",
    "A read sees one state of the books for as long as it is held.",
    "Read from a snapshot (REPEATABLE READ or better), not from what is committed at each request.",
    *BOOKS,
)
def one_state(bench: Bench) -> None:
    """A reader looks, a writer commits, the reader looks again."""
    wanted, reader = filing(bench, "one-state"), bench.begin("read")
    try:
        before = all_of(reader.work, wanted)
        with bench.lasting() as work:
            work.core.returns.file(wanted)
        same("returns/filings asked twice in one read, a commit between", all_of(reader.work, wanted), before)
    finally:
        reader.drop()
        taken_back(bench, wanted)


@promise(
    "transactions.alone",
    "Nothing of a write is seen before it is committed.",
    "Never read what another transaction has not committed (no READ UNCOMMITTED, no cache beside the books).",
    *BOOKS,
)
def alone(bench: Bench) -> None:
    """A writer files; a reader looks before the commit."""
    wanted, writer = filing(bench, "alone"), bench.begin("write")
    try:
        writer.work.core.returns.file(wanted)
        with bench.reading() as work:
            same("returns/filings in a read beside a write that is not committed", all_of(work, wanted), [])
    finally:
        writer.drop()


@promise(
    "transactions.conflict",
    "A write is serialisable, or is refused with `StoreConflict` before anything of it is seen.",
    "Serialise writers, or refuse the second with 409 StoreConflict: it is run again by the centre.",
    *BOOKS,
)
def conflict(bench: Bench) -> None:
    """Two writers look whether a return is there, and both file it."""
    wanted = filing(bench, "conflict")
    came: list[str] = []
    first = bench.begin("write")
    found = standing(first.work, wanted)
    other = threading.Thread(target=lambda: came.append(_files_too(bench, wanted)))
    other.start()
    try:
        other.join(0.5)
        first.work.core.returns.file(wanted)
        first.commit()
        done = True
    except (StoreConflict, AlreadyFiled):
        done = False
    finally:
        first.drop()
        other.join(WITHIN_S + 2 * bench.manifest.silent_s)
    asked = "two writers that both found no return and both file it"
    true(asked, found is None and not other.is_alive(), "the second got no answer")
    true(asked, came[0] in ("filed", "seen", "refused"), came[0])
    true(asked, not (done and came[0] == "filed"), "both were committed")
    with bench.reading() as work:
        numbers = [one.filed.declaration for one in all_of(work, wanted) if one.stands]
    taken_back(bench, wanted)
    same(f"{asked}: returns that stand", len(numbers), 1)


def _files_too(bench: Bench, wanted: Filing) -> str:
    """``filed``, ``seen`` that it stands, ``refused`` by an outcome that may be, or what else came."""
    try:
        with bench.lasting() as work:
            if standing(work, wanted) is not None:
                return "seen"
            work.core.returns.file(wanted)
        return "filed"
    except (StoreConflict, AlreadyFiled):
        return "refused"
    except Absent:
        raise
    except CoreUnavailable as error:
        return str(error)


@promise(
    "transactions.deadline",
    "A transaction in which nothing is asked for longer than the deadline is undone by the core.",
    "Undo what is silent, so that a centre that died holds nobody up; refuse its commit when it comes late.",
    *BOOKS,
)
def deadline(bench: Bench) -> None:
    """A writer files and falls silent; another begins, and the first comes back."""
    wanted, silent = filing(bench, "deadline"), bench.begin("write")
    try:
        silent.work.core.returns.file(wanted)
        time.sleep(bench.manifest.silent_s + 0.5)
        _next_writer(bench, wanted)
        try:
            silent.commit()
        except (CoreUnavailable, StoreConflict):
            pass
        else:
            raise Broken("a commit that came after the deadline", "200")
    finally:
        silent.drop()


def _next_writer(bench: Bench, wanted: Filing) -> None:
    """Begins, within as many tries as the centre has, and finds nothing of the one that fell silent."""
    asked = "a write that is begun after another has been silent for longer than the deadline"
    for left in (2, 1, 0):
        try:
            with bench.undone() as work:
                same(f"{asked}: returns/filings", all_of(work, wanted), [])
                work.core.returns.file(wanted)
                return
        except (StoreConflict, Trouble) as error:
            if not left:
                raise Broken(asked, error) from error
