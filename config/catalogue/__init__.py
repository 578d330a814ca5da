"""The service catalogue: one validated YAML file a service, named by the hash of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

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
    services: dict[str, Published] = {}
    for path in sorted(folder.glob("*.yaml")):
        published = read_service(path.read_bytes(), path)
        services[published.service.id] = published
    return Catalogue(services)


def read_service(raw: bytes, origin: Path) -> Published:
    """Validate one service file; the file must be named after the service's id."""
    try:
        data = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        raise ConfigError([Problem(str(origin), "", str(error), "mend the YAML at that line")]) from error
    try:
        service = Service.model_validate(data)
    except ValidationError as error:
        raise ConfigError(
            [
                Problem(str(origin), ".".join(map(str, e["loc"])), e["msg"], "see config/catalogue/models.py")
                for e in error.errors()
            ]
        ) from error
    if origin.stem != service.id:
        fix = f"name the file {service.id}.yaml"
        raise ConfigError([Problem(str(origin), "id", f"does not match {service.id!r}", fix)])
    return Published(service, hashlib.sha256(raw).hexdigest())
