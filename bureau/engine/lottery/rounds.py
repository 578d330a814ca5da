"""Rounds: bound before the first draw, sealed while they last, published when they are over."""

from __future__ import annotations

from datetime import date

from bureau.engine.lottery import drawing
from bureau.engine.lottery.rules import rules
from bureau.ports.core import Core
from bureau.ports.lottery import Round
from bureau.ports.materials import Vault


def opened(core: Core, vault: Vault, day: date) -> Round | None:
    """The round of that day, begun now if nobody has yet; None where no rules are in force."""
    found = core.lottery.round(day)
    if found is not None:
        return found
    table = rules().at(day)
    if table is None:
        return None
    seed = drawing.new_seed()
    new = Round(
        day=day,
        commitment=drawing.commitment(day, table.odds, seed),
        odds=table.odds,
        sealed=vault.seal(_name(day), seed),
        opened_at=core.now,
    )
    return core.lottery.open(new)


def seed_of(vault: Vault, one: Round) -> bytes:
    """The secret of a round that still lasts; raises ``RecordError`` when it is not this centre's."""
    return vault.open(_name(one.day), one.sealed)


def reveal(core: Core, vault: Vault, today: date) -> int:
    """Publish the seeds of all rounds before ``today``; how many."""
    over = core.lottery.unrevealed(today)
    for one in over:
        core.lottery.reveal(one.day, seed_of(vault, one).hex())
    return len(over)


def _name(day: date) -> str:
    return f"invoice lottery {day.isoformat()}"
