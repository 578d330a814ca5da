"""What all tests of the device program share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.drivers import pcscd

# The assertions of the contract suite stand in modules that are no test files.
pytest.register_assert_rewrite("tests.drivers.contract")


@pytest.fixture(scope="session", autouse=True)
def pcscd_of_this_process() -> Iterator[None]:
    """The smart card service that a test has started ends with the session."""
    yield
    pcscd.end()
