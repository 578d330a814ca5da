"""Draws the blank VAT invoice that the dispenser gives out: an invented form, marked as a specimen."""

from __future__ import annotations

import io
import math
from functools import lru_cache

import zxingcpp
from PIL import Image, ImageDraw

from drivers.simulators.fonts import SANS, SERIF, font

MM = 6
"""Pixels a millimetre; the folded form is 240 x 140 mm."""
WIDTH, HEIGHT = 240 * MM, 140 * MM
_PAPER, _INK, _FAINT, _NUMBER = (253, 251, 246), (134, 72, 40), (240, 226, 212), (24, 32, 44)
_HEAD = 28 * MM
_LEFT, _RIGHT, _TOP = 14, 226, 37
_COLUMNS = (14, 72, 96, 108, 130, 154, 184, 196, 226)
_HEADS = ("货物或应税劳务、服务名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率", "税 额")
_PARTY = ("名　　　　称：", "纳税人识别号：", "地 址、电 话：", "开户行及账号：")


def draw_invoice(code: str, number: str) -> bytes:
    """A PNG of the blank form with this code and number; both are also a Code 128 bar code in the corner."""
    form, palette = _form(_title(code))
    page, head = palette.copy(), form.crop((0, 0, WIDTH, _HEAD))
    _number(head, code, number)
    # Only the head differs from sheet to sheet: it alone is drawn and reduced to the form's few colours.
    page.paste(head.quantize(palette=palette, dither=Image.Dither.NONE), (0, 0))
    coded = io.BytesIO()
    page.save(coded, "PNG")
    return coded.getvalue()


def _number(head: Image.Image, code: str, number: str) -> None:
    pen = ImageDraw.Draw(head)
    pen.text((16 * MM, 9 * MM), code, fill=_NUMBER, font=font(SANS, 30, "Bold"))
    pen.text((_RIGHT * MM, 8 * MM), f"No {number}", fill=_NUMBER, font=font(SANS, 46, "Bold"), anchor="rt")
    pen.text((_RIGHT * MM, 17 * MM), code, fill=_NUMBER, font=font(SANS, 24), anchor="rt")
    bars = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(code + number, zxingcpp.BarcodeFormat.Code128), scale=2, add_quiet_zones=False
    )
    picture = Image.fromarray(bars).convert("L")
    stripe = picture.crop((0, 0, picture.width, 1)).resize((picture.width, 7 * MM))
    head.paste(stripe.convert("RGB"), (16 * MM, 17 * MM))


@lru_cache(maxsize=4)
def _form(title: str) -> tuple[Image.Image, Image.Image]:
    """The blank form in full colour, and reduced to a palette that also holds the number's ink."""
    form = _blank(title)
    inked = form.copy()
    _number(inked, "0" * 12, "0" * 8)
    colours = inked.quantize(48)
    return form, form.quantize(palette=colours, dither=Image.Dither.NONE)


def _title(code: str) -> str:
    """What kind of form the code stands for (domain note, section 2.3)."""
    if len(code) == 12:
        return {"06": "增值税普通发票（卷票）", "07": "增值税普通发票（卷票）"}.get(
            code[-2:], "增值税普通发票"
        )
    return "增值税专用发票" if code[7:8] in ("1", "5") else "增值税普通发票"


def _blank(title: str) -> Image.Image:
    """The form without code and number."""
    page = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(page)
    _ground(pen)
    _head(pen, title)
    _table(pen)
    _party(pen, _TOP, "购买方")
    _party(pen, 101, "销售方")
    _foot(pen)
    return _specimen(page)


def _ground(pen: ImageDraw.ImageDraw) -> None:
    """Fine waves, as security paper has."""
    for row in range(0, HEIGHT, 3 * MM):
        wave = [(x, row + 9 * math.sin(x / 46 + row / 90) + 5 * math.sin(x / 17)) for x in range(0, WIDTH, 6)]
        pen.line(wave, fill=_FAINT, width=1)
    for y in range(4 * MM, HEIGHT, 8 * MM):
        for x in (5 * MM, WIDTH - 5 * MM):  # holes of the tractor feed
            pen.ellipse((x - 11, y - 11, x + 11, y + 11), fill=(228, 222, 212), outline=(206, 198, 186))


