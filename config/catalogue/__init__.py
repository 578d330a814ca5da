"""The service catalogue: one validated YAML file a service, named by the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from config.catalogue import problems
from config.catalogue.checks import mistakes
from config.catalogue.models import Service
from config.errors import ConfigError, Problem

BUILT_IN = Path(__file__).parent.parent / "services"
"""The services that ship with the software."""


@dataclass(frozen=True, slots=True)
class Published:
    """One service with the hash (SHA-256, hex) of the exact file it was read from."""

    service: Service
    hash: str


class Catalogue(Mapping[str, Published]):
    """All services by id."""

    def __init__(self, services: Mapping[str, Published]) -> None:
        """Hold ``services`` by id."""
        self._services = dict(services)

    def __getitem__(self, service_id: str) -> Published:
        """The service, or ``KeyError``."""
        return self._services[service_id]

    def __iter__(self) -> Iterator[str]:
        """Service ids in the order of the home screen."""
        return iter(sorted(self._services, key=lambda i: (self._services[i].service.order, i)))

    def __len__(self) -> int:
        """How many services there are."""
        return len(self._services)

    def by_hash(self, digest: str) -> Published | None:
        """The service published under that hash, if this catalogue holds it."""
        return next((p for p in self._services.values() if p.hash == digest), None)


def load_catalogue(folder: Path = BUILT_IN) -> Catalogue:
    """Read and validate every ``*.yaml`` of ``folder``; raise ``ConfigError`` naming file, key and fix."""
    if not folder.is_dir():
        raise ConfigError.single(folder, "", "there is no such folder", "name the one with the service files")
    services: dict[str, Published] = {}
    found: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            published = read_service(path.read_bytes(), path)
        except ConfigError as error:
            found += error.problems
        else:
            services[published.service.id] = published
    if found:
        raise ConfigError(found)
    return Catalogue(services)


def read_service(raw: bytes, origin: Path) -> Published:
    """Validate one service file; the file must be named after the service's id.

    Raise ``ConfigError`` with every mistake.
    """
    try:
        data = yaml.load(raw, problems.UniqueKeys)
    except problems.UNREADABLE as error:
        raise ConfigError([problems.of_yaml(str(origin), error)]) from error
    try:
        service = Service.model_validate(data)
    except ValidationError as error:
        told = {p.key: p for p in reversed([problems.of_model(str(origin), e) for e in error.errors()])}
        raise ConfigError(reversed(told.values())) from error  # of several forms tried, the first says most
    found = [Problem(str(origin), m.key, m.problem, m.fix) for m in mistakes(service)]
    if origin.stem != service.id:
        fix = f"name the file {service.id}.yaml"
        found.append(Problem(str(origin), "id", f"{service.id!r} is not the name of the file", fix))
    if found:
        raise ConfigError(found)
    return Published(service, hashlib.sha256(raw).hexdigest())
