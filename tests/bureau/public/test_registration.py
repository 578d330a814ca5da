"""Anybody checks an enterprise's registration on the public page, by its number."""

from __future__ import annotations

from datetime import date

import pytest

from sync.models import Verified
from tests.bureau.certificates import samples
from tests.bureau.public.conftest import Pages

HEMU = "91990199MA607F0M7X"


@pytest.fixture
def known(pages: Pages) -> Pages:
    """The pages over a register with one enterprise."""
    pages.register.enterprises[HEMU] = Verified(
        taxpayer=HEMU,
        name="云川禾木文具有限公司",
        state={"zh-CN": "正常", "en-US": "Normal"},
        taxation={"zh-CN": "小规模纳税人", "en-US": "Small-scale taxpayer"},
        registered_on=date(2020, 3, 2),
        as_of=samples.ISSUED_AT,
    )
    return pages


def test_the_form_is_there_in_both_languages_and_the_first_page_leads_to_it(pages: Pages) -> None:
    assert "这家企业登记了吗" in pages.get("/r").text
    assert "Is this enterprise registered?" in pages.get("/r", "en").text
    assert 'href="/r?lang=' in pages.get("/").text


@pytest.mark.parametrize("typed", [HEMU, f" {HEMU.lower()} "])
def test_a_registered_enterprise_is_shown_by_name_and_state(known: Pages, typed: str) -> None:
    page = known.post("/r", n=typed)
    assert page.status_code == 200
    for part in (HEMU, "云川禾木文具有限公司", "正常", "小规模纳税人", "2020年3月2日"):
        assert part in page.text
    assert "Small-scale taxpayer" in known.post("/r", "en", n=typed).text
    assert known.get("/r", n=HEMU).status_code == 200


def test_a_number_that_is_none_and_one_that_nobody_has_are_told_apart(known: Pages) -> None:
    wrong = known.post("/r", n="<b>123</b>")
    assert wrong.status_code == 422 and "请再看一眼" in wrong.text and "<b>" not in wrong.text
    absent = known.post("/r", n="91110108MA01K1050C")
    assert absent.status_code == 404 and "没有查到" in absent.text


def test_a_register_that_is_away_is_told_as_that(known: Pages) -> None:
    known.register.broken = True
    assert known.post("/r", n=HEMU).status_code == 503
