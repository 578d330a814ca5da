"""Transactions: each works on a copy of the books, which takes their place when it is committed."""

from __future__ import annotations

import copy
import json
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.standin.core.books import Books
from tests.standin.core.shelf import Missing, Outcome

SILENT_S = 2.0
"""A transaction nobody asks anything in for so long is undone."""
WAIT_S = 3.0


class Core:
    """The books, and the transactions under way."""

    def __init__(self, books: Books, phones: Path | None = None) -> None:
        """``phones``: where messages to phones are written, a line each, as they are sent."""
        self.books, self.phones = books, phones
        self.writing = threading.Lock()
        self.open: dict[str, Transaction] = {}
        self.calls: list[str] = []

    def begin(self, kind: str, now: str) -> str:
        """A new transaction; one that writes waits for its turn."""
        if kind == "write" and not self.writing.acquire(timeout=WAIT_S):
            self._undo_the_silent()
            if not self.writing.acquire(timeout=WAIT_S):
                raise Outcome("StoreConflict")
        name = str(uuid.uuid4())
        self.open[name] = Transaction(self, kind, datetime.fromisoformat(now))
        return name

    def _undo_the_silent(self) -> None:
        for name, transaction in list(self.open.items()):
            if transaction.kind == "write" and time.monotonic() - transaction.heard > SILENT_S:
                self.end(name, commit=False)

    def end(self, name: str, *, commit: bool) -> None:
        """Let the copy take the books' place, or forget it."""
        transaction = self.open.pop(name)
        if commit and transaction.kind == "write":
            self._send(transaction.books.data["messages"][len(self.books.data["messages"]) :])
            self.books = transaction.books
        if transaction.kind == "write":
            self.writing.release()

    def _send(self, messages: list[dict[str, str]]) -> None:
        if self.phones is not None and messages:
            with self.phones.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in messages)


class Transaction:
    """One copy of the books."""

    def __init__(self, core: Core, kind: str, now: datetime) -> None:
        self.kind, self.now = kind, now
        self.books = copy.deepcopy(core.books)
        self.marks: list[Books] = []
        self.heard = time.monotonic()

    def savepoint(self) -> int:
        self.marks.append(copy.deepcopy(self.books))
        return len(self.marks) - 1

    def undo(self, mark: int) -> None:
        self.books = self.marks[mark]
        del self.marks[mark:]

    def call(self, port: str, method: str, given: dict[str, Any]) -> Any:
        self.heard = time.monotonic()
        found: Callable[..., Any] | None = getattr(self.books, f"{port}_{method}", None)
        if found is None:
            raise Missing(f"{port}.{method}")
        return found(
            self.now, **{("now_" if name == "now" else name): value for name, value in given.items()}
        )
