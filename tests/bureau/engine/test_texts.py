from __future__ import annotations

import re
from pathlib import Path

import bureau
from bureau.engine.names import INVOICE_KINDS, ROLES, TAXES
from bureau.engine.texts import WORDS, refusal

SOURCES = [path.read_text("utf-8") for path in Path(bureau.__file__).parent.rglob("*.py")]


def test_every_refusal_that_is_made_has_words_and_every_word_is_used() -> None:
    used = {code for text in SOURCES for code in re.findall(r'refus(?:e|al)\(\s*"(\w+)"', text)}
    used |= {code for text in SOURCES for code in re.findall(r'_dispute\(.*"(\w+)"\)', text)}
    assert used == set(WORDS)


def test_a_refusal_reads_whole_in_both_languages() -> None:
    for code, words in WORDS.items():
        names = {name for text in words for name in re.findall(r"\{(\w+)\}", text)}
        made = refusal(code, None, **{name: {"zh-CN": "甲", "en-US": "A"} for name in names})
        for texts in (made.text, made.next_step):
            assert set(texts) == {"zh-CN", "en-US"}
            assert all(text and "{" not in text for text in texts.values())
        assert not re.search(r"[\u4e00-\u9fff]", made.text["en-US"] + made.next_step["en-US"]), code
        assert re.search(r"[\u4e00-\u9fff]", made.text["zh-CN"])


def test_every_name_has_both_languages() -> None:
    for names in (ROLES, TAXES, INVOICE_KINDS):
        assert all(set(texts) == {"zh-CN", "en-US"} and all(texts.values()) for texts in names.values())
