"""The acquirer's books in SQLite: an order is paid at most once, and what was answered survives a crash.

Payments are appended and never changed (triggers refuse it); an order's state follows from them. Every
answer is given after its commit (WAL, synchronous=FULL).
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pysqlite3 import dbapi2 as sqlite3

from bureau.acquirer.errors import (
    AlreadyPaidError,
    CodeRefusedError,
    NoSuchOrderError,
    OrderClosedError,
    OrderConflictError,
    PaymentDeclinedError,
)
from config.clock import CHINA, Clock
from kiosk.domain.masking import mask_mobile, mask_name

OrderState = Literal["created", "paid", "closed"]
Charge = Literal["", "confirming", "declined"]
CODE_LIFE = timedelta(seconds=60)
"""How long a phone shows a payer's code before it shows another."""
CODE_BEGINS = "28"
"""Wallets are told apart by the first two figures of their codes; these are one wallet's."""
UNASKED_FEN = 100_000
"""Up to 1,000 yuan a shown code pays without a word; above, the phone asks its owner first."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    order_no TEXT PRIMARY KEY, amount_fen INTEGER NOT NULL CHECK (amount_fen > 0), subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('created', 'paid', 'closed')),
    created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, closed_ms INTEGER, reason TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS payments (
    line INTEGER PRIMARY KEY AUTOINCREMENT, order_no TEXT NOT NULL UNIQUE REFERENCES orders (order_no),
    amount_fen INTEGER NOT NULL, reference TEXT NOT NULL UNIQUE, payer TEXT NOT NULL,
    paid_ms INTEGER NOT NULL, day TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS payments_day ON payments (day);
CREATE TABLE IF NOT EXISTS attempts (
    line INTEGER PRIMARY KEY AUTOINCREMENT, order_no TEXT NOT NULL, at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, payer TEXT NOT NULL, expires_ms INTEGER NOT NULL,
    order_no TEXT UNIQUE REFERENCES orders (order_no),
    answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'confirming', 'declined', 'confirmed'))
) STRICT;
CREATE TRIGGER IF NOT EXISTS payments_stay BEFORE UPDATE ON payments
    BEGIN SELECT RAISE(ABORT, 'payments are never changed'); END;
CREATE TRIGGER IF NOT EXISTS payments_remain BEFORE DELETE ON payments
    BEGIN SELECT RAISE(ABORT, 'payments are never removed'); END;
"""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the books have it now; the last four are of its payment."""

    order: str
    amount_fen: int
    subject: str
    state: OrderState
    created_at: datetime
    expires_at: datetime
    reason: str | None = None
    reference: str | None = None
    paid_at: datetime | None = None
    payer_masked: str | None = None
    charge: Charge = ""
    """How a payer's code that was charged to it stands, while it is not paid."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of the ledger."""

    line: int
    order: str
    amount_fen: int
    reference: str
    payer_masked: str
    paid_at: datetime


