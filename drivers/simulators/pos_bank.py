"""The bank behind the simulated POS: invented cards, accounts, and the ledger, which is the truth about money."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from drivers.simulators.files import write_json
from drivers.simulators.pos_day_files import write_day_files

NO_PIN_FEN: Final = 100_000
"""小额免密免签: a contactless payment up to 1000 yuan needs no PIN (UnionPay, since June 2018)."""
PIN_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Card:
    """An invented card; ``number`` has a BIN that no bank has, and a right Luhn digit."""

    number: str
    issuer: str
    balance_fen: int
    expired: bool = False
    locked: bool = False

    @property
    def shown(self) -> str:
        """As it may leave the terminal: first six, last four."""
        return f"{self.number[:6]}{'*' * (len(self.number) - 10)}{self.number[-4:]}"


def _number(bin_: str, seed: int, length: int = 19) -> str:
    digits = bin_ + "".join(random.Random(seed).choices("0123456789", k=length - len(bin_) - 1))
    doubled = (int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits), 1))
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return digits + str(-total % 10)


CARDS: Final = {
    "debit": Card(_number("629900", 1), "云川银行 借记卡", 5_000_000),
    "credit": Card(_number("629901", 2, 16), "禾木银行 贷记卡", 20_000_000),
    "poor": Card(_number("629902", 3), "云川农商银行 借记卡", 100),
    "expired": Card(_number("629903", 4), "禾木银行 借记卡", 5_000_000, expired=True),
    "locked": Card(_number("629904", 5), "云川银行 借记卡", 5_000_000, locked=True),
    "wallet": Card(_number("629905", 6), "云川钱包 扫码", 3_000_000),
}


@dataclass(slots=True)
class Entry:
    """One movement of money. ``reversed`` ones never were."""

    reference: str
    operation: str
    amount: int
    card: str
    batch: str
    rrn: str
    original: str | None = None
    reversed: bool = False
    at: str = ""
    """When, in China, as the daily file tells it."""


@dataclass(slots=True)
class Bank:
    """Answers, or does not. It refuses nothing because it came twice: whoever sends twice charges twice."""

    file: Path
    day_files: Path | None = None
    reachable: bool = True
    lose_answers: int = 0
    mismatch_fen: int = 0
    entries: list[Entry] = field(default_factory=list)
    pin_failures: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.file.exists():
            kept = json.loads(self.file.read_text("utf-8"))
            self.entries = [Entry(**entry) for entry in kept["entries"]]
            self.pin_failures = kept["pinFailures"]

    def save(self) -> None:
        """Write the ledger."""
        entries = [asdict(entry) for entry in self.entries]
        write_json(self.file, {"entries": entries, "pinFailures": self.pin_failures})
        if self.day_files is not None:
            write_day_files(self.day_files, self.entries)

    def refusal(self, name: str, amount: int, pin_right: bool | None) -> str | None:
        """Why a card is declined (ISO 8583, field 39); None when it may pay. ``pin_right`` None: none was asked."""
        card = CARDS[name]
        failures = self.pin_failures.get(name, 0)
        if card.locked or failures >= PIN_TRIES:
            return "75"
        if pin_right is False:
            self.pin_failures[name] = failures + 1
            self.save()
            return "75" if failures + 1 >= PIN_TRIES else "55"
        if pin_right:
            self.pin_failures.pop(name, None)
        if card.expired:
            return "54"
        return "51" if amount > card.balance_fen else None

    def book(
        self,
        reference: str,
        operation: str,
        amount: int,
        card: str,
        batch: str,
        original: str | None = None,
        at: str = "",
    ) -> Entry:
        """Move the money."""
        rrn = f"{len(self.entries) + 1:012d}"
        entry = Entry(reference, operation, amount, card, batch, rrn, original, at=at)
        self.entries.append(entry)
        self.save()
        return entry

    def answers(self) -> bool:
        """Whether the answer to what was just booked reaches the POS."""
        if self.lose_answers > 0:
            self.lose_answers -= 1
            return False
        return True

    def reverse(self, reference: str) -> None:
        """Take back what was booked under a reference, if anything was (冲正)."""
        for entry in self.entries:
            if entry.reference == reference:
                entry.reversed = True
        self.save()

    def moved(self, reference: str) -> list[Entry]:
        """What stands under a reference; more than one entry is a double charge."""
        return [entry for entry in self.entries if entry.reference == reference and not entry.reversed]

    def counted(self, batch: str, operation: str) -> tuple[int, int]:
        """Count and sum of a batch as the bank sees it."""
        amounts = [
            entry.amount
            for entry in self.entries
            if (entry.batch, entry.operation, entry.reversed) == (batch, operation, False)
        ]
        wrong = self.mismatch_fen if operation == "sale" else 0
        return len(amounts), sum(amounts) + wrong
