"""How text on a slip is broken into lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.receipt_text import LONE, wrap


class Cells:
    """A printer's font: a Han character takes two cells."""

    def width(self, text: str, spacing: int = 0) -> float:
        return sum((1 if ord(sign) < 0x2E80 else 2) + spacing for sign in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("安置残疾人就业（增值税即征即退）", 30, ["安置残疾人就业（增值税即", "征即退）"]),
        ("手机扫一下这个二维码就能看到结果", 30, ["手机扫一下这个二维码就能看", "到结果"]),
        ("税收征收管理法", 30, ["税收征收管理法"]),
        ("一二三四五", 8, ["一二三四", "五"]),
        ("一二三", 4, ["一二", "三"]),
        ("证明 215301 261012 0000 0427", 26, ["证明", "215301 261012 0000 0427"]),
        ("2026年10月12日 9:43", 16, ["2026年10月12日", "9:43"]),
    ],
)
def test_no_sign_stands_alone_on_a_last_line_where_it_need_not(
    text: str, width: int, lines: list[str]
) -> None:
    assert wrap(text, Cells(), width) == lines


@given(st.text("税务局办理（）。，abc12 ", max_size=60), st.integers(8, 48))
def test_nothing_is_lost_and_no_line_is_too_wide_or_one_more_than_needed(text: str, width: int) -> None:
    lines = wrap(text, Cells(), width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    widest = [line for line in lines if Cells().width(line) > width]
    assert all(len(line.strip()) > 1 for line in widest) or not widest
    assert LONE == 3
