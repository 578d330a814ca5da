from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest

from bureau.certificates import codes
from bureau.certificates.data import Words, freeze, thaw
from bureau.certificates.issue import IssuedPdf
from bureau.certificates.office import open_office
from bureau.certificates.proof import page_texts
from bureau.ports.certificates import CertificateChange, CertificateEnd, EndReason
from config.clock import CHINA
from kiosk.domain.formatting import group_number
from kiosk.domain.own_numbers import make_number
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import NAME, Pages


def test_the_qr_code_shows_the_certified_figures(pages: Pages) -> None:
    answer = pages.get(pages.path)
    assert answer.status_code == 200
    for text in (
        "真实有效",
        "二维码签名完好",
        "沈知舟",
        "13,852.46",
        "4,157.82",
        "人民币肆仟壹佰伍拾柒元捌角贰分",
    ):
        assert text in answer.text
    assert samples.HOLDER.number not in answer.text
    assert "990***********0016" in answer.text


def test_english_readers_get_english_words_for_the_same_figures(pages: Pages) -> None:
    text = pages.get(pages.path, "en-GB,en").text
    for part in ('lang="en-US"', "Genuine and valid", "Wages and salaries", "Jan – Sep 2022", "4,157.82"):
        assert part in text
    assert "Genuine and valid" in pages.get(pages.path + "&lang=en-US", "zh-CN").text


def test_a_reprint_is_genuine_and_still_tells_a_changed_figure_from_a_copied_code(
    pages: Pages, other: IssuedPdf, state_dir: Path
) -> None:
    first = pages.issued
    office = open_office(state_dir, NAME, samples.PUBLIC)
    copy = office.reprint(first.frozen, first.number, first.code, 2, samples.ISSUED_AT + timedelta(days=3))
    assert copy.pdf != first.pdf
    assert "第2次打印" in "".join(page_texts(copy.pdf)[-1].split())
    assert copy.verify_url == first.url
    assert "真实有效" in pages.get(copy.verify_url.removeprefix(samples.PUBLIC)).text
    asked = {name: value[0] for name, value in parse_qs(urlsplit(copy.verify_url).query).items()}
    for number, amount, words in (
        (first.number, "4,157.82", "编号和合计都与开具时一样"),
        (first.number, "9,157.82", "纸上的金额被改过"),
        (other.number, "4,157.82", "从另一份证明上抄来的"),
    ):
        assert words in pages.post("/v/compare", **asked, paper_number=number, paper_amount=amount).text


def test_number_and_code_can_be_typed_the_way_people_type(pages: Pages) -> None:
    number = group_number(pages.issued.number)
    code = codes.group_code(pages.issued.code).lower().replace("-", " － ")
    answer = pages.post("/v", n=number, c=code)
    assert answer.status_code == 200
    assert "真实有效" in answer.text
    assert "二维码签名完好" not in answer.text, "nothing was scanned"


def test_a_wrong_code_and_an_unknown_number_are_told_in_the_same_words(pages: Pages) -> None:
    wrong = pages.post("/v", n=pages.issued.number, c=samples.CODE)
    unknown = make_number("21", "5301", samples.ISSUED_AT.date(), 99)
    absent = pages.post("/v", n=unknown, c=samples.CODE)
    assert (wrong.status_code, absent.status_code) == (404, 404)
    assert wrong.text.replace(pages.issued.number, unknown) == absent.text
    assert "沈知舟" not in wrong.text


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        ("", "", "请输入编号"),
        ("2153", samples.CODE, "编号应是 20 位数字"),
        (samples.NUMBER[:-1] + str((int(samples.NUMBER[-1]) + 1) % 10), samples.CODE, "有一位打错了"),
        ("2153012x101200000424", samples.CODE, "编号里只有数字"),
        (samples.NUMBER, "7K2M", "验证码应是 16 位"),
        (samples.NUMBER, "7K2M9QX4PD3A8HE0", "没有 0 O 1 I L B S V Z"),
    ],
)
def test_a_typing_error_is_told_at_its_field_and_nothing_is_looked_up(
    pages: Pages, number: str, code: str, words: str
) -> None:
    answer = pages.post("/v", n=number, c=code)
    assert answer.status_code == 422
    assert words in answer.text
    assert pages.register.asked == []
    if number:
        assert f'value="{codes.typed(number)}"' in answer.text, "what was typed stays"


def test_a_forged_qr_code_with_a_true_number_and_code_is_told(pages: Pages) -> None:
    answer = pages.get(pages.path[:-4] + "AAAA")
    assert answer.status_code == 200
    assert "二维码不是本局做的" in answer.text
    assert "真实有效" not in answer.text
    assert "4,157.82" in answer.text, "the true content, to compare with"


