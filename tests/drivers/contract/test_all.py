"""No driver is without a subject, and none has two."""

import pkgutil
from importlib import import_module

import tests.drivers.contract as package
from drivers.devices import registry
from tests.drivers.contract.suite import Contract


def test_every_registered_driver_is_in_this_suite() -> None:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    ours = sorted(kind.name for family in Contract.__subclasses__() for kind in family.subjects)
    assert ours == sorted(name for name in registry.names() if not _of_tests(name))


def _of_tests(name: str) -> bool:
    """Whether another test has registered it in this process."""
    factory = registry._factories.get(name)
    return factory is not None and factory.__module__.startswith("tests.")
