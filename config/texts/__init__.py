"""Every word a visitor reads, by id and language; a language is added by adding files to this folder.

A file is named ``<area>.<language tag>.yaml`` and maps ids to texts with ``{named}`` values. All areas of one
language are one catalogue, and ``zh-CN`` is the source: what another language lacks is shown in Chinese.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from config import yaml_files

SOURCE = "zh-CN"
"""The language that has every text."""

_FOLDER = Path(__file__).parent
_log = logging.getLogger("kiosk.texts")


class TextsError(Exception):
    """Root of what can be wrong with the catalogues."""


class MissingText(TextsError):
    """An id that a language lacks, or a ``{value}`` that the caller did not give."""


class BadCatalogue(TextsError):
    """A file that is not a map of ids to texts, or an id written twice."""


def languages(folder: Path = _FOLDER) -> tuple[str, ...]:
    """The tags of all languages that have files, the source first."""
    tags = {path.name.split(".")[1] for path in folder.glob("*.*.yaml")}
    return (SOURCE, *sorted(tags - {SOURCE}))


@cache
def catalogue(lang: str, folder: Path = _FOLDER) -> Mapping[str, str]:
    """All texts of one language. Raises ``BadCatalogue`` naming the file and the id."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob(f"*.{lang}.yaml")):
        for text_id, text in _read(path).items():
            if text_id in texts:
                raise BadCatalogue(f"{path.name}: {text_id} is in another file already; remove one")
            texts[text_id] = text
    if not texts:
        raise BadCatalogue(f"no text of {lang}; add files such as ui.{lang}.yaml")
    return texts


def _read(path: Path) -> Mapping[str, str]:
    try:
        found = yaml_files.read(path.read_text(encoding="utf-8")) or {}
    except yaml_files.UNREADABLE as error:
        raise BadCatalogue(f"{path.name}: {error}; mend that line") from error
    if not isinstance(found, dict):
        raise BadCatalogue(f"{path.name}: write lines of 'id: text'")
    for text_id, text in found.items():
        if not isinstance(text_id, str) or not isinstance(text, str):
            raise BadCatalogue(f"{path.name}: {text_id} is not a text; put it in quotes")
    return found


class Texts:
    """The texts of one language.

    ``strict`` (tests, development) raises ``MissingText``. Without it a person in front of the machine reads the
    Chinese text, or the id in brackets when there is none either, and the log says so once.
    """

    def __init__(self, lang: str, *, strict: bool = True, folder: Path = _FOLDER) -> None:
        self.lang = lang
        self._strict = strict
        self._own = catalogue(lang, folder)
        self._source = catalogue(SOURCE, folder)
        self._told: set[str] = set()

    def get(self, text_id: str, **values: object) -> str:
        """The text with its values filled in. Raises ``MissingText`` when strict."""
        text = self._own.get(text_id)
        if text is None:
            text = self._missing(text_id)
        if not values and "{" not in text:
            return text
        try:
            return text.format_map(values)
        except KeyError as missing:
            if self._strict:
                raise MissingText(f"{text_id} ({self.lang}) needs the value {missing}") from None
            self._tell(f"{text_id} ({self.lang}) needs the value {missing}")
            return text

    def all(self) -> Mapping[str, str]:
        """Every text with its values open, the source's where this language has none."""
        return {**self._source, **self._own}

    def _missing(self, text_id: str) -> str:
        problem = f"{self.lang} has no text {text_id}; add it to a file *.{self.lang}.yaml"
        if self._strict:
            raise MissingText(problem)
        self._tell(problem)
        return self._source.get(text_id, f"⟦{text_id}⟧")

    def _tell(self, problem: str) -> None:
        if problem not in self._told:
            self._told.add(problem)
            _log.error(problem)


def all_texts(*, strict: bool = True) -> Mapping[str, Texts]:
    """One ``Texts`` a language."""
    return {lang: Texts(lang, strict=strict) for lang in languages()}
