"""The simulated banks' book: accounts under agreements, each order debited at most once, refunds; in SQLite.

It lies in the test acquirer's file, and every answer is given after its commit. Money that moved is appended to
``debits`` and ``debit_refunds`` and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from bureau.acquirer.ledger import Ledger, in_ms, moment_of
from bureau.treasury.results import DONE, NOT_THERE, REVOKED, result_of
from config.clock import CHINA

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_accounts (
    bank TEXT NOT NULL, account TEXT NOT NULL, holder TEXT NOT NULL, taxpayer TEXT NOT NULL, agreement TEXT NOT NULL,
    balance_fen INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'frozen')),
    PRIMARY KEY (bank, account)
) STRICT;
CREATE TABLE IF NOT EXISTS debit_orders (
    order_no TEXT PRIMARY KEY, amount_fen INTEGER NOT NULL, result TEXT NOT NULL, made_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS debits (
    line INTEGER PRIMARY KEY AUTOINCREMENT, order_no TEXT NOT NULL UNIQUE REFERENCES debit_orders (order_no),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0), reference TEXT NOT NULL, made_ms INTEGER NOT NULL,
    day TEXT NOT NULL, bank TEXT NOT NULL, account TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS debit_refunds (
    refund TEXT PRIMARY KEY, order_no TEXT NOT NULL, amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    result TEXT NOT NULL, made_ms INTEGER NOT NULL, day TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS debits_stay BEFORE UPDATE ON debits
    BEGIN SELECT RAISE(ABORT, 'debits are never changed'); END;
CREATE TRIGGER IF NOT EXISTS debits_remain BEFORE DELETE ON debits
    BEGIN SELECT RAISE(ABORT, 'debits are never removed'); END;
"""
AccountState = Literal["open", "closed", "frozen"]
_SHUT: Final = {"closed": "accountClosed", "frozen": "accountFrozen"}


@dataclass(frozen=True, slots=True)
class Account:
    """An account and the agreement under which its holder's taxes may be debited; ``bank``: its number (行别代码)."""

    bank: str
    account: str
    holder: str
    taxpayer: str
    agreement: str
    balance_fen: int
    state: AccountState = "open"


@dataclass(frozen=True, slots=True)
class Order:
    """A debit as it arrived."""

    order: str
    amount_fen: int
    bank: str
    account: str
    holder: str
    taxpayer: str
    agreement: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an order or a refund."""

    result: str
    amount_fen: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a day: a debit, or what was given back below zero under ``refund``."""

    order: str
    amount_fen: int
    reference: str
    at: datetime
    refund: str = ""


