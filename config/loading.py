"""Reads settings from layers (defaults, a TOML file, the environment) and reports all mistakes at once.

Each mistake names where it stands: the file, or the environment variable that brought the value in.
"""

from __future__ import annotations

import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from config.errors import ConfigError, Problem, did_you_mean, nearest

Model = TypeVar("Model", bound=BaseModel)
Table = dict[str, Any]
Place = tuple[str, ...]
MISSPELT = 0.75
"""How like a setting an unknown variable must be to be taken for a misspelt one (difflib ratio)."""


class Layers:
    """The values gathered so far for ``model``, where each came from, and what was wrong on the way."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        self.values: Table = {}
        self.problems: list[Problem] = []
        self.file = "defaults"
        self._origins: dict[Place, tuple[str, str]] = {}

    def read_file(self, path: Path) -> None:
        """Lay the TOML file over what is there; relative paths in it start at its folder."""
        self.file = str(path)
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            self._add(path, "", "there is no such file", "create it, or give another path")
        except UnicodeDecodeError:
            self._add(path, "", "is not UTF-8 text", "save it as UTF-8")
        except OSError as error:
            fix = "let this program's user read it"
            self._add(path, "", f"cannot be read ({error.strerror})", fix)
        except tomllib.TOMLDecodeError as error:
            self._add(path, "", f"is not TOML: {error}", "mend that line")
        except (ValueError, RecursionError) as error:  # a number too long to be read, or brackets without end
            reason = str(error).split(";", maxsplit=1)[0]
            self._add(
                path, "", f"holds what cannot be read: {reason}", "look for a very long number or nesting"
            )
        else:
            self.values = _anchored(self.model, raw, path.absolute().parent)

    def read_environment(self, prefix: str, env: Mapping[str, str], others: frozenset[str]) -> None:
        """Lay variables ``PREFIX_A__B=…`` over the file as ``a.b``.

        Variables whose first part is in ``others`` belong to another program of the same prefix. A variable
        that is no key at all is an error only when it looks like a misspelt one: the software has more
        variables than settings.
        """
        for name in sorted(env):
            if not name.startswith(prefix) or name.endswith("CONFIG"):
                continue
            place = tuple(name[len(prefix) :].lower().split("__"))
            known = self.model.model_fields
            if place[0] in known:
                self._put(name, place, env[name])
            elif place[0] not in others and (len(place) > 1 or nearest(place[0], known, MISSPELT)):
                self._add("environment", name, "is not a setting", did_you_mean(place[0], known))

    def validate(self, context: Mapping[str, object]) -> BaseModel:
        """The settings; raises ``ConfigError`` with every problem of every layer."""
        try:
            settings = self.model.model_validate(self.values, context=dict(context))
        except ValidationError as error:
            self.problems += [self._translate(e) for e in error.errors()]
            raise ConfigError(self.problems) from None
        if self.problems:
            raise ConfigError(self.problems)
        return settings

    def _put(self, name: str, place: Place, text: str) -> None:
        info = _field_at(self.model, place)
        if info is not None and _is(info.annotation, (list, dict)) is not None:
            self._add("environment", name, "is a list or a table", "set it in the file instead")
            return
        if whole := _value_above(self.model, place):
            fix = f"set {name.rsplit('__', len(place) - len(whole))[0]} instead"
            self._add("environment", name, f"{_dotted(whole)} is one value and has no parts", fix)
            return
        table = self.values
        for part in place[:-1]:
            inner = table.setdefault(part, {})
            if not isinstance(inner, dict):
                self._add("environment", name, f"{part!r} is not a table", "mend it in the file first")
                return
            table = inner
        is_path = info is not None and _is(info.annotation, (Path,)) is not None
        table[place[-1]] = str(Path(text).expanduser().absolute()) if is_path and text else text
        self._origins[place] = ("environment", name)

    def _translate(self, error: ErrorDetails) -> Problem:
        place = tuple(str(part) for part in error["loc"])
        file, key = self._origins.get(place, (self.file, _dotted(place)))
        if error["type"] == "extra_forbidden":
            hint = did_you_mean(place[-1], _fields_of(self.model, place[:-1]))
            return Problem(file, key, "is not a setting", hint)
        context = error.get("ctx", {})
        info = _field_at(self.model, place)
        if error["type"] in ("model_type", "dict_type"):
            return Problem(file, key, "is not a table", f"write [{_dotted(place)}] and its keys in the file")
        fix = str(
            context.get("fix", f"give {info.description if info and info.description else 'another value'}")
        )
        if error["type"] == "missing":
            return Problem(file, key, "is missing", fix)
        given = error["input"]
        # An address may hold a password; what its field does not show in a repr is not shown here either.
        secret = isinstance(given, (dict, list)) or "@" in str(given) or (info is not None and not info.repr)
        shown = "" if secret else f" (it is {given!r})"
        return Problem(file, key, f"{error['msg'][0].lower()}{error['msg'][1:]}{shown}", fix)

    def _add(self, file: object, key: str, problem: str, fix: str) -> None:
        self.problems.append(Problem(str(file), key, problem, fix))


def load(
    model: type[Model],
    path: Path | None,
    prefix: str,
    env: Mapping[str, str],
    others: frozenset[str] = frozenset(),
) -> Model:
    """Merge defaults, ``path`` and ``env`` and validate; raise ``ConfigError`` with all mistakes.

    The validation context holds ``profile`` and ``env``, for defaults and rules that depend on them.
    """
    layers = Layers(model)
    if path is not None:
        layers.read_file(path)
    layers.read_environment(prefix, env, others)
    context = {"profile": layers.values.get("profile", "development"), "env": env}
    settings = layers.validate(context)
    assert isinstance(settings, model)
    return settings


def _dotted(place: Place) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if part.isdigit() else f".{part}" if text else part
    return text


def _arms(annotation: object) -> Iterator[Any]:
    """The types a field may hold, without ``None`` and ``Annotated``."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        for arm in typing.get_args(annotation):
            yield from _arms(arm)
    elif origin is typing.Annotated:
        yield from _arms(typing.get_args(annotation)[0])
    elif annotation is not type(None):
        yield annotation


