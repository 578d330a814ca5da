"""How a release describes itself to programs: a Data Package (Frictionless, version 1) with a Table Schema.

Profiles: specs.frictionlessdata.io/data-package, /data-resource, /table-schema. Titles in other languages stand in
``i18n`` beside the Chinese ones, as the pattern for language support has it.
"""

from __future__ import annotations

from typing import Any, Final

from bureau.opendata.releases import Release
from bureau.opendata.schema import Column
from bureau.texts import LANGUAGES, ids, named
from sync.models import Texts

SOURCE: Final = LANGUAGES[0]
LICENCE: Final = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
"""What it may be used for: anything, with the bureau named."""


def package(release: Release, bureau: Texts) -> dict[str, Any]:
    """``datapackage.json`` of a release, whose file lies beside it as ``data.csv``."""
    of = release.set
    return {
        "profile": "tabular-data-package",
        "name": release.release.lower(),
        **_said("title", of.title),
        **_said("description", of.about),
        "version": str(release.run),
        "created": release.decided_at.isoformat() if release.decided_at else None,
        "languages": list(LANGUAGES),
        "licenses": [LICENCE],
        "contributors": [{"title": bureau[SOURCE], "role": "publisher"}],
        "temporal": {"period": release.period},
        "anonymity": anonymity(release),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": release.dataset,
                "path": "data.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(release.csv),
                "hash": f"sha256:{release.sha256}",
                "schema": {"fields": [_field(column) for column in of.columns]},
            }
        ],
    }


def anonymity(release: Release) -> dict[str, Any]:
    """Under which rule the rows were made, and what it took."""
    rule = release.set.rule
    told: dict[str, Any] = {"of": release.of, "left_out": release.left_out, "levels": dict(release.levels)}
    return told if rule is None else {"k": rule.k, "l": rule.diversity, **told}


def codes(column: Column) -> dict[str, Texts]:
    """What the values of a column mean, as far as they are codes; empty for what is read by itself."""
    area = f"opendata.{column.codes}"
    special = {code: named("opendata.any", code) for code in ids("opendata.any")}
    meant = {code: named(area, code) for code in ids(area)} if column.codes else {}
    return {**meant, **special} if column.role == "known" or column.codes else meant


def meaning(column: Column, value: str | int) -> Texts:
    """A value in words; itself where it has none."""
    return codes(column).get(str(value)) or dict.fromkeys(LANGUAGES, str(value))


def _field(column: Column) -> dict[str, Any]:
    told = {
        "name": column.name,
        "type": column.type,
        **_said("title", column.title),
        **_said("description", column.about),
        "constraints": {"required": True},
    }
    if meant := codes(column):
        told["codes"] = meant
    return told


def _said(name: str, texts: Texts) -> dict[str, Any]:
    others = {lang: text for lang, text in texts.items() if lang != SOURCE}
    return {name: texts[SOURCE], f"{name}@i18n": others}
