"""A device program to be killed: services over machines whose memory is a file, and a day's work for them.

Run as ``python -m tests.drivers.crash_program``: each line on standard input is ``FOLDER PLAN TRAP``; a fork
does the plan with that trap set and its exit status is printed. ``PLAN`` is ``work`` or ``look``.
"""

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path

from sqlalchemy import select

from config import crashpoints
from config.clock import SystemClock
from drivers.books.care import CareBook, load_profile
from drivers.ports import PrintOutcome, PrintResult
from drivers.services.auxiliaries import AuxiliariesService
from drivers.services.base import Identity
from drivers.services.document_printer import DocumentPrinterService
from drivers.services.invoice_dispenser import InvoiceDispenserService
from drivers.services.invoice_printer import InvoicePrinterService
from drivers.services.payment_terminal import PaymentTerminalService
from drivers.store import Store
from drivers.store_tables import moves, sheets
from drivers.supervision import Policy, Stage, Supervisor
from tests.drivers.fake_cabinet import FakeBoard
from tests.drivers.fake_terminal import KeptTerminal
from tests.drivers.fakes import FakeDevice, FakeDispenser, FakePrinter, Machine
from tests.drivers.services.desk import Desk
from tests.drivers.xfs_client import b64, code

CODE = "011002100611"
POLICY = Policy(first_s=0.001, last_s=0.002, settle_s=0.0, max_age_s=60.0)
PLACES = ("gate", "path", "tray", "reject", "retract", "taken")
JOBS = {
    "job-taken-01": ("00000001", "00000003"),
    "job-retract-2": ("00000004", "00000005"),
    "job-wrong-03": ("00000006", "00000007"),
    "job-jammed-4": ("00000007", "00000008"),
    "job-front-05": ("00000008", "00000008"),
}
PAPER = "paper-000001"
PAYMENT = "payment-00001"
SETTLEMENT = "settlement-01"
FORM = "form-0000001"


class KeptMachine(Machine):
    """Writes itself down at every step, as iron keeps its place when the power goes."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        if file.exists():
            kept = json.loads(file.read_text())
            self.stacks = {unit: [tuple(s) for s in stack] for unit, stack in kept["stacks"].items()}
            self.totals = kept["totals"]
            for place in PLACES:
                setattr(self, place, [tuple(sheet) for sheet in kept[place]])
            self.shutter, self.jammed = kept["shutter"], kept["jammed"]

    def keep(self, *_):
        body = {place: getattr(self, place) for place in PLACES}
        body |= {"stacks": self.stacks, "totals": self.totals, "shutter": self.shutter, "jammed": self.jammed}
        self.file.with_suffix(".new").write_text(json.dumps(body))
        self.file.with_suffix(".new").rename(self.file)


class KeptPrinter(FakePrinter):
    """Remembers every page and job name in a file."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        if file.exists():
            self.names = dict.fromkeys(json.loads(file.read_text()), self.result)

    async def _print(self, what, name=None):
        result = await super()._print(what, name)
        pages = json.loads(self.file.read_text()) if self.file.exists() else []
        self.file.write_text(json.dumps([*pages, name]))
        return result


class SpoilingPrinter(FakeDevice):
    """Strikes on every form and cannot tell whether all of it came out."""

    async def forms(self):
        return {"vat-folded": True}

    async def check_form(self, what):
        pass

    async def print_form(self, what, deadline):
        return PrintResult(PrintOutcome.UNCERTAIN, "paperJammed")

    async def void_current(self, form, deadline):
        return PrintResult(PrintOutcome.VOIDED, sheets=1)


