"""The returns of the tests."""

from __future__ import annotations

from typing import Any

from bureau.city.cast import HEMU
from tests.bureau.terminals import Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")


def prefill(terminal: Terminal, who: dict[str, Any] = SHEN) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("vat.prefill", who)
    return found


def told(terminal: Terminal) -> list[str]:
    return [n["kind"] for n in terminal.data("person.profile", subject("shen-zhizhou"))["notices"]]
