"""A certificate in words for who may look at it without being its holder: numbers of persons masked, no table."""

from __future__ import annotations

from bureau.certificates.data import CertificateData, Words
from bureau.texts import LANGUAGES
from sync.models import PreviewFact, SheetShown, Texts


def told(data: CertificateData) -> SheetShown:
    """Heading, total and sentences."""
    return SheetShown(
        title=texts(data.title),
        facts=[
            PreviewFact(
                label=texts(fact.label),
                value=dict.fromkeys(LANGUAGES, fact.public) if fact.public else texts(fact.value),
            )
            for fact in data.facts
        ],
        columns=[],
        rows=[],
        total=_total(data),
        statements=[texts(words) for words in data.statements],
    )


def texts(words: Words) -> Texts:
    """Certified words in each language."""
    return {lang: words.in_language(lang) for lang in LANGUAGES}


def _total(data: CertificateData) -> list[PreviewFact]:
    if data.emphasis < 0 or not data.totals:
        return []
    column = data.columns[data.emphasis].title
    return [PreviewFact(label=texts(column), value=texts(data.totals[data.emphasis]))]
