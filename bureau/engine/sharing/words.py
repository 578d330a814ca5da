"""Recipients, kinds of data and terms in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bureau.engine.sharing.recipients import Bank, Product, shares
from bureau.ports.matters import FactValue
from bureau.texts import LANGUAGES, joined, say
from sync.models import Texts


def recipient_title(name: str) -> Texts:
    """What a recipient is called; its id where the file has it no more."""
    found = shares().body(name)
    return found.title if found is not None else dict.fromkeys(LANGUAGES, name)


def purpose_of(name: str) -> Texts:
    """What it wants the data for."""
    found = shares().body(name)
    return found.purpose if found is not None else dict.fromkeys(LANGUAGES, "")


def loan_title(bank: Bank, product: Product) -> Texts:
    """Bank and loan in one line."""
    return say("share.loan", bank=bank.title, loan=product.title)


def data_text(kinds: Iterable[str]) -> Texts:
    """Kinds of data one after the other, as they begin a line: so it is shown, and signed letter by letter."""
    said = joined([say(f"share.data.{kind}") for kind in kinds])
    return {lang: text[:1].upper() + text[1:] for lang, text in said.items()}


def signed_words(fields: Mapping[str, FactValue], lang: str) -> dict[str, str]:
    """What the review of a consent shows besides the form, in the language that was signed in; nothing of others."""
    words: dict[str, Texts] = {}
    if found := shares().recipient(str(fields.get("recipient", ""))):
        words = {"purpose": found.purpose, "data_text": data_text(found.data)}
    elif loan := shares().loan(str(fields.get("product", ""))):
        bank, product = loan
        given = product.given(str(fields.get("width", "")))
        words = {"loan": loan_title(bank, product), "purpose": bank.purpose, "data_text": data_text(given)}
    return {f"check.{name}": text.get(lang, "") for name, text in words.items()}
