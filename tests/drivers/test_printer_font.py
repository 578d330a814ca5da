"""What a printer's font has: two-byte codes only, one rule for widths, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer_font import Coverage, cells, code_of, normalised, runs

printable = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=40)


@pytest.mark.parametrize(
    ("character", "gb2312", "gbk"),
    [
        ("A", b"A", b"A"),
        ("国", b"\xb9\xfa", b"\xb9\xfa"),
        ("，", b"\xa3\xac", b"\xa3\xac"),
        ("：", b"\xa3\xba", b"\xa3\xba"),
        ("￥", b"\xa3\xa4", b"\xa3\xa4"),
        ("“", b"\xa1\xb0", b"\xa1\xb0"),
        ("—", b"\xa1\xaa", b"\xa1\xaa"),
        ("·", b"\xa1\xa4", b"\xa1\xa4"),
        ("…", b"\xa1\xad", b"\xa1\xad"),
        ("①", b"\xa2\xd9", b"\xa2\xd9"),
        ("〇", None, b"\xa9\x96"),
        ("镕", None, b"\xe9\x46"),
        ("\u2015", None, b"\xa8\x44"),  # Python's gb2312 would send the dash's code
        ("䶮", None, None),
        ("𬭚", None, None),
        ("é", None, None),  # the font would set it in a full cell
        ("¥", None, None),
        ("€", None, None),
        ("\x7f", None, None),
    ],
)
def test_the_font_has_what_its_table_has(character: str, gb2312: bytes | None, gbk: bytes | None) -> None:
    assert code_of(character, Coverage.GB2312) == gb2312
    if character != "€":
        assert code_of(character, Coverage.GBK) == gbk
    assert code_of(character, Coverage.NONE) is None


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("¥100", "￥100"),
        ("￥100", "￥100"),
        ("a\u200bb\ufeff", "ab"),
        ("\ue863", "䶮"),  # the private code that old cards carry
        ("e\u0301", "é"),
        ("葛\U000e0100城\ufe0f", "葛城"),
        ("\uf92c", "\uf92c"),  # GBK has it as a code of its own
        ("1\u20132", "1-2"),
        ("王\u00a0五", "王 五"),
    ],
)
def test_text_is_brought_to_what_paper_can_have(text: str, clean: str) -> None:
    assert normalised(text) == clean


@pytest.mark.parametrize("text", ["a\x1b@", "a\nb", "\x10\x04\x01", "\u2028"])
def test_orders_to_the_printer_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        normalised(text)


def test_a_rare_name_splits_into_its_own_runs() -> None:
    found = list(runs("王〇䶮先生", Coverage.GB2312))
    assert [(run.text, run.own, run.cells) for run in found] == [
        ("王", True, 2),
        ("〇䶮", False, 4),
        ("先生", True, 4),
    ]
    assert [run.text for run in runs("王〇䶮先生", Coverage.GBK)] == ["王〇", "䶮", "先生"]
    assert [run.own for run in runs("王〇A", Coverage.NONE)] == [False]


@given(printable, st.sampled_from(Coverage))
def test_runs_lose_nothing_and_send_no_four_byte_code(text: str, coverage: Coverage) -> None:
    clean = normalised(text)
    found = list(runs(clean, coverage))
    assert "".join(run.text for run in found) == clean
    assert sum(run.cells for run in found) == cells(clean)
    for run in found:
        assert run.code != b""
        if run.code is not None:
            assert run.code.decode("gbk") == run.text
            assert len(run.code) == run.cells, "a byte is half a cell, so columns are exact"
    assert all(a.own is not b.own for a, b in zip(found, found[1:], strict=False))
