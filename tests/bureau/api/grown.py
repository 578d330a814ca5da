"""What version 1 of the interface has promised, a line a promise (``v1.txt``), and how it may grow.

``python -m tests.bureau.api.grown`` (part of ``make pages``) writes down what is new, and refuses what breaks a promise:
a path, answer or field that is gone, a field of another type, a question that wants more than before, an answer that no
longer always tells what it told. Whoever needs such a change makes version 2 beside this one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[3]
PROMISED: Final = Path(__file__).with_name("v1.txt")
DESCRIPTION: Final = ROOT / "docs" / "openapi.json"
_MODEL: Final = "#/components/schemas/"

Schema = Mapping[str, Any]


def promises(described: Schema) -> dict[str, str]:
    """Each thing that a client may rely on, with how: paths, parameters, answers, and every field of every model."""
    found = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", ()):
                needed = "required" if parameter.get("required") else "optional"
                found[f"{name} ?{parameter['name']}"] = f"{_type(parameter['schema'])} {needed}"
            for media, body in operation.get("requestBody", {}).get("content", {}).items():
                found[f"{name} takes {media}"] = _type(body.get("schema", {}))
            for status, answer in operation["responses"].items():
                for media, body in answer.get("content", {}).items():
                    found[f"{name} {status} {media}"] = _type(body.get("schema", {}))
    for model, schema in described["components"]["schemas"].items():
        needed = set(schema.get("required", ()))
        for field, of in schema.get("properties", {}).items():
            found[f"{model}.{field}"] = f"{_type(of)} {'required' if field in needed else 'optional'}"
    return found


def broken(promised: Mapping[str, str], now: Mapping[str, str], asked: frozenset[str]) -> list[str]:
    """What was promised and does not hold any more; ``asked`` names the models that come from clients."""
    gone = [f"{name}: {how}, gone" for name, how in promised.items() if name not in now]
    other = [
        f"{name}: {how}, now {now[name]}"
        for name, how in promised.items()
        if name in now and now[name] != how and not _kinder(how, now[name], _of(name) in asked)
    ]
    known = {_of(name) for name in promised}
    wanted = [
        f"{name}: asked for from now on"
        for name, how in now.items()
        if name not in promised and how.endswith(" required") and _of(name) in known & _asking(asked, now)
    ]
    return gone + other + wanted


def _kinder(before: str, after: str, asked: bool) -> bool:
    """A client may leave out what it had to give; the centre always tells what it sometimes told."""
    weaker, stronger = before.rsplit(" ", 1), after.rsplit(" ", 1)
    if weaker[0] != stronger[0]:
        return False
    return (weaker[1], stronger[1]) == (("required", "optional") if asked else ("optional", "required"))


def _asking(asked: frozenset[str], now: Mapping[str, str]) -> set[str]:
    """What is asked with: the models that clients send, and each operation with its parameters."""
    return {*asked, *(_of(name) for name in now if "/" in name)}


def _of(name: str) -> str:
    """The model of a field, or the operation (method and path) of a parameter or an answer."""
    return " ".join(name.split(" ")[:2]) if "/" in name else name.partition(".")[0]


def asked_models(described: Schema) -> frozenset[str]:
    """The models that clients send: in bodies of requests, in questions and in effects."""
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    waiting = [
        *_referred([one.get("requestBody", {}) for one in operations]),
        *_referred([one["params"] for one in described["x-questions"].values()]),
        *_referred(described["x-effects"]),
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _referred(described["components"]["schemas"].get(name, {}))
    return frozenset(found)


def _referred(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(name := part.get("$ref"), str):
            yield name.removeprefix(_MODEL)
        for value in part.values():
            yield from _referred(value)
    elif isinstance(part, list):
        for value in part:
            yield from _referred(value)


def _type(schema: Schema) -> str:
    """A type in a word; what is one of several, with all of them."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_MODEL)
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return "|".join(sorted(map(_type, several)))
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"{{{_type(schema['additionalProperties'])}}}"
    return str(schema.get("type", "any"))


def read() -> dict[str, str]:
    """What was promised so far."""
    lines = PROMISED.read_text("utf-8").splitlines() if PROMISED.exists() else []
    return dict(line.split(": ", 1) for line in lines)


def main() -> int:
    """1, and nothing written, where a promise is broken."""
    described = json.loads(DESCRIPTION.read_text("utf-8"))
    now = promises(described)
    if wrong := broken(read(), now, asked_models(described)):
        print("version 1 of the interface has promised otherwise:", *wrong, sep="\n  ", file=sys.stderr)
        return 1
    PROMISED.write_text("".join(f"{name}: {how}\n" for name, how in sorted(now.items())), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
