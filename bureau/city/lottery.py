"""The city's invoice lottery: a pool that is over, one that is drawn for, one that waits, and what was drawn.

Every draw is the arithmetic of ``drawing`` over an invoice of the city's, with a seed that is published by now. One has
won three days ago, and its slip is in the hands of somebody of the cast; of the others some were claimed and paid.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from sqlalchemy import Connection, select

from bureau.city.cases import approved
from bureau.city.population import Citizen
from bureau.engine.lottery import drawing, tickets
from bureau.engine.lottery.rules import rules
from bureau.engine.reference.context import REGION, Type
from bureau.ports.einvoices import invoice_id
from bureau.ports.lottery import PoolState, TicketState
from bureau.store import tables
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from sync.models import Texts

DRAWN_BEFORE_DAYS = 3
CODE = "7K2M9QX4PD"
"""The claim code on the slip that the cast's winner holds."""
MOBILE = "13900000007"
PROPOSER, PUBLISHER = "段丽", "蒋明"
TERMINAL: Final = "D-02"
ODDS: Final = [[80_000, 200], [10_000, 3_000], [2_000, 25_000], [500, 120_000]]
MATTER = "lottery.claim"
ISSUED_BEFORE: Final = 45
"""Days from the city's: later invoices are left to whoever draws today."""
CASES_FROM: Final = 9001
"""Running numbers of the claims; those before are other cases'."""
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Planned:
    """One pool; ``first``, ``last`` and ``drawn_on`` in days from the city's, each of these with ``draws`` draws."""

    name: str
    title: Texts
    first: int
    last: int
    budget_fen: int
    expected: int
    state: PoolState = "published"
    drawn_on: tuple[int, ...] = ()
    draws: int = 0


PLANNED: Final = (
    Planned(
        "first",
        {"zh-CN": "有奖发票第一期", "en-US": "Invoice lottery, first pool"},
        -100,
        -31,
        4_000_000,
        18_000,
        drawn_on=(-88, -71, -40),
        draws=12,
    ),
    Planned(
        "second",
        {"zh-CN": "有奖发票第二期", "en-US": "Invoice lottery, second pool"},
        -30,
        60,
        6_000_000,
        30_000,
        drawn_on=(-20, -12, -6),
        draws=14,
    ),
    Planned(
        "third",
        {"zh-CN": "有奖发票第三期", "en-US": "Invoice lottery, third pool"},
        61,
        150,
        9_000_000,
        60_000,
        state="proposed",
    ),
)
WAITING: Final = "third"
RUNNING: Final = "second"
BECAME: Final[tuple[TicketState, ...]] = ("ordered", "paid", "returned", "ordered", "won")
"""What became of one prize after the other."""
RETURNED_FOR: Final = "户名与账号不符"


def number_of(as_of: date) -> str:
    """The number of the ticket that the cast's winner holds."""
    return make_number(Type.TICKET, REGION, as_of - timedelta(days=DRAWN_BEFORE_DAYS), 1)


def rows(
    connection: Connection, random: Random, others: Sequence[Citizen], as_of: date
) -> Iterator[tuple[str, list[Row]]]:
    """Table by table, as they refer to each other; no draws where no rules were in force."""
    made = _Draws(connection, random, others, as_of)
    for planned in PLANNED:
        made.draw(planned)
    yield "lottery_pool", [made.pool(planned) for planned in PLANNED]
    yield "lottery_round", made.rounds
    yield "lottery_ticket", made.tickets
    yield "matter_case", made.cases


