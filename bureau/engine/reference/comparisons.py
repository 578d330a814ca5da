"""Where a day's comparison with the acquirer is kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from bureau.ports.payments import GIVEN_BACK, ComparedLine, Comparison
from bureau.store import tables


def keep(connection: Connection, comparison: Comparison) -> None:
    """Write it in place of an earlier one of that day: running it again gives the newest truth."""
    head, lines, day = tables.reconciliation, tables.reconciliation_line, comparison.day
    connection.execute(lines.delete().where(lines.c.day == day))
    connection.execute(head.delete().where(head.c.day == day))
    (ours_count, ours_fen), (theirs_count, theirs_fen) = comparison.ours(), comparison.theirs()
    connection.execute(
        head.insert().values(
            day=day,
            at=comparison.at,
            ours_count=ours_count,
            ours_fen=ours_fen,
            theirs_count=theirs_count,
            theirs_fen=theirs_fen,
            balanced=comparison.balanced,
        )
    )
    rows = [
        {
            "day": day,
            "order_no": line.order,
            "result": line.result,
            "ours_fen": line.ours_fen,
            "theirs_fen": line.theirs_fen,
            "action": line.action,
            "case_no": line.case,
        }
        for line in comparison.lines
    ]
    if rows:
        connection.execute(lines.insert(), rows)


def agree(connection: Connection, order: str) -> None:
    """Kept comparisons that found this order different agree: what was charged beyond the books is back."""
    head, lines = tables.reconciliation, tables.reconciliation_line
    mine = (lines.c.order_no == order) & (lines.c.result != "MATCH") & lines.c.theirs_fen.is_not(None)
    days = connection.execute(select(lines.c.day).where(mine).order_by(lines.c.day)).scalars().all()
    for day in days:
        connection.execute(
            lines.update()
            .where(mine, lines.c.day == day)
            .values(result="MATCH", ours_fen=lines.c.theirs_fen, action=GIVEN_BACK, case_no=None)
        )
        found = read(connection, day)
        assert found is not None  # a line has its head
        count, fen = found.ours()
        connection.execute(
            head.update()
            .where(head.c.day == day)
            .values(ours_count=count, ours_fen=fen, balanced=found.balanced)
        )


def read(connection: Connection, day: date) -> Comparison | None:
    """The last one of that day."""
    head, lines = tables.reconciliation, tables.reconciliation_line
    at = connection.execute(select(head.c.at).where(head.c.day == day)).scalar()
    if at is None:
        return None
    rows = connection.execute(select(lines).where(lines.c.day == day).order_by(lines.c.order_no))
    found = tuple(
        ComparedLine(row.order_no, row.result, row.ours_fen, row.theirs_fen, row.action, row.case_no)
        for row in rows
    )
    return Comparison(day, at, found)
