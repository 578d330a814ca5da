"""Consents and hand-overs in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from bureau.engine.reference.context import Context
from bureau.ports.registration import PersonKey
from bureau.ports.sharing import Consent, HandOver, Referral, ReferralState
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceSharing:
    """Implements ``Sharing``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of_taxpayer(self, taxpayer: str) -> Sequence[Consent]:
        """All of them, the latest first."""
        t = tables.share_consent
        query = select(t).where(t.c.taxpayer == taxpayer).order_by(t.c.since.desc(), t.c.case_no.desc())
        return [_consent(row) for row in self._context.connection.execute(query).mappings()]

    def find(self, case: str, *, lock: bool = False) -> Consent | None:
        """By its case."""
        t = tables.share_consent
        query = select(t).where(t.c.case_no == case)
        row = self._context.connection.execute(query.with_for_update() if lock else query).mappings().first()
        return _consent(row) if row is not None else None

    def give(self, consent: Consent) -> None:
        """Enter it."""
        self._context.connection.execute(
            tables.share_consent.insert().values(
                case_no=consent.case,
                taxpayer=consent.taxpayer,
                recipient=consent.recipient,
                data=list(consent.data),
                person_kind=consent.person.kind.value,
                person_number=consent.person.number,
                since=consent.since,
                until=consent.until,
                sealed=consent.sealed,
            )
        )

    def end(self, case: str, day: date, by: str) -> None:
        """Enter its end once."""
        t = tables.share_consent
        ended = t.update().where(t.c.case_no == case, t.c.ended_on.is_(None))
        self._context.connection.execute(ended.values(ended_on=day, ended_by=by))

    def hand_over(self, given: HandOver) -> HandOver:
        """Append it."""
        self._context.hold("share-hand-overs")
        connection, t = self._context.connection, tables.share_hand_over
        last = connection.execute(select(func.coalesce(func.max(t.c.number), 0))).scalar_one()
        noted = replace(given, number=int(last) + 1)
        connection.execute(
            t.insert().values(
                number=noted.number,
                case_no=noted.case,
                taxpayer=noted.taxpayer,
                recipient=noted.recipient,
                data=list(noted.data),
                sha256=noted.sha256,
                by_whom=noted.by,
                at=noted.at,
            )
        )
        return noted

    def refer(self, referral: Referral) -> None:
        """Enter it."""
        self._context.connection.execute(tables.bank_referral.insert().values(**_columns(referral)))

    def referral(self, case: str, *, lock: bool = False) -> Referral | None:
        """By its case."""
        t = tables.bank_referral
        query = select(t).where(t.c.case_no == case)
        row = self._context.connection.execute(query.with_for_update() if lock else query).mappings().first()
        return _referral(row) if row is not None else None

    def referrals(self, states: Sequence[ReferralState], limit: int) -> Sequence[Referral]:
        """The oldest first."""
        t = tables.bank_referral
        query = select(t).where(t.c.state.in_(states)).order_by(t.c.at, t.c.case_no).limit(limit)
        return [_referral(row) for row in self._context.connection.execute(query).mappings()]

    def change(self, referral: Referral) -> None:
        """Write it whole."""
        t = tables.bank_referral
        self._context.connection.execute(
            t.update().where(t.c.case_no == referral.case).values(**_columns(referral))
        )

    def handed_over(self, taxpayer: str) -> Sequence[HandOver]:
        """The latest first."""
        t = tables.share_hand_over
        query = select(t).where(t.c.taxpayer == taxpayer).order_by(t.c.number.desc())
        return [
            HandOver(
                number=row["number"],
                case=row["case_no"],
                taxpayer=row["taxpayer"],
                recipient=row["recipient"],
                data=tuple(row["data"]),
                sha256=row["sha256"],
                by=row["by_whom"],
                at=row["at"],
            )
            for row in self._context.connection.execute(query).mappings()
        ]


def _columns(referral: Referral) -> dict[str, Any]:
    return {"case_no": referral.case, **{k: v for k, v in asdict(referral).items() if k != "case"}}


def _referral(row: Mapping[Any, Any]) -> Referral:
    told = {str(name): value for name, value in row.items() if name != "case_no"}
    return Referral(case=row["case_no"], **told)


def _consent(row: Mapping[Any, Any]) -> Consent:
    return Consent(
        case=row["case_no"],
        taxpayer=row["taxpayer"],
        recipient=row["recipient"],
        data=tuple(row["data"]),
        person=PersonKey(DocumentKind(row["person_kind"]), row["person_number"]),
        since=row["since"],
        until=row["until"],
        sealed=row["sealed"],
        ended_on=row["ended_on"],
        ended_by=row["ended_by"],
    )
