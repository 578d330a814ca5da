"""The interface's own description, deepened: each question with its parameters, each effect with its data.

What the description says of a question is that its parameters are an object, and of an effect that it is sealed
bytes; random ones would never come past the door. Here every question has its own path, and effects are described by
their plain text, which ``Sender`` records, seals and signs as a terminal does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import requests
from pydantic import BaseModel

from bureau.api.container import Container
from bureau.city.cast import HEMU, QINGHE
from bureau.engine.services import effects_of, queries_of
from kiosk.domain.ids import uuid7
from sync import http_signatures
from sync.errors import RecordError
from sync.models import EffectKind
from sync.records import Entry, Phase
from tests.bureau.terminals import Terminal, subject
from tests.shipped import CATALOGUE

PEOPLE = [
    subject("li-xiulan"),
    subject("shen-zhizhou", QINGHE, "F"),
    subject("he-mulan", HEMU, "L"),
    subject("shen-zhizhou", HEMU, "T"),
]


class Sender(requests.auth.AuthBase):
    """Signs like the terminal; the plain text of an effect is recorded and sealed first."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        given = _plain(request) if request.path_url == "/v1/effects" else None
        sealed = self._sealed(given) if isinstance(given, dict) else None
        if sealed is not None:
            request.headers["Content-Type"] = "application/cbor"
            request.prepare_body(sealed, None)
        http_signatures.sign(request, self._terminal.keys.signing, self._terminal.name)
        return request

    def _sealed(self, given: dict[str, Any]) -> bytes | None:
        """The record of an effect, in order but for what ``given`` has otherwise; None when no record can hold it."""
        key, kind = uuid7(), given.get("kind")
        rest = {
            "key": key,
            "service_hash": "0" * 64,
            "accepted_at": self._terminal.clock.now().isoformat(),
            "offline": False,
            "lang": "zh-CN",
        }
        entry = Entry(
            transaction="t-1", visit="v-1", step="submit", kind=kind if kind and isinstance(kind, str) else "note",
            phase=Phase.INTENT, key=key, service_hash="0" * 64, body=rest | given,
        )  # fmt: skip
        try:
            return self._terminal.record(entry).envelope
        except RecordError:
            return None


def _plain(request: requests.PreparedRequest) -> object:
    """The plain text of an effect; None for a body that is none."""
    try:
        return json.loads(request.body or b"")
    except ValueError:
        return None


def deepened(described: dict[str, Any], container: Container) -> dict[str, Any]:
    """A copy of the description with every question and effect in it."""
    document: dict[str, Any] = json.loads(json.dumps(described))
    asked = document["paths"].pop("/v1/queries/{name}")["post"]
    asked["parameters"] = [one for one in asked.get("parameters", []) if one["in"] != "path"]
    subjects = {"anyOf": [{"enum": PEOPLE}, {"$ref": "#/components/schemas/Subject"}]}
    for name, query in container.queries.registry.items():
        services = [one for one in CATALOGUE if name in queries_of(CATALOGUE[one].service)]
        body = _object(
            service={"enum": services or list(CATALOGUE)},
            service_hash={"const": "0" * 64},
            subject=subjects,
            params=_named(document, query.params),
        )
        document["paths"][f"/v1/queries/{name}"] = {"post": asked | {"operationId": name} | _json(body)}
    effects = [_effect(document, kind, container.submission.models(kind), subjects) for kind in EffectKind]
    described_effect = document["paths"]["/v1/effects"]["post"]
    document["paths"]["/v1/effects"]["post"] = described_effect | _json({"anyOf": effects})
    return document


def _effect(
    document: dict[str, Any], kind: EffectKind, data: tuple[type[BaseModel], ...], subjects: dict[str, Any]
) -> dict[str, Any]:
    services = [one for one in CATALOGUE if kind.value in effects_of(CATALOGUE[one].service)]
    return _object(
        kind={"const": kind.value},
        service={"enum": services or ["staff"]},
        subject=subjects,
        data={"anyOf": [_named(document, model) for model in data]},
    )


def _named(document: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """A reference to the model, which is entered with all it is made of."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    for name, part in schema.pop("$defs", {}).items():
        schemas.setdefault(name, part)
    given = f"{model.__name__}-given"
    schemas[given] = schema
    return {"$ref": f"#/components/schemas/{given}"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def operations(document: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Path and method of everything described."""
    return [(path, method) for path, found in document["paths"].items() for method in found]
