"""What the bureau issues invoices for at a terminal, by its code (商品和服务税收分类编码); ``goods.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config import yaml_files
from config.catalogue.basics import Texts

FILE = Path(__file__).parent / "goods.yaml"


class Goods(BaseModel):
    """One kind of goods or services; ``short`` (简称) stands before its name on the invoice.

    ``labour``: for a natural person it is labour pay, of which the buyer withholds income tax.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(pattern=r"^[0-9]{19}$")]
    short: str
    checked: bool
    labour: bool
    title: Texts
    note: Texts


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    goods: Annotated[list[Goods], Field(min_length=1)]


@cache
def goods() -> Mapping[str, Goods]:
    """All of them by code, in the order in which they are offered."""
    return {one.code: one for one in _File.model_validate(yaml_files.read(FILE.read_text("utf-8"))).goods}