def _is(annotation: object, kinds: tuple[type, ...]) -> Any:
    """The first arm that is one of ``kinds`` (or a generic of one), else None."""
    for arm in _arms(annotation):
        kind = typing.get_origin(arm) or arm
        if isinstance(kind, type) and issubclass(kind, kinds):
            return arm
    return None


def _inner_model(info: FieldInfo) -> type[BaseModel] | None:
    """The model a field holds, directly or as the items of a list."""
    found = _is(info.annotation, (BaseModel,))
    if found is None and (items := _is(info.annotation, (list,))) is not None:
        found = next((_is(a, (BaseModel,)) for a in typing.get_args(items)), None)
    return typing.cast("type[BaseModel] | None", found)


def _field_at(model: type[BaseModel], place: Place) -> FieldInfo | None:
    """The field at ``place``; list positions are skipped; what stands under a plain table is that table."""
    inner: type[BaseModel] | None = model
    info: FieldInfo | None = None
    for part in place:
        if part.isdigit():
            continue
        if inner is None:
            return info
        info = inner.model_fields.get(part)
        if info is None:
            return None
        inner = _inner_model(info)
    return info


def _value_above(model: type[BaseModel], place: Place) -> Place:
    """The part of ``place`` that is a plain value, so that nothing can stand below it; empty when none is."""
    for end in range(1, len(place)):
        info = _field_at(model, place[:end])
        if info is not None and _inner_model(info) is None and _is(info.annotation, (list, dict)) is None:
            return place[:end]
    return ()


def _fields_of(model: type[BaseModel], place: Place) -> list[str]:
    info = _field_at(model, place)
    inner = model if not place else _inner_model(info) if info is not None else None
    return list(inner.model_fields) if inner is not None else []


def _anchored(model: type[BaseModel], raw: Table, folder: Path) -> Table:
    """``raw`` with relative paths made absolute against ``folder``."""
    done: Table = {}
    for key, value in raw.items():
        info = model.model_fields.get(key)
        inner = _inner_model(info) if info is not None else None
        if info is None:
            pass
        elif inner is not None and isinstance(value, dict):
            value = _anchored(inner, value, folder)
        elif inner is not None and isinstance(value, list):
            value = [_anchored(inner, v, folder) if isinstance(v, dict) else v for v in value]
        elif isinstance(value, str) and value and _is(info.annotation, (Path,)) is not None:
            value = str(folder / Path(value).expanduser())
        done[key] = value
    return done