class Ledger:
    """The books. Safe from any thread of one process; one process per file.

    Raises:
        sqlite3.OperationalError: the file cannot be opened or written (disk full, no permission).
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._lock = threading.Lock()
        self._db: Any = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def now(self) -> datetime:
        """Business time."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Seconds of the books' clock, for durations."""
        return self._clock.monotonic()

    def open(self, order: str, amount_fen: int, subject: str, life: timedelta) -> Order:
        """Open an order for ``life``; the same number and amount again gives the first one.

        Raises:
            OrderConflictError: the number is taken with another amount.
        """
        now = self.now()
        with self.change() as db:
            db.execute(
                "INSERT INTO orders (order_no, amount_fen, subject, state, created_ms, expires_ms)"
                " VALUES (?, ?, ?, 'created', ?, ?) ON CONFLICT DO NOTHING",
                (order, amount_fen, subject, in_ms(now), in_ms(now + life)),
            )
            found = self._find(order)
            if found.amount_fen != amount_fen:
                raise OrderConflictError(order)
            return found

    def get(self, order: str) -> Order:
        """The order now; one past its time is closed.

        Raises:
            NoSuchOrderError: it was never opened.
        """
        with self.change():
            return self._expire(self._find(order))

    def pay(self, order: str, payer: str) -> Order:
        """Move the money, once.

        Raises:
            AlreadyPaidError, OrderClosedError, NoSuchOrderError: nothing was charged.
        """
        with self.change() as db:
            refusal = self._pay(db, order, payer)
            paid = self._find(order)
        if refusal is not None:  # after the commit: the attempt stays in the books
            raise refusal(order)
        return paid

    def code_for(self, payer: str) -> tuple[str, datetime]:
        """A code for a payer's phone to show, and until when it is good."""
        until = self.now() + CODE_LIFE
        code = CODE_BEGINS + "".join(secrets.choice("0123456789") for _ in range(16))
        with self.change() as db:
            db.execute(
                "INSERT INTO codes (code, payer, expires_ms) VALUES (?, ?, ?)", (code, payer, in_ms(until))
            )
        return code, until

    def charge(self, order: str, code: str) -> Order:
        """Charge a payer's code to an order: at once, or once its owner has confirmed (``charge``).

        The same code again answers with what became of it; a paid order stays as it was paid.

        Raises:
            CodeRefusedError: the code is unknown, used, or past its minute; nothing was charged.
            OrderClosedError, NoSuchOrderError: nothing was charged.
        """
        with self.change() as db:
            found = self._expire(self._find(order))
            if found.state == "closed":
                raise OrderClosedError(order)
            row = db.execute(
                "SELECT payer, expires_ms, order_no FROM codes WHERE code = ?", (code,)
            ).fetchone()
            mine = row is not None and row[2] == order
            if found.state == "paid" or mine:
                return found
            if row is None or row[2] is not None or row[1] <= in_ms(self.now()):
                self._note(order, self.now(), CodeRefusedError.code)
                refused = True
            else:
                refused = False
                # another code of this order was left unconfirmed or was declined: it lets go
                db.execute("UPDATE codes SET order_no = NULL, expires_ms = 0 WHERE order_no = ?", (order,))
                asks = found.amount_fen > UNASKED_FEN
                answer = "confirming" if asks else "confirmed"
                db.execute("UPDATE codes SET order_no = ?, answer = ? WHERE code = ?", (order, answer, code))
                if not asks:
                    self._pay(db, order, row[0])
            charged = self._find(order)
        if refused:
            raise CodeRefusedError
        return charged

    def confirm(self, code: str, *, yes: bool) -> Order:
        """The owner of a code confirms on the phone, or does not.

        Raises:
            CodeRefusedError: nothing waits for this code.
            OrderClosedError: too late; nothing was charged.
        """
        with self.change() as db:
            row = db.execute("SELECT payer, order_no, answer FROM codes WHERE code = ?", (code,)).fetchone()
            if row is None or row[1] is None or row[2] != "confirming":
                raise CodeRefusedError
            answer = "confirmed" if yes else "declined"
            db.execute("UPDATE codes SET answer = ? WHERE code = ?", (answer, code))
            refusal = self._pay(db, row[1], row[0]) if yes else None
            if not yes:
                self._note(row[1], self.now(), PaymentDeclinedError.code)
            found = self._find(row[1])
        if refusal is not None:
            raise refusal(found.order)
        return found

    def decline(self, order: str) -> None:
        """Note a payment that the payer's bank declined.

        Raises:
            PaymentDeclinedError: always, once it is noted.
            NoSuchOrderError: there is no such order.
        """
        with self.change():
            self._find(order)
            self._note(order, self.now(), PaymentDeclinedError.code)
        raise PaymentDeclinedError(order)

    def close_order(self, order: str, reason: str = "closed") -> Order:
        """Close an open order; a paid one stays paid.

        Raises:
            NoSuchOrderError: it was never opened.
        """
        with self.change() as db:
            if self._expire(self._find(order)).state == "created":
                db.execute(
                    "UPDATE orders SET state = 'closed', closed_ms = ?, reason = ? WHERE order_no = ?",
                    (in_ms(self.now()), reason, order),
                )
            return self._find(order)

    def payments(self, day: date | None = None) -> list[Payment]:
        """The ledger, or its lines of one business day."""
        where, values = ("WHERE day = ?", (day.isoformat(),)) if day else ("", ())
        with self._lock:
            found = self._db.execute(
                "SELECT line, order_no, amount_fen, reference, payer, paid_ms FROM payments"
                f" {where} ORDER BY line",
                values,
            ).fetchall()
        return [Payment(row[0], row[1], row[2], row[3], row[4], moment_of(row[5])) for row in found]

    def attempts(self) -> dict[str, int]:
        """How many payments were tried, by outcome."""
        with self._lock:
            return dict(
                self._db.execute("SELECT outcome, count(*) FROM attempts GROUP BY outcome").fetchall()
            )

    @contextmanager
    def change(self) -> Iterator[Any]:
        """One transaction on the books' file: committed when the block ends, gone when it raises."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _pay(self, db: Any, order: str, payer: str) -> type[AlreadyPaidError | OrderClosedError] | None:
        """Move the money inside a change, or tell why not; the attempt is noted either way."""
        found = self._expire(self._find(order))
        refusals: dict[str, type[AlreadyPaidError | OrderClosedError]] = {
            "paid": AlreadyPaidError,
            "closed": OrderClosedError,
        }
        refusal = refusals.get(found.state)
        now = self.now()
        self._note(order, now, refusal.code if refusal else "paid")
        if refusal is None:
            line = db.execute("SELECT coalesce(max(line), 0) + 1 FROM payments").fetchone()[0]
            db.execute(
                "INSERT INTO payments (order_no, amount_fen, reference, payer, paid_ms, day)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    order,
                    found.amount_fen,
                    f"T{now:%y%m%d}{line:08d}",
                    mask_payer(payer),
                    in_ms(now),
                    now.astimezone(CHINA).date().isoformat(),
                ),
            )
            db.execute("UPDATE orders SET state = 'paid' WHERE order_no = ?", (order,))
        return refusal

    def _find(self, order: str) -> Order:
        row = self._db.execute(
            "SELECT o.order_no, o.amount_fen, o.subject, o.state, o.created_ms, o.expires_ms, o.reason,"
            " p.reference, p.paid_ms, p.payer, c.answer FROM orders o"
            " LEFT JOIN payments p USING (order_no) LEFT JOIN codes c USING (order_no)"
            " WHERE o.order_no = ?",
            (order,),
        ).fetchone()
        if row is None:
            raise NoSuchOrderError(order)
        paid_at = None if row[8] is None else moment_of(row[8])
        return Order(
            order=row[0],
            amount_fen=row[1],
            subject=row[2],
            state=row[3],
            created_at=moment_of(row[4]),
            expires_at=moment_of(row[5]),
            reason=row[6],
            reference=row[7],
            paid_at=paid_at,
            payer_masked=row[9],
            charge=row[10] if row[3] == "created" and row[10] in ("confirming", "declined") else "",
        )

    def _expire(self, found: Order) -> Order:
        if found.state != "created" or self.now() < found.expires_at:
            return found
        self._db.execute(
            "UPDATE orders SET state = 'closed', closed_ms = ?, reason = 'expired' WHERE order_no = ?",
            (in_ms(found.expires_at), found.order),
        )
        return self._find(found.order)

    def _note(self, order: str, at: datetime, outcome: str) -> None:
        self._db.execute(
            "INSERT INTO attempts (order_no, at_ms, outcome) VALUES (?, ?, ?)", (order, in_ms(at), outcome)
        )


def mask_payer(payer: str) -> str:
    """The payer as the books keep it: a mobile number or a name, masked."""
    payer = payer.strip()[:64]
    return mask_mobile(payer) if payer.isascii() and payer.isdigit() else mask_name(payer)


def in_ms(moment: datetime) -> int:
    """A moment as the books keep it, in milliseconds."""
    return int(moment.timestamp() * 1000)


def moment_of(ms: int) -> datetime:
    """The moment that the books keep as so many milliseconds."""
    return datetime.fromtimestamp(ms / 1000, CHINA)
