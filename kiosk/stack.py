"""The other programs of a demonstration, real processes on loopback: centre, acquirer, postbox, cabinet, devices, sync.

``kiosk demo`` keeps them running; the walk and the chaos tests kill and restart them one by one. Everything
lives below one folder, so that a second stack never meets the first.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.clock import CHINA
from config.loopback import answers, free_ports
from kiosk.cities import begun_with
from kiosk.guards import pin_hash
from sync import status

START_WITHIN_S = 60.0
STOP_WITHIN_S = 10.0
TERMINAL = "A-07"
OPERATORS = ("chen-jing", "zhao-lei")
"""Stock is loaded by two people (domain note, 7.4)."""
STAFF_CODE = "246810"
"""The demonstration's staff code; a real terminal gets its own by ``kiosk staff-code``."""
SECOND_CODE = "135790"
"""The second person's, without whom no stock leaves the cabinet."""
MAIL_SENDER = "einvoice@yunchuan.example"
"""Of an invented bureau, under a name that no mail server of the world has (RFC 2606)."""
ORDINARY = "04"
"""Kind 04: 增值税普通发票; the last two digits of its 12-digit codes (domain note, 2.3)."""
YEARS = (2001, 2098)
"""The numbers of this project's papers have two digits for the year."""
CENTRE = ("acquirer", "postbox", "bureau")
PORTS = (*CENTRE, "console", "devices", "control")
PROGRAMS = (*CENTRE, "cabinet", "devices", "sync")
CONSOLE = "console"
"""Officers' own program: a demonstration starts it too, and nothing at the terminal asks for it."""
DEMO_OFFICERS = (
    ("chen-jing", "陈静", ("reception", "approval", "inspections")),
    ("zhou-tao", "周涛", ("approval", "refunds", "publishing")),
    ("xu-jing", "徐静", ("complaints", "moderation", "training")),
    (
        "sun-wei",
        "孙薇",
        ("surveys", "offenders", "software", "knowledge", "open-data", "lottery", "analysis"),
    ),
    ("duan-li", "段丽", ("stock",)),
    ("jiang-ming", "蒋明", ("stock",)),
    ("li-yuan", "李远", ("remote", "stock", "inspections")),
    ("he-lin", "何琳", ("tip-offs",)),
    ("zhao-lei", "赵磊", ("administrator", "auditor")),
)
"""Between them somebody for each desk of the console, and of duties that check each other nobody has both."""


class StackError(Exception):
    """A program of the stack did not do what it was started for; the message names its log."""


