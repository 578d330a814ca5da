"""Reads YAML that people write and bundles bring: by libyaml, each key once, and never nested too deeply.

Some four hundred kilobytes are read at each start of a program; PyYAML's own scanner takes six times as long for them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
FOLDER: Final = Path(__file__).parent

UNREADABLE: Final = (yaml.YAMLError, ValueError, RecursionError)
"""What reading may end with: a day that no month has is a ``ValueError``, nesting without end a ``RecursionError``."""
DEEPEST: Final = 100
"""Maps and lists within each other; libyaml goes down the stack of C for each, where too many end the process."""


def read(raw: bytes | str) -> Any:
    """What the document says; None of an empty one. Raises one of ``UNREADABLE``."""
    _refuse_depths(raw)
    return yaml.load(raw, _UniqueKeys)


def shipped(model: type[M], name: str, wrong: Callable[[str, str], Exception]) -> M:
    """The file of that name beside this module, as its model; raises ``wrong(name, what to mend)``."""
    try:
        return model.model_validate(read((FOLDER / name).read_text("utf-8")))
    except (*UNREADABLE, ValidationError) as error:
        raise wrong(name, str(error)) from error


class _UniqueKeys(yaml.CSafeLoader):
    """YAML keeps the last of two equal keys without a word; here that is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A map, unless a key stands there twice."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":  # what is merged in may stand here again, to differ
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise _mistake(key_node, "a list or a map cannot be a key")
            if key in seen:
                raise _mistake(key_node, f"{key!r} stands there twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _mistake(at: yaml.Node, said: str) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, said, at.start_mark)


def _refuse_depths(raw: bytes | str) -> None:
    depth = 0
    for event in yaml.parse(raw, yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise RecursionError(f"more than {DEEPEST} maps and lists within each other")
