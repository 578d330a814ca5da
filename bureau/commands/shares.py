"""``bureau shares …``: an enterprise's data for other bodies, under its consent alone (数据共享)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, show, told
from bureau.commands.matters import Officer, core, officer_name, system_of
from bureau.errors import SharingRefused

app = typer.Typer(help="Data for other bodies, by consent.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
@told
def list_consents(
    taxpayer: Annotated[str, typer.Argument(help="The enterprise's number.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Consents of an enterprise, and what was given by each."""
    with core(config) as work:
        given = work.sharing.handed_over(taxpayer)
        found: list[dict[str, Any]] = [
            {
                "case": one.case,
                "recipient": one.recipient,
                "data": list(one.data),
                "since": one.since,
                "until": one.until,
                "ended_on": one.ended_on,
                "given": [{"at": g.at, "by": g.by, "sha256": g.sha256} for g in given if g.case == one.case],
            }
            for one in work.sharing.of_taxpayer(taxpayer)
        ]
    lines = [
        f"{one['case']}  {one['recipient']:14} until {one['until']}  given {len(one['given'])}"
        + (f"  withdrawn {one['ended_on']}" if one["ended_on"] else "")
        for one in found
    ]
    show(found, as_json, lines or ["it has given no consent"])


@app.command()
@told
def deliver(
    folder: Annotated[Path, typer.Option("--folder", help="Where the banks' folders lie.", file_okay=False)],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Send referrals that wait to the banks, tell them of withdrawals, and enter their receipts.

    Ends with 1 where a receipt is in doubt; what else there was to do is done.
    """
    from bureau.engine.sharing.bank_folder import BankFolders
    from bureau.engine.sharing.referring import Delivered
    from bureau.engine.sharing.referring import deliver as round_

    with system_of(config) as system:
        came = list(round_(system, BankFolders(folder)))
    done = [one for one in came if isinstance(one, Delivered)]
    lines = [f"{one.case}  {one.bank:10} {one.state}" for one in done]
    show(done, as_json, lines or ["nothing was sent, and no receipt entered"])
    doubts = [one.why for one in came if not isinstance(one, Delivered)]
    if doubts:
        raise SharingRefused("\n".join(doubts))


@app.command()
@told
def give(
    case: Annotated[str, typer.Argument(help="The case of the consent.")],
    officer: Officer,
    out: Annotated[Path, typer.Option("--out", help="The file to be written, which must not be there.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write what the consent covers, note it, and tell who gave the consent."""
    from bureau.engine.sharing.giving import hand_over

    if out.exists():
        raise SharingRefused(f"{out} is there already; name another file")
    with core(config) as work:
        noted, raw = hand_over(work, case, officer_name(officer))
        out.write_bytes(raw)
    told_ = {"number": noted.number, "sha256": noted.sha256, "at": noted.at, "data": list(noted.data)}
    show(told_, as_json, [f"{moment(noted.at)}  {', '.join(noted.data)} for {noted.recipient} are in {out}"])
