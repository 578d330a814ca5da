"""A card of one's own in a file: what can be used lies on the reader, what cannot is told in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drivers.simulators.base import Parameters
from drivers.simulators.cards import read_card
from drivers.simulators.cli import app
from drivers.simulators.errors import BadParameterError
from drivers.simulators.smart_card import Insert

OWN = {"number": "110101199001010015", "name": "〇一", "birth": "1990-01-01", "validFrom": "2020-01-01"}


def test_a_card_is_read_as_the_cabinet_takes_it(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(OWN), "utf-8")
    card = read_card(file)
    assert (card["name"], card["birth"], card["layout"]) == ("〇一", "19900101", "resident")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name: x", "is no JSON; write"),
        (b"\xff\xfe", "is no JSON; write"),
        (b"[1, 2]", "Input should be a valid dictionary"),
        (json.dumps({**OWN, "birth": "1990"}).encode(), "birth: write a day, such as 1990-01-31"),
        (json.dumps({**OWN, "nation": "Marsian"}).encode(), "nation: write the name of a nation"),
        (json.dumps({**OWN, "layout": "Y"}).encode(), "needs latinName and nationality"),
    ],
)
def test_what_is_no_card_is_told_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "own.json"
    file.write_bytes(content)
    with pytest.raises(BadParameterError, match=words) as told:
        read_card(file)
    assert str(file) in str(told.value) and "^" not in str(told.value)


@pytest.mark.parametrize("file", ["", "not-there.json"])
def test_a_folder_and_a_missing_file_are_told_at_the_command_line(tmp_path: Path, file: str) -> None:
    given = ["card", "--file", str(tmp_path / file), "--dir", str(tmp_path)]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 1 and "cannot be read" in result.stderr and "name a JSON file" in result.stderr


def test_digits_are_text_where_text_is_wanted() -> None:
    """``kiosk sim do smartCard insert pin=123456`` is read as JSON first."""

    class Any(Parameters):
        text: str

    assert Insert.model_validate({"pin": 123456}).pin == "123456"
    assert Any.model_validate({"text": 7}).text == "7"