def test_the_signature_of_one_paper_with_the_code_of_another_is_forged(
    pages: Pages, other: IssuedPdf
) -> None:
    mine = {name: value[0] for name, value in parse_qs(urlsplit(pages.issued.url).query).items()}
    answer = pages.get("/v", **{**mine, "n": other.number, "c": other.code})
    assert "二维码不是本局做的" in answer.text


def test_a_certificate_whose_amount_changed_since_is_not_called_valid(pages: Pages) -> None:
    change = CertificateChange("refunded", date(2026, 11, 3), "71990026110300000012", 123_456)
    pages.register.changed[pages.issued.number] = [change]
    text = pages.get(pages.path).text
    assert "<h1>开具后金额有变</h1>" in text
    assert "开具后已退税" in text and "2026年11月3日，1,234.56 元" in text
    assert "查验属实" not in text and "真实有效" not in text


@pytest.mark.parametrize(("state", "words"), [("replaced", "已被新的证明代替"), ("void", "已作废")])
def test_a_replaced_and_a_void_certificate_say_so(
    pages: Pages, other: IssuedPdf, state: Literal["replaced", "void"], words: str
) -> None:
    successor = other.number if state == "replaced" else ""
    reason: EndReason = "replaced" if successor else "corrected"
    end = CertificateEnd(state, reason, datetime(2026, 11, 3, 9, 30, tzinfo=CHINA), successor, "段丽")
    pages.register.end(pages.issued, end)
    text = pages.get(pages.path).text
    assert f"<h1>{words}</h1>" in text and "2026年11月3日" in text
    assert "查验属实" not in text and "真实有效" not in text and "段丽" not in text
    assert (group_number(other.number) in text) == bool(successor)
    assert ("所依据的数据已更正" in text) == (state == "void")


def test_a_genuine_one_says_that_its_code_alone_does_not_tell_whether_it_still_stands(pages: Pages) -> None:
    assert "看不出证明后来有没有作废或换开" in pages.get(pages.path).text
    assert "cannot see" in pages.get(pages.path, "en-US").text


def test_a_signed_certificate_missing_from_the_register_is_never_called_genuine(pages: Pages) -> None:
    pages.register.certificates.clear()
    answer = pages.get(pages.path)
    assert answer.status_code == 409
    assert "现在不能确认" in answer.text


@pytest.mark.parametrize("damage", ["figure", "bytes"])
def test_a_register_that_was_changed_is_found_out_by_the_signature(pages: Pages, damage: str) -> None:
    record = pages.register.certificates[pages.issued.number]
    data = thaw(record.frozen)
    totals = (*data.totals[:3], Words("9,157.82"), data.totals[4])
    frozen = freeze(replace(data, totals=totals, amount_fen=915_782)) if damage == "figure" else b"{"
    pages.register.certificates[record.number] = replace(record, frozen=frozen)
    answer = pages.get(pages.path)
    assert answer.status_code == 409
    assert "9,157.82" not in answer.text


def test_the_page_tells_a_changed_figure_from_a_copied_code(pages: Pages, other: IssuedPdf) -> None:
    asked = {"n": pages.issued.number, "c": pages.issued.code, "s": pages.issued.short_signature}

    def compared(number: str, amount: str) -> str:
        return pages.post("/v/compare", **asked, paper_number=number, paper_amount=amount).text

    assert "编号和合计都与开具时一样" in compared(group_number(pages.issued.number), "４，157.82")
    for number, amount, words in (
        (pages.issued.number, "9,157.82", "纸上的金额被改过"),
        (other.number, "4,157.82", "从另一份证明上抄来的"),
    ):
        text = compared(number, amount)
        assert words in text
        assert "<h1>手里的纸不可信</h1>" in text
        assert "查验属实" not in text
    assert "看不懂输入的内容" in compared(pages.issued.number, "four thousand")


def test_comparing_with_a_wrong_code_shows_nothing(pages: Pages) -> None:
    answer = pages.post(
        "/v/compare",
        n=pages.issued.number,
        c=samples.CODE,
        paper_number=pages.issued.number,
        paper_amount="4157.82",
    )
    assert answer.status_code == 404
    assert "一样" not in answer.text


def test_the_register_being_away_is_told_kindly_and_logged(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    pages.register.broken = True
    answer = pages.get(pages.path)
    assert answer.status_code == 503
    assert "现在查不了" in answer.text
    assert "OSError" in caplog.text
    assert pages.issued.code not in caplog.text
