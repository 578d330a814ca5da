"""Service files and parameter tables, as a bundle from the centre or an administrator's editor brings them."""

from __future__ import annotations

from pathlib import Path

from config.catalogue import read_service
from config.errors import ConfigError
from config.parameter_tables import read_tables

PARSES = ("config.yaml_files", "config.catalogue", "config.catalogue.problems", "config.parameter_tables")
LONGEST = 180
_TABLE = b"""\
table: t
about: a test
rows:
  - name: levy
    valid_from: 2023-01-01
    valid_to: 2025-12-31
    legal_basis: some law
    confidence: K
    rate: "0.03"
"""


def check(data: bytes) -> None:
    """One reader or the other, as the first byte says: it is usable, or every mistake has a place and a cure."""
    raw = data[1:]
    try:
        if data[:1] < b"\x80":
            read_service(raw, Path("a.yaml"))
        else:
            read_tables({"t0.yaml": raw})
    except ConfigError as error:
        assert error.problems and all(p.problem and p.fix for p in error.problems)


def seeds() -> list[bytes]:
    """A small service, a small table, and what YAML reads as days, deep nesting, keys that are lists, and aliases."""
    service = b"id: a\naction: 4\ntitle: {zh-CN: \xe7\x94\xb2, en-US: A}\nlevel: 3\noffline: queue\nsteps: [{id: a, kind: rate}]\n"
    oddities = [
        b"a: 2026-02-31",
        b"[" * 170,
        b"? [a]\n: 1\n",
        b"a: &a [*a]",
        b"<<: 1\n",
        b"a: 0x",
        b"a: !!binary x",
    ]
    return [reader + raw for raw in (service, _TABLE, *oddities) for reader in (b"\0", b"\xff")]
