"""What one officer puts forward and another decides: the steps that surveys, publications and official software share.

House practice: nothing that everybody sees at a terminal goes there by one officer's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bureau.errors import DecisionRefused
from bureau.texts import LANGUAGES
from config import yaml_files
from sync.models import Texts

ENGLISH: Final = 3
"""A text in another language than Chinese may have so many times its characters."""


class Draft(BaseModel):
    """Root of what an officer puts forward."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Standing(Protocol):
    """Something that is in one of several states."""

    @property
    def state(self) -> str:
        """Where it stands."""
        ...


class Locked(Protocol):
    """A list of such things, which nobody else changes once it is locked."""

    def lock(self) -> None:
        """Nobody else changes it until the transaction ends."""
        ...


M = TypeVar("M", bound=Draft)
S = TypeVar("S", bound=Standing)


def made(build: Callable[[], M]) -> M:
    """The draft that ``build`` makes; raises ``DecisionRefused`` with everything that has to be mended."""
    try:
        return build()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DecisionRefused("draft", f"it cannot be taken: {wrong}") from error


def of_yaml(model: type[M], raw: str) -> M:
    """The draft in a file's text; raises ``DecisionRefused``."""
    try:
        read = yaml_files.read(raw)
    except yaml_files.UNREADABLE as error:
        raise DecisionRefused("unreadable", f"it cannot be read: {error}") from error
    return made(lambda: model.model_validate(read))


def held(among: Locked, find: Callable[[], S], name: str, state: str) -> S:
    """What ``find`` finds, locked, if it is in just this state; raises ``DecisionRefused``, and as ``find`` does."""
    among.lock()
    found = find()
    if found.state != state:
        raise DecisionRefused("state", f"{name} is {found.state}, and must be {state} for this")
    return found


def by_another(officer: str, first: str, did: str = "proposed it") -> None:
    """Raises ``DecisionRefused`` where it is the first officer again, however the name was typed at a command."""
    if officer.strip().casefold() == first.strip().casefold():
        raise DecisionRefused("own", f"{officer} {did}; another officer has to decide")


def said(field: str, texts: Texts, most: int, least: int = 1) -> None:
    """Raises ``DecisionRefused`` unless it is there in each language, on one line; ``most``: characters of Chinese."""
    for lang in LANGUAGES:
        room, text = most if lang == "zh-CN" else ENGLISH * most, texts.get(lang, "").strip()
        if not least <= len(text) <= room or not text.isprintable():
            raise DecisionRefused(
                "words", f"{field}: say it in {lang} on one line, in at most {room} characters", most=most
            )
    if unknown := set(texts) - set(LANGUAGES):
        named = ", ".join(sorted(unknown))
        raise DecisionRefused("language", f"{field}: {named} is no language of the terminals")


def twice(names: Iterable[str]) -> str:
    """Those names that stand there more than once, in their order of letters."""
    listed = list(names)
    return ", ".join(sorted({name for name in listed if listed.count(name) > 1}))
