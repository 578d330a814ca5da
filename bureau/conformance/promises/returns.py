"""Returns are filed once, are mended without being lost, and open their dues in the same transaction."""

from __future__ import annotations

from bureau.conformance.bench import Bench, Broken, NotAsked, numbered, promise, refused, same, there, true
from bureau.conformance.promises.filing import EDUCATION_FEN, FIGURES, TAX_FEN, all_of, filing, standing
from bureau.errors import AlreadyFiled

BOOKS = ("person", "enterprise")
OWED_FEN = TAX_FEN + EDUCATION_FEN


@promise(
    "returns.once",
    "No second return of the same taxpayer, tax, period and subject can stand beside it.",
    "Refuse the second with AlreadyFiled, whose value is the number of the one that stands.",
    *BOOKS,
)
def once(bench: Bench) -> None:
    """The same period filed twice, and another subject of it, which is another return."""
    wanted, other = filing(bench, "once-a"), filing(bench, "once-b")
    with bench.undone() as work:
        first = work.core.returns.file(wanted)
        asked = "returns/file of the same period and subject a second time"
        stands = refused(work, AlreadyFiled, asked, lambda: work.core.returns.file(wanted))
        same(f"{asked}: the number in AlreadyFiled", stands.declaration, first.declaration)
        work.core.returns.file(other)
        same("returns/filed", standing(work, wanted), first)


@promise(
    "returns.number",
    "Numbers that a core gives to its papers have 20 digits with a check digit (ISO/IEC 7064 MOD 11-10).",
    "Compute the last digit over the first 19: people type these numbers.",
    *BOOKS,
)
def number(bench: Bench) -> None:
    """Of a return."""
    with bench.undone() as work:
        numbered(
            "returns/file: the return's number", work.core.returns.file(filing(bench, "number")).declaration
        )


@promise(
    "returns.dues",
    "`file` opens the dues of the return in the same transaction.",
    "Open one due for each tax of the return, with its amount and the return's limit.",
    *BOOKS,
)
def dues(bench: Bench) -> None:
    """Two taxes: two dues, each to be found by its number, among all in the order of their limits."""
    wanted = filing(bench, "dues")
    with bench.undone() as work:
        made = work.core.returns.file(wanted)
        every = work.core.returns.dues(wanted.taxpayer)
        mine = [one for one in every if one.declaration == made.declaration]
        came = sorted((one.tax, one.amount_fen, one.state, one.limit_date) for one in mine)
        limit = wanted.limit_date
        same(
            "returns/dues of a new return",
            came,
            [("education", EDUCATION_FEN, "open", limit), ("vat", TAX_FEN, "open", limit)],
        )
        limits = [one.limit_date for one in every]
        same("the limits in returns/dues", limits, sorted(limits))
        same("returns/due by its number", work.core.returns.due(mine[0].due, lock=True), mine[0])
        same("returns/due of an unknown number", work.core.returns.due("0" * 20), None)
        kept = there("returns/kept", work.core.returns.kept(made.declaration))
        same("what returns/kept says is owed", kept.owed_fen, OWED_FEN)


@promise(
    "returns.replaced",
    "A return that is replaced stays in the books with its figures; its open dues are cancelled.",
    "Keep the earlier one as it was filed, standing no longer and not withdrawn.",
    *BOOKS,
)
def replaced(bench: Bench) -> None:
    """Filed, corrected: one stands, both are there."""
    wanted = filing(bench, "replaced")
    with bench.undone() as work:
        first = work.core.returns.file(wanted)
        second = work.core.returns.file(
            filing(bench, "replaced", key=bench.key("r-2"), replaces=first.declaration)
        )
        same("returns/filed after a correction", standing(work, wanted), second)
        earlier = there("returns/kept of the corrected one", work.core.returns.kept(first.declaration))
        came = (earlier.stands, earlier.withdrawn, earlier.owed_fen, earlier.figures)
        same(
            "whether it stands, was withdrawn, what is owed of it, its figures",
            came,
            (False, False, 0, FIGURES),
        )
        owed = [one.declaration for one in work.core.returns.dues(wanted.taxpayer)]
        same("dues of both", (owed.count(first.declaration), owed.count(second.declaration)), (0, 2))


@promise(
    "returns.withdrawn",
    "`withdraw` takes a return back and cancels its dues; it tells itself from a correction by `withdrawn`.",
    "Keep it in the books with its figures; nothing of it is due, and the period may be filed again.",
    *BOOKS,
)
def withdrawn(bench: Bench) -> None:
    """Filed, taken back, filed again."""
    wanted = filing(bench, "withdrawn")
    with bench.undone() as work:
        first = work.core.returns.file(wanted)
        same("returns/withdraw", work.core.returns.withdraw(first.declaration), True)
        same("returns/filed after it", standing(work, wanted), None)
        kept = there("returns/kept after it", work.core.returns.kept(first.declaration))
        came = (kept.stands, kept.withdrawn, kept.owed_fen, kept.figures)
        same(
            "whether it stands, was withdrawn, what is owed of it, its figures",
            came,
            (False, True, 0, FIGURES),
        )
        work.core.returns.file(wanted)
        same("returns/filings of both", len(all_of(work, wanted)), 2)


@promise(
    "returns.income",
    "`income` are the lines of those months, by month and item; `income_months` the months with a record, ascending.",
    "Sort by month, then by item, and leave out what is outside the months that were asked for.",
    "person",
)
def income(bench: Bench) -> None:
    """The manifest's months."""
    who = bench.person
    if not who.income_first:
        raise NotAsked("person.income_first and income_last in the manifest")
    with bench.reading() as work:
        months = list(work.core.returns.income_months(who.key))
        same("the order of returns/income_months", months, sorted(set(months)))
        lines = work.core.returns.income(who.key, who.income_first, who.income_last)
        if not lines:
            raise Broken(f"returns/income from {who.income_first} to {who.income_last}", "no line")
        inside = [one for one in lines if who.income_first <= one.month <= who.income_last]
        same("lines of returns/income inside the months", len(inside), len(lines))
        order = [(one.month, one.item) for one in lines]
        same("the order of returns/income", order, sorted(order))
        true("months of returns/income_months", {one.month for one in lines} <= set(months), months)
