from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bureau.public.conftest import KEY, Pages, slip


@pytest.mark.parametrize(
    ("state", "chinese", "english"),
    [
        ("unknown", "终端已收下，还在路上", "Received by the terminal"),
        ("accepted", "已经办好", "Accepted"),
        ("refused", "被退回，需要您处理", "Returned: you need to act"),
        ("duplicate", "以前已经办过", "Done before already"),
        ("inDoubt", "正在核实", "Being looked into"),
        ("open", "已受理，正在审核", "Accepted, being decided"),
    ],
)
def test_a_slip_says_how_far_it_got_in_both_languages(
    pages: Pages, state: str, chinese: str, english: str
) -> None:
    pages.register.slips[KEY] = slip(state)
    assert f"<h1>{chinese}</h1>" in pages.get(f"/s/{KEY}").text
    assert english in pages.get(f"/s/{KEY}", "en").text


def test_what_has_not_arrived_says_so_and_looks_again_by_itself(pages: Pages) -> None:
    text = pages.get(f"/s/{KEY}").text
    assert 'http-equiv="refresh"' in text
    assert "不要重复办理" in text
    assert "等待送达" in text


def test_a_refusal_shows_reason_and_deadline(pages: Pages) -> None:
    pages.register.slips[KEY] = slip("refused")
    text = pages.get(f"/s/{KEY}").text
    assert "申报的销售额与开票数据不符" in text
    assert "2026年10月20日" in text
    assert "2026-10-12 10:30" in text
    assert "20 Oct 2026" in pages.get(f"/s/{KEY}", "en").text


def test_an_accepted_one_shows_its_number_in_groups_and_what_was_filed(pages: Pages) -> None:
    pages.register.slips[KEY] = slip("accepted")
    text = pages.get(f"/s/{KEY}").text
    for part in ("315301 261012 0000 0174", "小规模纳税人增值税申报", "¥4,095.84", "已经办好"):
        assert part in text


def test_only_a_key_is_looked_up(pages: Pages) -> None:
    for key in ("1", "x" * 300, "0199d5f0-7c1a-7abc-8def-01234567", "%00", "{{1}}"):
        answer = pages.get(f"/s/{key}")
        assert answer.status_code == 404
        assert "没有这个页面" in answer.text
    assert pages.register.asked == []


def test_a_key_is_read_in_any_usual_spelling(pages: Pages) -> None:
    pages.get(f"/s/{KEY.upper()}")
    pages.get(f"/s/{KEY.replace('-', '')}")
    assert pages.register.asked == [KEY, KEY]


def test_a_text_without_a_translation_is_shown_in_chinese(pages: Pages) -> None:
    pages.register.slips[KEY] = replace(slip("accepted"), title={"zh-CN": "领用发票"}, text={})
    answer = pages.get(f"/s/{KEY}", "en")
    assert answer.status_code == 200
    assert "领用发票" in answer.text
