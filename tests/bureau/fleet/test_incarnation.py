from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete

from bureau.fleet import incarnation
from bureau.store import tables
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal


def test_the_incarnation_stays_over_restarts(
    terminal: Terminal, centre: Centre, city_url: str, make_centre: Callable[..., Centre]
) -> None:
    answer = terminal.do("feedback.rate", {"item": "a", "level": 5})
    incarnation.note(centre.database, centre.state_dir)
    again = make_centre(city_url)
    assert again.container.incarnation == centre.container.incarnation == answer.incarnation


def test_a_store_put_back_from_a_backup_begins_a_new_one(
    terminal: Terminal, centre: Centre, city_url: str, make_centre: Callable[..., Centre]
) -> None:
    terminal.do("feedback.rate", {"item": "a", "level": 5})
    incarnation.note(centre.database, centre.state_dir)
    with centre.database.write() as connection:
        connection.execute(delete(tables.effect))  # as an older copy of the store would be
    again = make_centre(city_url)
    assert again.container.incarnation != centre.container.incarnation


def test_another_machine_without_a_memory_takes_the_stores_word(
    centre: Centre, city_url: str, make_centre: Callable[..., Centre]
) -> None:
    assert make_centre(city_url, "other-machine").container.incarnation == centre.container.incarnation


def test_an_operator_can_renew_it_by_hand(
    centre: Centre, city_url: str, make_centre: Callable[..., Centre]
) -> None:
    with centre.database.write() as connection:
        renewed = incarnation.renew(connection)
    assert renewed != centre.container.incarnation
    assert make_centre(city_url).container.incarnation == renewed
