from __future__ import annotations

import re
from pathlib import Path

import pytest

import bureau
from bureau.engine.refusals import refusal
from bureau.texts import LANGUAGES, ids, say
from config.texts import catalogue
from kiosk.domain.people import Role
from sync.models import EffectKind, PaymentStateName

FOLDER = Path(bureau.__file__).parent / "texts"
SOURCES = [path.read_text("utf-8") for path in Path(bureau.__file__).parent.rglob("*.py")]
CODES = [code for code in ids("refusal") if "." not in code]
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_refusal_that_is_made_has_words_and_every_word_is_used() -> None:
    used = {code for text in SOURCES for code in re.findall(r'refus(?:e|al)\(\s*"(\w+)"', text)}
    used |= {code for text in SOURCES for code in re.findall(r'_dispute\(.*"(\w+)"\)', text)}
    assert used == set(CODES)
    assert {f"{code}.next" for code in CODES} == set(ids("refusal")) - set(CODES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_text(lang: str) -> None:
    own, source = catalogue(lang, FOLDER), catalogue(LANGUAGES[0], FOLDER)
    assert own.keys() == source.keys()
    if lang.startswith("en"):
        assert not [text_id for text_id, text in own.items() if HAN.search(text)]


def test_a_refusal_reads_whole_in_both_languages() -> None:
    for code in CODES:
        texts = [
            catalogue(lang, FOLDER)[f"refusal.{code}{end}"] for lang in LANGUAGES for end in ("", ".next")
        ]
        names = {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}
        made = refusal(code, None, **{name: {"zh-CN": "甲", "en-US": "A"} for name in names})
        for told in (made.text, made.next_step):
            assert set(told) == set(LANGUAGES)
            assert all(text and "{" not in text for text in told.values())
        assert HAN.search(made.text["zh-CN"]), code


def test_whatever_a_slip_can_be_about_has_words() -> None:
    for state in PaymentStateName:
        say(f"slip.payment.{state.value}")
    staff_only = {EffectKind.STOCK_IN, EffectKind.STOCK_OUT}
    assert {kind.value for kind in set(EffectKind) - staff_only - {EffectKind.PAYMENT_CARD}} <= set(
        ids("slip.title")
    )


def test_every_role_has_a_name() -> None:
    assert set(ids("role")) == {role.value for role in Role}
