"""The services that are walked: the catalogue of this release, read once a program."""

from __future__ import annotations

from functools import cache

from config.catalogue import Catalogue, load_catalogue


@cache
def services() -> Catalogue:
    """Every service of the release; raises ``ConfigError`` as ``load_catalogue`` does."""
    return load_catalogue()
