"""A certificate checked without the network: the signature in its code, by the centre's public keys kept here.

What is learnt is that the bureau signed this number and code, on which day and for which amount. Whether the
certificate was replaced or made void since only the register knows, and what is told says so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from config.catalogue import Catalogue
from config.catalogue.models import Format
from config.texts import Texts
from kiosk.centre import CentreClient
from kiosk.domain.errors import FieldError
from kiosk.domain.formatting import format_value
from kiosk.domain.own_numbers import check_number
from kiosk.effects.base import Origin
from kiosk.kept import Keeps, Kept
from sync.errors import BureauError, SyncError
from sync.models import CertificateVerdict, PreviewFact
from sync.paper_signature import SignedFacts, check, known

log = logging.getLogger("kiosk.kept")
SERVICE: Final = "certificate.verify"
QUESTION: Final = "certificate.verify"
KEYS: Final = "certificate.keys"
ASK_EVERY_S: Final = 6 * 3600.0
"""The centre lets an answer be kept for 24 hours: a terminal that loses the network knows the keys for 18 at least."""


class PaperCheck:
    """Answers that are kept, and of a certificate what its code says by itself."""

    def __init__(self, kept: Keeps, texts: Mapping[str, Texts]) -> None:
        """``kept`` holds the keys and everything else that is kept."""
        self._kept, self._texts = kept, texts

    def find(self, query: str, params: dict[str, object], origin: Origin) -> Kept | None:
        """What was kept; of a certificate the verdict on its signature, as of the moment the keys were told."""
        if query != QUESTION:
            return self._kept.find(query, params, origin)
        held = self._kept.find(KEYS, {}, _anybody(origin))
        if held is None:
            return None
        try:
            keys = known(str(key) for key in held.data["keys"])
        except (SyncError, ValueError, KeyError, TypeError):
            log.warning("the keys of certificates that are kept cannot be read")
            return None
        verdict = self._verdict(params, keys)
        return Kept(verdict.model_dump(mode="json"), held.as_of)

    def _verdict(self, params: Mapping[str, object], keys: Mapping[bytes, Any]) -> CertificateVerdict:
        number, code = str(params.get("number") or ""), str(params.get("code") or "")
        try:
            check_number(number)
        except FieldError as fault:
            return self._told("mistyped", number, [self._said(fault.text_id)])
        scanned = (params.get("scanned_number"), params.get("scanned_code")) == (number, code)
        signature = str(params.get("signature") or "") if scanned else ""
        if not signature:
            return self._told("typed", number)
        facts = check(signature, number, code, keys)
        return self._told("signed", number, facts=facts) if facts else self._told("unsigned", number)

    def _told(
        self,
        finding: str,
        number: str,
        more: list[dict[str, str]] | None = None,
        facts: SignedFacts | None = None,
    ) -> CertificateVerdict:
        """The finding in words, and what a genuine signature says by itself."""
        heading = [
            PreviewFact(
                label=self._said("paper-check.number"), value=dict.fromkeys(self._texts, _grouped(number))
            )
        ]
        total: list[PreviewFact] = []
        if facts is not None:
            heading.append(PreviewFact(label=self._said("paper-check.day"), value=self._day(facts.day)))
        if facts is not None and facts.amount_fen is not None:
            amount = {
                lang: "¥" + format_value(Format.MONEY, facts.amount_fen, None, lang) for lang in self._texts
            }
            total.append(PreviewFact(label=self._said("paper-check.amount"), value=amount))
        return CertificateVerdict(
            title=self._said(f"paper-check.{finding}.title"),
            facts=heading,
            columns=[],
            rows=[],
            total=total,
            statements=[
                *(more or []),
                self._said(f"paper-check.{finding}.text"),
                self._said("paper-check.register"),
            ],
            finding=f"offline-{finding}",
        )

    def _day(self, day: date) -> dict[str, str]:
        return {lang: format_value(Format.DATE, day.isoformat(), None, lang) for lang in self._texts}

    def _said(self, text_id: str) -> dict[str, str]:
        return {lang: texts.get(text_id) for lang, texts in self._texts.items()}


class PaperKeys:
    """Has the centre tell its keys now and then, so that they are here before anybody needs them."""

    def __init__(self, centre: CentreClient, catalogue: Catalogue) -> None:
        """The client keeps what the centre lets it keep."""
        self._centre, self._catalogue = centre, catalogue
        self._asked_at = float("-inf")

    async def refresh(self, now_s: float) -> None:
        """Ask when it is time; ``now_s`` is monotonic. What fails is tried again the next time."""
        if now_s - self._asked_at < ASK_EVERY_S or SERVICE not in self._catalogue:
            return
        origin = Origin("", "", "", SERVICE, self._catalogue[SERVICE].hash, "zh-CN", {})
        try:
            await self._centre.query(KEYS, {}, origin)
        except BureauError as error:
            log.info("the keys of certificates are not known anew: %s", error)
            return
        self._asked_at = now_s


def _grouped(number: str) -> str:
    """As it is printed on the paper: type and region, day, sequence."""
    return " ".join((number[:6], number[6:12], number[12:16], number[16:]))


def _anybody(origin: Origin) -> Origin:
    """The keys are nobody's: whoever signed in for something else in this visit asks for the same."""
    return replace(origin, service=SERVICE, subject={})
