"""Words of the centre as a page shows them."""

from __future__ import annotations

import pytest

from kiosk.domain.formatting import Format, format_value

ROLE = {"zh-CN": "办税员", "en-US": "tax handler"}


@pytest.mark.parametrize(
    ("words", "lang", "shown"),
    [
        (ROLE, "en-US", "Tax handler"),
        (ROLE, "zh-CN", "办税员"),
        ({"zh-CN": "e窗通", "en-US": ""}, "en-US", "e窗通"),
        ({"en-US": ""}, "en-US", ""),
    ],
)
def test_words_that_stand_alone_begin_with_a_capital(words: dict[str, str], lang: str, shown: str) -> None:
    assert format_value(Format.TEXTS, words, None, lang) == shown
