"""The walks of one file of tests; each file has a worker of its own, so that no one waits for all of them."""

from __future__ import annotations

import pytest

from tests.journeys.walked import Walked, Walks


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Walk once a file by name; the folder of the evidence."""
    return Walks(tmp_path_factory.mktemp("walks"))