def _head(pen: ImageDraw.ImageDraw, title: str) -> None:
    middle = WIDTH // 2
    pen.text((middle, 7 * MM), f"云川{title}", fill=_INK, font=font(SERIF, 56, "Bold"), anchor="mt")
    half = 44 * MM
    for y in (18.6, 19.8):
        pen.line((middle - half, y * MM, middle + half, y * MM), fill=_INK, width=2)
    pen.text(
        (middle, 22 * MM),
        "样张　SPECIMEN　不得作为凭证",
        fill=(176, 35, 26),
        font=font(SANS, 26, "Bold"),
        anchor="mt",
    )
    pen.text((186 * MM, 26 * MM), "开票日期：", fill=_INK, font=font(SANS, 24))
    pen.text((16 * MM, 27 * MM), "机器编号：", fill=_INK, font=font(SANS, 22))


def _table(pen: ImageDraw.ImageDraw) -> None:
    def across(y: float, left: float = _LEFT, right: float = _RIGHT) -> None:
        pen.line((left * MM, y * MM, right * MM, y * MM), fill=_INK, width=2)

    def down(x: float, top: float, bottom: float) -> None:
        pen.line((x * MM, top * MM, x * MM, bottom * MM), fill=_INK, width=2)

    pen.rectangle((_LEFT * MM, _TOP * MM, _RIGHT * MM, 125 * MM), outline=_INK, width=3)
    for y in (59, 65, 87, 93, 101):
        across(y)
    for x in (20, 130, 136):
        down(x, _TOP, 59)
        down(x, 101, 125)
    for x in _COLUMNS[1:-1]:
        down(x, 59, 93)
    for head, left, right in zip(_HEADS, _COLUMNS, _COLUMNS[1:], strict=False):
        pen.text(((left + right) / 2 * MM, 62 * MM), head, fill=_INK, font=font(SANS, 21), anchor="mm")
    pen.text((43 * MM, 90 * MM), "合　　　　计", fill=_INK, font=font(SANS, 24), anchor="mm")
    pen.text((43 * MM, 97 * MM), "价税合计（大写）", fill=_INK, font=font(SANS, 24), anchor="mm")
    down(72, 93, 101)
    pen.text((160 * MM, 97 * MM), "（小写）", fill=_INK, font=font(SANS, 24), anchor="mm")
    for place, word in ((48, "密码区"), (113, "备　注")):
        _upright(pen, 133, place, word)


def _party(pen: ImageDraw.ImageDraw, top: float, word: str) -> None:
    _upright(pen, 17, top + (11 if top < 100 else 12), word)
    for row, label in enumerate(_PARTY):
        pen.text((22 * MM, (top + 0.9 + row * 5.1) * MM), label, fill=_INK, font=font(SANS, 22))


def _upright(pen: ImageDraw.ImageDraw, x: float, y: float, word: str) -> None:
    pitch = 5.2
    for place, character in enumerate(word):
        at = (x * MM, (y + (place - (len(word) - 1) / 2) * pitch) * MM)
        pen.text(at, character, fill=_INK, font=font(SANS, 24), anchor="mm")


def _foot(pen: ImageDraw.ImageDraw) -> None:
    for x, label in ((18, "收款人："), (68, "复核："), (116, "开票人："), (168, "销售方：（章）")):
        pen.text((x * MM, 128 * MM), label, fill=_INK, font=font(SANS, 24))
    for place, character in enumerate("第二联　发票联　购买方记账凭证"):
        pen.text((230.4 * MM, (44 + place * 5) * MM), character, fill=_INK, font=font(SANS, 20), anchor="mm")


def _specimen(page: Image.Image) -> Image.Image:
    """A large faint mark across, so that nobody takes the picture for a real form."""
    mark = Image.new("L", (900, 260), 0)
    ImageDraw.Draw(mark).text(
        (450, 130), "样 张  SPECIMEN", fill=46, font=font(SANS, 118, "Bold"), anchor="mm"
    )
    turned = mark.rotate(18, expand=True, resample=Image.Resampling.BICUBIC)
    page.paste((176, 35, 26), ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2 + 60), turned)
    return page
