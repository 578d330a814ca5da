"""What must stand on a slip is looked for whatever its length."""

from __future__ import annotations

import pytest

from ui.walk.figures import Held, slip_against
from ui.walk.paper import Line


@pytest.mark.parametrize("code", ["9900261130", "099002600104"])
def test_an_invoice_code_of_ten_or_twelve_digits_must_stand_on_the_slip(code: str) -> None:
    known = Held()
    known.name("the invoices' code", code)
    assert list(slip_against([Line(("发票代码", code))], known)) == []
    other = f"{code[:-1]}9"
    assert f"does not show the invoices' code {code}" in list(
        slip_against([Line(("发票代码", other))], known)
    )
