"""The home page leads to groups of services; a group of one leads to its service at once."""

from __future__ import annotations

import pytest

from config.catalogue import Catalogue
from config.catalogue.models import Group
from kiosk import availability
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import AttractPage, Choice, HomePage, Page, ServicesPage
from kiosk.flow.state import Phase, ServiceState, World, WorldChanged
from tests.kiosk.flow.visitor import DEVICES, UNITS, Visitor, surroundings
from tests.shipped import CATALOGUE

DECLARE, PAY = "group:declare", "group:pay"
MOST_TILES = 10
"""Of one page of services: four turns of three where words are large, on a panel that lies."""
INSIDE = [one.service.id for one in CATALOGUE.behind("declare")]


@pytest.fixture
def visitor() -> Visitor:
    visitor = Visitor().world()
    visitor.touch(Action.BEGIN)
    return visitor


def home_of(visitor: Visitor) -> HomePage:
    visitor.touch(Action.BEGIN)
    return home(visitor)


def home(visitor: Visitor) -> HomePage:
    page = visitor.page
    assert isinstance(page, HomePage)
    return page


def services(visitor: Visitor, *way: str) -> ServicesPage:
    for group in way or (DECLARE, PAY):
        visitor.touch(Action.OPEN, group)
    page = visitor.page
    assert isinstance(page, ServicesPage)
    return page


def tiles_of(page: Page) -> tuple[Choice, ...]:
    assert isinstance(page, HomePage | ServicesPage)
    return page.services if isinstance(page, ServicesPage) else (*page.large, *page.tiles)


def test_a_group_stands_for_several_and_a_single_service_for_itself(visitor: Visitor) -> None:
    shown = [tile.id for tile in (*home(visitor).large, *home(visitor).tiles)]
    of = {group.id: CATALOGUE.behind(group.id) for group in CATALOGUE.groups}
    alone = {inside[0].service.id for inside in of.values() if len(inside) == 1}
    assert set(shown) == {f"group:{group}" for group, inside in of.items() if len(inside) > 1} | alone
    assert DECLARE in shown and "group:collect" in shown


def test_the_first_page_shows_the_first_of_what_the_home_page_leads_to() -> None:
    page = Visitor().world().page
    assert isinstance(page, AttractPage)
    leads = home_of(Visitor().world())
    ids = [tile.id for tile in (*leads.large, *leads.tiles)]
    assert len(page.marks) == 4 and [mark.id for mark in page.marks] == ids[:4]


def test_every_service_of_the_catalogue_is_reached(visitor: Visitor) -> None:
    def reached(page: Page) -> list[str]:
        found = []
        for tile in tiles_of(page):
            if tile.id.startswith("group:"):
                found += reached(visitor.touch(Action.OPEN, tile.id))
                assert visitor.touch(Action.BACK) == page
            else:
                found.append(tile.id)
        return found

    assert sorted(reached(home(visitor))) == sorted(CATALOGUE), "each of them, and once"


def test_nobody_turns_many_pages_to_find_one() -> None:
    inner = [one for group in CATALOGUE.groups for one in CATALOGUE.within(group.id)]
    for group in (*CATALOGUE.groups, *inner):
        tiles = len(CATALOGUE.of_group(group.id)) + len(CATALOGUE.within(group.id))
        assert tiles <= MOST_TILES, group.id


def test_a_group_shows_its_services_in_their_order_and_opens_them(visitor: Visitor) -> None:
    inside = [published.service.id for published in CATALOGUE.of_group("pay")]
    assert [tile.id for tile in services(visitor).services] == inside
    assert visitor.touch(Action.OPEN, "pay.due").kind == "identify"


def test_back_leads_from_the_service_to_its_group_and_on_to_the_home_page(visitor: Visitor) -> None:
    services(visitor)
    visitor.touch(Action.OPEN, "pay.due")
    assert [visitor.touch(Action.BACK).title for _ in range(2)] == ["缴税缴费", "申报缴税"]
    assert visitor.touch(Action.BACK).kind == "home"
    assert visitor.touch(Action.BACK).kind == "attract"


def test_groups_and_services_of_a_page_stand_in_one_order(visitor: Visitor) -> None:
    shown = [tile.id for tile in services(visitor, "group:collect").services]
    assert shown[:3] == ["invoice.collect", "group:handing-in", "invoice.pick-up"]


def test_who_leaves_a_group_finds_the_home_page_of_the_next_visit(visitor: Visitor) -> None:
    services(visitor)
    visitor.touch(Action.LEAVE)
    assert visitor.page.kind == "attract"
    assert visitor.touch(Action.BEGIN).kind == "home"


def test_a_touch_meant_for_the_home_page_does_nothing_in_the_group(visitor: Visitor) -> None:
    before = visitor.state.serial
    services(visitor)
    late = Intent(Action.OPEN, "invoice.collect", serial=before)
    assert visitor.engine.step(visitor.state, late) == (visitor.state, ())


@pytest.mark.parametrize("group", ["group:nothing", "group:", "group"])
def test_a_group_that_is_not_there_is_not_opened(visitor: Visitor, group: str) -> None:
    assert visitor.touch(Action.OPEN, group).kind == "home"


def test_a_group_is_closed_only_when_each_of_its_services_is(visitor: Visitor) -> None:
    known = availability.world(CATALOGUE, True, DEVICES, UNITS).services
    shut = ServiceState(False, "network")
    one, both = ({**known, **dict.fromkeys(closed, shut)} for closed in (INSIDE[:1], INSIDE))
    for closed, enabled in ((one, True), (both, False)):
        visitor.state, _ = visitor.engine.step(visitor.state, WorldChanged(World(services=closed)))
        tile = next(tile for tile in home(visitor).large if tile.id == DECLARE)
        assert (tile.enabled, bool(tile.reason)) == (enabled, not enabled)


def test_a_group_over_the_whole_width_stands_below_the_tiles() -> None:
    wide = Group.model_validate({**CATALOGUE.groups[0].model_dump(), "id": "pay", "place": "wide"})
    engine = Engine(Catalogue(CATALOGUE, [wide]), surroundings())
    visitor = Visitor(engine).world()
    visitor.touch(Action.BEGIN)
    assert visitor.state.phase is Phase.HOME
    assert home(visitor).wide is not None
    assert home(visitor).large == home(visitor).tiles == ()
