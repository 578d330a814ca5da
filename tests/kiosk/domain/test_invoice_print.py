"""What is taken for an invoice's figures among pieces of text, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import FieldError
from kiosk.domain.ids import Fen
from kiosk.domain.invoice_print import LONGEST, MOST_PIECES, InvoicePrint, Piece, parse_invoice_print
from kiosk.domain.money import capital, yuan
from tests.depth import examples

TODAY = date(2026, 10, 12)
DAY = date(2026, 7, 1)
NUMBER = "26991000000000000001"
CHECK = "12345678901234567890"


def at(x: float, y: float, text: str, sure: float = 0.99) -> Piece:
    """Print of the form's size: letters 40 high and 24 wide."""
    return Piece(text, x, y, x + 24 * len(text), y + 40, sure)


def digital(
    number: str = NUMBER, day: date = DAY, net: int = 165_856, tax: int = 1_659, words: str = ""
) -> list[Piece]:
    """A 数电票 as the reader of print tells it."""
    total = net + tax
    return [
        at(600, 60, "电子发票（普通发票）"),
        at(1700, 200, f"发票号码：{number}"),
        at(1700, 260, f"开票日期：{day:%Y年%m月%d日}"),
        at(200, 490, "名称：云川市人民医院"),
        at(200, 640, "12990199MA68MKW546"),
        at(1650, 700, "金额"), at(2280, 700, "税额"),
        at(110, 760, "*文具*订书机"), at(1280, 760, "18"), at(1650, 760, f"{yuan(Fen(net))}"),
        at(450, 1090, "合计"), at(1600, 1093, f"￥{yuan(Fen(net))}"), at(2270, 1095, f"¥{yuan(Fen(tax))}"),
        at(210, 1156, "价税合计(大写)"), at(630, 1160, words or capital(Fen(total))),
        at(1680, 1162, f"（小写）￥{yuan(Fen(total))}"),
    ]  # fmt: skip


def paper(code: str = "099002600104", number: str = "00270001", check: str = CHECK) -> list[Piece]:
    """The paper form: code and number stand without a name, and twice."""
    fives = [check[place : place + 5] for place in range(0, len(check), 5)]
    return [
        at(470, 160, code), at(890, 190, "云川增值税普通发票"), at(1670, 146, f"No {number}"),
        at(2070, 235, code), at(2070, 282, number),
        at(1678, 351, "开票日期：2026年07月01日"),
        at(142, 371, "校验码"), *(at(320 + 140 * n, 371, five) for n, five in enumerate(fives)),
        at(105, 452, "购"), at(170, 512, "纳税人识别号："), at(480, 519, "12990199MA68MKW546"),
        at(278, 1156, "合"), at(394, 1156, "计"), at(1708, 1159, "￥103.68"), at(2222, 1159, "￥1.04"),
        at(188, 1237, "价税合计（大写）"), at(662, 1235, "⊗壹佰零肆元柒角贰分"), at(1696, 1239, "（小写）￥104.72"),
    ]  # fmt: skip


def test_every_figure_of_a_digital_invoice_is_read_and_sure() -> None:
    found = parse_invoice_print(digital(), TODAY)
    assert found.digital and found.code is None and found.check_code is None
    assert found.number and (found.number.value, found.number.sure) == (NUMBER, True)
    assert found.issued and (found.issued.value, found.issued.sure) == (DAY, True)
    assert found.net and (found.net.value, found.net.sure) == (165_856, True)
    assert found.total and (found.total.value, found.total.sure) == (167_515, True)


def test_the_paper_form_has_code_and_number_without_a_name_in_its_heading() -> None:
    found = parse_invoice_print(paper(), TODAY)
    assert not found.digital
    assert found.code and (found.code.value, found.code.sure) == ("099002600104", True)
    assert found.number and (found.number.value, found.number.sure) == ("00270001", True)
    assert found.check_code and (found.check_code.value, found.check_code.sure) == (CHECK, True)
    assert found.net and (found.net.value, found.net.sure) == (10_368, True)


def test_a_number_that_is_printed_twice_and_differs_is_doubtful() -> None:
    pieces = [replace(p, text="00270007") if p.text == "00270001" else p for p in paper()]
    found = parse_invoice_print(pieces, TODAY)
    assert found.number is not None and not found.number.sure


def test_a_letter_that_looks_like_a_digit_is_taken_for_it_and_leaves_a_doubt() -> None:
    found = parse_invoice_print(digital(number="2699l00000000000OO01"), TODAY)
    assert found.number and (found.number.value, found.number.sure) == (NUMBER, False)


