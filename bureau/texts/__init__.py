"""Every word of the centre that people read, by id and language; a language is added by adding files to this folder.

Files are named ``<area>.<language tag>.yaml`` as the terminal's are (``config.texts``). What is said goes out in all
languages at once: who reads it, at which screen or phone, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from config.texts import catalogue, languages
from sync.models import Texts

_FOLDER = Path(__file__).parent
LANGUAGES = languages(_FOLDER)
VALUE: Final = re.compile(r"\{\w+\}")


@cache
def ids(area: str) -> tuple[str, ...]:
    """The ids of an area (``tax``: ``tax.vat`` and its like) without the area's name, as the source lists them."""
    begin = f"{area}."
    return tuple(text_id.removeprefix(begin) for text_id in _source() if text_id.startswith(begin))


def has(text_id: str) -> bool:
    """Whether there are words for ``text_id``."""
    return text_id in _source()


def say(text_id: str, **values: str | Mapping[str, str]) -> Texts:
    """The words in every language; a value is a text, or one text a language. Raises ``KeyError`` for an unknown id."""
    return {lang: _said(lang, text_id, values) for lang in LANGUAGES}


def named(area: str, code: str) -> Texts:
    """The name of ``code`` within its area; the code itself when nobody has named it."""
    text_id = f"{area}.{code}"
    return say(text_id) if has(text_id) else dict.fromkeys(LANGUAGES, code)


def outlined(text_id: str) -> Texts:
    """The words in every language with ``…`` for each value. Raises ``KeyError`` for an unknown id."""
    return {lang: VALUE.sub("…", _template(lang, text_id)) for lang in LANGUAGES}


def joined(texts: list[Texts], by: str = "comma") -> Texts:
    """Several names one after the other, with ``comma`` or ``semicolon`` between them."""
    return {lang: say(f"list.{by}")[lang].join(text[lang] for text in texts) for lang in LANGUAGES}


def _said(lang: str, text_id: str, values: Mapping[str, str | Mapping[str, str]]) -> str:
    return _template(lang, text_id).format(
        **{name: v if isinstance(v, str) else v[lang] for name, v in values.items()}
    )


def _template(lang: str, text_id: str) -> str:
    return catalogue(lang, _FOLDER).get(text_id) or _source()[text_id]


def _source() -> Mapping[str, str]:
    return catalogue(LANGUAGES[0], _FOLDER)
