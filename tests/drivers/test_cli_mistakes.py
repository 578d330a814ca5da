"""What is typed wrongly at the bench is refused at once, in words, before the device program is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from drivers.cli import app

LOAD = {
    "--unit": "unit1",
    "--code": "053002600104",
    "--kind": "04",
    "--first": "00012301",
    "--last": "00012320",
}


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--code", "05300260010", "the 10 or 12 digits"),
        ("--kind", "vat-ordinary", "04 ordinary"),
        ("--first", "12301", "the eight digits"),
        ("--last", "0001232０", "the eight digits"),
    ],
)
def test_numbers_of_invoices_are_typed_as_they_are_printed(option: str, value: str, words: str) -> None:
    typed = [word for pair in {**LOAD, option: value}.items() for word in pair]
    result = CliRunner().invoke(app, ["load", *typed])
    assert result.exit_code == 2
    assert option in result.stderr and words in " ".join(result.stderr.split())


@pytest.mark.parametrize("command", [["identify", "ups"], ["record", "ups", "-o", "nowhere.jsonl"]])
def test_no_time_at_all_is_refused(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [*command, "--seconds", "0"])
    assert result.exit_code == 2 and "--seconds" in result.stderr
    assert not list(tmp_path.iterdir())
