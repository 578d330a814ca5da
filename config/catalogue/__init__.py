"""The service catalogue: one validated YAML file a service, named by the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
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
        """Hold ``services`` by id; a group that leads to none is not held."""
        self._services = dict(services)
        leading = {published.service.group for published in self._services.values()}
        known = {group.id: group for group in groups}
        leading |= {known[id_].within for id_ in leading if id_ in known}
        held = (group for group in known.values() if group.id in leading)
        self._groups = {group.id: group for group in sorted(held, key=lambda g: (g.order, g.id))}
        self.groups = self.within("")

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
        """The services of a group in their order, without those of groups within; none for one that is not known."""
        return tuple(self[i] for i in self if group_id and self[i].service.group == group_id)

    def within(self, group_id: str) -> tuple[Group, ...]:
        """The groups within a group in their order; of none (``""``) those of the home screen."""
        return tuple(group for group in self._groups.values() if group.within == group_id)

    def behind(self, group_id: str) -> tuple[Published, ...]:
        """The services of a group and of those within, in the order in which they are come by."""
        own = [(published.service.order, (published,)) for published in self.of_group(group_id)]
        inner = [(group.order, self.behind(group.id)) for group in self.within(group_id) if group_id]
        return tuple(one for _, some in sorted(own + inner, key=lambda pair: pair[0]) for one in some)

    def way_to(self, service_id: str) -> tuple[str, ...]:
        """The groups that lead to a service, from the home screen on."""
        group = self._groups.get(self[service_id].service.group)
        return () if group is None else tuple(filter(None, (group.within, group.id)))

    def group(self, group_id: str) -> Group | None:
        """The group of that id, where it leads to a service."""
        return self._groups.get(group_id)

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
    found += _nested(groups, tiles)
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


@cache
def shipped() -> Catalogue:
    """The services of this release, read once a program; raises ``ConfigError`` as ``load_catalogue`` does."""
    return load_catalogue()


def _nested(folder: Path, groups: Mapping[str, Group]) -> list[Problem]:
    """Groups within one that is not there, or that is itself within another: two touches lead to a page of services."""
    found = []
    for group in groups.values():
        outer = groups.get(group.within)
        if group.within and (outer is None or outer.within):
            at_home = {one.id for one in groups.values() if not one.within}
            fix = did_you_mean(group.within, at_home)
            problem = f"{group.within!r} is no tile of the home screen"
            found.append(Problem(str(folder / f"{group.id}.yaml"), "within", problem, fix))
    return found


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
