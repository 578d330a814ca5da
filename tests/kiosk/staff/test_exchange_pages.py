"""The pages of an exchange, from where it stands."""

from __future__ import annotations

import pytest

from config.texts import Texts
from kiosk.staff.exchange_pages import ExchangePages
from kiosk.staff.exchanging import State
from ui.samples.staff import known


@pytest.mark.parametrize(("refused", "offered"), [({}, False), ({"unit2": "numberMismatch"}, True)])
def test_a_page_that_says_scan_again_has_the_key_for_it(refused: dict[str, str], offered: bool) -> None:
    pages = ExchangePages(Texts("zh-CN").get, lambda code: code)
    page = pages.page(State("done", "in", refused=refused), known(True), 2, paper=True)
    assert (("exchange", "in") in [(key.action, key.value) for key in page.keys]) == offered
