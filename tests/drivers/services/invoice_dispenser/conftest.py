"""The invoice dispenser's service over a machine that a test spoils."""

import pytest

from tests.drivers.running import running
from tests.drivers.services.dispensing import load


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "InvoiceDispenser", take_s=0.4, alone_s=0.4) as cab:
        load(cab)
        yield cab


@pytest.fixture
def machine(cab):
    return cab.device("InvoiceDispenser").machine
