"""A cabinet at the wire."""

import pytest

from tests.drivers.running import running


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "IdCardReader", "BarcodeReader") as cab:
        yield cab
