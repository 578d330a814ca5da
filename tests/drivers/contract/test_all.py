"""No driver is without a subject, none has two, and docs/fault-matrix.md knows them all."""

from drivers.devices import registry
from tests.drivers.contract.faults import FAULTS
from tests.drivers.contract.matrix import KEPT, outcomes
from tests.drivers.contract.suite import subjects


def test_every_registered_driver_is_in_this_suite() -> None:
    ours = [kind.name for kind in subjects()]
    assert ours == sorted(name for name in registry.names() if not _of_tests(name))


def test_the_kept_matrix_has_no_empty_cell() -> None:
    kept = outcomes(KEPT.read_text())
    assert list(kept) == [kind.name for kind in subjects()], "make matrix"
    for device, told in kept.items():
        assert list(told) == list(FAULTS.values()), f"{device}: make matrix"
        assert all(told.values()), f"{device}: {[fault for fault in told if not told[fault]]}"


def _of_tests(name: str) -> bool:
    """Whether another test has registered it in this process."""
    factory = registry._factories.get(name)
    return factory is not None and factory.__module__.startswith("tests.")
