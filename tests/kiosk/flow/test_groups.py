"""The home page leads to groups of services; a group of one leads to its service at once."""

from __future__ import annotations

from collections import Counter

import pytest

from config.catalogue import Catalogue
from config.catalogue.models import Group
from kiosk import availability
from kiosk.flow.engine import Engine
from kiosk.flow.events import Action, Intent
from kiosk.flow.pages import AttractPage, HomePage, ServicesPage
from kiosk.flow.state import Phase, ServiceState, World, WorldChanged
from tests.kiosk.flow.visitor import DEVICES, UNITS, Visitor, surroundings
from tests.shipped import CATALOGUE

DECLARE = "group:declare"
INSIDE = [one.service.id for one in CATALOGUE.of_group("declare")]


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


def services(visitor: Visitor) -> ServicesPage:
    page = visitor.touch(Action.OPEN, DECLARE)
    assert isinstance(page, ServicesPage)
    return page


def test_a_group_stands_for_several_and_a_single_service_for_itself(visitor: Visitor) -> None:
    shown = [tile.id for tile in (*home(visitor).large, *home(visitor).tiles)]
    of = Counter(published.service.group for published in CATALOGUE.values())
    alone = {name for name, published in CATALOGUE.items() if of[published.service.group] == 1}
    assert set(shown) == {f"group:{group}" for group, count in of.items() if count > 1} | alone
    assert DECLARE in shown and "group:collect" in shown


def test_the_first_page_shows_the_first_of_what_the_home_page_leads_to() -> None:
    page = Visitor().world().page
    assert isinstance(page, AttractPage)
    leads = home_of(Visitor().world())
    ids = [tile.id for tile in (*leads.large, *leads.tiles)]
    assert len(page.marks) == 4 and [mark.id for mark in page.marks] == ids[:4]


def test_every_service_of_the_catalogue_is_reached(visitor: Visitor) -> None:
    tiles = [*home(visitor).large, *home(visitor).tiles]
    reached = {tile.id for tile in tiles if not tile.id.startswith("group:")}
    for tile in tiles:
        if tile.id.startswith("group:"):
            page = visitor.touch(Action.OPEN, tile.id)
            assert isinstance(page, ServicesPage)
            reached |= {service.id for service in page.services}
            visitor.touch(Action.BACK)
    assert reached == set(CATALOGUE)


def test_a_group_shows_its_services_in_their_order_and_opens_them(visitor: Visitor) -> None:
    assert [tile.id for tile in services(visitor).services] == INSIDE
    assert visitor.touch(Action.OPEN, "pay.due").kind == "identify"


def test_back_leads_from_the_service_to_its_group_and_on_to_the_home_page(visitor: Visitor) -> None:
    services(visitor)
    visitor.touch(Action.OPEN, "pay.due")
    assert visitor.touch(Action.BACK).kind == "services"
    assert visitor.touch(Action.BACK).kind == "home"
    assert visitor.touch(Action.BACK).kind == "attract"


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
    wide = Group.model_validate({**CATALOGUE.groups[0].model_dump(), "id": "declare", "place": "wide"})
    engine = Engine(Catalogue(CATALOGUE, [wide]), surroundings())
    visitor = Visitor(engine).world()
    visitor.touch(Action.BEGIN)
    assert visitor.state.phase is Phase.HOME
    assert home(visitor).wide is not None
    assert home(visitor).large == home(visitor).tiles == ()
