"""What a visitor brings on paper for a refund, from the centre's books as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.stack import Plan, Stack
from ui.walk import visit

BOOKS: dict[str, list[dict[str, Any]]] = {
    "registration_entry": [
        {"taxpayer": "T1", "fact": "bank", "value": '"icbc"'},
        {"taxpayer": "T1", "fact": "account", "value": '"6222"'},
    ],
    "declaration": [],
}


@pytest.mark.parametrize(
    ("taxpayer", "brought"), [("T1", {"bank": "icbc", "account": "6222"}), ("T2", {}), ("", {})]
)
def test_who_has_no_account_registered_brings_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, taxpayer: str, brought: dict[str, str]
) -> None:
    """A small-scale taxpayer who comes for the refund of exports ended the walk with a KeyError."""
    monkeypatch.setattr(visit, "read_tables", lambda _path, names: {name: BOOKS[name] for name in names})
    assert visit._on_paper(Stack(Plan(tmp_path)), taxpayer) == brought
