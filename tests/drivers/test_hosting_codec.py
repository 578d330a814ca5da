"""What crosses between a driver's process and ours: a value of a wrong type is refused, and shown nowhere."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pytest

from drivers.errors import ProtocolError
from drivers.hosting_codec import methods_of
from drivers.ports import IdCardReader
from tests.drivers.fakes import CARD


def test_a_card_crosses_as_it_is() -> None:
    read: Any = methods_of(IdCardReader)["read"].result
    assert read.load(read.dump(CARD)) == CARD


def test_a_card_of_a_wrong_type_is_refused_and_shown_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    read: Any = methods_of(IdCardReader)["read"].result
    torn = replace(CARD, birth="born on the 7th", number=110101199003078515)  # type: ignore[arg-type]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(ProtocolError):
            read.load(read.dump(torn))
    shown = "".join(str(one.message) for one in told) + "".join(capfd.readouterr())
    assert "born" not in shown and "110101" not in shown
