"""How a release describes itself to programs: a Data Package (Frictionless, version 1) with a Table Schema.

Profiles: specs.frictionlessdata.io/data-package, /data-resource, /table-schema. Titles in other languages stand in
``i18n`` beside the Chinese ones, as the pattern for language support has it.
"""

from __future__ import annotations

import re
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


def package(release: Release, size: int, bureau: Texts) -> dict[str, Any]:
    """``datapackage.json`` of a release that is open, whose file of ``size`` bytes lies beside it as ``data.csv``."""
    assert release.decided_at is not None, "it is open"
    return {
        "profile": "tabular-data-package",
        "name": release.release.lower(),
        **_said("title", release.title),
        **_said("description", release.about),
        "version": str(release.run),
        "created": release.decided_at.isoformat(),
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
                "bytes": size,
                "hash": f"sha256:{release.sha256}",
                "schema": {"fields": [_field(column) for column in release.columns]},
            }
        ],
    }


def anonymity(release: Release) -> dict[str, Any]:
    """Under which rule the rows were made, and what it took."""
    told = {"of": release.of, "left_out": release.left_out, "levels": dict(release.levels)}
    return {**release.rule, **told}


def codes(column: Column) -> dict[str, Texts]:
    """What the values of a column mean, as far as they are codes; empty for what is read by itself."""
    area = f"opendata.{column.codes}"
    special = ids("opendata.any") if column.role == "known" or column.codes == "section" else ()
    meant = {code: named(area, code) for code in ids(area)} if column.codes else {}
    return {**meant, **{code: named("opendata.any", code) for code in special}}


def meaning(column: Column, value: str | int) -> Texts:
    """A value in words; itself where it has none."""
    if column.codes == "yuan":
        return dict.fromkeys(LANGUAGES, re.sub(r"\d+", lambda figure: f"{int(figure[0]):,}", str(value)))
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
