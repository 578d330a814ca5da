"""Who may be given data, and for how long, from ``config/shares.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from bureau.errors import RulesFileWrong
from config import yaml_files
from config.catalogue.models import Model
from sync.models import Texts

FILE: Final = "shares.yaml"
NEEDED: Final = "needed"
WIDER: Final = "wider"
"""How much a bank is given, as the form names it."""
Data = Literal["registration", "credit", "sales", "paid", "filing"]


class Recipient(Model):
    """A body, what it wants to know, and what for."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    title: Texts
    purpose: Texts
    data: Annotated[list[Data], Field(min_length=1)]


class Product(Model):
    """A loan that a bank grants by tax credit: for which grades, and what the bank asks for."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    title: Texts
    terms: Texts
    grades: Annotated[list[Literal["A", "B", "M"]], Field(min_length=1)]
    data: Annotated[list[Data], Field(min_length=1)]

    def given(self, width: str) -> tuple[Data, ...]:
        """What the bank is given: what it asks for (``needed``), or its sales besides (``wider``)."""
        more: tuple[Data, ...] = ("sales",) if width == WIDER and "sales" not in self.data else ()
        return (*self.data, *more)


class Bank(Model):
    """A bank, what it wants data for, and its loans."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]
    title: Texts
    purpose: Texts
    products: Annotated[list[Product], Field(min_length=1, max_length=6)]


class Shares(Model):
    """The file. Bodies are given data by an officer's hand, banks by a referral that the enterprise itself asks for."""

    format: Literal[1]
    terms: dict[str, Annotated[int, Field(gt=0, le=366)]]
    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=10)]
    banks: Annotated[list[Bank], Field(max_length=10)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> Shares:
        ids = [*(one.id for one in self.recipients), *(bank.id for bank in self.banks)]
        if len(set(ids)) != len(ids):
            raise ValueError("name each recipient once")
        if any(len(set(one.data)) != len(one.data) for one in self.recipients):
            raise ValueError("name each kind of data once")
        loans = [product for bank in self.banks for product in bank.products]
        if len({one.id for one in loans}) != len(loans):
            raise ValueError("name each loan once")
        if any(
            len(set(one.data)) != len(one.data) or len(set(one.grades)) != len(one.grades) for one in loans
        ):
            raise ValueError("name each kind of data and each grade of a loan once")
        return self

    def recipient(self, name: str) -> Recipient | None:
        """The recipient of that id; None: there is none (any more)."""
        return next((one for one in self.recipients if one.id == name), None)

    def body(self, name: str) -> Recipient | Bank | None:
        """The recipient or the bank of that id."""
        return self.recipient(name) or next((bank for bank in self.banks if bank.id == name), None)

    def loan(self, name: str) -> tuple[Bank, Product] | None:
        """The loan of that id with its bank; None: no bank offers it (any more)."""
        return next(((bank, one) for bank in self.banks for one in bank.products if one.id == name), None)


@cache
def shares() -> Shares:
    """The file as shipped; raises ``RulesFileWrong`` with what to mend."""
    return yaml_files.shipped(Shares, FILE, RulesFileWrong)
