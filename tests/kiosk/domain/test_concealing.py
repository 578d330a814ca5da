"""Personal data in people's own words are put out of sight, and what only looks like some stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.concealing import conceal
from kiosk.domain.tips import reports_somebody


@pytest.mark.parametrize(
    ("text", "shown", "kinds"),
    [
        ("请打13912340007找我", "请打[电话]找我", ("phone",)),
        ("１３９ 1234 0007", "[电话]", ("phone",)),
        ("+86 139-1234-0007", "[电话]", ("phone",)),
        ("座机0871-63123456", "座机[电话]", ("phone",)),
        ("身份证539902198507090245的人", "身份证[证件号]的人", ("document",)),
        ("护照 E12345678 过期了", "护照 [证件号] 过期了", ("document",)),
        ("税号91990199MA607F0M7X查不到", "税号[税号]查不到", ("taxpayer",)),
        ("云A·D12345的车船税", "[车牌]的车船税", ("plate",)),
        ("卡号6217 0000 0000 0001 234", "卡号[账号]", ("account",)),
        ("发到a.b@qq.com，微信号abc12345", "发到[邮箱]，[账号]", ("mailbox", "account")),
    ],
)
def test_what_is_personal_is_replaced_by_what_kind_of_thing_it_was(
    text: str, shown: str, kinds: tuple[str, ...]
) -> None:
    found = conceal(text, "zh-CN")
    assert (found.text, found.kinds) == (shown, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "季度销售额300000元要交税吗",
        "财政部公告2023年第19号",
        "2026-01-01到2026-12-31",
        "拨打12366或12345",
        "每月3000元，一年36000.00元",
        "税率是13%还是0.5%",
        "海南A区的房子",
    ],
)
def test_amounts_days_and_public_numbers_stay(text: str) -> None:
    assert conceal(text, "zh-CN").text == text


def test_it_is_said_in_the_language_of_who_writes() -> None:
    assert conceal("call 13912340007", "en-US").text == "call [phone]"


@given(st.text(alphabet="0123456789 -电话abE@.云A京", max_size=60))
def test_what_is_concealed_stays_as_it_is_and_no_phone_is_left(text: str) -> None:
    once = conceal(text, "zh-CN").text
    assert conceal(once, "zh-CN").text == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["我的", "，", " ", "：", ""]))
def test_no_mobile_number_survives_wherever_it_stands(mobile: str, before: str) -> None:
    assert mobile not in conceal(f"{before}{mobile}{before}", "zh-CN").text


def test_a_report_about_somebody_is_told_from_a_question() -> None:
    assert reports_somebody("我要举报楼下的饭店不开发票")
    assert reports_somebody("How do I Report My Employer?")
    assert not reports_somebody("商家不开发票怎么办")
