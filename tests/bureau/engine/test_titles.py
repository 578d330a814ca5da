"""The buyer's title code, and which answers a terminal may keep for a time without the network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bureau.city.cast import HEMU
from bureau.fleet.kept import KEPT_FOR
from bureau.store import tables
from kiosk.domain.title_code import parse_title
from sync.errors import SignatureInvalid
from sync.kept import asked_of, check_word
from sync.models import QueryRequest, Subject
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal, subject
from tests.shipped import CATALOGUE

SERVICE = "invoice.title-code"
WHO = subject("he-mulan", HEMU, "L")


def named(centre: Centre, **changed: str) -> None:
    with centre.database.write() as connection:
        t = tables.taxpayer
        connection.execute(update(t).where(t.c.taxpayer == HEMU).values(**changed))


def test_the_code_says_the_registered_name_and_the_number_and_no_more(terminal: Terminal) -> None:
    told = terminal.data("invoice.title", WHO, service=SERVICE)
    title = parse_title(told["code"])
    assert (title.name, title.taxpayer) == (told["name"], HEMU)
    assert (title.place, title.bank) == ("", "")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "云川𠮷野餐饮有限公司"}, "titleUnwritable"),
        ({"name": "长" * 51}, "titleTooLong"),
        ({"state": "cancelled"}, "titleCancelled"),
    ],
)
def test_a_title_that_cannot_be_given_is_refused(
    centre: Centre, terminal: Terminal, changed: dict[str, str], code: str
) -> None:
    named(centre, **changed)
    refusal = terminal.ask("invoice.title", WHO, service=SERVICE).refusal
    assert refusal is not None and refusal.code == code
    assert refusal.next_step["zh-CN"] and refusal.next_step["en-US"]


def test_a_cached_service_may_keep_its_answers_for_a_day_signed_for_this_terminal(terminal: Terminal) -> None:
    for name in ("person.profile", "invoice.title"):
        answer = terminal.ask(name, WHO, service=SERVICE)
        word = answer.keep
        assert word is not None and word.until - word.as_of == KEPT_FOR == timedelta(hours=24)
        asked = asked_of(name, _request(SERVICE))
        verifier = terminal.identity.bureau_verifier
        check_word(word, terminal.name, asked, answer.data, verifier)
        for other in (
            (word, "T-9999", asked, answer.data),
            (word, terminal.name, asked_of(name, _request("query.due")), answer.data),
            (word, terminal.name, asked, {**answer.data, "name": "x"}),
            (word.model_copy(update={"until": word.until + timedelta(1)}), terminal.name, asked, answer.data),
        ):
            with pytest.raises(SignatureInvalid):
                check_word(*other, verifier)


def test_nothing_is_kept_of_another_service_or_of_a_refusal(centre: Centre, terminal: Terminal) -> None:
    assert terminal.ask("person.profile", WHO, service="einvoice.list").keep is None
    named(centre, state="cancelled")
    assert terminal.ask("invoice.title", WHO, service=SERVICE).keep is None


def _request(service: str) -> QueryRequest:
    return QueryRequest(
        service=service, service_hash=CATALOGUE[service].hash, subject=Subject.model_validate(WHO)
    )
