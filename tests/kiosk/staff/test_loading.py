"""The form in which staff tell which invoices they put in."""

from __future__ import annotations

import pytest

from config.texts import Texts
from kiosk.domain.invoice_codes import InvoiceKind
from kiosk.staff.loading import Loading, NotLoadable

CODE = "053001900104"


def typed(loading: Loading, field: str, text: str) -> Loading:
    loading = loading.focus(field)
    for key in text:
        loading = loading.press(key)
    return loading


def test_what_is_typed_becomes_a_range() -> None:
    loading = typed(typed(typed(Loading("unit1"), "code", CODE), "first", "00275116"), "count", "200")
    assert loading.ask() == (CODE, InvoiceKind.ORDINARY, "00275116", "00275315")
    assert "00275315" in loading.rows(Texts("zh-CN").get)[2].hint


def test_keys_that_do_not_fit_change_nothing() -> None:
    loading = typed(Loading("unit1"), "first", "123456789")
    assert loading.values[1] == "12345678"
    assert loading.press("back").values[1] == "1234567"
    assert loading.press("clear").values[1] == ""
    assert loading.press("x") == loading
    assert loading.focus("nowhere") == loading


@pytest.mark.parametrize(
    ("code", "first", "count", "wrong"),
    [
        ("", "00275116", "200", "code"),
        ("05300190010", "00275116", "200", "code"),
        ("053001900111", "00275116", "200", "code"),  # an electronic one
        ("999999999999", "00275116", "200", "code"),  # no kind at all
        (CODE, "275116", "200", "first"),
        (CODE, "00275116", "", "count"),
        (CODE, "00275116", "0", "count"),
        (CODE, "99999999", "2", "count"),
    ],
)
def test_what_names_no_invoices_is_told_at_its_row(code: str, first: str, count: str, wrong: str) -> None:
    loading = Loading("unit1", (code, first, count))
    with pytest.raises(NotLoadable) as caught:
        loading.ask()
    assert caught.value.field == wrong
    refused = loading.refused(caught.value)
    rows = {row.id: row for row in refused.rows(Texts("en-US").get)}
    assert rows[wrong].error
    assert rows[wrong].focused
    assert [row.id for row in rows.values() if row.error] == [wrong]
    assert not refused.press("1").problem, "typing takes the complaint away"
