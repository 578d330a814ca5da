"""Words that mean the same to who asks (``words.yaml``): the law's beside those of the street, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from config import yaml_files
from config.catalogue import problems
from config.catalogue.basics import Model
from config.errors import ConfigError

BUILT_IN: Final = Path(__file__).parent / "words.yaml"

Chinese = Annotated[str, Field(pattern=r"^[\u3400-\u9fffA-Z0-9]+( [\u3400-\u9fffA-Z0-9]+)*$", max_length=20)]
English = Annotated[str, Field(pattern=r"^[a-z0-9]+([ '-][a-z0-9]+)*$", max_length=40)]


class Group(Model):
    """Words for one thing, the law's own first. Parts with a space between them may stand apart (``没交 保险``)."""

    zh: Annotated[tuple[Chinese, ...], Field(min_length=1)]
    en: tuple[English, ...] = ()


class Words(Model):
    """All groups. A word may stand in several, since the street says one thing and means another."""

    format: Literal[1]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        first = [group.zh[0] for group in self.groups]
        twice = {name for name in first if first.count(name) > 1}
        if twice:
            raise ValueError(f"groups: {', '.join(sorted(twice))} names two groups; make them one")
        for group in self.groups:
            if len({*group.zh, *group.en}) != len(group.zh) + len(group.en):
                raise ValueError(f"groups: {group.zh[0]} says a word twice")
        return self


def load(path: Path = BUILT_IN) -> Words:
    """Read them. Raises ``ConfigError`` with what to mend."""
    try:
        return Words.model_validate(yaml_files.read(path.read_bytes()))
    except ValidationError as error:
        raise ConfigError([problems.of_model(str(path), each) for each in error.errors()]) from error
    except yaml_files.UNREADABLE as error:
        raise ConfigError([problems.of_yaml(str(path), error)]) from error
