"""A chore is done by one of several processes; who dies with the turn gives it back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from bureau.engine.housekeeping import Chore
from bureau.store.database import Database
from bureau.store.turns import SPACE, Turns
from tests.bureau import stores


@pytest.fixture
def two(server: stores.Postgres) -> Iterator[tuple[Database, Database]]:
    """As two processes have the store open."""
    url = server.empty()
    with closing(Database(url, pool=2)) as one, closing(Database(url, pool=2)) as other:
        yield one, other


def test_one_has_the_turn_and_the_other_leaves_it(two: tuple[Database, Database]) -> None:
    one, other = (Turns(database) for database in two)
    with one.of("letters") as mine, other.of("letters") as theirs, other.of("lottery") as another:
        assert (mine, theirs, another) == (True, False, True)
    with other.of("letters") as theirs:
        assert theirs


def test_who_ends_in_the_middle_of_a_chore_gives_the_turn_back(two: tuple[Database, Database]) -> None:
    one, other = (Turns(database) for database in two)
    with pytest.raises(Exception, match="terminat|closed"), one.of("letters") as mine:
        assert mine
        with two[1].session() as connection:
            ended = connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space"
                ),
                {"space": SPACE},
            )
            assert list(ended.scalars()) == [True]
        with other.of("letters") as theirs:
            assert theirs
    with one.of("letters") as again:
        assert again


def test_a_chore_is_done_once_at_a_time_but_what_is_about_the_process_by_each(
    two: tuple[Database, Database],
) -> None:
    begun, over, done = threading.Event(), threading.Event(), []

    def slow() -> None:
        begun.set()
        over.wait(20)
        done.append("first")

    holder = threading.Thread(target=Chore("letters", 1.0, slow).do, args=(Turns(two[0]).of,))
    holder.start()
    assert begun.wait(20)
    Chore("letters", 1.0, lambda: done.append("second")).do(Turns(two[1]).of)
    Chore("letters", 1.0, lambda: done.append("own"), own=True).do(Turns(two[1]).of)
    over.set()
    holder.join(20)
    assert done == ["own", "first"]


def test_a_store_of_one_process_gives_it_every_turn(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite+pysqlite:///{tmp_path_factory.mktemp('turns') / 'one.db'}"
    with closing(Database(url)) as database:
        turns = Turns(database)
        with turns.of("letters") as mine, turns.of("letters") as again:
            assert mine and again
