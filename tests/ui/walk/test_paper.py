"""A slip is read off its dots: what was set is what is read, in every cut a slip has."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from ui.walk.figures import amounts
from ui.walk.paper import Line, read_slip

TOTALS = ("¥0.00", "¥4,095.84", "¥1,234,567,890.12", "¥98,765,432,109,876,543.21", "1", "77", "111,411.71")


def printed(folder: Path, *blocks: dict[str, object]) -> list[Line]:
    paper = folder / "slip.png"
    paper.write_bytes(to_png(render(parse_receipt(blocks))))
    return read_slip(paper)


@pytest.mark.parametrize("value", TOTALS)
def test_a_sum_is_read_in_every_size_it_is_set_in(tmp_path: Path, value: str) -> None:
    (line,) = printed(tmp_path, {"type": "total", "label": "税费合计", "value": value})
    assert line.bar
    assert line.fields[-1] == value


@pytest.mark.parametrize(
    "value",
    ["00270682–00270686", "39990199MA607F0M7X", "539***********0241", "4,095.84", "42fv8g", "ja7rj1f"],
)
def test_a_value_is_read_behind_its_name(tmp_path: Path, value: str) -> None:
    (line,) = printed(tmp_path, {"type": "row", "label": "号码", "value": value})
    assert line.fields[-1] == value
    assert not line.bar


def test_each_letter_and_digit_is_itself(tmp_path: Path) -> None:
    for text in ("0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "11:47 17.7,1"):
        for look in ({"size": "small"}, {"size": "normal"}, {"bold": True}, {"size": "small", "bold": True}):
            lines = printed(tmp_path, {"type": "text", "text": text, **look})
            assert "".join(field for line in lines for field in line.fields) == text.replace(" ", "")


def test_what_has_no_figure_is_not_taken_for_one(tmp_path: Path) -> None:
    lines = printed(tmp_path, {"type": "title", "text": "云川市税务局"}, {"type": "rule", "style": "line"})
    assert not any(character.isdigit() for line in lines for field in line.fields for character in field)


def test_an_amount_is_not_a_part_of_another() -> None:
    assert list(amounts("¥14,095.84 5.00 1.234 10.0 99002.60")) == [1_409_584, 500, 9_900_260]
