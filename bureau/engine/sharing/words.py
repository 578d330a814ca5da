"""Recipients, kinds of data and terms in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bureau.engine.sharing.recipients import shares
from bureau.ports.matters import FactValue
from bureau.texts import LANGUAGES, joined, say
from sync.models import Texts


def recipient_title(name: str) -> Texts:
    """What a recipient is called; its id where the file has it no more."""
    found = shares().recipient(name)
    return found.title if found is not None else dict.fromkeys(LANGUAGES, name)


def purpose_of(name: str) -> Texts:
    """What it wants the data for."""
    found = shares().recipient(name)
    return found.purpose if found is not None else dict.fromkeys(LANGUAGES, "")


def data_text(kinds: Iterable[str]) -> Texts:
    """Kinds of data one after the other, as they begin a line: so it is shown, and signed letter by letter."""
    said = joined([say(f"share.data.{kind}") for kind in kinds])
    return {lang: text[:1].upper() + text[1:] for lang, text in said.items()}


def signed_words(fields: Mapping[str, FactValue], lang: str) -> dict[str, str]:
    """What the review of a consent shows besides the form, in the language that was signed in; nothing of others."""
    found = shares().recipient(str(fields.get("recipient", "")))
    if found is None:
        return {}
    words = {"purpose": found.purpose, "data_text": data_text(found.data)}
    return {f"check.{name}": text.get(lang, "") for name, text in words.items()}
