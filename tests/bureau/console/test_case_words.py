"""What officers read of a case: in the words of its form, personal numbers masked."""

from __future__ import annotations

import pytest

from bureau.console.case_words import fields_in_words
from bureau.console.pages.case import terms_of
from bureau.engine.matters.relief import Terms
from tests.bureau import stores


@pytest.mark.usefixtures("console")  # the services are published with its city
@pytest.mark.parametrize(("lang", "label"), [("zh-CN", "联系电话"), ("en-US", "Phone")])
def test_a_field_stands_under_the_label_of_its_row_and_a_phone_is_masked(lang: str, label: str) -> None:
    service = stores.published()[0].current["registration.change"].service
    ((told, value),) = fields_in_words(service, {"phone": "13900002345"}, lang)
    assert (told, value) == (label, "139****2345")


@pytest.mark.usefixtures("console")
def test_amounts_are_yuan_options_are_named_and_what_no_row_knows_keeps_its_name() -> None:
    service = stores.published()[0].current["preference.apply"].service
    option = next(row for step in service.steps if step.kind == "form" for row in step.rows if row.options)
    money = next(
        row for step in service.steps if step.kind == "form" for row in step.rows if row.input == "money"
    )
    fields = {option.id: option.options[0].id, money.id: 1_860_000, "of_another_release": True}
    told = dict(fields_in_words(service, fields, "zh-CN"))
    assert told[option.label["zh-CN"]] == option.options[0].title["zh-CN"]
    assert told[money.label["zh-CN"]] == "18,600.00"
    assert told["of_another_release"] == "✓"


def test_without_its_service_a_case_is_told_as_it_is() -> None:
    assert fields_in_words(None, {"x": 1}, "zh-CN") == [("x", "1")]


def test_a_long_number_of_no_row_is_masked() -> None:
    told = fields_in_words(
        None, {"old_phone": "13900002345", "note": "card 6222021234567890, flat 12"}, "zh-CN"
    )
    assert "13900002345" not in str(told)
    assert "6222021234567890" not in str(told)
    assert "flat 12" in str(told)


@pytest.mark.parametrize(
    ("amount", "percent", "terms"),
    [("", "", Terms()), ("1200.50", "", Terms(amount_fen=120_050)), (" ", " 50 ", Terms(percent=50))],
)
def test_terms_are_yuan_or_a_share(amount: str, percent: str, terms: Terms) -> None:
    assert terms_of(amount, percent) == terms


@pytest.mark.parametrize(
    ("amount", "percent"),
    [("1", "1"), ("x", ""), ("1.234", ""), ("", "0"), ("", "101"), ("", "half"), ("-5", "")],
)
def test_terms_that_are_neither_are_refused(amount: str, percent: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        terms_of(amount, percent)
