"""``bindings.toml``: what devices say of themselves is read back as it was written, and nonsense is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.binding.bindings import Binding, dump, parse, read
from drivers.binding.identity import Identity, Kind
from drivers.errors import DriverConfigError


@given(st.text(), st.text())
def test_whatever_a_device_says_of_itself_is_read_back(serial: str, answer: str) -> None:
    said = Binding("idReader", Identity(Kind.SERIAL, "1-1.4", "1a86", "7523", serial), answer)
    assert parse(dump([said])) == {"idReader": said}


def test_half_a_pair_of_surrogates_is_written_as_a_question_mark() -> None:
    said = Binding("idReader", Identity(Kind.SERIAL, "1-1.4"), "SAM \udcff")
    assert parse(dump([said]))["idReader"].answer == "SAM ?"


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000, "bindings = 5", "bindings = [1]", 'bindings = "ab"', "x", "[[bindings]]"]
)
def test_what_holds_no_bindings_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bindings.toml"
    file.write_text(text)
    with pytest.raises(DriverConfigError, match=r"bindings\.toml.*kiosk devices bind"):
        read(file)


def test_no_file_is_no_bindings(tmp_path: Path) -> None:
    assert read(tmp_path / "none.toml") == {}