class BankBook:
    """The book in the file of the ledger; safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.change() as db:
            for statement in _statements():
                db.execute(statement)

    def put(self, account: Account) -> None:
        """Open the account, or set it to what is given."""
        with self._ledger.change() as db:
            db.execute(
                "INSERT OR REPLACE INTO bank_accounts (bank, account, holder, taxpayer, agreement, balance_fen, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    account.bank, account.account, account.holder, account.taxpayer, account.agreement,
                    account.balance_fen, account.state,
                ),
            )  # fmt: skip

    def accounts(self) -> list[Account]:
        """Every account, with what is left on it."""
        with self._ledger.change() as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM bank_accounts ORDER BY bank, account").fetchall()
        return [Account(*row) for row in rows]

    def debit(self, order: Order) -> Answer:
        """Debit the account, or tell why not; the same order again gives the first answer."""
        with self._ledger.change() as db:
            known = self._known(db, order.order)
            if known is not None:
                return known
            word = _against(_find(db, order), order)
            result = DONE if not word else result_of(word)
            self._note(db, order.order, order.amount_fen, result)
            if result == DONE:
                self._move(db, order)
            made = self._known(db, order.order)
        assert made is not None, "noted in this transaction"
        return made

    def cancel(self, order: str) -> bool:
        """End an order that was not debited, also one that has not arrived; whether it is ended (冲正)."""
        with self._ledger.change() as db:
            known = self._known(db, order)
            if known is None:
                self._note(db, order, 0, REVOKED)
            return known is None or known.result == REVOKED

    def state(self, order: str) -> Answer:
        """The order now; ``NOT_THERE`` before it arrives."""
        with self._ledger.change() as db:
            known = self._known(db, order)
        return known or Answer(NOT_THERE, 0, self._ledger.now())

    def give_back(self, refund: str, order: str, amount_fen: int) -> Answer:
        """Give back a debit or a part of it, never more than was debited; the same again gives the first answer."""
        with self._ledger.change() as db:
            known = self._refund(db, refund)
            if known is not None:
                same = db.execute(
                    "SELECT 1 FROM debit_refunds WHERE refund = ? AND order_no = ? AND amount_fen = ?",
                    (refund, order, amount_fen),
                ).fetchone()
                return known if same else Answer(result_of("refundConflict"), amount_fen, known.at)
            return self._enter(db, refund, order, amount_fen)

    def _enter(self, db: Any, refund: str, order: str, amount_fen: int) -> Answer:
        debit = db.execute(
            "SELECT amount_fen, bank, account FROM debits WHERE order_no = ?", (order,)
        ).fetchone()
        back = db.execute(
            "SELECT coalesce(sum(amount_fen), 0) FROM debit_refunds WHERE order_no = ? AND result = ?",
            (order, DONE),
        ).fetchone()[0]
        fits = debit is not None and back + amount_fen <= debit[0]
        result, now = DONE if fits else result_of("refundExceedsCharge"), self._ledger.now()
        db.execute(
            "INSERT INTO debit_refunds (refund, order_no, amount_fen, result, made_ms, day) VALUES (?, ?, ?, ?, ?, ?)",
            (refund, order, amount_fen, result, in_ms(now), _day(now)),
        )
        if fits:
            _add(db, debit[1], debit[2], amount_fen)
        return Answer(result, amount_fen, now)

    def refund(self, refund: str) -> Answer:
        """What became of a refund."""
        with self._ledger.change() as db:
            known = self._refund(db, refund)
        return known or Answer(NOT_THERE, 0, self._ledger.now())

    def day(self, day: date) -> list[Movement]:
        """What moved on one business day, in order."""
        with self._ledger.change() as db:
            debits = db.execute(
                "SELECT order_no, amount_fen, reference, made_ms, '' FROM debits WHERE day = ?",
                (day.isoformat(),),
            ).fetchall()
            refunds = db.execute(
                "SELECT order_no, -amount_fen, 'B' || refund, made_ms, refund FROM debit_refunds"
                " WHERE day = ? AND result = ?",
                (day.isoformat(), DONE),
            ).fetchall()
        rows = sorted([*debits, *refunds], key=lambda row: (row[3], row[0]))
        return [Movement(row[0], row[1], row[2], moment_of(row[3]), row[4]) for row in rows]

    def _move(self, db: Any, order: Order) -> None:
        now = self._ledger.now()
        line = db.execute("SELECT coalesce(max(line), 0) + 1 FROM debits").fetchone()[0]
        db.execute(
            "INSERT INTO debits (order_no, amount_fen, reference, made_ms, day, bank, account)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                order.order, order.amount_fen, f"{order.bank}{now:%y%m%d}{line:08d}", in_ms(now), _day(now),
                order.bank, order.account,
            ),
        )  # fmt: skip
        _add(db, order.bank, order.account, -order.amount_fen)

    def _note(self, db: Any, order: str, amount_fen: int, result: str) -> None:
        db.execute(
            "INSERT INTO debit_orders (order_no, amount_fen, result, made_ms) VALUES (?, ?, ?, ?)",
            (order, amount_fen, result, in_ms(self._ledger.now())),
        )

    def _known(self, db: Any, order: str) -> Answer | None:
        row = db.execute(
            "SELECT result, amount_fen, made_ms FROM debit_orders WHERE order_no = ?", (order,)
        ).fetchone()
        return None if row is None else Answer(row[0], row[1], moment_of(row[2]))

    def _refund(self, db: Any, refund: str) -> Answer | None:
        row = db.execute(
            "SELECT result, amount_fen, made_ms FROM debit_refunds WHERE refund = ?", (refund,)
        ).fetchone()
        return None if row is None else Answer(row[0], row[1], moment_of(row[2]))


_COLUMNS = "bank, account, holder, taxpayer, agreement, balance_fen, state"


def _find(db: Any, order: Order) -> Account | None:
    row = db.execute(
        f"SELECT {_COLUMNS} FROM bank_accounts WHERE bank = ? AND account = ?", (order.bank, order.account)
    ).fetchone()
    return None if row is None else Account(*row)


def _against(account: Account | None, order: Order) -> str:
    """Why the account is not debited; empty when it is. The bank compares the agreement word by word."""
    if account is None:
        return "accountUnknown"
    if account.state in _SHUT:
        return _SHUT[account.state]
    signed = (account.agreement, account.taxpayer, account.holder)
    if signed != (order.agreement, order.taxpayer, order.holder):
        return "agreementUnknown"
    return "insufficientFunds" if account.balance_fen < order.amount_fen else ""


def _add(db: Any, bank: str, account: str, amount_fen: int) -> None:
    db.execute(
        "UPDATE bank_accounts SET balance_fen = balance_fen + ? WHERE bank = ? AND account = ?",
        (amount_fen, bank, account),
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).date().isoformat()


def _statements() -> list[str]:
    """The schema statement by statement, inside one transaction: a trigger's own semicolon is part of it."""
    parts = _SCHEMA.strip().split(";\nCREATE ")
    return [part if at == 0 else f"CREATE {part}" for at, part in enumerate(parts)]
