"""What holds for every test: how properties are judged, where files lie, in which order they are taken, what is kept."""

from __future__ import annotations

import faulthandler
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from kiosk import cities
from tests import memory, warm
from tests.depth import WHOLE, examples

settings.register_profile(
    "steady", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(100)
)
settings.load_profile("steady")
warm.share_translations()
warm.let_nothing_go_while_collecting()


ERRORS = pytest.StashKey[int]()
"""The error stream as it was before a test's words were caught."""
CITIES = pytest.StashKey[str]()
"""The folder of the cities that the run's stacks begin with."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Files of tests lie in memory, unless somebody says where."""
    config.stash[ERRORS] = os.dup(2)
    root = memory.root()
    if root is not None and config.option.basetemp is None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(root))
    if cities.FOLDER not in os.environ:  # the first process of them all
        config.stash[CITIES] = tempfile.mkdtemp(prefix="cities-", dir=root)
        os.environ[cities.FOLDER] = config.stash[CITIES]


def pytest_unconfigure(config: pytest.Config) -> None:
    """What was kept for all workers goes with the run."""
    if CITIES in config.stash:
        del os.environ[cities.FOLDER]
        shutil.rmtree(config.stash[CITIES], ignore_errors=True)


LONG_S = 200
"""A file that gives a test of it so many seconds is what everybody would wait for in the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A worker takes a file whole, and the others go on beside it.

    The longest begin first. The others come shuffled, alike in every run: a folder whose tests wait for
    devices would else leave the processors idle, and one whose tests compute would crowd them.
    """
    if not WHOLE:
        left = [item for item in items if item.get_closest_marker("whole") is not None]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    long: dict[Path, float] = {}
    for item in items:
        limit = item.get_closest_marker("timeout")
        if limit is not None and limit.args[0] >= LONG_S:
            long[item.path] = max(limit.args[0], long.get(item.path, 0.0))
    items.sort(key=lambda item: (-long.get(item.path, 0.0), crc32(item.path.name.encode()), item.path))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    if not session.config.option.collectonly:
        warm.keep_what_was_collected()


AFTER_ITS_LIMIT_S = 45
"""What a test has to come to its end in, once pytest-timeout has told it to."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A worker takes hundreds of files one after the other."""
    _stand_back(item)
    _end_the_worker_after(item)
    done: None = yield
    faulthandler.cancel_dump_traceback_later()
    if nextitem is not None and nextitem.path != item.path:
        warm.keep_what_is_left()
    return done


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    _end_the_worker_after(
        item
    )  # pytest lets go of it when a test fails, and what is left to do may hang as well


STANDS_BACK = 3
_stood_back = False


def _stand_back(item: pytest.Item) -> None:
    """Walks take longest and are one after the other: whoever has none leaves them the processor, for all would wait."""
    global _stood_back
    if not _stood_back and os.environ.get("PYTEST_XDIST_WORKER") and item.get_closest_marker("slow") is None:
        _stood_back = True
        os.nice(STANDS_BACK)


def _end_the_worker_after(item: pytest.Item) -> None:
    """A test that cannot be told to end (it waits in C, or in another's loop) takes its worker with it.

    The run then names that test and goes on with the others, in place of waiting for it for ever.
    """
    marker = item.get_closest_marker("timeout")
    limit = float(marker.args[0] if marker is not None else item.config.getini("timeout"))
    faulthandler.dump_traceback_later(limit + AFTER_ITS_LIMIT_S, exit=True, file=item.config.stash[ERRORS])


@pytest.fixture(autouse=True)
def logs_end_with_their_program() -> Iterator[None]:
    """A command run inside this process sets up its log as it would in its own, over a stream that goes with it.

    Whatever is logged afterwards would be told as an error of logging, in the words another test reads.
    """
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if type(handler) is logging.StreamHandler and handler not in before:
            root.removeHandler(handler)
    root.setLevel(level)
