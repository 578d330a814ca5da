"""The scripted visitor fills forms of every kind of row and takes rows off lists, by touch on the real screen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.flow.events import Intent
from kiosk.flow.pages import ReviewPage
from tests.kiosk.flow import test_lists as lists
from tests.kiosk.flow.made import at_the_form, one_row, visiting
from tests.kiosk.flow.visitor import Visitor as Mind
from tests.ui.cabinet import Cabinet
from ui.bridge.maps import to_map
from ui.walk.filling import next_row, option_for, text_for
from ui.walk.visitor import Visitor
from ui.walk.wish import Seen, Wish

STEPS = 120
"""Touches of a visitor who gets somewhere."""


class Album:
    """Takes no pictures."""

    def take(self, name: str) -> Path:
        return Path(name)


class Front:
    """The screen over the engine itself: what is touched is an intent, what the engine shows is drawn."""

    def __init__(self, cabinet: Cabinet, mind: Mind, **wishes: Any) -> None:
        self.cabinet, self.mind, self.serial = cabinet, mind, -1
        seconds = itertools.count(0.0, 0.5)
        self.flow = cabinet.screen.session.flow
        self.flow.attach(self._touched, lambda: next(seconds))
        self.visitor = Visitor(
            Wish("test.made", {}, **wishes),
            cabinet.window,
            None,  # type: ignore[arg-type]
            Album(),  # type: ignore[arg-type]
            self.look,
            pace=0.05,
        )
        self.draw()

    def _touched(self, intent: Intent) -> None:
        self.mind.touch(intent.action, intent.value, intent.text)
        self.draw()

    def draw(self) -> None:
        same = self.mind.state.serial == self.serial
        self.serial = self.mind.state.serial
        (self.cabinet.core.update if same else self.cabinet.core.show)(self.mind.screen)

    def look(self) -> Seen:
        page = to_map(self.mind.page)
        return Seen(page["kind"], self.mind.state.serial, "", page)

    def until(self, kind: str) -> None:
        for _ in range(STEPS):
            if self.look().kind == kind:
                return
            self.visitor._once(self.look())
        raise AssertionError(f"still at {self.look().page}")


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Iterator[Cabinet]:
    """The panel that stands; one that lies where a test asks for it."""
    lies = getattr(request, "param", "portrait") == "landscape"
    cabinet: Cabinet = request.getfixturevalue("lying" if lies else "cabinet")
    yield cabinet
    cabinet.screen.session.flow.attach(cabinet.core.send, cabinet.hours)


@pytest.mark.parametrize(
    ("screen", "mode"), [("portrait", "standard"), ("landscape", "elder")], indirect=["screen"]
)
def test_a_form_of_every_kind_of_row_is_filled_by_touch(screen: Cabinet, mode: str) -> None:
    mind = at_the_form(mode)
    given = {"refund": "1234.5", "bought": "2021-07-09", "kind": "lorry", "remark": "", "new": "no"}
    Front(screen, mind, answers=given, mode=mode).until("review")
    page = mind.page
    assert isinstance(page, ReviewPage)
    left = mind.state.data["details"]
    assert {
        name: left[name] for name in ("phone", "plate", "bought", "new", "kind", "account", "refund")
    } == {
        "phone": "13800001234",
        "plate": "京A12345",
        "bought": "2021-07-09",
        "new": False,
        "kind": "lorry",
        "account": "6222000011112222",
        "refund": 123_450,
    }
    assert (left["sheets"], left["code"]) == (1, "123456")


def test_a_prefilled_row_is_corrected_by_wish(screen: Cabinet) -> None:
    mind = at_the_form()
    given = {"refund": "1", "phone": "13911112222", "remark": ""}
    Front(screen, mind, answers=given).until("review")
    assert mind.state.data["details"]["phone"] == "13911112222"


@pytest.mark.parametrize(("wished", "taken"), [((), "a"), (("b",), "b")])
def test_a_row_of_a_list_is_taken(screen: Cabinet, wished: tuple[str, ...], taken: str) -> None:
    mind = visiting({**lists.LIST, "pick": "one"})
    mind.answer({"rows": lists.ROWS})
    Front(screen, mind, options=wished).until("done")
    assert mind.state.data["found"]["id"] == taken


def test_a_list_to_read_is_read(screen: Cabinet) -> None:
    mind = visiting(lists.LIST)
    mind.answer({"rows": lists.ROWS * 4})
    Front(screen, mind).until("done")


def test_a_year_long_ago_is_turned_to(screen: Cabinet) -> None:
    mind = visiting(one_row("date", latest="today"))
    Front(screen, mind, answers={"it": "1949-12-31"}).until("done")
    assert mind.state.data["form"]["it"] == "1949-12-31"


def test_an_address_is_written_on_the_keys(screen: Cabinet) -> None:
    address = "云川市人民路128号 B座，3层"
    screen.spells()
    mind = visiting(one_row("text"))
    Front(screen, mind, answers={"it": address}).until("done")
    assert mind.state.data["form"]["it"] == address


def test_what_stands_in_a_written_row_is_taken_back_first(screen: Cabinet) -> None:
    screen.spells()
    known = {**one_row("text", value="form.address"), "ask": {"query": "details"}}
    mind = visiting(known)
    mind.answer({"address": "旧址"})
    Front(screen, mind, answers={"it": "新址"}).until("done")
    assert mind.state.data["form"]["it"] == "新址"


ROW = {"id": "a", "editable": True, "value": "", "keypad": "digits", "input": "digits", "most": 4}


def test_what_stands_there_is_left_and_what_is_empty_is_given() -> None:
    filled = {**ROW, "id": "b", "value": "7"}
    assert next_row([filled, ROW], {}, set()) == ROW
    assert next_row([filled, ROW], {"b": "8"}, set()) == filled
    assert next_row([filled, ROW], {}, {"a"}) is None
    assert next_row([ROW], {"a": ""}, set()) is None
    assert next_row([{**ROW, "editable": False}], {}, set()) is None
    assert (text_for(ROW, {}), text_for(ROW, {"a": "9"})) == ("1234", "9")


def test_on_a_page_of_years_the_way_leads_to_the_wish() -> None:
    page = {
        "options": [{"id": "2015", "enabled": True}, {"id": "2016", "enabled": True}],
        "selected": ["2016"],
        "pages": 9,
    }
    assert option_for(page, "2015-03-01") == "option:2015"
    assert option_for(page, "1949-03-01") == "grid:previous"
    assert option_for(page, "2030-03-01") == "grid:next"
    assert option_for(page, "") == "option:2016"
