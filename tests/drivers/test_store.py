"""devices.db keeps what was committed, has one writer, and knows its own age."""

import asyncio

import pysqlite3
import pytest
from sqlalchemy import insert, select

from config.clock import SystemClock
from drivers import crashpoints
from drivers.books import counting
from drivers.books.stock import EXCHANGE
from drivers.errors import StoreError
from drivers.store import Store
from drivers.store_tables import VERSION, counters


async def opened(path):
    store = Store(path, SystemClock())
    await store.open()
    return store


def _put(value):
    return lambda c: c.execute(insert(counters), [{"service": "s", "name": "n", "value": value}]) and None


def _get(connection):
    return connection.execute(select(counters.c.value)).scalars().all()


async def test_what_was_written_is_there_after_a_restart(tmp_path):
    store = await opened(tmp_path / "devices.db")
    await store.write(EXCHANGE, _put(7))
    await store.close()
    store = await opened(tmp_path / "devices.db")
    assert await store.read(_get) == [7]
    await store.close()


async def test_it_is_flushed_and_journalled_as_promised(tmp_path):
    store = await opened(tmp_path / "devices.db")
    pragma = {
        name: await store.read(lambda c, name=name: c.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("journal_mode", "synchronous", "foreign_keys", "user_version")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "user_version": VERSION}
    assert pysqlite3.sqlite_version_info >= (3, 51, 3)
    await store.close()


async def test_a_book_begun_anew_is_another(tmp_path):
    path = tmp_path / "devices.db"
    store = await opened(path)
    first = store.identity
    await store.close()
    store = await opened(path)
    assert first and store.identity == first, "the same after a restart"
    await store.close()
    path.unlink()
    store = await opened(path)
    assert store.identity not in ("", first)
    await store.close()


async def test_a_book_of_an_older_layout_gets_its_identity_once(tmp_path):
    path = tmp_path / "devices.db"
    store = await opened(path)
    await store.write(EXCHANGE, _put(7))
    await store.close()
    connection = pysqlite3.connect(path)
    connection.execute("DROP TABLE identity")
    connection.execute("PRAGMA user_version=3")
    connection.commit()
    connection.close()
    store = await opened(path)
    made = store.identity
    assert await store.read(_get) == [7], "what stood in it stands there"
    await store.close()
    store = await opened(path)
    assert made and store.identity == made
    await store.close()


async def test_work_that_fails_leaves_nothing_behind(tmp_path):
    store = await opened(tmp_path / "devices.db")

    def half(connection):
        _put(1)(connection)
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        await store.write(EXCHANGE, half)
    assert await store.read(_get) == []
    await store.close()


async def test_there_is_one_writer(tmp_path):
    store = await opened(tmp_path / "devices.db")
    with pytest.raises(StoreError, match="in use"):
        await opened(tmp_path / "devices.db")
    await store.close()
    await (await opened(tmp_path / "devices.db")).close()


async def test_a_book_of_a_newer_program_is_not_touched(tmp_path):
    connection = pysqlite3.connect(tmp_path / "devices.db")
    connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        await opened(tmp_path / "devices.db")


async def test_what_is_no_database_is_told_in_words(tmp_path):
    (tmp_path / "devices.db").write_bytes(b"not a database at all, but long enough to look like one" * 20)
    with pytest.raises(StoreError, match="cannot be opened"):
        await opened(tmp_path / "devices.db")


async def test_a_commit_must_have_a_known_name(tmp_path):
    store = await opened(tmp_path / "devices.db")
    with pytest.raises(ValueError, match="crash point"):
        await store.write("nobody.knows", _put(1))
    await store.close()


async def test_a_write_under_way_is_carried_through_when_its_caller_is_cancelled(tmp_path):
    store = await opened(tmp_path / "devices.db")
    writing = asyncio.create_task(store.write(EXCHANGE, _put(3)))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await store.read(_get) == [3]
    await store.close()


async def test_counters_add_up(tmp_path):
    store = await opened(tmp_path / "devices.db")

    def work(connection):
        counting.add(connection, "dispenser", "reject", 2)
        counting.add(connection, "dispenser", "reject", 3)
        counting.put(connection, "dispenser", "retract", 4)
        counting.put(connection, "dispenser", "retract", 0)
        return counting.values(connection, "dispenser")

    assert await store.write(EXCHANGE, work) == {"reject": 5, "retract": 0}
    await store.close()


def test_a_crash_point_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        crashpoints.register(EXCHANGE, "again")
