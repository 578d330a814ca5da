"""The service catalogue: one validated YAML file a service, named by the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from config import yaml_files
from config.catalogue import problems
from config.catalogue.checks import mistakes
from config.catalogue.models import Group, Model, Service
from config.errors import ConfigError, Problem, did_you_mean

T = TypeVar("T")
M = TypeVar("M", bound=Model)

BUILT_IN = Path(__file__).parent.parent / "services"
"""The services that ship with the software."""
GROUPS = BUILT_IN.parent / "groups"
"""The tiles of the home screen that ship with the software."""


@dataclass(frozen=True, slots=True)
class Published:
    """One service with the hash (SHA-256, hex) of the exact file it was read from."""

    service: Service
    hash: str


class Catalogue(Mapping[str, Published]):
    """All services by id, and the groups in which the home screen offers them."""

    def __init__(self, services: Mapping[str, Published], groups: Iterable[Group] = ()) -> None:
        """Hold ``services`` by id; a group without a service is not held."""
        self._services = dict(services)
        inside = {published.service.group for published in self._services.values()}
        self.groups = tuple(sorted((g for g in groups if g.id in inside), key=lambda g: (g.order, g.id)))

    def __getitem__(self, service_id: str) -> Published:
        """The service, or ``KeyError``."""
        return self._services[service_id]

    def __iter__(self) -> Iterator[str]:
        """Service ids in the order of the home screen."""
        return iter(sorted(self._services, key=lambda i: (self._services[i].service.order, i)))

    def __len__(self) -> int:
        """How many services there are."""
        return len(self._services)

    def of_group(self, group_id: str) -> tuple[Published, ...]:
        """The services of a group in their order; none for a group that is not known."""
        return tuple(self[i] for i in self if group_id and self[i].service.group == group_id)

    def by_hash(self, digest: str) -> Published | None:
        """The service published under that hash, if this catalogue holds it."""
        return next((p for p in self._services.values() if p.hash == digest), None)


def load_catalogue(folder: Path = BUILT_IN, groups: Path = GROUPS) -> Catalogue:
    """Read and validate every ``*.yaml`` of both folders; raise ``ConfigError`` naming file, key and fix."""
    if not folder.is_dir():
        raise ConfigError.single(folder, "", "there is no such folder", "name the one with the service files")
    found: list[Problem] = []
    services = _read_all(folder, read_service, found)
    tiles = {tile.id: tile for tile in _read_all(groups, read_group, found)}
    for published in services:
        wanted = published.service.group
        if wanted and wanted not in tiles:
            origin = str(folder / f"{published.service.id}.yaml")
            found.append(
                Problem(origin, "group", f"no group is called {wanted!r}", did_you_mean(wanted, tiles))
            )
    if found:
        raise ConfigError(found)
    return Catalogue({published.service.id: published for published in services}, tiles.values())


def _read_all(folder: Path, read: Callable[[bytes, Path], T], found: list[Problem]) -> list[T]:
    read_ones = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            read_ones.append(read(path.read_bytes(), path))
        except ConfigError as error:
            found += error.problems
    return read_ones


def read_group(raw: bytes, origin: Path) -> Group:
    """Validate one group's file, which is named after its id; raise ``ConfigError`` with every mistake."""
    group = _read(Group, raw, origin)
    if origin.stem != group.id:
        raise ConfigError([_misnamed(origin, group.id)])
    return group


def read_service(raw: bytes, origin: Path) -> Published:
    """Validate one service file; the file must be named after the service's id.

    Raise ``ConfigError`` with every mistake.
    """
    service = _read(Service, raw, origin)
    found = [Problem(str(origin), m.key, m.problem, m.fix) for m in mistakes(service)]
    if origin.stem != service.id:
        found.append(_misnamed(origin, service.id))
    if found:
        raise ConfigError(found)
    return Published(service, hashlib.sha256(raw).hexdigest())


def _read(model: type[M], raw: bytes, origin: Path) -> M:
    try:
        data = yaml_files.read(raw)
    except yaml_files.UNREADABLE as error:
        raise ConfigError([problems.of_yaml(str(origin), error)]) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = {p.key: p for p in reversed([problems.of_model(str(origin), e) for e in error.errors()])}
        raise ConfigError(reversed(told.values())) from error  # of several forms tried, the first says most


def _misnamed(origin: Path, name: str) -> Problem:
    return Problem(str(origin), "id", f"{name!r} is not the name of the file", f"name the file {name}.yaml")
