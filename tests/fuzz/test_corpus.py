"""The kept corpus again, and that the checks can fail and no parser is left out."""

from __future__ import annotations

import pkgutil

import pytest

import drivers.protocols
from tests.fuzz import corpus
from tests.fuzz.oracles import cut_anywhere, refused_by
from tests.fuzz.targets import load, names

NO_PARSER = {
    "aliases": "makes names for recordings",
    "escp": "writes only",
    "escpos_raster": "writes only",
    "realtime_bytes": "changes what is written",
    "modbus_wire": "keeps everything",
    "stamp_wire": "keeps everything",
    "wire": "the base of those that read",
}
"""Modules of ``drivers.protocols`` that read nothing a device sends."""


@pytest.mark.parametrize("name", names())
def test_no_kept_input_breaks_its_parser(name: str) -> None:
    target = load(name)
    inputs = [*target.seeds(), *corpus.kept(name)]
    assert corpus.kept(name), f"run make fuzz for {name} and keep its corpus"
    for data in [b"", *inputs]:
        target.check(data)


def test_every_parser_of_the_protocols_has_a_target() -> None:
    fuzzed = {module for name in names() for module in load(name).parses}
    modules = {m.name for m in pkgutil.iter_modules(drivers.protocols.__path__)} - NO_PARSER.keys()
    left_out = {name for name in modules if f"drivers.protocols.{name}" not in fuzzed}
    assert not left_out, f"add a module to tests/fuzz/targets for {sorted(left_out)}, then run make fuzz"


class _Lines:
    """A parser with planted faults: it believes that chunks are lines, and forgets nothing."""

    def __init__(self) -> None:
        self.held = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        self.held += chunk
        return chunk.split(b"\n")


def test_a_parser_that_depends_on_the_cuts_is_found_out() -> None:
    with pytest.raises(AssertionError, match="cut elsewhere"):
        cut_anywhere(_Lines, b"one line", b"", lambda parser: 0, 100)


def test_a_parser_that_holds_back_too_much_is_found_out() -> None:
    with pytest.raises(AssertionError, match="held back"):
        cut_anywhere(_Lines, b"one line", b"", lambda parser: len(parser.held), 4)


def test_an_error_that_is_not_the_parsers_own_is_found_out() -> None:
    with pytest.raises(KeyError):
        refused_by(ValueError, lambda: {}["absent"])
    assert refused_by(ValueError, lambda: int("x")) is None
