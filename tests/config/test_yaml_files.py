"""YAML made of libyaml's events says what PyYAML's loader says of it, mistakes and their places included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from config import yaml_files

PIECES = [
    *("a", "b: ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", ": ", "? ", "? [a]\n", '"x"', "'1'", "|\n", ">\n", "#c", "\t"),
    *("1", "1.5", "0x1F", "0b_", "1_000", ".inf", "-", "12:30:45", "2026-02-28", "2026-02-31", "yes", "~", "null", "é"),
    *("&a ", "*a", "&b ", "*b", "<<: ", "<<", "=", "! ", "!!str ", "!!int ", "!!float ", "!!bool ", "!!timestamp ", "!x ", "---\n", "...\n", "%YAML 1.1\n"),
]  # fmt: skip


def whole(raw: bytes | str) -> Any:
    """By PyYAML's loader alone, whatever the document has."""
    yaml_files._refuse_depths(raw)
    return yaml.load(raw, yaml_files._UniqueKeys)


def said(read: Callable[[bytes | str], Any], raw: bytes | str) -> str:
    try:
        return repr(read(raw))
    except yaml_files.UNREADABLE as error:
        return f"{type(error).__name__}: {error}"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_both_say_the_same(text: str) -> None:
    assert said(yaml_files.read, text) == said(whole, text)
    assert said(yaml_files.read, text.encode()) == said(whole, text.encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: &x [1, 2.5, true, ~]\nb: *x\nc: '1'", {"a": [1, 2.5, True, None], "b": [1, 2.5, True, None], "c": "1"}),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}", {"a": {"b": 1}, "c": {"b": 2}}),
        ("- !!str 1\n- '='", ["1", "="]),
        (b"\xff\xfea\0", "a"),
    ],
)  # fmt: skip
def test_what_is_read(text: bytes | str, value: object) -> None:
    assert yaml_files.read(text) == value


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: 1\nb: 2\n'a': 3", "'a' stands there twice\n  in \"<unicode string>\", line 3, column 1"),
        ("? [a]\n: 1", "a list or a map cannot be a key"),
        ("[" * 101, "more than 100 maps and lists within each other"),
        ("a: !!int ''", "'' is no int"),
        ("a: !!float ''", "'' is no float"),
        ("a: !!bool maybe", "'maybe' is no bool"),
        ("a: !!timestamp noon", "'noon' is no timestamp"),
        ("a: 2026-02-31", "day is out of range for month"),
        ("a: *b", "found undefined alias"),
        ("[&a 1, &a 2]", "found duplicate anchor"),
        ("--- a\n--- b", "expected a single document"),
        ("a: [1", "did not find expected"),
        ("!x a", "could not determine a constructor"),
    ],
)
def test_what_is_not_read(text: str, mistake: str) -> None:
    assert mistake in said(yaml_files.read, text) == said(whole, text)
