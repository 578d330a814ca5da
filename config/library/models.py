"""The law library (税收法规库) and the knowledge base (知识库): one YAML file a law text, one a topic of answers.

Everything is said in our own words. A text names where the official one is to be found; the official one prevails.
"""

from __future__ import annotations

import enum
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.catalogue.basics import Model, Texts

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]


Wordings = dict[Literal["zh-CN", "en-US"], tuple[Annotated[str, Field(min_length=2, max_length=80)], ...]]
"""Ways of asking by language. They are looked up by and never shown."""


class Kind(enum.StrEnum):
    """What rank a text has (《立法法》: 法律, 行政法规, 部门规章, 规范性文件), or what else it is."""

    LAW = "law"  # 法律
    REGULATION = "regulation"  # 行政法规
    RULE = "rule"  # 部门规章
    ANNOUNCEMENT = "announcement"  # 公告, 通知 (税务规范性文件)
    TREATY = "treaty"  # 税收协定
    LOCAL = "local"  # of the province or the city
    GUIDE = "guide"  # 办税指南
    NOTICE = "notice"  # 通知公告: something that happens, such as a hall that moves


class Topic(enum.StrEnum):
    """What a text or an answer is about."""

    VAT = "vat"
    CONSUMPTION = "consumption-tax"
    CIT = "corporate-income-tax"
    IIT = "individual-income-tax"
    PROPERTY = "property-and-land"
    DEED = "deed-tax"
    STAMP = "stamp-tax"
    VEHICLES = "vehicles"
    RESOURCES = "resources-and-environment"
    SURCHARGES = "surcharges"
    SOCIAL_INSURANCE = "social-insurance"
    NON_TAX = "non-tax-revenue"
    INVOICES = "invoices"
    LOTTERY = "lottery"
    REGISTRATION = "registration"
    FILING = "filing-and-paying"
    REFUNDS = "refunds"
    EXPORT = "export"
    CERTIFICATES = "certificates"
    CREDIT = "credit"
    PENALTIES = "inspection-and-penalties"
    REMEDIES = "rights-and-remedies"
    PRIVACY = "privacy"
    TREATIES = "treaties"
    HALLS = "halls-and-terminals"


class Clause(Model):
    """One article (条) or section of a text, in our words.

    ``at``: its number there (a key ``no`` would be read as *false* by YAML); ``heading``: what it is about;
    ``also``: how people ask for it, where no answer cites it.
    """

    at: int = Field(ge=1, le=999)
    heading: Texts
    also: Wordings = Field(default_factory=dict)
    text: Texts


class LawText(Model):
    """One law, rule, announcement, treaty, guide or notice.

    ``number``: 文号, as printed. ``unit``: whether its clauses are articles (第三条) or sections (三、).
    ``effective`` and ``until``: first and last day in force. ``replaced_by``: the text that took its place.
    ``about``: what it says and for whom, in two or three sentences. ``services``: where one does what it says.
    """

    format: Literal[1]
    id: Id
    kind: Kind
    title: Texts
    number: str = ""
    issuer: Texts
    published: date
    effective: date
    until: date | None = None
    replaced_by: Id | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    about: Texts
    unit: Literal["article", "section"]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    services: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        numbers = [clause.at for clause in self.clauses]
        if numbers != sorted(set(numbers)):
            raise ValueError("clauses: must be in the order of their numbers, each once")
        if self.until is not None and self.until < self.effective:
            raise ValueError("until: is before the text came into force")
        if self.replaced_by is not None and self.until is None:
            raise ValueError("replaced_by: needs the last day in force (until)")
        return self

    def in_force(self, day: date) -> bool:
        """Whether it was in force on that day."""
        return self.effective <= day and (self.until is None or day <= self.until)

    def clause(self, at: int) -> Clause | None:
        """That clause, if there is one here."""
        return next((clause for clause in self.clauses if clause.at == at), None)


class Cited(Model):
    """Where an answer comes from: a text, and its clause."""

    text: Id
    clause: int


class Answer(Model):
    """One question that people ask, and what is true of it.

    ``asked``: ways in which it is asked, the first as it is shown; ``also``: many more, in the words of the street;
    ``more``: ids of what people ask next; ``service``: the service that does it; ``since`` and ``until``: first and
    last day on which the answer is right.
    """

    id: Id
    asked: Annotated[tuple[Texts, ...], Field(min_length=1)]
    also: Wordings = Field(default_factory=dict)
    answer: Texts
    sources: Annotated[tuple[Cited, ...], Field(min_length=1)]
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    service: str | None = None
    more: tuple[Id, ...] = ()
    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("until: is before since")
        return self


class AnswersFile(Model):
    """The answers of one file, which are of one matter."""

    format: Literal[1]
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]
