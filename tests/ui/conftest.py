"""One window for all tests of a module, driven by a scripted core and a clock that moves when told to."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["KIOSK_REDUCED_MOTION"] = "1"

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.cabinet import Cabinet


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture(scope="module")
def portrait(qapp: QGuiApplication) -> Iterator[Cabinet]:
    cabinet = Cabinet("portrait")
    yield cabinet
    cabinet.close()


@pytest.fixture(scope="module")
def landscape(qapp: QGuiApplication) -> Iterator[Cabinet]:
    cabinet = Cabinet("landscape")
    yield cabinet
    cabinet.close()


@pytest.fixture
def cabinet(portrait: Cabinet) -> Cabinet:
    portrait.rest()
    return portrait


@pytest.fixture
def lying(landscape: Cabinet) -> Cabinet:
    landscape.rest()
    return landscape
