"""The receipt: blocks checked at the border, drawn as the slip, every character there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import InvalidData
from drivers.printer_font import Coverage
from drivers.receipt import parse_receipt
from drivers.receipt_glyphs import Weight, _code_box, face
from drivers.receipt_own_font import pieces
from drivers.receipt_raster import WIDTH, render, to_png
from drivers.receipt_text import wrap
from tests.depth import examples

SLIP: Sequence[dict[str, object]] = [
    {"type": "title", "text": "云川市税务局"},
    {"type": "text", "text": "自助办税　办理回单", "align": "center", "bold": True},
    {"type": "rule", "style": "dash"},
    {"type": "text", "text": "YC26 1012 0042", "size": "large"},
    {"type": "row", "label": "企业", "value": "云川禾木文具有限公司"},
    {"type": "total", "label": "已缴合计", "value": "¥4,095.84"},
    {"type": "qr", "data": "https://ex.test/YC2610120042", "caption": "扫码查进度、\n\n明天起可打印"},
    {"type": "rule", "style": "line"},
    {"type": "space", "mm": 4},
    {"type": "text", "text": "请带走身份证、手机和本单", "size": "small", "bold": True, "align": "center"},
]


def drawn(*lines: dict[str, object], width: int = WIDTH) -> np.ndarray:
    return render(parse_receipt(lines), width)


def test_the_whole_slip_is_drawn_with_blank_margins() -> None:
    picture = render(parse_receipt(SLIP))
    assert picture.shape[1] == WIDTH
    assert 700 < picture.shape[0] < 1100
    assert not picture[:, :30].any()
    assert not picture[:, -30:].any()
    assert not picture[:30].any(), "the paper's edge stays white"


def test_the_printed_code_can_be_read() -> None:
    picture = np.where(render(parse_receipt(SLIP)), 0, 255).astype(np.uint8)
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == "https://ex.test/YC2610120042"


def test_the_total_is_white_on_black() -> None:
    bar = drawn({"type": "total", "label": "合计", "value": "¥1.00"})
    inked = bar[bar.any(axis=1)]
    assert inked[:, 32:544].mean() > 0.8
    assert inked[len(inked) // 2, 33:40].all()


@pytest.mark.parametrize("character", list("〇䶮𬭚¥￥，。“”（）①㎡é–𠀀𡛔𢘓𰚼𲈏") + ["\U00020087", "\u9fb4"])
@pytest.mark.parametrize("weight", [Weight.REGULAR, Weight.BOLD])
def test_every_character_of_tax_data_has_its_own_glyph(character: str, weight: Weight) -> None:
    cut = face(weight, 26)
    glyph, boxed = cut.glyph(character), _code_box(weight, 26, character)
    assert glyph.bits.any()
    assert not np.array_equal(glyph.bits, boxed.bits)


def test_two_rare_characters_never_look_alike() -> None:
    cut = face(Weight.REGULAR, 26)
    pictures = {cut.glyph(c).bits.tobytes() for c in "〇○零䶮龑𬭚铌王玉"}
    assert len(pictures) == 9


def test_a_character_no_font_has_shows_its_code_instead_of_vanishing() -> None:
    cut = face(Weight.REGULAR, 26)
    one, other = cut.glyph("\U0001f600"), cut.glyph("\U0001f601")
    private = cut.glyph("\ue000")
    assert np.array_equal(private.bits, _code_box(Weight.REGULAR, 26, "\ue000").bits), "no font's own sign"
    assert one.advance == 26
    assert one.bits.any()
    assert (one.bits != other.bits).any()


@pytest.mark.parametrize(("text", "seen"), [("葛\U000e0100城\ufe0f", "葛城"), ("Jose\u0301", "José")])
def test_what_only_says_how_a_character_is_to_look_is_no_character_on_paper(text: str, seen: str) -> None:
    pictures = [render(parse_receipt([{"type": "row", "label": one, "value": one}])) for one in (text, seen)]
    assert (pictures[0] == pictures[1]).all()


def test_a_private_use_code_of_an_old_card_is_drawn_as_its_character() -> None:
    (block,) = parse_receipt([{"type": "text", "text": "刘\ue863"}])
    assert block.text == "刘䶮"  # type: ignore[union-attr]


def test_a_full_width_amount_keeps_its_width() -> None:
    cut = face(Weight.REGULAR, 26)
    assert cut.glyph("￥").advance == cut.glyph("，").advance == 26
    assert cut.glyph("¥").advance < 20


@pytest.mark.parametrize(
    "block",
    [
        {"type": "title", "text": "云川市\n税务局"},
        {"type": "row", "label": "企业\n名称", "value": "云川禾木\n文具"},
        {"type": "total", "label": "已缴\n合计", "value": "¥1\n.00"},
        {"type": "qr", "data": "x", "caption": "扫码\u2028查进度"},
    ],
    ids=lambda block: str(block["type"]),
)
@pytest.mark.parametrize("coverage", [None, Coverage.GBK])
def test_a_line_feed_in_any_block_is_printed(block: dict[str, object], coverage: Coverage | None) -> None:
    blocks = parse_receipt([block])
    if coverage is None:
        assert render(blocks).any()
    else:
        assert len(list(pieces(blocks, WIDTH, coverage, 24))) > 2


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_whatever_passes_the_border_is_drawn(text: str) -> None:
    lines = [
        {"type": "row", "label": text, "value": text},
        {"type": "total", "label": text, "value": text},
        {"type": "text", "text": text},
    ]
    blocks = parse_receipt(lines)
    assert render(blocks).any()
    assert list(pieces(blocks, WIDTH, Coverage.GB2312, 24))


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    text = "本单是办理凭据，不能作报销凭证。（有疑问请到本厅三号窗口）、或拨打“一二三六六”。" * 3
    for width in range(60, 400, 7):
        for line in wrap(text, face(Weight.REGULAR, 26), width):
            if len(line) > 2:
                assert line[0] not in "，。）、”"
                assert line[-1] not in "（“"


def test_a_number_is_not_torn_apart() -> None:
    lines = wrap("税额合计3,864.00元，识别号91990102MA0M7X", face(Weight.REGULAR, 26), 260)
    assert any("3,864.00" in line for line in lines)
    assert any("91990102MA0M7X" in line for line in lines)


def test_no_line_begins_with_the_blank_at_which_it_was_broken() -> None:
    cut = face(Weight.REGULAR, 26)
    for first in ("Yunchuan Municipal Tax", "x" * 40):
        lines = wrap(f"{first} Bureau", cut, cut.width(first) + 1)
        assert lines == [first, "Bureau"]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=120),
    st.integers(30, 600),
)
@settings(max_examples=examples(150), deadline=None)
def test_wrapping_loses_nothing_but_spaces_and_never_exceeds_the_width(text: str, width: int) -> None:
    cut = face(Weight.REGULAR, 26)
    lines = wrap(text, cut, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= 1 or cut.width(line) <= width for line in lines)


@pytest.mark.parametrize("width", [384, 512, 576, 640])
def test_other_paper_widths_keep_everything_inside(width: int) -> None:
    picture = render(parse_receipt(SLIP), width)
    assert picture.shape[1] == width
    assert not picture[:, : width // 24].any()
    assert not picture[:, -width // 24 :].any()


def test_long_values_wrap_inside_the_paper() -> None:
    long = "云川市禾木区稻香路一〇二号禾木文具产业园三期五栋八层八〇一至八一二室" * 3
    for block in (
        {"type": "row", "label": "地址", "value": long},
        {"type": "row", "label": long, "value": "是"},
        {"type": "total", "label": "合计", "value": "¥999,999,999,999,999,999.99"},
        {"type": "total", "label": long, "value": "¥1.00"},
        {"type": "title", "text": "云川市禾木区税务局第一税务所自助办税服务厅二十四小时区"},
    ):
        picture = drawn(block)
        assert not picture[:, -30:].any(), block["type"]


NUMBER = "31990026101200000118"
LONG_NAME = {"type": "row", "label": "Corrects return number", "value": NUMBER}


def test_a_long_number_beside_a_long_name_goes_below_it_whole() -> None:
    alone = drawn({"type": "row", "label": "x", "value": NUMBER})
    below = drawn(LONG_NAME)
    pitch, edge = round(26 * 1.6), 36
    assert len(below) == len(alone) + pitch
    assert (below[edge + pitch :, 60:] == alone[edge:, 60:]).all()


def test_the_printers_own_font_does_the_same() -> None:
    printed = [band.data for band in pieces(parse_receipt([LONG_NAME]), WIDTH, Coverage.GBK, 24)]
    assert sum(NUMBER.encode() in line for line in printed) == 1


def test_mistakes_are_named_by_place_and_never_by_content() -> None:
    with pytest.raises(InvalidData) as caught:
        parse_receipt(
            [{"type": "row", "label": "姓名"}, {"type": "text", "text": "机密\x07"}, {"type": "ad"}]
        )
    message = str(caught.value)
    assert "0.row.value" in message
    assert "1.text.text" in message
    assert "机密" not in message


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"type": "rule"}] * 201,
        [{"type": "space", "mm": 0}],
        [{"type": "space", "mm": 1e9}],
        [{"type": "qr", "data": ""}],
        [{"type": "text", "text": "x" * 2001}],
        [{"type": "text", "text": "x", "colour": "red"}],
    ],
)
def test_impossible_receipts_are_refused(lines: list[dict[str, object]]) -> None:
    with pytest.raises(InvalidData):
        parse_receipt(lines)


def test_a_code_too_large_for_the_paper_is_refused() -> None:
    with pytest.raises(InvalidData, match="QR"):
        drawn({"type": "qr", "data": "汉" * 900}, width=384)


def test_the_preview_is_a_png_of_the_same_dots() -> None:
    import io

    from PIL import Image

    picture = render(parse_receipt(SLIP[:2]))
    image = np.asarray(Image.open(io.BytesIO(to_png(picture))).convert("L"))
    assert ((image == 0) == picture).all()