@pytest.mark.parametrize(
    "number", ["2699100000000000000", "269910000000000000011", "26991000X00000000001", ""]
)
def test_a_number_of_another_shape_is_left_empty(number: str) -> None:
    found = parse_invoice_print(digital(number=number), TODAY)
    assert found.number is None and found.digital, "the heading still tells what it is"


def test_a_number_of_another_year_than_the_day_is_doubtful() -> None:
    found = parse_invoice_print(digital(number="25" + NUMBER[2:]), TODAY)
    assert found.number is not None and not found.number.sure


@pytest.mark.parametrize(
    "day", ["2026年02月30日", "2026年10月13日", "1993年12月31日", "2026-07-01", "年月日"]
)
def test_a_day_that_cannot_be_is_left_empty(day: str) -> None:
    pieces = [replace(p, text=f"开票日期：{day}") if p.text.startswith("开票") else p for p in digital()]
    assert parse_invoice_print(pieces, TODAY).issued is None


def test_sums_that_do_not_add_up_are_doubtful() -> None:
    pieces = [replace(p, text=p.text.replace("1658.56", "1653.56")) for p in digital()]
    found = parse_invoice_print(pieces, TODAY)
    assert found.net and (found.net.value, found.net.sure) == (165_356, False)
    assert found.total and found.total.sure, "the words say the same"


def test_a_total_that_neither_sums_nor_words_bear_out_is_doubtful() -> None:
    pieces = [p for p in digital(words="壹拾元整") if "1658.56" not in p.text]
    found = parse_invoice_print(pieces, TODAY)
    assert found.total and (found.total.value, found.total.sure) == (167_515, False)
    assert found.net is None, "the tax that is left in the row stands in its own column"


def test_a_total_that_is_torn_off_is_made_of_the_sums_when_the_words_say_the_same() -> None:
    without = [p for p in digital() if "小写" not in p.text]
    found = parse_invoice_print(without, TODAY)
    assert found.total and (found.total.value, found.total.sure) == (167_515, True)
    without = [p for p in digital(words="壹拾元整") if "小写" not in p.text]
    assert parse_invoice_print(without, TODAY).total is None


def test_where_the_word_for_the_sums_is_not_read_two_amounts_of_a_row_that_make_the_total_are_them() -> None:
    found = parse_invoice_print([p for p in paper() if p.text not in "合计"], TODAY)
    assert found.net and (found.net.value, found.net.sure) == (10_368, True)
    pieces = [replace(p, text="￥1.14") if p.text == "￥1.04" else p for p in paper() if p.text not in "合计"]
    assert parse_invoice_print(pieces, TODAY).net is None


def test_a_red_letter_invoice_has_the_number_of_its_own_and_sums_below_zero() -> None:
    pieces = digital(net=-165_856, tax=-1_659, words="（负数）壹仟陆佰柒拾伍元壹角伍分")
    pieces.append(at(110, 1234, "备注被红冲发票号码：26991000000000000009"))
    found = parse_invoice_print(pieces, TODAY)
    assert found.number and (found.number.value, found.number.sure) == (NUMBER, True)
    assert found.net and found.total and (found.net.value, found.total.value) == (-165_856, -167_515)
    assert found.net.sure and found.total.sure


def red(before: str, words: str = "（负数）壹仟陆佰柒拾伍元壹角伍分") -> list[Piece]:
    """A red-letter invoice with ``before`` where a minus is printed."""
    pieces = digital(net=-165_856, tax=-1_659, words=words)
    return [replace(p, text=p.text.replace("-", before)) for p in pieces]


@pytest.mark.parametrize("minus", ["-", "—", "–", "－", "−", "﹣", "‐", "―", "─", "ー", "一"])
@pytest.mark.parametrize("words", ["（负数）壹仟陆佰柒拾伍元壹角伍分", "负壹仟陆佰柒拾伍圆壹角伍分"])
def test_whatever_a_minus_is_read_as_the_sums_stay_below_zero(minus: str, words: str) -> None:
    found = parse_invoice_print(red(minus, words), TODAY)
    assert found.net and (found.net.value, found.net.sure) == (-165_856, True)
    assert found.total and (found.total.value, found.total.sure) == (-167_515, True)


def test_a_minus_before_the_sign_of_the_currency_is_one() -> None:
    pieces = [replace(p, text=p.text.replace("￥-", "-￥").replace("¥-", "—¥")) for p in red("-")]
    found = parse_invoice_print(pieces, TODAY)
    assert found.net and found.total
    assert (found.net.value, found.total.value) == (-165_856, -167_515)


