"""What two people counted, against the dispenser's book."""

from __future__ import annotations

import pytest

from kiosk.staff.exchange import Count, Wrong, handed_out

CODE = "053001900104"
UNITS = {"unit1": {"code": CODE, "kind": "04", "next": "00000004", "last": "00000020", "count": 17}}


def counted(first: int, count: int) -> Count:
    form = Count.of(UNITS)
    for name, text in (("first", f"{first:08d}"), ("count", str(count))):
        form = form.focus(name)
        for key in text:
            form = form.press(key)
    return form


def test_numbers_that_were_given_out_are_not_handed_out() -> None:
    with pytest.raises(Wrong) as told:
        handed_out(counted(3, 18), UNITS)
    assert (told.value.tab, told.value.field, told.value.text_id) == (
        "unit1",
        "first",
        "bench.exchange.issued",
    )


@pytest.mark.parametrize(("first", "count"), [(4, 17), (5, 16), (5, 20)])
def test_what_lies_from_the_next_number_on_is_handed_out_as_it_was_counted(first: int, count: int) -> None:
    (item,) = handed_out(counted(first, count), UNITS)
    assert (item.expected, item.found) == ((4, 20), (first, first + count - 1))
