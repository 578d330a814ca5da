"""What is asked of the consultation and is not for the library to answer (``limits.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from config import yaml_files
from config.catalogue import problems
from config.catalogue.basics import Model, Texts
from config.errors import ConfigError, Problem

BUILT_IN: Final = Path(__file__).parent / "limits.yaml"

Wordings = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field()]


class Wording(Model):
    """Ways to say it. Parts that may stand apart are separated by a space in Chinese and by `` & `` in English."""

    zh: Wordings = ()
    en: Wordings = ()


class Unless(Wording):
    """Ways to say it, and those with which it is an ordinary question after all."""

    unless: Wording = Wording()


class Shown(Wording):
    """Data of one's own, by the words for it, with the service that shows them."""

    service: str


class OwnData(Unless):
    """Questions for one's own data; the first of ``services`` whose words stand in the question shows them."""

    services: Annotated[tuple[Shown, ...], Field(min_length=1)]


class Other(Wording):
    """What others answer: ``where`` says who. ``always``: even if it is said with a word of tax, being one itself."""

    where: Texts
    always: bool = False


class Limits(Model):
    """All of them.

    ``taxed``: words by which what others answer is ours after all (个税, 开票). ``places``: a question about one that
    no text names is not answered by the law of this city.
    """

    format: Literal[1]
    own_data: OwnData
    evasion: Unless
    prediction: Unless
    taxed: Wording = Wording()
    others: tuple[Other, ...]
    places: Wording


def load(path: Path = BUILT_IN, services: Iterable[str] | None = None) -> Limits:
    """Read them. Raises ``ConfigError`` with what to mend."""
    try:
        limits = Limits.model_validate(yaml_files.read(path.read_bytes()))
    except ValidationError as error:
        raise ConfigError([problems.of_model(str(path), each) for each in error.errors()]) from error
    except yaml_files.UNREADABLE as error:
        raise ConfigError([problems.of_yaml(str(path), error)]) from error
    known = None if services is None else frozenset(services)
    wrong = [
        Problem(
            str(path), "own_data.services", f"{shown.service!r} is no service", "name one of the catalogue"
        )
        for shown in limits.own_data.services
        if known is not None and shown.service not in known
    ]
    if wrong:
        raise ConfigError(wrong)
    return limits
