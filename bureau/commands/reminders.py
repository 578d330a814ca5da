"""``bureau reminders``: who was reminded of a return or payment, and what was demanded (提醒、催报、催缴)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told
from bureau.commands.matters import core
from bureau.commands.records import Limit


@told
def reminders(
    taxpayer: Annotated[str | None, typer.Option(help="Of one taxpayer, by number.")] = None,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Reminders and demands, the latest first; who was told and in which words, `bureau notices` says."""
    with core(config) as work:
        found: list[dict[str, Any]] = [
            {
                "on": one.on.isoformat(),
                "taxpayer": one.taxpayer,
                "matter": one.matter,
                "rung": one.rung,
                "until": one.until and one.until.isoformat(),
                "notices": list(one.notices),
                "case": one.case,
                "ended_on": one.ended_on and one.ended_on.isoformat(),
            }
            for one in work.reminders.listed(taxpayer, limit)
        ]
    show(found, as_json, [_line(one) for one in found] or ["nobody was reminded of anything"])


def _line(one: dict[str, Any]) -> str:
    parts = [
        f"{one['on']}  {one['rung']:9} {one['matter']}",
        f"told {len(one['notices'])}",
        f"until {one['until']}" if one["until"] else "",
        f"case {one['case']}" if one["case"] else "",
        f"ended {one['ended_on']}" if one["ended_on"] else "",
    ]
    return "  ".join(part for part in parts if part)
