"""Reads YAML that people write and bundles bring: by libyaml, each key once, and never nested too deeply.

Seven hundred kilobytes are read at each start of a program. PyYAML's own scanner takes six times as long for them as
libyaml's, and its nodes three times as long as the values that are made of libyaml's events here. What values alone
do not say (a tag, what is merged, a mistake and its place) is left to its loader.
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
_MARKS: Final = {"tag:yaml.org,2002:merge", "tag:yaml.org,2002:value"}
"""Of words that say what to do with others."""
_NO_KEYS: Final = {dict, list}


def read(raw: bytes | str) -> Any:
    """What the document says; None of an empty one. Raises one of ``UNREADABLE``."""
    try:
        return _Plain(raw).document()
    except _NotPlain:
        _refuse_depths(raw)
        return yaml.load(raw, _UniqueKeys)


def shipped(model: type[M], name: str, wrong: Callable[[str, str], Exception]) -> M:
    """The file of that name beside this module, as its model; raises ``wrong(name, what to mend)``."""
    try:
        return model.model_validate(read((FOLDER / name).read_text("utf-8")))
    except (*UNREADABLE, ValidationError) as error:
        raise wrong(name, str(error)) from error


class _UniqueKeys(yaml.CSafeLoader):
    """PyYAML keeps the last of two equal keys, and falls over what is not as its tag says; here both are mistakes."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node; ``!!int ''`` and ``!!bool maybe`` have none."""
        try:
            return super().construct_object(node, deep)
        except (IndexError, KeyError, AttributeError) as error:
            raise _mistake(node, f"{node.value!r} is no {node.tag.rpartition(':')[2]}") from error

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


class _NotPlain(Exception):
    """Here is more than maps, lists and words that stand for themselves."""


class _Plain:
    """A document without tags, made of its events in one go."""

    def __init__(self, raw: bytes | str) -> None:
        loader: Any = _UniqueKeys(raw)
        self._event: Callable[[], Any] = loader.get_event
        self._resolve: Callable[..., str] = loader.resolve
        self._construct: Callable[[yaml.Node], Any] = loader.construct_object
        self._anchored: dict[str, Any] = {}
        self._known: dict[str, Any] = {}
        self._depth = 0

    def document(self) -> Any:
        """The only one there is, None of none; raises ``_NotPlain``, or what the file cannot be read for."""
        self._event()
        if isinstance(self._event(), yaml.StreamEndEvent):
            return None
        value = self._value(self._event())
        self._event()
        if not isinstance(self._event(), yaml.StreamEndEvent):
            raise _NotPlain
        return value

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self._of(event.anchor)
        if event.tag:
            raise _NotPlain
        if kind is yaml.ScalarEvent:
            value = self._word(event.value) if event.implicit[0] else event.value
        else:
            self._depth += 1
            if self._depth > DEEPEST:
                raise _too_deep()
            value = self._map() if kind is yaml.MappingStartEvent else self._list()
            self._depth -= 1
        if event.anchor:
            if event.anchor in self._anchored:
                raise _NotPlain
            self._anchored[event.anchor] = value
        return value

    def _of(self, anchor: str) -> Any:
        if anchor not in self._anchored:
            raise _NotPlain
        return self._anchored[anchor]

    def _map(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        while type(event := self._event()) is not yaml.MappingEndEvent:
            key = self._value(event)
            if type(key) in _NO_KEYS or key in found:
                raise _NotPlain
            found[key] = self._value(self._event())
        return found

    def _list(self) -> list[Any]:
        found = []
        while type(event := self._event()) is not yaml.SequenceEndEvent:
            found.append(self._value(event))
        return found

    def _word(self, text: str) -> Any:
        """A word without quotes: text, or the number, day, truth or nothing that it stands for."""
        if text[:1] not in _UniqueKeys.yaml_implicit_resolvers:
            return text
        if text not in self._known:
            self._known[text] = self._meant(text)
        return self._known[text]

    def _meant(self, text: str) -> Any:
        tag = self._resolve(yaml.ScalarNode, text, (True, False))
        if tag == "tag:yaml.org,2002:str":
            return text
        if tag in _MARKS:
            raise _NotPlain
        try:
            return self._construct(yaml.ScalarNode(tag, text))
        except (ValueError, yaml.YAMLError) as error:
            raise _NotPlain from error


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
            raise _too_deep()


def _too_deep() -> RecursionError:
    return RecursionError(f"more than {DEEPEST} maps and lists within each other")
