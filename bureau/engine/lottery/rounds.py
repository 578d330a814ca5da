"""Rounds: bound before the first draw, sealed while they last, published when they are over."""

from __future__ import annotations

from datetime import date

from bureau.engine.lottery import drawing, pools
from bureau.engine.subjects import today
from bureau.errors import PoolRefused
from bureau.ports.core import Core
from bureau.ports.lottery import Round
from bureau.ports.materials import Vault
from sync.errors import RecordError


def opened(core: Core, vault: Vault, day: date) -> Round | None:
    """The round of that day, begun now if nobody has yet; None where no pool runs that day."""
    found = core.lottery.round(day)
    if found is not None:
        return found
    core.lottery.lock()  # nobody closes the pool, or publishes another, while its round is bound
    pool = pools.at(core, day)
    if pool is None:
        return None
    seed = drawing.new_seed()
    new = Round(
        day=day,
        commitment=drawing.commitment(day, pool.odds, seed),
        odds=pool.odds,
        sealed=vault.seal(_name(day), seed),
        opened_at=core.now,
        pool=pool.pool,
    )
    return core.lottery.open(new)


def seed_of(vault: Vault, one: Round) -> bytes:
    """The secret of a round that still lasts; raises ``RecordError`` when it is not this centre's."""
    return vault.open(_name(one.day), one.sealed)


def reveal(core: Core, vault: Vault, day: date) -> int:
    """Publish the seeds of all rounds before ``day``, never of one that still lasts; how many."""
    over = core.lottery.unrevealed(day)
    for one in over:
        core.lottery.reveal(one.day, seed_of(vault, one).hex())
    return len(over)


def publish_due(core: Core, vault: Vault) -> int:
    """The same at an officer's word; raises ``PoolRefused`` where none waits, or one does not open here."""
    try:
        done = reveal(core, vault, today(core))
    except RecordError as error:
        raise PoolRefused(
            "seal", "a seed was sealed under another key; bring the centre's keys back"
        ) from error
    if not done:
        raise PoolRefused(
            "sealed", "no day that is over has a seed to be published; a seed waits for its day's end"
        )
    return done


def agrees(one: Round) -> bool | None:
    """Whether the seed that was published is the one that was bound; None while there is none."""
    if one.seed is None:
        return None
    return drawing.commitment(one.day, one.odds, bytes.fromhex(one.seed)) == one.commitment


def _name(day: date) -> str:
    return f"invoice lottery {day.isoformat()}"
