"""Who comes and for what, and what the visitor sees of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ui.walk.torn import Torn

MONEY = "34000"
"""Sales without invoice, as in the mockups."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who comes, for what, and how."""

    service: str
    persona: dict[str, Any]
    way: tuple[str, ...] = ()
    """The groups whose tiles lead to the service, from the home page on."""
    lang: str = "zh-CN"
    mode: str = "standard"
    offline: bool = False
    taxpayer: str = ""
    principal: str = ""
    """Whom they act for, by the part of the name that is shown; empty: nobody else."""
    count: int = 5
    sales: str = MONEY
    invoiced: str = "352400"
    face: bool = True
    pay: bool = True
    card: str = ""
    """The bank card that is used instead of the phone (``Present`` of the simulated terminal); empty: none."""
    debit: bool = False
    """Whether the account of the taxpayer's agreement is debited instead."""
    phone: str = "scans"
    """``scans`` the screen; ``shows`` its own code to the reader and confirms when asked; ``refuses``: at first."""
    pulls_ukey: bool = False
    """Whether they pull the UKey out when they have seen what it says."""
    refused: str = ""
    """The refusal that they expect, by its code: they read it and leave; empty: they get done what they came for."""
    patience_s: float | None = None
    """How long a code that is paid may still be shown before the visitor touches the way on; None: for ever."""
    code: str = ""
    """What the QR code or bar code says that is held before the reader; empty: it is typed."""
    codes: tuple[str, ...] = ()
    """The same of several papers that are held there one after the other."""
    goes_on: Callable[[str], None] | None = None
    """Who goes on on their phone: what it does with the code that the review leads to; None: they stay."""
    fetches: Callable[[str], None] | None = None
    """What their phone does with the code of a certificate's file; None: they have it on paper."""
    torn: Torn | None = None
    """The invoice on paper, without a code, that is laid down; None: its code is held before the reader."""
    begun: str = ""
    """How they give the code of what they began on their phone, ``scans`` or ``types``; empty: they began nothing."""
    form: bool = False
    """Whether they have what they filed printed on a sheet of its own."""
    rate: str = "5"
    by_card: bool = False
    """Whether they lay their card down where they could prove a phone as well."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What goes into the rows of forms, by row id; empty: nothing. The rest is given as anybody would."""
    asks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The same by language, where what they write is words that are looked up."""
    options: tuple[str, ...] = ()
    """Ids of what is touched where one of several has to be chosen; without one the first that can be."""


@dataclass
class Seen:
    """The page as told to the screen, for the visitor to know that it changed; never used to act."""

    kind: str = ""
    serial: int = -1
    state: str = ""
    page: dict[str, Any] = field(default_factory=dict)
