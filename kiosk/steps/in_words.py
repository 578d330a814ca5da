"""What the terminal itself works out, in every language at once, as the answers of the centre are (``texts``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from config.catalogue.models import Format
from config.texts import catalogue, languages
from kiosk.domain.formatting import format_value

Said = Mapping[str, str]
"""One text a language."""


def said(text_id: str, **values: str | Said) -> Said:
    """The words of ``text_id``; a value is a text, or one text a language. Raises ``KeyError`` for an unknown id."""
    return {
        lang: catalogue(lang)[text_id].format_map(
            {name: value if isinstance(value, str) else value[lang] for name, value in values.items()}
        )
        for lang in languages()
    }


def shown(how: Format, value: object, until: object = None) -> Said:
    """A value as each language writes it."""
    return {lang: format_value(how, value, until, lang) for lang in languages()}


def day(value: date) -> Said:
    """A day."""
    return shown(Format.DATE, value)


def same(text: str) -> Said:
    """What is not translated: a citation, a number."""
    return dict.fromkeys(languages(), text)