@dataclass(frozen=True, slots=True)
class Blanks:
    """Sheets that the ledger of another core system has at a terminal already: in which unit, and the first of them."""

    unit: str
    code: str
    kind: str
    first: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to bring up.

    ``centre`` is the folder of another stack that is prepared already: this terminal belongs to its centre, and lives
    on its day, among its people. ``sheets`` 0: the dispenser is empty; else so many are brought from the centre's
    shelf, or ``blanks`` says which lie there. ``month``: the halls have had four weeks of visits already.
    """

    root: Path
    as_of: datetime | None = None
    seed: int = 7
    orientation: str = "portrait"
    lang: str = "zh-CN"
    terminal: str = TERMINAL
    sheets: int = 100
    speed: float = 1.0
    centre: Path | None = None
    blanks: Blanks | None = None
    month: bool = False


@dataclass
class Stack:
    """Prepared once, then each program started, killed and restarted by name."""

    plan: Plan
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    extra_env: dict[str, dict[str, str]] = field(default_factory=dict)
    offset_s: float = 0.0

    # --- life ------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Folders, ports, the city, certificates; what is there from an earlier run is kept."""
        root = self.plan.root
        root.mkdir(parents=True, exist_ok=True)
        for folder in (
            root,
            *(root / name for name in ("bureau", "terminal", "cabinet", "logs")),
            self.state_dir,
        ):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)  # keys, tokens and personal data, as on a terminal
        kept = root / "stack.json"
        if kept.exists():
            known = json.loads(kept.read_text())
            self.ports, self.offset_s = known["ports"], known["offset_s"]
            if missing := [name for name in PORTS if name not in self.ports]:  # of an earlier release's stack
                self.ports |= free_ports(*missing)
                kept.write_text(json.dumps({"ports": self.ports, "offset_s": self.offset_s}))
            return
        self.ports = free_ports(*PORTS)
        if self.plan.as_of is not None:
            moment = self.plan.as_of
            aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
            self.offset_s = (aware - datetime.now(CHINA)).total_seconds()
        if self.plan.centre is not None:
            there = json.loads((self.plan.centre / "stack.json").read_text())
            self.ports |= {name: there["ports"][name] for name in CENTRE}
            self.offset_s = there["offset_s"]
        self._write_terminal()
        if self.plan.centre is None:
            self._city()
        kept.write_text(json.dumps({"ports": self.ports, "offset_s": self.offset_s}))

    def start(self, *names: str) -> None:
        """Start programs and wait until each answers; enrol and stock the terminal the first time."""
        for name in names or self.programs:
            if name in self.processes and self.processes[name].poll() is None:
                continue
            if name == "sync":
                self.enrol()
            self.processes[name] = self._spawn(name)
            self._wait(name)
            if name == "devices":
                self.stock()

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End one program the hard way and wait for its end."""
        process = self.processes.pop(name)
        process.send_signal(number)
        process.wait(STOP_WITHIN_S)

    def stop(self) -> None:
        """End all, the last started first."""
        for name in reversed(list(self.processes)):
            process = self.processes.pop(name)
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # --- where things are --------------------------------------------------------------------------------

    @property
    def programs(self) -> Sequence[str]:
        """What this stack starts itself."""
        return PROGRAMS if self.plan.centre is None else PROGRAMS[len(CENTRE) :]

    @property
    def centre_dir(self) -> Path:
        """The centre's folder."""
        return (self.plan.centre or self.plan.root) / "bureau"

    @property
    def personas_file(self) -> Path:
        """The people of the city who can be played."""
        return (self.plan.centre or self.plan.root) / "personas.json"

    @property
    def accounts_file(self) -> Path:
        """The accounts at the simulated banks, from which taxes may be debited."""
        return (self.plan.centre or self.plan.root) / "accounts.json"

    @property
    def terminal_file(self) -> Path:
        """``kiosk.toml`` of this terminal."""
        return self.plan.root / "terminal" / "kiosk.toml"

    @property
    def state_dir(self) -> Path:
        """journal.db, sync.db and the keys."""
        return self.plan.root / "terminal" / "state"

    @property
    def cabinet_dir(self) -> Path:
        """What the simulated cabinet keeps, ``printed/`` above all."""
        return self.plan.root / "cabinet"

    @property
    def mailboxes_dir(self) -> Path:
        """What came to people's mailboxes: a folder a mailbox."""
        return self.centre_dir / "mailboxes"

    @property
    def bureau_url(self) -> str:
        """The centre's address."""
        return f"https://127.0.0.1:{self.ports['bureau']}"

    @property
    def console_url(self) -> str:
        """The officers' console."""
        return f"https://127.0.0.1:{self.ports['console']}"

    @property
    def acquirer_url(self) -> str:
        """The test acquirer's address."""
        return f"http://127.0.0.1:{self.ports['acquirer']}"

    def personas(self) -> list[dict[str, Any]]:
        """The people of the city who can be played."""
        return list(json.loads(self.personas_file.read_text()))

    def cabinet(self) -> dict[str, Any]:
        """Addresses and token of the running cabinet."""
        return dict(json.loads((self.cabinet_dir / "cabinet.json").read_text()))

    def env(self, program: str = "") -> dict[str, str]:
        """The environment of every program, and what was added for one."""
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "KIOSK_CONFIG": str(self.terminal_file),
            "KIOSK_DEVICES_CONFIG": str(self.cabinet_dir / "devices.toml"),
            "KIOSK_PORT": str(self.ports["devices"]),
            "KIOSK_TOKEN_FILE": str(self.plan.root / "terminal" / "tokens.json"),
            "KIOSK_SIM_DIR": str(self.cabinet_dir),
            "KIOSK_CLOCK__OFFSET_S": repr(self.offset_s),
            "BUREAU_STATE_DIR": str(self.centre_dir),
            "BUREAU_PORT": str(self.ports["bureau"]),
            "BUREAU_PUBLIC_URL": self.bureau_url,
            "BUREAU_CONSOLE__PORT": str(self.ports["console"]),
            "BUREAU_ACQUIRER__URL": self.acquirer_url,
            "BUREAU_ACQUIRER__CARD_FILES": str(self.cabinet_dir / "card-files"),
            "BUREAU_TREASURY__URL": self.acquirer_url,
            "BUREAU_MAIL__HOST": "127.0.0.1",
            "BUREAU_MAIL__PORT": str(self.ports["postbox"]),
            "BUREAU_MAIL__CA_FILE": str(self.centre_dir / "tls" / "ca.pem"),
            "BUREAU_MAIL__SENDER": MAIL_SENDER,
            "BUREAU_CLOCK__OFFSET_S": repr(self.offset_s),
            "BUREAU_CITY__SEED": str(self.plan.seed),
            **self.extra_env.get(program, {}),
        }

    def now(self) -> datetime:
        """Business time, without a zone: the command lines take it for China's."""
        return (datetime.now(CHINA) + timedelta(seconds=self.offset_s)).replace(tzinfo=None)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of ``kiosk`` or ``bureau`` against this stack, whatever its exit status."""
        line = command(*words)
        return subprocess.run(
            line, env=self.env(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def delivered(self) -> bool:
        """Whether sync has delivered every effect and uploaded the whole chain."""
        said = status.told(self.state_dir)
        return bool(said) and said["online"] and said["queue"] == 0 and said["audit_waiting"] == 0

    # --- the first time -----------------------------------------------------------------------------------

    def _city(self) -> None:
        """The centre's store and keys with the city in them, its people and their accounts."""
        day = self.now().date().isoformat()
        files = {"personas.json": self.personas_file, "accounts.json": self.accounts_file}
        month = ("--month",) if self.plan.month else ()
        name = "-".join((day, str(self.plan.seed), *(word.strip("-") for word in month)))
        written = ("--personas", str(self.personas_file), "--accounts", str(self.accounts_file))
        begun_with(
            name,
            {"bureau": self.centre_dir, **files},
            lambda: self._command("bureau", "generate", *written, *month, "--as-of", day),
        )

    def enrol(self) -> None:
        """Exchange a one-time code of the centre for this terminal's identity, once."""
        if (self.state_dir / "enrolment.json").exists():
            return
        made = self._command("bureau", "terminal", "enrol-code", self.plan.terminal, "--json")
        self._command("kiosk", "sync", "enrol", json.loads(made)["code"])

    def officers(self) -> dict[str, str]:
        """Invite the demonstration's officers; the codes of those who have not taken their accounts up yet."""
        known = {
            one["officer"]: one["state"]
            for one in json.loads(self._command("bureau", "officer", "list", "--json"))
        }
        codes = {}
        for login, name, roles in DEMO_OFFICERS:
            if known.get(login) == "active":
                continue
            held = [word for role in roles for word in ("--role", role)]
            line = ("again", login) if login in known else ("invite", login, "--name", name, *held)
            codes[login] = json.loads(self._command("bureau", "officer", *line, "--json"))["code"]
        return codes

    def stock(self) -> None:
        """Load the dispenser with the sheets that the ledger has at this terminal, once."""
        done = self.plan.root / "stocked"
        if done.exists() or not self.plan.sheets:
            return
        self.enrol()
        lies = self.plan.blanks or self._fetch()
        last, count = f"{int(lies.first) + self.plan.sheets - 1:08}", str(self.plan.sheets)
        self._command("kiosk", "sim", "load", lies.unit, lies.code, lies.first, count)
        load = (
            "kiosk", "devices", "load", "--unit", lies.unit, "--code", lies.code, "--kind", lies.kind,
            "--first", lies.first, "--last", last,
        )  # fmt: skip
        if self.run(*load).returncode != 0:
            self._wait_for_dispenser()  # a crowded machine finds its devices later than the command waits for them
            self._command(*load)
        done.touch()

    def _fetch(self) -> Blanks:
        """Move sheets from the centre's shelf to this terminal.

        One terminal of a centre after the other: two that look at once would fetch the same.
        """
        terminal = json.loads((self.state_dir / "enrolment.json").read_text())["terminal"]
        people = ("--operator", OPERATORS[0], "--witness", OPERATORS[1])
        with (self.centre_dir / "shelf.lock").open("w") as shelf:
            fcntl.flock(shelf, fcntl.LOCK_EX)
            code, first = self._blanks()
            sheets = ("unit1", code, first, str(self.plan.sheets))
            self._command("bureau", "stock", "load", terminal, *sheets, *people, "--json")
        return Blanks("unit1", code, ORDINARY, first)

    def _wait_for_dispenser(self) -> None:
        """The device program answers before it has found each of its devices."""
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            listed = json.loads(self._command("kiosk", "devices", "list", "--json"))["services"]
            if any(row["name"] == "InvoiceDispenser" and row["status"] == "online" for row in listed):
                return
        raise StackError(f"the invoice dispenser is not found; see {self._log('devices')}")

    def _blanks(self) -> tuple[str, str]:
        """Code and first number of ordinary blanks that lie on the centre's shelf."""
        for slot in json.loads(self._command("bureau", "stock", "list", "--json")):
            for code, lying in slot["contents"]:
                if slot["place"] == "shelf" and len(code) == 12 and code.endswith(ORDINARY):
                    return str(code), str(lying["numbers"]["first"])
        raise StackError("the centre has no ordinary blanks on its shelf")

    def _write_terminal(self) -> None:
        tls = self.centre_dir / "tls" / "ca.pem"
        first, second = (pin_hash(code, secrets.token_bytes(16)) for code in (STAFF_CODE, SECOND_CODE))
        lines = [
            f'state_dir = "{self.state_dir}"',
            "[terminal]",
            f'asset = "{self.plan.terminal}"',
            "[bureau]",
            f'url = "{self.bureau_url}"',
            f'ca_file = "{tls}"',
            "[devices]",
            f'publisher = "ws://127.0.0.1:{self.ports["devices"]}/xfs4iot/v1.0"',
            f'token_file = "{self.plan.root / "terminal" / "tokens.json"}"',
            "[display]",
            f'orientation = "{self.plan.orientation}"',
            f'lang = "{self.plan.lang}"',
            "[staff.pins]",
            f'demonstration = "{first}"',
            f'second = "{second}"',
        ]
        self.terminal_file.write_text("\n".join(lines) + "\n")

    # --- processes ------------------------------------------------------------------------------------------

    def _spawn(self, name: str) -> subprocess.Popen[bytes]:
        log = (self.plan.root / "logs" / f"{name}.log").open("ab")
        with log:
            return subprocess.Popen(
                self._line(name),
                env=self.env(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _line(self, name: str) -> list[str]:
        match name:
            case "acquirer":
                ledger = str(self.centre_dir / "acquirer.db")
                port, back = str(self.ports["acquirer"]), self.bureau_url
                banks = str(self.accounts_file)
                return command(
                    "bureau", "acquirer", "--port", port, "--db", ledger, "--returns-to", back, "--accounts", banks
                )  # fmt: skip
            case "postbox":
                box = ("--folder", str(self.mailboxes_dir), "--tls", str(self.centre_dir / "tls"))
                return command("bureau", "postbox", "--port", str(self.ports["postbox"]), *box)
            case "bureau":
                return command("bureau", "serve")
            case "console":
                return command("bureau", "console")
            case "cabinet":
                return command(
                    "kiosk", "sim", "serve", "--dir", str(self.cabinet_dir),
                    "--control-port", str(self.ports["control"]),
                    "--personas", str(self.personas_file), "--speed", str(self.plan.speed),
                    "--as-of", self.now().isoformat(timespec="seconds"),
                )  # fmt: skip
            case "devices":
                return command("kiosk", "devices", "run")
            case "sync":
                return command("kiosk", "sync", "run")
        raise ValueError(f"no program {name!r}")

    def _wait(self, name: str) -> None:
        """Until the program answers on its port (sync has none: until it lives a moment)."""
        process = self.processes[name]
        port = {"cabinet": "control", "sync": None}.get(name, name)
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise StackError(f"{name} ended with {process.returncode}; see {self._log(name)}")
            if (port is None or answers(self.ports[port])) and (name != "cabinet" or self._cabinet_told()):
                return
            time.sleep(0.05)
        raise StackError(f"{name} does not answer after {START_WITHIN_S:.0f} s; see {self._log(name)}")

    def _cabinet_told(self) -> bool:
        """It answers before it has written where its devices are; its own file is the last of them."""
        return (self.cabinet_dir / "cabinet.json").exists()

    def _command(self, *words: str) -> str:
        done = self.run(*words)
        if done.returncode != 0:
            raise StackError(f"{' '.join(words[:3])} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _log(self, name: str) -> Path:
        return self.plan.root / "logs" / f"{name}.log"


def business_time(text: str) -> datetime:
    """The moment that an option names, for ``argparse``."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        told = f"{text!r} is not a moment; write it as 2026-10-12T09:42, or 2026-10-12 for midnight"
        raise argparse.ArgumentTypeError(told) from None
    if not YEARS[0] <= moment.year <= YEARS[1]:
        told = f"the year {moment.year} cannot be played; write one from {YEARS[0]} to {YEARS[1]}"
        raise argparse.ArgumentTypeError(told)
    return moment


def command(*words: str) -> list[str]:
    """The command line of ``kiosk …`` or ``bureau …`` in this interpreter."""
    return [sys.executable, "-m", f"{words[0]}.cli", *words[1:]]
