"""One visit to a public page: its language, its words, and the frame around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from bureau.certificates.data import Column, Words
from bureau.certificates.kinds import day_words
from bureau.certificates.office import Trust
from bureau.engine.feedback.following import FollowDesk
from bureau.engine.phone.drafts import DraftDesk
from bureau.engine.phone.going_on import GoingOn
from bureau.limits import Limiter, Rate, network_of
from bureau.opendata.releases import Release, Releases
from bureau.ports.public import PublicRecords
from bureau.public import look
from bureau.public.texts import text
from config.clock import CHINA
from kiosk.domain.formatting import group_number
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import Texts

FIELDS = frozenset({"n", "c", "s", "paper_number", "paper_amount", "day", "amount", "check"})
"""What the pages ask for; anything else in an address or a form is dropped."""


@dataclass(frozen=True, slots=True)
class PublicSite:
    """What the public pages stand on. ``specimen`` says below every page that all is invented.

    ``url`` is where messages lead to. ``looks`` limits every look-up by address, ``guesses`` wrong codes by number,
    ``files`` uploads by address, ``kept`` drafts by address. ``drafts`` takes what is begun on a phone, ``going_on``
    carries on there what a terminal handed over, ``feedback`` tells how complaints and tip-offs stand,
    ``open_data`` has what is open to everybody; None where nothing is.
    """

    records: PublicRecords
    trust: Trust
    bureau: Texts
    specimen: bool = True
    url: str = ""
    drafts: DraftDesk | None = None
    going_on: GoingOn | None = None
    feedback: FollowDesk | None = None
    open_data: Releases | None = None
    looks: Limiter = field(default_factory=lambda: Limiter(Rate(60, 60)))
    guesses: Limiter = field(default_factory=lambda: Limiter(Rate(20, 3600)))
    files: Limiter = field(default_factory=lambda: Limiter(Rate(10, 60)))
    kept: Limiter = field(default_factory=lambda: Limiter(Rate(20, 3600)))

    def opened(self, dataset: str, period: str) -> tuple[Releases, Release] | None:
        """The release that is open of a set's period, with where its file lies; None where none is."""
        found = self.open_data.open(dataset, period) if self.open_data else None
        return (self.open_data, found) if self.open_data and found else None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: what was asked, in which language, and how the page can be had in the other."""

    site: PublicSite
    lang: str
    method: str
    path: str
    fields: Mapping[str, str]
    origin: str = ""

    @classmethod
    def of(
        cls, site: PublicSite, request: Request, form: Mapping[str, str] | None = None, lang: str = ""
    ) -> Visit:
        """The visit of a request, with its form when the other language needs it posted again."""
        given = dict(request.query_params) if form is None else dict(form)
        asked = lang or given.pop("lang", "")
        language = look.language(asked, request.headers.get("accept-language", ""))
        fields = {name: value[:200] for name, value in given.items() if name in FIELDS}
        method, origin = "get" if form is None else "post", f"{request.url.scheme}://{request.url.netloc}"
        return cls(site, language, method, request.url.path, fields, origin)

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page in this visit's language."""
        frame = {
            "lang": self.lang,
            "t": partial(text, lang=self.lang),
            "words": self.words,
            "say": self.say,
            "day": self.day,
            "moment": moment,
            "place": place,
            "group_number": group_number,
            "yuan": yuan,
            "bureau": self.site.bureau,
            "specimen": self.site.specimen,
            "wide": False,
            "switch": {"method": self.method, "action": self.path, "fields": self.fields},
        }
        return look.page(template, {**frame, **values}, status)

    def message(self, key: str, status: int, **values: object) -> Response:
        """A page that only says something."""
        return self.page("message.html", status, key=key, lead=text(f"{key}.lead", self.lang, **values))

    def limited(self, wait_s: float) -> Response:
        """Too often; come back after ``wait_s`` seconds."""
        return self.later(self.message("limited", 429, wait=int(wait_s) + 1), wait_s)

    def later(self, response: Response, wait_s: float) -> Response:
        """The same answer, saying to programs when to come back."""
        response.headers["Retry-After"] = str(int(wait_s) + 1)
        return response

    def say(self, texts: Texts) -> str:
        """One of several texts: in this language, else in Chinese, else none."""
        return texts.get(self.lang) or texts.get("zh-CN", "")

    def words(self, words: Words) -> str:
        """A certified text in this language, or in Chinese when it has no other."""
        return words.in_language(self.lang)

    def day(self, day: date | datetime) -> str:
        """A day in words, in China's time."""
        plain = day.astimezone(CHINA).date() if isinstance(day, datetime) else day
        return day_words(plain).in_language(self.lang)


def moment(at: datetime | None) -> str:
    """``2026-10-12 09:51``, in China's time."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def yuan(fen: int) -> str:
    """``4,095.84``."""
    return format_yuan(Fen(fen))


def place(index: int, column: Column) -> str:
    """The class of a cell: on a phone the first two stand in the head of the row, the others below."""
    where = ("first", "second")[index] if index < 2 else "l"
    return "r" if column.align == "right" else where if index < 2 else "r tail"


def address_of(request: Request) -> str:
    """Who asks, for the limits; behind a proxy that ``proxies`` of ``bureau.toml`` names, whom that one says."""
    return network_of(request.client.host if request.client else "")
