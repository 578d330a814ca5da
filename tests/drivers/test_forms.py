"""Forms: every stock that ships is sound; text stands where it belongs or is refused, never cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DriverConfigError
from drivers.form_layout import MM_PER_DOT, lay_out, width_mm
from drivers.form_passes import drawn, opening, passes
from drivers.forms import Form, FormError, load_forms
from drivers.printer_font import Coverage, normalised
from tests.depth import examples

FORMS = load_forms()
LONG = "中国人民武装警察部队某某某某某医院后勤保障服务中心第二分公司"


def one(width: float, **more: object) -> Form:
    field = {"x": 10, "y": 20, "width": width, **more}
    title = {"zh-CN": "试", "en-US": "test"}
    return Form.model_validate(
        {"name": "one", "title": title, "width": 200, "height": 100, "fields": {"f": field}}
    )


def test_the_stocks_that_ship_have_the_sizes_of_their_paper() -> None:
    sizes = {name: (form.width, form.height) for name, form in FORMS.items()}
    assert sizes == {
        "vat-folded": (240, 140),
        "vehicle": (241, 178),
        "vat-roll-76": (76, 177.8),
        "alignment": (240, 140),
    }
    assert [name for name, form in FORMS.items() if not form.numbered] == ["alignment"]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_no_two_fields_of_a_form_lie_on_each_other(form: Form) -> None:
    canvas = np.zeros((round(form.height * 10), round(form.width * 10)), np.uint8)
    for name, field in form.fields.items():
        for entry in range(field.repeat):
            top = field.y + entry * field.step
            bottom = top + (field.lines - 1) * field.pitch + 24 * MM_PER_DOT
            part = canvas[
                round(top * 10) : round(bottom * 10),
                round(field.x * 10) : round((field.x + field.width) * 10),
            ]
            assert not part.any(), name
            part[:] = 1


def test_a_wrong_form_is_told_at_start(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    for content, match in [
        (
            "title: {zh-CN: a, en-US: b}\nwidth: 100\nheight: 100\nfields: {f: {x: 90, y: 1, width: 20}}",
            "leaves",
        ),
        ("title: {zh-CN: a, en-US: b}\nwidth: 100\nheight: 100\ncolour: red", "colour"),
        (
            'title: {zh-CN: a, en-US: b}\nwidth: 100\nheight: 100\nfixed: [{x: 1, y: 1, text: "a\\tb"}]',
            "control character",
        ),
        ("- a list", "cannot be read|bad.yaml"),
        ("a: [", "cannot be read"),
        ("a: 2026-02-31", "cannot be read"),
        ("a: " + "[" * 5000, "cannot be read"),
    ]:
        file.write_text(content)
        with pytest.raises(DriverConfigError, match=match):
            load_forms(tmp_path)
        file.unlink()
        file = tmp_path / f"bad{len(content)}.yaml"
    with pytest.raises(DriverConfigError, match="no .yaml file"):
        load_forms(tmp_path / "nowhere")


def test_text_is_aligned_by_whole_cells() -> None:
    for align, left in (("left", 10.0), ("right", 10 + 60 - width_mm("12.50", 24)), ("center", None)):
        (line,) = lay_out(one(60, align=align), {"f": "12.50"})
        assert line.x == pytest.approx(left if left is not None else 10 + (60 - width_mm("12.50", 24)) / 2)
        assert (line.y, line.size) == (20.0, 24)


def test_what_is_too_long_is_drawn_smaller_and_then_refused() -> None:
    sizes = {count: lay_out(one(68), {"f": "国" * count})[0].size for count in (20, 24, 30)}
    assert sizes == {20: 24, 24: 20, 30: 16}
    (line,) = lay_out(one(68), {"f": LONG})
    assert line.text == LONG
    assert line.y == pytest.approx(20 + (24 - line.size) / 2 * MM_PER_DOT)
    with pytest.raises(FormError) as caught:
        lay_out(one(68), {"f": "国" * 31})
    assert caught.value.code == "mediaOverflow"


def test_lines_and_entries_have_their_pitch() -> None:
    lines = lay_out(one(40, lines=3, pitch=5), {"f": "国" * 12 + "\nab"})
    assert [(line.y, line.text) for line in lines] == [(20, "国" * 11), (25, "国"), (30, "ab")]
    lines = lay_out(one(40, repeat=3, step=6), {"f": ["a", "", "c"]})
    assert [(line.y, line.text) for line in lines] == [(20, "a"), (32, "c")]
    with pytest.raises(FormError, match="room for 3"):
        lay_out(one(40, repeat=3, step=6), {"f": list("abcd")})
    with pytest.raises(FormError, match="must be filled"):
        lay_out(one(40, required=True), {})


text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=60)


@settings(max_examples=examples(60), deadline=None)
@given(text, st.floats(12, 90), st.integers(1, 4), st.sampled_from(Coverage))
def test_a_field_holds_all_of_its_text_or_refuses_it(
    value: str, width: float, lines: int, coverage: Coverage
) -> None:
    form = one(width, lines=lines)
    try:
        placed = lay_out(form, {"f": value})
    except FormError:
        return
    assert "".join(line.text for line in placed) == normalised(value)
    for line in placed:
        assert 10 <= line.x and line.x + width_mm(line.text, line.size) <= 10 + width + 1e-6
    for one_pass in passes(placed, (3.0, 4.2), coverage):
        assert one_pass.feed >= 0, "paper never goes back"
        assert b"\x10\x04" not in one_pass.data.replace(b"\x1b$\x10\x04", b"")


def test_a_rare_character_is_dots_and_the_rest_is_the_printers() -> None:
    (line,) = passes(lay_out(one(60), {"f": "王䶮"}), (0.0, 0.0), Coverage.GB2312)
    assert line.data.count(b"\x1c&") == 1 and b"\x1c&\xcd\xf5\x1c." in line.data
    assert line.data.count(b"\x1b*\x27\x18\x00") == 1, "one image of 24 columns"
    assert b"\x81\x30" not in line.data
    assert opening(1984).startswith(b"\x1b@\x1bU\x01\x1b(U\x01\x00\x0a\x1b(C\x02\x00\xc0\x07")


@pytest.mark.parametrize("character", list("䶮𬭚〇MW@國é1"))
@pytest.mark.parametrize("size", [16, 20, 24])
def test_a_drawn_character_fills_its_cell_and_no_more(character: str, size: int) -> None:
    bits = drawn(character, size)
    assert bits.shape == (size, size if character in "䶮𬭚〇國" else size // 2)
    assert bits.any()
    if character in "䶮𬭚國":
        assert bits.any(axis=0).mean() > 0.7, "not cut off"