class Program:
    """All services on one loop."""

    def __init__(self, folder):
        self.store = Store(folder / "devices.db", SystemClock())
        self.machine = KeptMachine(folder / "machine.json")
        device = FakeDispenser(self.machine)
        device.hook = self.machine.keep
        dispensing = Supervisor("InvoiceDispenser", device, POLICY)
        who = Identity("InvoiceDispenser", "invoiceDispenser", "fake")
        self.dispenser = InvoiceDispenserService(who, dispensing, self.store, take_s=0.05, alone_s=60.0)
        printing = Supervisor("DocumentPrinter", KeptPrinter(folder / "pages.json"), POLICY)
        self.printer = DocumentPrinterService(
            Identity("DocumentPrinter", "documentPrinter", "fake"), printing, self.store
        )
        self.printer.care.book = CareBook(self.store, "DocumentPrinter", load_profile("ipp"))
        terminal = Supervisor("PaymentTerminal", KeptTerminal(folder / "charges.json"), POLICY)
        who = Identity("PaymentTerminal", "paymentTerminal", "fake")
        self.terminal = PaymentTerminalService(who, terminal, self.store)
        self.forms = InvoicePrinterService(
            Identity("InvoicePrinter", "invoicePrinter", "fake"),
            Supervisor("InvoicePrinter", SpoilingPrinter(), POLICY),
            self.store,
        )
        self.door = FakeBoard()
        self.board = AuxiliariesService(
            Identity("Auxiliaries", "auxiliaries", "fake"),
            Supervisor("Auxiliaries", self.door, POLICY),
            self.store,
        )
        self.services = (self.dispenser, self.printer, self.terminal, self.forms, self.board)

    async def start(self):
        await self.store.open()
        for service in self.services:
            service.start()
        self.desk, self.paper, self.till, self.form, self.staff = map(Desk, self.services)
        for service in self.services:
            while service.supervisor.watch.stage is not Stage.ONLINE or service.queue.busy:
                await asyncio.sleep(0.001)

    async def stop(self):
        for service in self.services:
            await service.close()
        await self.store.close()

    async def ask(self, name, body=None):
        prefix = "" if "." in name else "InvoiceDispenser."
        return (await self.desk.ask(prefix + name, body))[1]

    async def dispense(self, key):
        first, last = JOBS[key]
        body = {"jobKey": key, "unit": "unit1", "code": CODE, "first": first, "last": last}
        return await self.ask("Dispense", body)

    async def doors(self):
        told = (await self.staff.ask("CabinetBoard.GetEvents"))[1]["payload"]["events"]
        return [event["value"] for event in told]

    async def print_page(self):
        body = {"jobKey": PAPER, "format": "pdf", "data": b64(b"%PDF-1.7 page"), "name": "certificate"}
        return (await self.paper.ask("PaperJob.Print", body))[1]

    async def pay(self):
        body = {"key": PAYMENT, "amount": 4200}
        return (await self.till.ask("PaymentTerminal.Purchase", body))[1]["payload"]

    async def settle(self):
        return (await self.till.ask("PaymentTerminal.Settle", {"key": SETTLEMENT}))[1]

    async def print_form(self, key=FORM):
        invoice = {"form": "vat-folded", "code": CODE, "number": "00000099", "fields": {}}
        body = {"jobKey": key, "format": "invoice", "invoice": invoice}
        return (await self.form.ask("PaperJob.Print", body))[1]

    async def void_form(self):
        return (await self.form.ask("InvoicePrinter.VoidCurrent", {"jobKey": FORM}))[1]

    async def load(self, count=20):
        await self.ask("Storage.StartExchange")
        if not self.machine.everywhere():
            self.machine.load("unit1", CODE, "00000001", count)
            self.machine.keep()
        body = {"unit": "unit1", "code": CODE, "kind": "vat", "first": "00000001", "last": f"{count:08}"}
        await self.ask("SetRange", body)
        low = {"storage": {"unit1": {"card": {"configuration": {"threshold": 3}}}}}
        await self.ask("Storage.SetStorage", low)
        await self.ask("Storage.EndExchange")

    async def work(self):
        """A day: pay, close the batch, load, print, dispense and take, dispense and retract, a wrong sheet, a jam, another front."""
        await self.pay()
        await self.settle()
        self.door.see(cabinetDoor="open")
        await self.load()
        self.door.see(cabinetDoor="locked")
        await self.doors()
        await self.print_page()
        await self.paper.ask("Care.Done", {"name": "cleaning"})
        await self.print_form()
        await self.void_form()
        machine = self.machine
        await self.dispense("job-taken-01")
        await self.ask("Present", {"jobKey": "job-taken-01"})
        machine.take()
        machine.keep()
        await self.ask("WaitTaken", {"jobKey": "job-taken-01"})
        await self.dispense("job-retract-2")
        await self.ask("Present", {"jobKey": "job-retract-2"})
        await self.ask("Retract", {"jobKey": "job-retract-2"})
        machine.faults = ["wrong"]
        await self.dispense("job-wrong-03")
        await self.ask("Unlock", {"unit": "unit1"})
        machine.faults = ["jam"]
        await self.dispense("job-jammed-4")
        await self.ask("Reset")
        machine.keep()
        machine.stacks["unit1"].reverse()
        await self.dispense("job-front-05")
        machine.stacks["unit1"].reverse()
        await self.ask("Unlock", {"unit": "unit1"})

    async def look(self):
        """What the program knows after its restart, and that no key moves anything any more."""
        before = json.dumps(self.machine.everywhere()), dict(self.machine.totals)
        told = {}
        for key in JOBS:
            told[key] = (await self.ask("Query", {"jobKey": key})).get("payload", {})
            told[key].pop("sensors", None)
            if told[key]["known"]:
                again = await self.dispense(key)
                assert code(again) != "internalError", again
        paper = (await self.paper.ask("PaperJob.Query", {"jobKey": PAPER}))[1]["payload"]
        if paper["known"]:
            await self.print_page()
        payment = (await self.till.ask("PaymentTerminal.QueryLast", {"key": PAYMENT}))[1]["payload"]
        if payment["known"]:
            assert (await self.pay())["outcome"] == payment["payment"]["outcome"]
        settlement = (await self.till.ask("PaymentTerminal.GetLastSettlement"))[1]["payload"]
        if settlement["known"]:
            await self.settle()
        form = (await self.form.ask("PaperJob.Query", {"jobKey": FORM}))[1]["payload"]
        if form["known"]:
            assert form["outcome"] in ("uncertain", "voided"), form
            pending = "voidPending" if form["outcome"] == "uncertain" else "numberUsed"
            assert code(await self.print_form("form-0000002")) == pending
            assert code(await self.void_form()) == "success"
            assert code(await self.print_form("form-0000002")) == "numberUsed"
        assert (json.dumps(self.machine.everywhere()), self.machine.totals) == before
        rows = await self.store.read(
            lambda c: [[row._asdict() for row in c.execute(select(table))] for table in (sheets, moves)]
        )
        units = (await self.ask("GetRanges"))["payload"]["units"]
        told = {"jobs": told, "paper": paper, "payment": payment, "doors": await self.doors()}
        told["settlement"] = settlement
        return told | {"sheets": rows[0], "moves": rows[1], "units": units}


async def carry_out(folder, plan):
    program = Program(folder)
    await program.start()
    if plan == "work":
        await program.work()
    else:
        (folder / "told.json").write_text(json.dumps(await program.look()))
    await program.stop()


def one(folder, plan, trap):
    """In the fork: do the plan with the trap set."""
    crashpoints.arm(crashpoints.Trap.parse(trap) if trap != "-" else None)
    with open(folder / "log.txt", "a") as log:
        os.dup2(log.fileno(), 2)
        try:
            asyncio.run(carry_out(folder, plan))
        except BaseException:
            traceback.print_exc()
            log.flush()
            os._exit(1)
        os._exit(0)


def main():
    for line in sys.stdin:
        folder, plan, trap = line.split()
        child = os.fork()
        if child == 0:
            one(Path(folder), plan, trap)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
