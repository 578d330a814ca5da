"""``shares.…``: who may be given an enterprise's data, what was given, and what is about to be signed."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.matters.consents import ready_to_give
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.sharing.recipients import Recipient, shares
from bureau.engine.sharing.words import data_text, purpose_of, recipient_title
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.system import System
from bureau.texts import say
from sync.models import ShareCheck, ShareCheckParams, ShareGiven, ShareList, ShareLog, ShareRow

MOST = 60
"""Hand-overs that are listed; the command line has them all."""


def questions(system: System) -> Mapping[str, Query]:
    """The queries, to those who act for the enterprise."""
    return {
        "shares.list": of_actor(system, NoParams, ShareList, _listed),
        "shares.standing": of_actor(system, NoParams, ShareList, _standing),
        "shares.log": of_actor(system, NoParams, ShareLog, _log),
        "shares.check": of_actor(system, ShareCheckParams, ShareCheck, _check),
    }


def _listed(core: Core, actor: Actor, _: NoParams) -> ShareList:
    return ShareList(rows=[_row(core, actor, one) for one in shares().recipients], as_of=core.now)


def _standing(core: Core, actor: Actor, _: NoParams) -> ShareList:
    rows = [_row(core, actor, one) for one in shares().recipients]
    return ShareList(rows=[row for row in rows if row.state == "given"], as_of=core.now)


def _row(core: Core, actor: Actor, recipient: Recipient) -> ShareRow:
    number, day = actor.enterprise.taxpayer, today(core)
    own = [one for one in core.sharing.of_taxpayer(number) if one.recipient == recipient.id]
    held = next((one for one in own if one.holds(day)), None)
    given = [one for one in core.sharing.handed_over(number) if one.recipient == recipient.id]
    words = say("share.given.none")
    if given:
        words = say("share.given", count=str(len(given)), day=given[0].at.date().isoformat())
    return ShareRow(
        recipient=recipient.id,
        title=recipient.title,
        purpose=recipient.purpose,
        data_text=data_text(held.data if held is not None else recipient.data),
        state="given" if held is not None else "over" if own else "none",
        consent=held.case if held is not None else "",
        until=held.until if held is not None else None,
        given_text=words,
    )


def _log(core: Core, actor: Actor, _: NoParams) -> ShareLog:
    rows = [
        ShareGiven(
            number=str(one.number),
            title=recipient_title(one.recipient),
            data_text=data_text(one.data),
            at=one.at,
            consent=one.case,
            digest=one.sha256[:12],
        )
        for one in core.sharing.handed_over(actor.enterprise.taxpayer)[:MOST]
    ]
    return ShareLog(rows=rows, as_of=core.now)


def _check(core: Core, actor: Actor, wanted: ShareCheckParams) -> ShareCheck:
    """Raises ``Refused`` where it would be refused: nobody signs for nothing."""
    ready_to_give(core, actor.enterprise, wanted.recipient)
    recipient = shares().recipient(wanted.recipient)
    assert recipient is not None, "ready_to_give looked"
    return ShareCheck(
        firm=actor.enterprise.name, purpose=purpose_of(recipient.id), data_text=data_text(recipient.data)
    )
