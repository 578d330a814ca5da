"""One module a parser; each has ``PARSES``, ``seeds`` and ``check``. A new parser needs one new module here.

``PARSES`` names the modules under test, ``seeds`` gives inputs that reach deep (made up, nobody's data), and
``check`` takes any bytes and raises for a broken promise: an exception that is not the parser's own, a result
that depends on where the stream was cut, memory without bound.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.kept import ROOT


@dataclass(frozen=True, slots=True)
class Target:
    """One parser to be fuzzed."""

    name: str
    parses: tuple[str, ...]
    seeds: Callable[[], Iterable[bytes]]
    check: Callable[[bytes], None]
    longest: int

    def files(self) -> list[str]:
        """The modules under test and the target itself, from the root of the repository."""
        return [_path(module) for module in (*self.parses, f"{__name__}.{self.name}")]


def _path(module: str) -> str:
    place = module.replace(".", "/")
    return place if (ROOT / place).is_dir() else f"{place}.py"


def names() -> list[str]:
    """All targets there are, by their module's name."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Target:
    """The target in the module ``name``."""
    module = importlib.import_module(f"{__name__}.{name}")
    longest = getattr(module, "LONGEST", 1024)
    return Target(name, tuple(module.PARSES), module.seeds, module.check, longest)
