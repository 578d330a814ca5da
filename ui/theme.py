"""The design tokens (``ui/theme.toml``) as typed values, so that a misspelt token fails at start and not on screen."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("theme.toml")


class ThemeError(Exception):
    """A token that the file lacks; the message names table and key."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tables of the file; ask with ``number`` and ``colour``."""

    tables: Mapping[str, Mapping[str, object]]

    def number(self, table: str, key: str) -> float:
        """A length, duration or ratio. Raises ``ThemeError``."""
        found = self._find(table, key)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise ThemeError(f"theme.toml: [{table}] {key} is no number")
        return float(found)

    def text(self, table: str, key: str) -> str:
        """A family name or a colour. Raises ``ThemeError``."""
        found = self._find(table, key)
        if not isinstance(found, str):
            raise ThemeError(f"theme.toml: [{table}] {key} is no text")
        return found

    def texts(self, table: str, key: str) -> tuple[str, ...]:
        """Names in their order. Raises ``ThemeError``."""
        found = self._find(table, key)
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise ThemeError(f"theme.toml: [{table}] {key} is no list of texts")
        return tuple(found)

    def colours(self, theme: str) -> Mapping[str, str]:
        """All colour roles of ``public`` or ``contrast``; what a theme does not name is as in ``public``."""
        names = self.tables["colour.public"]
        own = self.tables.get(f"colour.{theme}", {})
        return {role: str(own.get(role, names[role])) for role in names}

    def _find(self, table: str, key: str) -> object:
        try:
            return self.tables[table][key]
        except KeyError:
            raise ThemeError(f"theme.toml: [{table}] {key} is missing") from None


@cache
def load(path: Path = FILE) -> Tokens:
    """The tokens, nested tables flattened to dotted names."""
    with path.open("rb") as file:
        data = tomllib.load(file)
    tables: dict[str, Mapping[str, object]] = {}
    for name, table in data.items():
        nested = {k: v for k, v in table.items() if isinstance(v, dict)}
        tables[name] = {k: v for k, v in table.items() if k not in nested}
        tables.update({f"{name}.{k}": v for k, v in nested.items()})
    return Tokens(tables)