class _Draws:
    """Rounds, tickets and claims, day by day."""

    def __init__(
        self, connection: Connection, random: Random, others: Sequence[Citizen], as_of: date
    ) -> None:
        self._connection, self._random, self._others, self._as_of = connection, random, others, as_of
        self._winners = 0
        self._won: dict[str, int] = {}
        self._used: set[str] = set()
        self.rounds: list[Row] = []
        self.tickets: list[Row] = []
        self.cases: list[Row] = []

    def pool(self, planned: Planned) -> Row:
        first, decided = self._day(planned.first), planned.state != "proposed"
        proposed = datetime.combine(min(first, self._as_of) - timedelta(days=12), time(10, 10), CHINA)
        return {
            "pool": planned.name,
            "title": planned.title,
            "first": first,
            "last": self._day(planned.last),
            "budget_fen": planned.budget_fen,
            "draws": planned.expected,
            "odds": ODDS,
            "state": planned.state,
            "proposed_by": PROPOSER,
            "proposed_at": proposed,
            "decided_by": PUBLISHER if decided else "",
            "decided_at": proposed + timedelta(days=2) if decided else None,
            "closed_by": "",
            "closed_at": None,
            "closed_on": None,
            "reason": None,
            "won_fen": self._won.get(planned.name, 0),
        }

    def draw(self, planned: Planned) -> None:
        """Each day of the pool that is over has its round; on some days there were draws."""
        for days in range(planned.first, min(planned.last, -1) + 1):
            day = self._day(days)
            if rules().at(day) is None:
                continue
            seed = self._random.randbytes(drawing.SEED_BYTES)
            self.rounds.append(_round(planned.name, day, seed))
            if days == -DRAWN_BEFORE_DAYS:
                self._of_cast(planned, day, seed)
            elif days in planned.drawn_on:
                self._of_others(planned, day, seed)

    def _of_cast(self, planned: Planned, day: date, seed: bytes) -> None:
        """One that has won, whatever: its key is looked for."""
        found = self._invoices(day, 0, 1)
        if not found:
            return
        key = next(k for k in _keys(seed) if drawing.prize(ODDS, drawing.number(seed, found[0], k)))
        row = self._ticket(planned, day, seed, found[0], key, 1)
        self.tickets.append(
            {**row, "code_sha256": tickets.code_sha256(str(row["ticket"]), CODE), "mobile": MOBILE}
        )

    def _of_others(self, planned: Planned, day: date, seed: bytes) -> None:
        """As many as came that day, with the prizes that the numbers gave them."""
        ago = (self._as_of - day).days
        for serial, invoice in enumerate(
            self._invoices(day, max(0, ISSUED_BEFORE - ago), planned.draws), start=1
        ):
            row = self._ticket(planned, day, seed, invoice, next(_keys(seed + invoice.encode())), serial)
            self.tickets.append(row if row["state"] == "blank" else self._became(row, day))

    def _ticket(self, planned: Planned, day: date, seed: bytes, invoice: str, key: str, serial: int) -> Row:
        drawn, number = drawing.number(seed, invoice, key), make_number(Type.TICKET, REGION, day, serial)
        won = drawing.prize(ODDS, drawn)
        self._won[planned.name] = self._won.get(planned.name, 0) + won
        self._used.add(invoice)
        return {
            "ticket": number,
            "key": key,
            "day": day,
            "invoice": invoice,
            "mobile": f"1390000{self._random.randrange(1000, 10_000)}",
            "terminal": TERMINAL,
            "drawn": drawn,
            "prize_fen": won,
            "drawn_at": datetime.combine(day, time(15, 20), CHINA) + timedelta(minutes=serial),
            "claim_until": day + _claim_time(day),
            "code_sha256": hashlib.sha256(f"{key}:nobody's".encode()).hexdigest(),
            "state": "won" if won else "blank",
            "person_kind": None,
            "person_number": None,
            "bank": "",
            "account": "",
            "case_no": "",
            "settled_on": None,
            "reason": "",
        }

    def _became(self, row: Row, day: date) -> Row:
        """Claimed two days later by somebody of the city, and paid or sent back after two more; or not claimed."""
        state = BECAME[self._winners % len(BECAME)]
        self._winners += 1
        if state == "won" or not self._others:
            return row
        if state == "ordered" and (self._as_of - day).days > 30:
            state = "paid"
        who, at = (
            self._random.choice(self._others),
            datetime.combine(day + timedelta(days=2), time(10, 5), CHINA),
        )
        number = make_number(Type.MATTER, REGION, at.date(), CASES_FROM + self._winners)
        account = f"6217{self._random.randrange(10**14, 10**15)}"
        fields: Row = {
            "ticket": row["ticket"],
            "bank": "icbc",
            "account": account,
            "prize_fen": row["prize_fen"],
        }
        self.cases.append(
            {
                **approved(
                    number,
                    MATTER,
                    str(uuid.UUID(bytes=self._random.randbytes(16), version=4)),
                    who,
                    at,
                    fields,
                )
            }
        )
        settled = at.date() + timedelta(days=2)
        until = row["claim_until"]
        if state == "returned":  # the whole time begins anew
            until = settled + _claim_time(day)
        return {
            **row,
            "state": state,
            "claim_until": until,
            "person_kind": who.kind.value,
            "person_number": who.number,
            "bank": "icbc",
            "account": account,
            "case_no": number,
            "settled_on": settled if state != "ordered" else None,
            "reason": RETURNED_FOR if state == "returned" else "",
        }

    def _invoices(self, day: date, before: int, count: int) -> list[str]:
        """Ordinary invoices above the least amount, issued so many days before ``day`` and no more than may be."""
        table, t = rules().at(day), tables.sale
        assert table is not None, "asked before"
        oldest, latest = day - timedelta(days=table.issued_within_days), day - timedelta(days=before)
        query = (
            select(t.c.code, t.c.number)
            .where(t.c.kind == "ordinary", t.c.state == "valid", t.c.code == "", t.c.buyer_number == "")
            .where(t.c.issued_on.between(oldest, latest), t.c.net_fen >= 20_000)
            .order_by(t.c.issued_on.desc(), t.c.number)
        )
        ids = (invoice_id(row.code, row.number) for row in self._connection.execute(query))
        return [found for found in ids if found not in self._used][:count]

    def _day(self, days: int) -> date:
        return self._as_of + timedelta(days=days)


def _round(pool: str, day: date, seed: bytes) -> Row:
    return {
        "day": day,
        "commitment": drawing.commitment(day, ODDS, seed),
        "odds": ODDS,
        "sealed": b"",
        "opened_at": datetime.combine(day - timedelta(days=1), time(8), CHINA),
        "seed": seed.hex(),
        "pool": pool,
    }


def _claim_time(day: date) -> timedelta:
    table = rules().at(day)
    assert table is not None, "asked before"
    return timedelta(days=table.claim_within_days)


def _keys(seed: bytes) -> Iterator[str]:
    """Keys as a terminal's effects have them."""
    for n in range(1000):
        name = hmac.new(seed, str(n).encode(), hashlib.sha256).digest()[:16]
        yield str(uuid.UUID(bytes=name, version=4))
