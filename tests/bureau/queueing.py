"""People who come to a hall without being registered, and what a test reads of an answer."""

from __future__ import annotations

from typing import Any


def by_card(number: str, name: str = "某人") -> dict[str, Any]:
    """Somebody whom the registry does not know."""
    return {
        "person": {
            "kind": "resident-id", "number": number, "name": name, "evidence": "document", "face": None,
        },
        "taxpayer": None, "role": None,
    }  # fmt: skip


def stranger(serial: int, born: str = "19850709") -> dict[str, Any]:
    """The serial-th stranger of a birthday, by a number with its check character."""
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    body = f"539902{born}{serial:03}"
    rest = sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11
    return by_card(body + "10X98765432"[rest])


def number(answer: Any) -> str:
    assert answer.refusal is None, answer.refusal
    return str(answer.result["number"])


def code_of(answer: Any) -> str:
    assert answer.refusal is not None, answer.result
    return str(answer.refusal.code)
