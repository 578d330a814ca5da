"""A walk on which everybody agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.walk.story import Story, good_walk


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return good_walk(tmp_path)
