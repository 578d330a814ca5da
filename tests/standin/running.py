"""The stand-in core with an enterprise and a person in its books, started for a test, and this centre's view of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from bureau.adapters.http_core import HttpSystem, Link
from tests.bureau.doubles import HandClock
from tests.bureau.terminals import CAST

FIRM = "91990199MA6000000X"
"""An enterprise that the reference engine has never heard of, and a person whom it has not enrolled."""
SUPPLIED = "91990199MA6000001K"
"""An enterprise of this month, which has nothing to file yet and may have paper invoices."""
CODE = "990002600104"
SUN = CAST["sun-li"]
KEY = {"kind": SUN.kind.value, "number": SUN.number}
NOTICE = "77000026000100000426"
"""The payment code of a notice of non-tax revenue to the enterprise."""
ANNUAL = {
    "key": "k-2025", "taxpayer": SUN.number, "tax": "iit-annual", "period_first": "2025-01-01",
    "period_last": "2025-12-31", "subject": "", "total_fen": 30_000, "limit_date": "2026-06-30",
    "filed_at": "2026-05-06T10:00:00+08:00", "declaration": "31770026050600000013", "stands": True,
    "figures": {
        "form": "iit-annual", "facts": {"year": 2025}, "refund_fen": 0,
        "lines": [{"code": "iit-annual", "base_fen": 1_000_000, "tax_fen": 30_000}],
    },
}  # fmt: skip
"""The person's settlement of last year, filed at a terminal and not paid yet; the tax of it."""
SETTLED = {
    "due": "43770026050600000021", "taxpayer": SUN.number, "tax": "iit-annual", "period_first": "2025-01-01",
    "period_last": "2025-12-31", "amount_fen": 30_000, "limit_date": "2026-12-31",
    "declaration": ANNUAL["declaration"], "state": "open", "held_by": None,
}  # fmt: skip
BOOKS: dict[str, Any] = {
    "people": [{"key": KEY, "name": SUN.name, "latin_name": "", "mobile": "19900001011"}],
    "taxpayers": {
        FIRM: {
            "taxpayer": FIRM, "name": "别处纸品有限公司", "state": "normal", "small_scale": True, "quarterly": True,
            "levy_rate": "0.01", "city_rate": "0.07", "half_six_taxes": True, "risk": "low",
            "registered_on": "2019-05-06", "used_verified_to": None,
        },
        SUPPLIED: {
            "taxpayer": SUPPLIED, "name": "别处新开文具有限公司", "state": "normal", "small_scale": True,
            "quarterly": True, "levy_rate": "0.01", "city_rate": "0.07", "half_six_taxes": True, "risk": "low",
            "registered_on": "2026-10-08", "used_verified_to": None,
        },
        SUN.number: {
            "taxpayer": SUN.number, "name": SUN.name, "state": "normal", "small_scale": True, "quarterly": False,
            "levy_rate": "", "city_rate": "", "half_six_taxes": True, "risk": "low",
            "registered_on": "2026-05-06", "used_verified_to": None,
        },
    },
    "roles": [
        {"key": KEY, "taxpayer": FIRM, "role": "T"},
        {"key": KEY, "taxpayer": SUPPLIED, "role": "L"},
    ],
    "approvals": {
        SUPPLIED: [
            {
                "since": "2026-10-08",
                "approval": {
                    "kind": "04", "kind_name": {"zh-CN": "普通发票", "en-US": "Ordinary invoice"},
                    "face_limit_fen": 1_000_000, "monthly_max": 25, "per_time_max": 5, "hold_max": 25,
                    "method": "batch",
                },
            }
        ]
    },
    "unused": {SUPPLIED: {"04": 2}},
    "sheets": [
        {
            "code": CODE, "number": f"{number:08}", "kind": "04", "place": "A-07", "unit": "unit1",
            "lies": "on-hand", "by": None, "on": None,
        }
        for number in range(100_001, 100_011)
    ],
    "credit": {
        FIRM: [
            {"year": 2024, "grade": "M", "points": None, "published_on": "2025-04-20"},
            {"year": 2025, "grade": "A", "points": 95, "published_on": "2026-04-20"},
        ]
    },
    "complete_since": "2026-04-01",
    "duties": {
        FIRM: [
            {
                "tax": "stamp", "cycle": "quarter", "quota_fen": None, "valid_from": "2024-01-01",
                "valid_to": "2026-05-31",
            }
        ]
    },
    "nontax": {
        NOTICE: {
            "code": NOTICE, "payer": FIRM, "authority": "别处水务局", "item": "water-soil", "amount_fen": 100_000,
            "issued_at": "2026-09-01T10:00:00+08:00", "issued_by": "别处", "limit_date": "2026-10-02",
            "valid_until": "2026-11-30", "withdrawn_on": None, "paid_on": None, "held_by": None,
        }
    },
    "filed": [ANNUAL],
    "dues": [SETTLED],
    "sales": {FIRM: {"count": 3, "ordinary_fen": 40_000_000, "special_fen": 0}},
    "income": {
        SUN.number: [
            {
                "month": "2026-03", "item": "wages", "income_fen": 900_000, "tax_fen": 12_000,
                "entry_date": "2026-04-10", "authority": "别处税务局", "remark": "",
            }
        ]
    },
}  # fmt: skip


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
def running(folder: Path, books: dict[str, Any] = BOOKS) -> Iterator[StandIn]:
    """The program over these books."""
    file = folder / "books.json"
    file.write_text(json.dumps(books), encoding="utf-8")
    command = [sys.executable, "-m", "tests.standin.core", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield StandIn(json.loads(process.stdout.readline())["url"], process)
        finally:
            process.kill()


@contextmanager
def seen(core: StandIn) -> Iterator[HttpSystem]:
    """The centre's side of it."""
    link = Link(core.url, 20)
    yield HttpSystem(
        link, HandClock(), lambda _: "H-01", lambda terminal: {"zh-CN": terminal, "en-US": terminal}
    )
    link.close()
