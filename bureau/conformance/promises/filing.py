"""The return that scenes file: of the manifest's enterprise and period, about a subject that nothing else has."""

from __future__ import annotations

from typing import Any

from bureau.conformance.bench import Bench, same
from bureau.ports.returns import Filed, Filing, Kept, NewDue
from bureau.ports.system import Work

TAX_FEN, EDUCATION_FEN = 126_000, 3_780
"""What the return is about; no rule makes the one of the other here."""
FIGURES: dict[str, Any] = {"vat_fen": TAX_FEN, "facts": {"name": "复核 check", "count": 3}}


def filing(bench: Bench, subject: str, **changed: Any) -> Filing:
    """A return with two dues."""
    firm = bench.enterprise
    given: dict[str, Any] = {
        "key": bench.key(subject), "taxpayer": firm.taxpayer, "tax": firm.tax, "period_first": firm.period_first,
        "period_last": firm.period_last, "figures": FIGURES, "total_fen": TAX_FEN + EDUCATION_FEN,
        "limit_date": firm.period_last, "filed_at": bench.now, "terminal": bench.manifest.terminal,
        "person": bench.person.key, "role": firm.role, "subject": bench.key(subject),
        "dues": (NewDue("vat", TAX_FEN), NewDue("education", EDUCATION_FEN)),
    }  # fmt: skip
    return Filing(**{**given, **changed})


def standing(work: Work, wanted: Filing) -> Filed | None:
    """The return of that period about that subject."""
    return work.core.returns.filed(
        wanted.taxpayer, wanted.tax, wanted.period_first, wanted.period_last, wanted.subject
    )


def all_of(work: Work, wanted: Filing) -> list[Kept]:
    """Every return about that subject, in whatever state."""
    found = work.core.returns.filings(wanted.taxpayer, wanted.period_first)
    return [one for one in found if one.subject == wanted.subject]


def taken_back(bench: Bench, wanted: Filing) -> None:
    """What a scene had to commit is withdrawn; the books keep it as such."""
    with bench.lasting() as work:
        if (stands := standing(work, wanted)) is not None:
            same(
                "returns/withdraw of a return of which nothing is paid",
                work.core.returns.withdraw(stands.declaration),
                True,
            )
