"""Every word in which a device can tell a fault has its row: what is done, who is asked, what stays open."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from config.clock import SystemClock
from config.faults import ANY, load_faults
from config.faults.page import PAGE, page
from drivers import errors
from drivers.app import _SERVICES
from drivers.devices.ecr_profile import load_dialect
from drivers.errors import DeviceError
from drivers.ports import DeviceState
from drivers.protocols import escpos_terms, ipp_truth
from drivers.protocols.escpos_status import PrinterFacts
from drivers.services.base import Identity
from drivers.store import Store
from drivers.supervision import Supervisor
from tests.drivers.fakes import FakeIdReader
from tests.shipped import CATALOGUE

TABLE = load_faults()
KINDS = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, DeviceError)
}


@pytest.mark.parametrize("role", _SERVICES)
async def test_every_error_that_a_role_declares_has_a_row(role: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "devices.db", SystemClock())
    await store.open()
    device = FakeIdReader()  # a service looks at its device only when it has started
    try:
        service = _SERVICES[role](Identity("Service", role, "fake"), Supervisor("Service", device), store)
        declared = {word for i in service.interfaces for command in i.commands for word in command.errors}
    finally:
        await store.close()
    assert role in TABLE.roles
    missing = sorted(declared - TABLE.rows(role).keys())
    assert not missing, f"give {role} a row in config/faults/faults.yaml for {missing}"


def test_every_state_completion_and_default_code_has_a_row() -> None:
    words = {state.value for state in DeviceState if state is not DeviceState.ONLINE} | {"unknown"}
    for kind in KINDS.values():
        words |= {kind.completion, *([kind.default_code] if kind.default_code else [])}
    everywhere = {code for role in (ANY, *TABLE.roles) for code in TABLE.rows(role)}
    assert words <= everywhere, sorted(words - everywhere)


def _codes(path: Path) -> Iterator[str]:
    """The codes that a module gives to the errors it raises."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS):
            continue
        place = 0 if node.func.id == "HardwareFault" else 1
        given = [*node.args[place : place + 1], *(k.value for k in node.keywords if k.arg == "code")]
        for value in given:
            yield from (
                part.value
                for part in ast.walk(value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def test_every_code_that_is_raised_anywhere_has_a_row() -> None:
    raised = {code for path in Path("drivers").rglob("*.py") for code in _codes(path)}
    assert {"coverOpen", "jammed", "samSelfTestFailed"} <= raised, "the search finds nothing any more"
    everywhere = {code for role in TABLE.roles for code in TABLE.rows(role)}
    assert raised <= everywhere, f"give them rows in config/faults/faults.yaml: {sorted(raised - everywhere)}"


def test_every_fault_that_a_printers_status_can_tell_has_a_row() -> None:
    receipt = {escpos_terms.fault(PrinterFacts(**{field.name: True})) for field in fields(PrinterFacts)}
    document = {code for code, _ in ipp_truth._FAULTS}
    assert receipt - {None} <= TABLE.rows("receiptPrinter").keys()
    assert document <= TABLE.rows("documentPrinter").keys()


def test_every_word_of_the_banks_codes_has_a_row() -> None:
    words = {meaning.word for meaning in load_dialect("ecr").codes.values() if meaning.word}
    assert words <= TABLE.rows("paymentTerminal").keys(), words - TABLE.rows("paymentTerminal").keys()


def test_a_code_that_nobody_knows_closes_its_role() -> None:
    assert TABLE.closes("receiptPrinter", "somethingNew")
    assert not TABLE.closes("receiptPrinter", "headOverheated")


def test_the_page_is_made_of_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(TABLE, CATALOGUE), "run make pages"
