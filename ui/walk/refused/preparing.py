"""What a visitor brings whose number the running centre alone knows, and what an operator does before they come."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from bureau.city.cast import PERSONAS
from kiosk.domain.notice_codes import check_code, make_code
from kiosk.domain.own_numbers import HIGHEST, check_number, make_number
from kiosk.stack import Stack, StackError
from ui.walk.evidence import read_tables
from ui.walk.visit import code_of_sale
from ui.walk.wish import Wish

OFFICER = ("--officer", "征管 于岚")
ANOTHER_REGION = "1101"
Prepared = Callable[[Stack, Wish], Wish]
Row = Mapping[str, Any]


def holding(table: str, column: str, wanted: Callable[[Row], bool] = bool) -> Prepared:
    """They hold the paper of a row of the centre before the reader, the last one that is ``wanted``."""

    def hold(stack: Stack, wish: Wish) -> Wish:
        return replace(wish, code=str(_row(stack, table, wanted)[column]))

    return hold


def scanning(wanted: Callable[[Row], bool]) -> Prepared:
    """They hold the QR code of a 数电票 (its code is empty) before the reader, the last one that is ``wanted``."""

    def scan(stack: Stack, wish: Wish) -> Wish:
        return replace(
            wish, code=code_of_sale(_row(stack, "sale", lambda one: not one["code"] and wanted(one)))
        )

    return scan


def taken_back(stack: Stack, wish: Wish) -> Wish:
    """They hold a 数电票 that was taken back by a red-letter invoice."""
    gone = {str(row["red_of"]) for row in _rows(stack, "sale")}
    return scanning(lambda sale: str(sale["number"]) in gone)(stack, wish)


def slip_of(kind: str, *, known: bool = True) -> Prepared:
    """They hold the slip of the last effect of that kind; not ``known``: of one that is still on its way."""

    def hold(stack: Stack, wish: Wish) -> Wish:
        key = (
            str(_row(stack, "effect", lambda one: one["kind"] == kind)["key"]) if known else str(UUID(int=7))
        )
        return replace(wish, code=f"{stack.bureau_url}/s/{key}")

    return hold


def operated(*words: str, then: Prepared | None = None) -> Prepared:
    """An operator runs ``bureau WORDS --json`` before they come; ``{code}`` and ``{taxpayer}`` are the visitor's."""

    def operate(stack: Stack, wish: Wish) -> Wish:
        told = run(stack, *(word.format(code=wish.code, taxpayer=wish.taxpayer) for word in words))
        if "code" in told and "code" in wish.answers:
            wish = replace(wish, answers={**wish.answers, "code": str(told["code"])})
        return wish if then is None else then(stack, wish)

    return operate


def ukey_ended(how: str) -> Prepared:
    """An officer enters that the enterprise's tax UKey is ``lost``, or cancels it."""

    def end(stack: Stack, wish: Wish) -> Wish:
        mine = next(one for one in wish.persona["ukeys"] if wish.taxpayer in ("", one["taxpayer"]))
        run(stack, "device", how, str(mine["number"]), *OFFICER)
        return wish

    return end


def beyond_the_used(stack: Stack, wish: Wish) -> Wish:
    """The last number that they give is the blank after the last one that was written on."""
    last = max(int(row["number"]) for row in _rows(stack, "sale") if row["code"] and _of(row, wish))
    return replace(wish, answers={**wish.answers, "last": f"{last + 1:08}"})


def written_on(stack: Stack, wish: Wish) -> Wish:
    """Code and number of an invoice of the enterprise that was written on."""
    sale = max(
        (row for row in _rows(stack, "sale") if row["code"] and _of(row, wish)),
        key=lambda row: str(row["number"]),
    )
    number = str(sale["number"])
    return replace(wish, answers={**wish.answers, "code": str(sale["code"]), "first": number, "last": number})


def run(stack: Stack, *words: str) -> dict[str, Any]:
    """What a command of the bureau says in JSON; raises ``StackError`` with its own words when it fails."""
    done = stack.run("bureau", *words, "--json")
    if done.returncode != 0:
        raise StackError(f"bureau {' '.join(words)}: {(done.stdout + done.stderr).strip()}")
    return dict(json.loads(done.stdout))


def cancelled_order(stack: Stack, wish: Wish) -> Wish:
    """An order is approved, and taken back before it is picked up."""
    order = run(stack, "order", "approve", wish.taxpayer, "04", "2", *OFFICER)
    run(stack, "order", "cancel", str(order["order"]))
    return replace(wish, answers={**wish.answers, "code": str(order["code"])})


def bill_of_another_region(stack: Stack, wish: Wish) -> Wish:
    """A voucher's number as the bureau of another region makes them."""
    bill = check_number(str(_row(stack, "bill", bool)["bill"]))
    return replace(wish, code=make_number(bill.type, ANOTHER_REGION, bill.day, bill.sequence))


def withdrawn_bill(stack: Stack, wish: Wish) -> Wish:
    """An officer issues a voucher in the place of one that has expired, and withdraws it before it is paid."""
    expired = _row(stack, "bill", lambda bill: str(bill["valid_until"]) < stack.now().date().isoformat())
    bill = str(run(stack, "bill", "issue", str(expired["taxpayer"]), *OFFICER)["bill"])
    run(stack, "bill", "withdraw", bill, *OFFICER)
    return replace(wish, code=bill)


def notice_of_another_region(stack: Stack, wish: Wish) -> Wish:
    """A notice's code as another area makes them."""
    year = stack.now().year
    return replace(wish, code=make_code(f"{ANOTHER_REGION}00", year, 1, 1))


def bill_nobody_issued(stack: Stack, wish: Wish) -> Wish:
    """A number of this region, right by its check digit, that no voucher has: one digit was read wrongly."""
    bill = check_number(str(_row(stack, "bill", bool)["bill"]))
    return replace(wish, code=make_number(bill.type, bill.region, bill.day, (bill.sequence + 1) % HIGHEST))


def notice_nobody_issued(stack: Stack, wish: Wish) -> Wish:
    """A code of this area, right by its check digit, that no notice has."""
    known = check_code(str(_row(stack, "nontax_notice", bool)["code"]))
    return replace(wish, code=make_code(known.region, stack.now().year, 1, 1))


def own_car(stack: Stack, wish: Wish) -> Wish:
    """The vehicle's number is that of a car of theirs whose tax is on file, so that no record of it is offered."""
    mine = next(person.number for person in PERSONAS if person.id == wish.persona["id"])
    car = _row(stack, "vehicle_tax", lambda row: bool(row["person_number"] == mine))
    return replace(wish, answers={**wish.answers, "source": "", "vin": str(car["vin"])})


def ticket_with_another_code(stack: Stack, wish: Wish) -> Wish:
    """The ticket is real, and the claim code is not the one printed on it."""
    return replace(wish, code=wish.code.rpartition("=")[0] + "=7K2M9QX4PE")


def _of(sale: Row, wish: Wish) -> bool:
    return bool(sale["taxpayer"] == wish.taxpayer and sale["state"] == "valid")


def _rows(stack: Stack, table: str) -> list[dict[str, Any]]:
    return read_tables(stack.centre_dir / "bureau.db", (table,))[table]


def _row(stack: Stack, table: str, wanted: Callable[[Row], bool]) -> Row:
    rows = [row for row in _rows(stack, table) if wanted(row)]
    if not rows:
        raise StackError(f"the centre has no {table} as the situation wants it")
    return rows[-1]
