"""``bureau nontax …``: notices of non-tax revenue (非税收入缴款通知书), issued and withdrawn by officers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, show, told, typed_fen
from bureau.commands.matters import Limit, Officer, core, officer_name
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

if TYPE_CHECKING:
    from bureau.ports.core import Core
    from bureau.ports.nontax import NontaxNotice

Code = Annotated[str, typer.Argument(help="The notice's payment code.")]
app = typer.Typer(help="Notices of non-tax revenue.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
@told
def issue(
    payer: Annotated[str, typer.Argument(help="Who is to pay: the number in the register.")],
    officer: Officer,
    item: Annotated[str, typer.Option("--item", help="For which item, such as water-soil.")],
    yuan: Annotated[int, typer.Option("--yuan", parser=typed_fen, help="How much, in yuan.")],
    authority: Annotated[
        str, typer.Option("--authority", help="For whom; without it, whom the item is usually for.")
    ] = "",
    limit: Annotated[
        datetime | None,
        typer.Option("--limit", formats=["%Y-%m-%d"], help="Last day in time; else in 15 days."),
    ] = None,
    days: Annotated[int, typer.Option(min=0, help="For so many days after the limit it can be paid.")] = 30,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Issue a notice; whoever holds it may pay it at a terminal."""
    from bureau.engine import nontax
    from bureau.engine.rules import Rules
    from bureau.engine.subjects import today
    from bureau.ports.nontax import NewNontax
    from kiosk.domain.tax.parameters import built_in

    with core(config) as work:
        last = limit.date() if limit is not None else today(work) + timedelta(days=15)
        new = NewNontax(
            payer=payer,
            authority=authority or (nontax.ITEMS[item].authority if item in nontax.ITEMS else ""),
            item=item,
            amount_fen=yuan,
            limit_date=last,
            valid_until=last + timedelta(days=days),
            by=officer_name(officer),
        )
        notice = nontax.issue(work, new, Rules(built_in()))
        found = _told(work, notice)
    amount = format_yuan(Fen(notice.amount_fen))
    show(found, as_json, [f"notice {notice.code}: {amount} yuan, due by {notice.limit_date}"])


@app.command("list")
@told
def list_notices(limit: Limit = 50, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Notices, the latest issued first, each with how it stands today."""
    with core(config) as work:
        found = [_told(work, notice) for notice in work.nontax.listed(limit)]
    lines = [
        f"{n['code']}  {n['state']:9} due {n['limit_date']}  {n['payer']}  {n['item']:15} "
        f"{format_yuan(Fen(n['amount_fen']))}"
        for n in found
    ]
    show(found, as_json, lines or ["no notice"])


@app.command()
@told
def sheet(
    code: Code,
    out: Annotated[Path, typer.Option("--out", help="The PDF to be written.", dir_okay=False)],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write a notice as one A4 sheet with its code, to be handed out."""
    from bureau.certificates import nontax_sheet
    from bureau.errors import NontaxRefused
    from bureau.fleet.terminals import BUREAU_NAME

    with core(config) as work:
        found = work.nontax.notice(code)
        owner = work.registration.taxpayer(found.payer) if found is not None else None
    if found is None or owner is None:
        raise NontaxRefused(f"no notice {code}: see `bureau nontax list`")
    out.write_bytes(nontax_sheet.draw(found, owner.name, BUREAU_NAME["zh-CN"]))
    show({"code": code, "file": str(out)}, as_json, [str(out)])


@app.command()
@told
def withdraw(code: Code, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Let nobody pay a notice any more; one that is being paid is not withdrawn."""
    from bureau.engine import nontax

    with core(config) as work:
        found = _told(work, nontax.withdraw(work, code, officer_name(officer)))
    show(found, as_json, [f"notice {code} is withdrawn"])


def _told(work: Core, notice: NontaxNotice) -> dict[str, Any]:
    from bureau.engine.nontax import state_of

    return {
        "code": notice.code,
        "state": state_of(work, notice),
        "payer": notice.payer,
        "authority": notice.authority,
        "item": notice.item,
        "amount_fen": notice.amount_fen,
        "limit_date": notice.limit_date,
        "valid_until": notice.valid_until,
        "issued_at": notice.issued_at,
        "issued_by": notice.issued_by,
        "withdrawn_on": notice.withdrawn_on,
        "paid_on": notice.paid_on,
    }
