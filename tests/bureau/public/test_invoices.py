"""Anybody checks an invoice on the public page, by what stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from sqlalchemy import select

from bureau.city.cast import HEMU
from bureau.public.routes import create_router
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.serving import served

SALE = tables.sale


@pytest.fixture
def page(centre: Centre) -> Iterator[str]:
    app = FastAPI()
    app.include_router(create_router(centre.container.site))
    with served(app) as url:
        yield f"{url}/i"


@pytest.fixture
def invoice(centre: Centre) -> Any:
    with centre.database.read() as connection:
        mine = (SALE.c.taxpayer == HEMU) & (SALE.c.code == "") & (SALE.c.state == "valid")
        return connection.execute(select(SALE).where(mine).order_by(SALE.c.number).limit(1)).one()


def typed(invoice: Any, **other: str) -> dict[str, str]:
    total = invoice.net_fen + invoice.tax_fen
    known = {"n": invoice.number, "day": invoice.issued_on.isoformat(), "amount": f"{total / 100:,.2f}"}
    return {**known, **other}


def post(page: str, fields: dict[str, str], lang: str = "zh-CN") -> requests.Response:
    return requests.post(page, data=fields, headers={"Accept-Language": lang}, timeout=20)


def test_the_form_asks_for_what_stands_on_the_invoice_in_both_languages(page: str) -> None:
    assert "这张发票是真的吗" in requests.get(page, headers={"Accept-Language": "zh-CN"}, timeout=20).text
    english = requests.get(page, headers={"Accept-Language": "en"}, timeout=20).text
    assert all(f'name="{name}"' in english for name in ("n", "c", "day", "amount", "check"))


def test_a_genuine_invoice_is_shown_with_its_lines(page: str, invoice: Any) -> None:
    found = post(page, typed(invoice, day=invoice.issued_on.strftime("%Y/%m/%d")))
    assert found.status_code == 200
    for part in ("查验相符", invoice.number, "云川禾木文具有限公司", invoice.lines[0]["name"]):
        assert part in found.text
    assert "Genuine and valid" in post(page, typed(invoice), "en").text


def test_what_differs_or_is_not_there_shows_nothing_of_the_invoice(page: str, invoice: Any) -> None:
    other = post(page, typed(invoice, amount="0.01"))
    assert other.status_code == 409 and "不一致" in other.text and "禾木" not in other.text
    none = post(page, typed(invoice, n="26991999999999999999"))
    assert none.status_code == 404 and "查无此票" in none.text


def test_the_days_limit_counts_page_and_terminal_together(page: str, invoice: Any, centre: Centre) -> None:
    total = invoice.net_fen + invoice.tax_fen
    told = {"number": invoice.number, "issued": invoice.issued_on.isoformat(), "amount_fen": total}
    assert centre.terminal().do("invoice.check", told).result["times"] == 1
    answers = [post(page, typed(invoice)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 86_400


@pytest.mark.parametrize(
    "other", [{"day": "2026-13-41"}, {"amount": "many"}, {"n": ""}, {"day": ""}, {"amount": ""}]
)
def test_what_cannot_be_is_told_and_the_rest_need_not_be_typed_again(
    page: str, invoice: Any, other: dict[str, str]
) -> None:
    found = post(page, typed(invoice, **other))
    assert found.status_code == 422 and 'role="alert"' in found.text
    if "n" not in other:
        assert f'value="{invoice.number}"' in found.text