@pytest.mark.parametrize("of_red", ["（负数）", "红字发票信息确认单编号", "被红冲蓝字数电发票号码"])
def test_figures_above_zero_on_a_page_that_takes_an_invoice_back_are_doubtful(of_red: str) -> None:
    words = "壹仟陆佰柒拾伍元壹角伍分"
    pieces = [*red("", words), at(110, 1234, of_red)]
    for page in (pieces, [p for p in pieces if "小写" not in p.text]):
        found = parse_invoice_print(page, TODAY)
        assert found.net and (found.net.value, found.net.sure) == (165_856, False)
        assert found.total and (found.total.value, found.total.sure) == (167_515, False)


def test_figures_below_zero_beside_words_that_are_not_are_doubtful() -> None:
    found = parse_invoice_print(red("-", "壹仟陆佰柒拾伍元壹角伍分"), TODAY)
    assert found.net and found.total and not found.net.sure and not found.total.sure


def test_an_amount_that_no_invoice_has_is_left_empty() -> None:
    pieces = [
        replace(p, text="(小写)1,999,999,999.99") if "小写" in p.text else p for p in digital(words="壹元整")
    ]
    assert parse_invoice_print(pieces, TODAY).total is None


def test_the_digits_of_a_taxpayer_are_no_number_of_an_invoice() -> None:
    pieces = [p for p in digital() if "号码" not in p.text]
    pieces.append(at(200, 700, "12345678"))
    assert parse_invoice_print(pieces, TODAY).number is None


def refused(pieces: list[Piece]) -> str:
    with pytest.raises(FieldError) as error:
        parse_invoice_print(pieces, TODAY)
    return error.value.code


def test_what_is_no_invoice_or_two_or_too_much_is_refused() -> None:
    assert refused([]) == "not-an-invoice"
    assert refused([at(100, 100, "增值税及附加税费申报表"), at(100, 200, "12345678")]) == "not-an-invoice"
    assert refused([at(100, 100, "发票领用须知")]) == "not-an-invoice"
    lower = [replace(p, top=p.top + 1700, bottom=p.bottom + 1700) for p in digital("26991000000000000002")]
    assert refused([*digital(), *lower]) == "two"
    assert refused([at(0, 0, "发票")] * (MOST_PIECES + 1)) == "length"
    assert refused([at(0, 0, "发票" * LONGEST)]) == "length"


def test_what_was_read_does_not_come_into_logs() -> None:
    found = parse_invoice_print(digital(), TODAY)
    assert NUMBER not in repr(found) and "1658" not in repr(found) and NUMBER not in repr(digital()[1])


@settings(max_examples=examples(150), deadline=None)
@given(
    st.integers(0, 10**15 - 1),
    st.dates(date(2023, 1, 1), TODAY),
    st.integers(1, 10**9),
    st.integers(0, 10**8),
)
def test_any_digital_invoice_reads_back(serial: int, day: date, net: int, tax: int) -> None:
    number = f"{day:%y}991{serial:015}"
    found = parse_invoice_print(digital(number, day, net, tax), TODAY)
    assert found.number and found.issued and found.net and found.total
    assert (found.number.value, found.issued.value) == (number, day)
    assert (found.net.value, found.total.value) == (net, net + tax)
    assert found.number.sure and found.issued.sure and found.net.sure and found.total.sure


words = st.one_of(
    st.text(max_size=30),
    st.text("0123456789OlI年月日.,¥￥：()小写", max_size=30),
    st.sampled_from([p.text for p in [*digital(), *paper()]]),
)
places = st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 3000).map(float)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(st.builds(Piece, words, places, places, places, places, places), max_size=60))
def test_whatever_is_read_is_a_print_of_an_invoice_or_a_refusal(pieces: list[Piece]) -> None:
    try:
        found = parse_invoice_print(pieces, TODAY)
    except FieldError as error:
        assert error.code in ("length", "not-an-invoice", "two")
        return
    keeps_its_promises(found)


def keeps_its_promises(found: InvoicePrint) -> None:
    """Every figure that is there has the shape of its kind."""
    if found.number:
        assert found.number.value.isascii() and found.number.value.isdigit()
        assert len(found.number.value) == (20 if found.digital else 8)
    if found.code:
        assert len(found.code.value) in (10, 12) and found.code.value.isdigit() and not found.digital
    if found.check_code:
        assert len(found.check_code.value) == 20 and found.check_code.value.isdigit()
    if found.issued:
        assert date(1994, 1, 1) <= found.issued.value <= TODAY
    for amount in (found.net, found.total):
        assert amount is None or abs(amount.value) < 10**12
