"""Exported goods, from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select, tuple_

from bureau.engine.reference.context import Context
from bureau.ports.exports import ExportLine, Purchase
from bureau.store import tables

Key = tuple[str, int]


class ReferenceExports:
    """Implements ``Exports``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def lines(self, taxpayer: str, since: date) -> Sequence[ExportLine]:
        """Those exported on ``since`` or later, the latest first."""
        t = tables.export_line
        newest = (t.c.exported_on.desc(), t.c.customs_no, t.c.item)
        return self._found(
            select(t).where(t.c.taxpayer == taxpayer, t.c.exported_on >= since).order_by(*newest)
        )

    def of_case(self, case: str) -> Sequence[ExportLine]:
        """Those whose refund that case asks for."""
        t = tables.export_line
        return self._found(select(t).where(t.c.case_no == case).order_by(t.c.customs_no, t.c.item))

    def ask(self, case: str, refunds: Mapping[str, int]) -> None:
        """These lines are asked for by the case, each with its refund in fen."""
        t = tables.export_line
        for line, fen in refunds.items():
            customs_no, _, item = line.rpartition("-")
            mine = (t.c.customs_no == customs_no) & (t.c.item == int(item))
            asked = {"state": "asked", "case_no": case, "refund_fen": fen}
            self._context.connection.execute(t.update().where(mine).values(asked))

    def give_back(self, case: str) -> None:
        """The refund of the case's lines is allowed."""
        self._change(case, state="back")

    def free(self, case: str) -> None:
        """They may be asked for again."""
        self._change(case, state="free", case_no=None, refund_fen=None)

    def _change(self, case: str, **values: object) -> None:
        t = tables.export_line
        self._context.connection.execute(t.update().where(t.c.case_no == case).values(**values))

    def _found(self, query: Select[Any]) -> list[ExportLine]:
        rows = self._context.connection.execute(query).all()
        bought = self._purchases([(row.customs_no, row.item) for row in rows])
        return [
            ExportLine(
                customs_no=row.customs_no,
                item=row.item,
                taxpayer=row.taxpayer,
                exported_on=row.exported_on,
                hs=row.hs,
                goods=row.goods,
                quantity=row.quantity,
                unit=row.unit,
                fob_fen=row.fob_fen,
                exchange_on=row.exchange_on,
                state=row.state,
                case=row.case_no,
                refund_fen=row.refund_fen,
                purchases=tuple(bought[row.customs_no, row.item]),
            )
            for row in rows
        ]

    def _purchases(self, lines: Sequence[Key]) -> Mapping[Key, list[Purchase]]:
        t = tables.export_purchase
        found: dict[Key, list[Purchase]] = defaultdict(list)
        query = (
            select(t).where(tuple_(t.c.customs_no, t.c.item).in_(lines)).order_by(t.c.issued_on, t.c.invoice)
        )
        for row in self._context.connection.execute(query):
            found[row.customs_no, row.item].append(
                Purchase(
                    invoice=row.invoice,
                    seller=row.seller,
                    issued_on=row.issued_on,
                    quantity=row.quantity,
                    net_fen=row.net_fen,
                    tax_fen=row.tax_fen,
                    confirmed_on=row.confirmed_on,
                )
            )
        return found
