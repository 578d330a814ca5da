"""Rows of the centre's answer, told to the person: which of their fields say what, and the ``list`` step."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from config.catalogue.basics import Ask, BaseStep, Format, Model, Path, Texts

Word = Annotated[str, BeforeValidator(lambda value: str(value).lower() if isinstance(value, bool) else value)]
"""What a field may hold; YAML reads ``true`` as a truth, the file means the word."""


class StateWords(Model):
    """What the person reads when the field holds ``when``. Amber calls for something, green is done."""

    when: Word
    title: Texts
    tone: Literal["plain", "due", "done"] = "plain"


class Shown(Model):
    """One field of a row and how it is written; ``until_field`` ends a period, ``states`` go with format ``state``."""

    field: str
    until_field: str = ""
    format: Format = Format.TEXTS
    label: Texts = Field(default_factory=dict)
    states: list[StateWords] = Field(default_factory=list)


class RowsModel(Model):
    """Rows that may be chosen.

    ``row_id`` names the field that tells them apart, ``enabled`` and ``reason`` those that say whether, and why not.
    Each row has the one ``icon``, or its own, which is in the field ``icon_of``.
    """

    rows: Path
    row_id: str = "id"
    title: Shown
    note: list[Shown] = Field(default_factory=list)
    tags: list[Shown] = Field(default_factory=list)
    icon: str = ""
    icon_of: str = ""
    enabled: str = ""
    reason: str = ""


class Empty(Model):
    """What is said when there is not one row."""

    title: Texts
    body: Texts


class Column(Shown):
    """A field of every row. ``place``: the row's heading, the figure beside it, a tag, or a line below."""

    label: Texts
    place: Literal["title", "amount", "tag", "line"] = "line"


class Total(Model):
    """The sum below a list: the centre's own (``value``), or that of a ``field`` of what is chosen (else of all)."""

    label: Texts
    value: Path | None = None
    field: str = ""
    format: Format = Format.MONEY


class Narrow(Model):
    """Of the rows those alone in one of whose ``fields`` the words at ``words`` stand; without words all of them.

    Width, case and blanks make no difference. It is done at the terminal: what is looked for goes nowhere.
    """

    words: Path
    fields: Annotated[list[str], Field(min_length=1)]


class ListStep(BaseStep):
    """Rows to read, or to choose from (``pick``): one row is the answer then, several are its ``chosen``.

    ``may``: to read, and one may be touched to have something done with it while the centre can be asked. That row is
    ``picked`` then, the steps for it have ``unless: [none-picked]``, and ``action_picked`` names the main button.

    ``set``: the same, every row may be touched on and off, beginning with those whose field ``marked`` is true;
    ``chosen`` are their names then, and ``picked`` says that they are others than at first. Tags say how it stands
    where nobody can be asked.

    ``as_of`` is where the moment stands that an answer kept from earlier was true at.
    """

    kind: Literal["list"]
    ask: Ask | None = None
    rows: Path
    narrow: Narrow | None = None
    row_id: str = "id"
    columns: Annotated[list[Column], Field(min_length=1, max_length=8)]
    empty: Empty
    total: Total | None = None
    as_of: Path | None = None
    pick: Literal["none", "may", "set", "one", "many"] = "none"
    marked: str = ""
    action_picked: Texts = Field(default_factory=dict)
    icon: str = ""
    enabled: str = ""
    reason: str = ""
