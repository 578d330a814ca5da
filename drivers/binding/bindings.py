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
        tables: Any = tomllib.loads(path.read_text("utf-8")).get("bindings", [])
        found = [_Table.model_validate(table).binding() for table in tables]
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DriverConfigError(f"{path}: {place}: {first['msg']}; run `kiosk devices bind` again") from None
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DriverConfigError(f"{path} cannot be used ({error}); run `kiosk devices bind` again") from None
    roles = [binding.role for binding in found]
    if twice := {role for role in roles if roles.count(role) > 1}:
        raise DriverConfigError(f"{path}: {sorted(twice)[0]} is bound twice; keep one of the two")
    return {binding.role: binding for binding in found}


def write(path: Path, bindings: Iterable[Binding]) -> None:
    """All bindings, whole or not at all: a power cut leaves the file before or the file after."""
    text = _HEAD + "".join(_table(binding) for binding in sorted(bindings, key=lambda b: b.role))
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
    # A JSON string is a TOML string as well.
    lines = [
        f"{key} = {json.dumps(str(value), ensure_ascii=False)}" for key, value in values.items() if value
    ]
    return "\n[[bindings]]\n" + "\n".join(lines) + "\n"
