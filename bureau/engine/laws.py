"""The law library as the centre cites it: one text at once, all of them by who looks for what is new."""

from __future__ import annotations

from functools import cache

from config import yaml_files
from config.library import BUILT_IN, Library, load
from config.library.models import LawText


@cache
def law(name: str) -> LawText:
    """One text of the library by its id, read alone: nobody who asks waits for the hundreds of others."""
    return LawText.model_validate(yaml_files.read((BUILT_IN / "texts" / f"{name}.yaml").read_bytes()))


@cache
def laws() -> Library:
    """All of this release; raises ``ConfigError``."""
    return load()
