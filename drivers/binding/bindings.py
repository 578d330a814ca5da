"""``bindings.toml``: which identity plays which role. Written by ``kiosk devices bind``, read at every connection."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drivers.binding.identity import Identity, Kind
from drivers.errors import DriverConfigError

FILE: Final = "bindings.toml"
_HEAD: Final = "# Written by `kiosk devices bind`: which device plays which role. See docs/technician.md.\n"


@dataclass(frozen=True, slots=True)
class Binding:
    """A role and the hardware that plays it. ``answer`` is what the device said of itself when it was bound."""

    role: str
    identity: Identity
    answer: str = ""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,31}$")
    kind: Kind
    place: str = Field(min_length=1)
    vendor: str = Field("", pattern=r"^([0-9a-f]{4})?$")
    product: str = Field("", pattern=r"^([0-9a-f]{4})?$")
    serial: str = ""
    interface: str = ""
    answer: str = ""

    def binding(self) -> Binding:
        values = self.model_dump(exclude={"role", "answer"})
        return Binding(self.role, Identity(**values), self.answer)


def read(path: Path) -> Mapping[str, Binding]:
    """The bindings by role, none when there is no file; raise ``DriverConfigError`` with what is wrong in it."""
    try:
        return parse(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise DriverConfigError(f"{path} cannot be read ({error}); run `kiosk devices bind` again") from None
    except DriverConfigError as error:
        raise DriverConfigError(f"{path}: {error}") from None


def parse(text: str) -> Mapping[str, Binding]:
    """The bindings by role in a file's text; raise ``DriverConfigError``."""
    try:
        tables: Any = tomllib.loads(text).get("bindings", [])
        found = [_Table.model_validate(table).binding() for table in tables]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DriverConfigError(f"{place}: {first['msg']}; run `kiosk devices bind` again") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise DriverConfigError(f"it cannot be used ({error}); run `kiosk devices bind` again") from None
    roles = [binding.role for binding in found]
    if twice := {role for role in roles if roles.count(role) > 1}:
        raise DriverConfigError(f"{sorted(twice)[0]} is bound twice; keep one of the two")
    return {binding.role: binding for binding in found}


def dump(bindings: Iterable[Binding]) -> str:
    """The file's text."""
    return _HEAD + "".join(_table(binding) for binding in sorted(bindings, key=lambda b: b.role))


def write(path: Path, bindings: Iterable[Binding]) -> None:
    """All bindings, whole or not at all: a power cut leaves the file before or the file after."""
    text = dump(bindings)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _table(binding: Binding) -> str:
    values = {"role": binding.role, **asdict(binding.identity), "answer": binding.answer}
    lines = [f"{key} = {_quoted(str(value))}" for key, value in values.items() if value]
    return "\n[[bindings]]\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A JSON string, which is a TOML string as well, but for DEL and half a pair of surrogates."""
    whole = text.encode("utf-8", "replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
