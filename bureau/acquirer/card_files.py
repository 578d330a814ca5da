"""The acquirer of the bank-card terminals as the centre knows it: by its daily files (对账文件) and nothing else.

A charge is between terminal and bank; what became of it the terminal tells, and the file has the last word.
``YYYYMMDD.csv`` in one folder, UTF-8: a heading, one line a movement, and ``END`` with count and sum of all lines, so
that half a file is no file. ``order`` is the merchant's number of the charge, which is that of the payment order.

    order,kind,amount_fen,rrn,at
    41990026101200000017,sale,414704,000000000001,2026-10-12T09:45:03+08:00
    END,1,414704

A sixth column ``refund`` may carry our number of what was given back for us. What is to be given back is an
instruction for the acquirer's desk, one file each in ``refunds`` beside the daily files; nothing answers it but a
daily file, or the desk's word to an officer.
"""

from __future__ import annotations

import csv
import os
from datetime import date, datetime
from pathlib import Path
from typing import Final

from bureau.errors import AcquirerRefused, AcquirerUnreachable, OrderUnknown
from bureau.ports.acquirer import (
    AcquirerFile,
    AcquirerLine,
    AcquirerOrder,
    AcquirerRefund,
    LineKind,
    RefundAsked,
)
from config.clock import CHINA, Clock
from sync.models import PaymentStateName

HEADING: Final = ["order", "kind", "amount_fen", "rrn", "at"]
INSTRUCTION: Final = ["refund", "order", "amount_fen", "rrn", "reason"]
WITH_REFUND: Final = [*HEADING, "refund"]
SIGN: Final[dict[LineKind, int]] = {"sale": 1, "void": -1, "refund": -1}
"""消费 is charged; 撤销 and 退货 give back."""


class CardFiles:
    """``Acquirer`` for orders that are charged at a card terminal."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock

    def create(self, order: str, amount_fen: int, subject: str, expires_s: float) -> AcquirerOrder:
        """Nothing is opened beforehand; the order waits for its terminal's word."""
        return AcquirerOrder(order, amount_fen, PaymentStateName.CREATED)

    def charge(self, order: str, code: str) -> AcquirerOrder:
        """Raises ``AcquirerRefused``: a card is charged at its terminal."""
        raise AcquirerRefused("codeRefused", "a card order takes no payer's code")

    def query(self, order: str) -> AcquirerOrder:
        """Raises ``AcquirerUnreachable``: only the terminal tells, then the file."""
        raise AcquirerUnreachable("the card terminal has not told yet")

    def close(self, order: str) -> AcquirerOrder:
        """Raises ``AcquirerUnreachable``: a charge may be under way that nobody here can stop."""
        raise AcquirerUnreachable("the card terminal has not told yet")

    def refund(self, asked: RefundAsked) -> AcquirerRefund:
        """Write the instruction, durable; the same again leaves it as it is.

        Raises:
            AcquirerUnreachable: it cannot be written now.
        """
        path = self._instruction(asked.key)
        row = [asked.key, asked.order, str(asked.amount_fen), asked.reference, asked.reason]
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                half = path.with_suffix(".part")
                with half.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file, lineterminator="\n").writerows([INSTRUCTION, row])
                    file.flush()
                    os.fsync(file.fileno())
                half.rename(path)
                _flush(path.parent)
        except OSError as error:
            raise AcquirerUnreachable(f"{path} cannot be written: {error.strerror}") from error
        return AcquirerRefund(asked.key, "processing")

    def refund_state(self, key: str) -> AcquirerRefund:
        """Raises ``OrderUnknown`` where no instruction was written; what became of one no program here can tell."""
        if not self._instruction(key).exists():
            raise OrderUnknown(key)
        return AcquirerRefund(key, "processing")

    def _instruction(self, key: str) -> Path:
        return self._folder / "refunds" / f"{key}.csv"

    def daily(self, day: date) -> AcquirerFile:
        """The movements of one business day, what was given back with a minus; final once the day is over.

        Raises:
            AcquirerUnreachable: there is no file of that day yet, or not a whole one.
        """
        path = self._folder / f"{day:%Y%m%d}.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise AcquirerUnreachable(f"the card acquirer's file {path.name} cannot be read") from error
        try:
            lines = _lines(rows)
        except (ValueError, KeyError, IndexError) as error:
            raise AcquirerUnreachable(
                f"the card acquirer's file {path.name} is not whole: {error}"
            ) from error
        return AcquirerFile(lines, self._clock.now().astimezone(CHINA).date() > day)


def _flush(folder: Path) -> None:
    """A new name in a folder is durable only with the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(rows: list[list[str]]) -> tuple[AcquirerLine, ...]:
    heading, *movements, end = rows
    if heading not in (HEADING, WITH_REFUND) or end[0] != "END":
        raise ValueError("heading or end is missing")
    if any(len(row) != len(heading) for row in movements):
        raise ValueError("a line has not as many values as the heading")
    lines = tuple(_line(*row) for row in movements)
    if (len(lines), sum(line.amount_fen for line in lines)) != (int(end[1]), int(end[2])):
        raise ValueError("the lines do not add up to its end")
    return lines


def _line(order: str, kind: str, amount_fen: str, rrn: str, at: str, refund: str = "") -> AcquirerLine:
    moment, amount = datetime.fromisoformat(at), int(amount_fen)
    if moment.tzinfo is None or amount <= 0:
        raise ValueError(f"order {order} has no zone in its time, or no amount")
    (known,) = [name for name in SIGN if name == kind]
    return AcquirerLine(order, SIGN[known] * amount, rrn, moment, known, refund)
