"""Every refusal of the domain has its words in every language that ships."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import kiosk.domain
from config.texts import catalogue, languages

FOLDER = Path(kiosk.domain.__file__).parent
HELPERS = {
    ("resident_ids.py", "_refused"): "resident-id",
    ("travel_documents.py", "_passport"): "passport",
    ("invoice_qr.py", "_refused"): "invoice-qr",
    ("scanned.py", "_refused"): "scanned",
    ("title_code.py", "_refused"): "title",
}
"""Functions that put a field's name before a code."""
PLAIN_CODES = ("empty", "length", "characters")


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _ids(path: Path) -> Iterator[str]:
    """The text ids that the calls in one module can raise."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name, words = node.func.id, [_literal(argument) for argument in node.args]
        if name == "FieldError" and words[-1]:
            yield words[-1]
        elif (field := HELPERS.get((path.name, name))) and words[0]:
            yield f"field.{field}.{words[0]}"
        elif name == "_take" and words[-1]:
            yield f"field.invoice-qr.{words[-1]}"
        elif name == "_matching" and words[-1]:
            yield from (f"field.{words[-1]}.{code}" for code in (*PLAIN_CODES, "form"))
        elif name == "plain" and len(words) == 2:
            field = words[1] or ("resident-id" if path.name == "resident_ids.py" else None)
            yield from (f"field.{field}.{code}" for code in PLAIN_CODES if field)


def test_every_refusal_has_words_in_every_language() -> None:
    ids = {text_id for path in FOLDER.rglob("*.py") for text_id in _ids(path)}
    assert len(ids) > 40
    for lang in languages():
        assert ids - catalogue(lang).keys() == set(), lang


def test_no_words_are_left_that_nothing_refuses_with() -> None:
    ids = {text_id for path in FOLDER.rglob("*.py") for text_id in _ids(path)}
    for lang in languages():
        assert {text_id for text_id in catalogue(lang) if text_id.startswith("field.")} == ids, lang
