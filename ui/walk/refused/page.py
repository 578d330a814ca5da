"""Whether a page says the no that was asked for: the catalogue's own words, why and what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bureau.texts
from config.texts import catalogue
from ui.walk.refused.reason import Reason, code_of

Page = Mapping[str, Any]
FOLDER = Path(bureau.texts.__file__).parent


def met(name: str, reason: Reason, lang: str, pages: Sequence[Page]) -> list[str]:
    """What is wrong with the pages on which the visitor was refused; nothing: the last one says this refusal."""
    code = code_of(name)
    if not pages:
        return [f"the refusal {code} did not happen: no page refused anything"]
    if reason.choice:
        return _greyed(code, _pattern(catalogue(lang)[reason.choice]), pages[-1])
    body = [str(line) for line in pages[-1].get("body", ())]
    problems = []
    for text_id, line in zip((f"refusal.{code}", f"refusal.{code}.next"), (*body, "", "")[:2], strict=True):
        if not _pattern(catalogue(lang, FOLDER)[text_id]).fullmatch(line):
            problems.append(f"the refusal {code} did not happen: the page says {line!r}, not {text_id}")
    return problems


def _greyed(code: str, words: re.Pattern[str], page: Page) -> list[str]:
    reasons = [str(option.get("reason", "")) for option in page.get("options", ())]
    said = any(words.fullmatch(one) for one in reasons)
    return [] if said else [f"no choice says why and what to do next, which is {code}: {reasons}"]


MARK = "\x00"


class _Marks(dict[str, str]):
    """For every value of a text a mark where anything may stand."""

    def __missing__(self, name: str) -> str:
        return MARK


def _pattern(text: str) -> re.Pattern[str]:
    """The words of a text with something, never nothing, where a value goes."""
    words = text.format_map(_Marks())
    return re.compile(".+".join(re.escape(part) for part in words.split(MARK)), re.DOTALL)
