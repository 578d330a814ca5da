"""A draw of the city's of three days ago, which has won and is still to be claimed."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import Connection, select

from bureau.engine.lottery import drawing, tickets
from bureau.engine.lottery.rules import rules
from bureau.engine.reference.context import REGION, Type
from bureau.ports.einvoices import invoice_id
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

DRAWN_BEFORE_DAYS = 3
CODE = "7K2M9QX4PD"
"""The claim code on the slip that the cast's winner holds."""
MOBILE = "13900000007"
Row = dict[str, object]


def number_of(as_of: date) -> str:
    """The ticket's number."""
    return make_number(Type.TICKET, REGION, as_of - timedelta(days=DRAWN_BEFORE_DAYS), 1)


def draws(connection: Connection, random: Random, as_of: date) -> tuple[list[Row], list[Row]]:
    """The round, whose seed is published by now, and its ticket; nothing where no rules were in force."""
    day = as_of - timedelta(days=DRAWN_BEFORE_DAYS)
    table, invoice = rules().at(day), _invoice(connection, day)
    if table is None or invoice is None:
        return [], []
    seed = random.randbytes(drawing.SEED_BYTES)
    key = next(k for k in _keys(seed) if drawing.prize(table.odds, drawing.number(seed, invoice, k)))
    drawn, number = drawing.number(seed, invoice, key), number_of(as_of)
    at = datetime.combine(day, time(15, 20), CHINA)
    round_ = {
        "day": day,
        "commitment": drawing.commitment(day, table.odds, seed),
        "odds": table.odds,
        "sealed": b"",
        "opened_at": datetime.combine(day - timedelta(days=1), time(8), CHINA),
        "seed": seed.hex(),
    }
    ticket = {
        "ticket": number,
        "key": key,
        "day": day,
        "invoice": invoice,
        "mobile": MOBILE,
        "terminal": "D-02",
        "drawn": drawn,
        "prize_fen": drawing.prize(table.odds, drawn),
        "drawn_at": at,
        "claim_until": day + timedelta(days=table.claim_within_days),
        "code_sha256": tickets.code_sha256(number, CODE),
        "state": "won",
        "bank": "",
        "account": "",
        "case_no": "",
        "reason": "",
    }
    return [round_], [ticket]


def _keys(seed: bytes) -> list[str]:
    """Keys as a terminal's effects have them, one of which will have won."""
    names = (hmac.new(seed, str(n).encode(), hashlib.sha256).digest()[:16] for n in range(1000))
    return [str(uuid.UUID(bytes=name, version=4)) for name in names]


def _invoice(connection: Connection, day: date) -> str | None:
    """An ordinary invoice of that time, above the least amount, by its id."""
    t = tables.sale
    query = (
        select(t.c.code, t.c.number)
        .where(t.c.kind == "ordinary", t.c.state == "valid", t.c.code == "", t.c.buyer_number == "")
        .where(t.c.issued_on <= day, t.c.net_fen >= 20_000)
        .order_by(t.c.issued_on.desc(), t.c.number)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else invoice_id(row.code, row.number)
