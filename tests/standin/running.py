"""The stand-in core with an enterprise and a person in its books, started for a test, and this centre's view of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import requests

from bureau.adapters.http_core import HttpSystem, Link
from tests.bureau.doubles import HandClock
from tests.bureau.terminals import CAST

FILE = Path(__file__).parent / "books.json"
"""What it starts with: two enterprises that the reference engine has never heard of, and a person whom it has not
enrolled. ``python -m tests.standin.core tests/standin/books.json`` serves them."""
BOOKS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
FIRM, SUPPLIED = "91990199MA6000000X", "91990199MA6000001K"
"""The one has to file; the other is of this month, has nothing to file yet and may have paper invoices."""
SUN = CAST["sun-li"]
CODE = str(BOOKS["sheets"][0]["code"])
(NOTICE,) = BOOKS["nontax"]
"""The payment code of a notice of non-tax revenue to the first enterprise."""
SETTLED = BOOKS["dues"][0]
"""The tax of the person's settlement of last year, filed at a terminal and not paid yet."""


class Named(Protocol):
    """Anything with an address."""

    url: str


@dataclass
class StandIn:
    """The core system's program."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def books(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(self.url + "/books", timeout=20).json()["result"]
        return found

    def of_firm(self, what: str) -> list[dict[str, Any]]:
        """Returns or dues of the enterprise alone."""
        return [one for one in self.books[what] if one["taxpayer"] == FIRM]


@contextmanager
def running() -> Iterator[StandIn]:
    """The program over its books."""
    command = [sys.executable, "-m", "tests.standin.core", str(FILE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield StandIn(json.loads(process.stdout.readline())["url"], process)
        finally:
            process.kill()


@contextmanager
def seen(core: Named) -> Iterator[HttpSystem]:
    """The centre's side of it."""
    link = Link(core.url, 20)
    yield HttpSystem(
        link, HandClock(), lambda _: "H-01", lambda terminal: {"zh-CN": terminal, "en-US": terminal}
    )
    link.close()
