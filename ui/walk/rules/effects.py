"""Terminal and centre: the same effects, each settled."""

from __future__ import annotations

from collections.abc import Iterable

from ui.walk.rules.parties import CENTRE_KINDS, Evidence


def every_effect_is_settled(e: Evidence) -> Iterable[str]:
    """Nothing hangs: each intent is settled, and its sequence has no gap."""
    settled = {r["key"] for r in e.journal if r["phase"] == "settled"}
    for record in e.journal:
        if record["phase"] == "intent" and record["key"] not in settled:
            yield f"{record['kind']} {record['key']} is not settled"
    numbers = [r["seq"] for r in e.journal]
    if numbers != list(range(e.before + 1, e.before + len(numbers) + 1)):
        yield "the journal has a gap"


def _on_phones(e: Evidence) -> set[str]:
    """Effects of phones: of a transaction that the terminal itself handed over to one."""
    meant = {r["key"] for r in e.phase("visit.continue", "intent")}
    handed = {row["transaction"] for row in e.effects() if row["key"] in meant}
    return {row["key"] for row in e.effects() if row["transaction"] in handed and row["key"] not in meant}


def terminal_and_centre_hold_the_same_effects(e: Evidence) -> Iterable[str]:
    """Each effect the terminal believes answered is at the centre with that answer, and the other way round."""
    ours = {r["key"]: r["kind"] for r in e.journal if r["phase"] == "intent" and r["kind"] in CENTRE_KINDS}
    theirs = {row["key"]: row for row in e.effects()}
    told: dict[str, str] = {}  # an outcome's settlement says nothing more; one that sync brought says it all
    for r in e.journal:
        if r["phase"] in ("outcome", "settled") and r["body"].get("state"):
            told[r["key"]] = r["body"]["state"]
    for key in theirs.keys() - ours.keys() - _on_phones(e):
        yield f"the centre holds {theirs[key]['kind']} {key}, which the terminal never meant"
    for key, kind in ours.items():
        abandoned = any(
            r["key"] == key and r["body"].get("fault") for r in e.journal if r["phase"] == "outcome"
        )
        if key not in theirs and not abandoned:
            yield f"{kind} {key} never reached the centre"
        answer = told.get(key)
        if (
            key in theirs
            and answer in ("accepted", "refused", "duplicate")
            and answer != theirs[key]["state"]
        ):
            yield f"{kind} {key}: the terminal holds {answer}, the centre {theirs[key]['state']}"


def the_core_alone_keeps_effects(e: Evidence) -> Iterable[str]:
    """Where another core system stands behind the centre, the centre's own store holds nothing of the visit."""
    for row in e.bureau.get("kept_here", ()):
        yield f"the centre keeps {row['kind']} {row['key']} in its own store, beside the core"
