"""Dispensing: the exit sensor is the truth, nothing moves again by itself, and each number is settled."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from drivers.client.errors import DeviceClientError, DeviceCommandFailed
from kiosk.domain.invoices import InvoiceRange, of_numbers
from kiosk.effects.base import UNREACHABLE_S, Job, Means, Owed, StillInDoubt, Tell, register

log = logging.getLogger("kiosk.effects")

TAKE_WITHIN_S = 60.0
"""Sheets not taken are drawn back after 60 s (domain note, 7.3)."""
PATIENCE_S = 15
"""How long a person is kept waiting for a device program that is started again."""


@register
class Dispense:
    """``body``: reservation, code, first, last, unit. It owes the centre one ``invoice.commit``."""

    kinds: ClassVar[tuple[str, ...]] = ("dispense",)
    max_doubt_s: ClassVar[float] = float("inf")
    resolver: ClassVar[str] = "the technician who opens the cabinet"

    async def act(self, means: Means, job: Job, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Feed, present, wait, draw back what is left; any silence of the device is settled by its record."""
        try:
            if await means.devices.dispense(job.key, job.data, tell):
                await self._hand_out(means, job, tell)
        except DeviceClientError:
            await self._go_on(means, job, tell)
        return await self._settled(means, job)

    async def _hand_out(self, means: Means, job: Job, tell: Tell) -> None:
        await means.devices.present(job.key)
        tell({"state": "take"})
        if not await means.devices.taken(job.key, TAKE_WITHIN_S):
            await self._draw_back(means, job)

    async def _draw_back(self, means: Means, job: Job) -> None:
        """What the machine cannot draw back stays for the staff: nobody is asked to take it any more.

        That is what a machine says in a word of its own. One that is not there, or does not answer, has said nothing:
        its watch over the tray may have broken off before the person's time was over.
        """
        try:
            await means.devices.retract(job.key)
        except DeviceCommandFailed as error:
            if not error.error_code:
                raise
            log.error("what was not taken could not be drawn back: %s", error)

    async def _go_on(self, means: Means, job: Job, tell: Tell) -> None:
        """The device program or its driver broke off while the person stands there: hand out what lies in the tray.

        It is given time to come back. Nothing is fed again, and what still goes wrong the record tells.
        """
        for _ in range(PATIENCE_S):
            with contextlib.suppress(DeviceClientError):
                told = await means.devices.dispense_result(job.key)
                if told is None or not _still_feeding(told):
                    if told is not None and _lies_in_the_tray(told):
                        await self._hand_out(means, job, tell)
                    return
            await means.sleep(1.0)

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Ask the device program what moved; never move anything."""
        return await self._settled(means, job)

    async def _settled(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        try:
            told = await means.devices.dispense_result(job.key)
            if told is not None and told["state"] == "presented":
                # The tray is open and a person may be reaching into it: wait, move nothing, look again.
                await means.devices.taken(job.key, TAKE_WITHIN_S)
                told = await means.devices.dispense_result(job.key)
        except DeviceClientError as error:
            raise StillInDoubt(self.resolver, UNREACHABLE_S) from error
        if told is not None and _still_feeding(told):
            raise StillInDoubt("the device program, which is still feeding", 1.0)
        if told is not None and told["state"] == "presented":
            # Still there: taken, drawn back or lifted out by staff, it is settled when that is known.
            raise StillInDoubt(self.resolver, 10.0)
        outcome = settle(job.data, told)
        commit = {
            "reservation": job.data["reservation"],
            "code": job.data["code"],
            "delivered": outcome["delivered_ranges"],
            "quarantined": outcome["quarantined_ranges"],
            "released": outcome["released_ranges"],
            "cause": outcome["cause"],
        }
        if outcome["beyond_ranges"]:
            commit["beyond"] = outcome["beyond_ranges"]
        return {**outcome, "key": job.key}, (Owed("invoice.commit", commit, queue=False),)


def _still_feeding(told: Mapping[str, Any]) -> bool:
    return told["state"] == "dispensing" and not told.get("outcome")


def _lies_in_the_tray(told: Mapping[str, Any]) -> bool:
    """Fed or presented, and not gone anywhere since."""
    return told["state"] in ("dispensing", "partial", "presented") and any(
        item.get("position") == "tray" for item in told["items"]
    )


NOT_TAKEN = "notTaken"
ANY_NUMBER = InvoiceRange("00000000", "99999999")
CAUSES = {"jammed": "mediaJammed", "unreadable": "numberMismatch"}
"""The machine's words where the ledger has others (``InvoiceCommit.cause``)."""


def settle(body: Mapping[str, Any], told: Mapping[str, Any] | None) -> dict[str, Any]:
    """What became of each reserved number, from the device program's record of the job (None: never begun).

    Taken from the tray: delivered. Anything else that left its unit, and anything uncertain: quarantined.
    What never left its unit: released. Where another number was read than was expected, the sheet of the one read has
    left, and where that of the other lies is uncertain. ``beyond_ranges``: what left although it was not reserved.
    """
    reserved = InvoiceRange(body["first"], body["last"])
    items: Sequence[Mapping[str, Any]] = told["items"] if told else ()
    taken = told is not None and told["state"] == "taken"
    delivered = [i["number"] for i in items if taken and i.get("position") == "tray" and not i.get("fault")]
    seen = {n for i in items for n in (i.get("number"), i.get("expected"), i.get("read")) if n}
    moved = {n for n in seen if n in reserved}
    beyond = sorted(n for n in seen - moved if n in ANY_NUMBER)
    quarantined = sorted(moved - set(delivered))
    released = [n for n in reserved if n not in moved]
    faults = [str(i["fault"]) for i in items if i.get("fault")]
    cause = faults[0] if faults else _cause(told, len(delivered), reserved.count)
    cause = CAUSES.get(cause, cause) if cause else None
    return {
        "delivered": len(delivered),
        "missing": reserved.count - len(delivered),
        "delivered_ranges": _ranges(delivered),
        "quarantined_ranges": _ranges(quarantined),
        "released_ranges": _ranges(released),
        "beyond_ranges": _ranges(beyond),
        "ranges_text": ", ".join(f"{r['first']}–{r['last']}" for r in _ranges(delivered)),
        "cause": cause,
    }


def _cause(told: Mapping[str, Any] | None, delivered: int, wanted: int) -> str | None:
    if delivered == wanted:
        return None
    if told is None:
        return "uncertain"
    if told.get("error") == NOT_TAKEN:
        return NOT_TAKEN
    return {"retracted": NOT_TAKEN, "reconcile": "powerLoss"}.get(
        str(told["state"]), str(told.get("error") or "uncertain")
    )


def _ranges(numbers: Sequence[str]) -> list[dict[str, str]]:
    return [{"first": r.first, "last": r.last} for r in of_numbers(numbers)]
