"""``kiosk demo``: the main job on one machine, with what to try; ``make run`` calls it."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.loopback import answers, free_port
from kiosk.stack import (
    CONSOLE,
    DEMO_OFFICERS,
    PROGRAMS,
    SECOND_CODE,
    STAFF_CODE,
    Plan,
    Stack,
    StackError,
    business_time,
    command,
)

DEFAULT_DAY = "2026-10-12T09:42"
DISPLAYS = range(40, 100)
SIZES = {"portrait": "1080x1920", "landscape": "1920x1080"}


def main(argv: list[str]) -> int:
    """Entry of ``kiosk demo``; the exit status of the screen."""
    options = _options(argv)
    plan = Plan(options.dir.resolve(), options.as_of, options.seed, options.orientation, month=True)
    stack = Stack(plan)
    ends: list[Callable[[], None]] = [stack.stop]
    # Ended by whatever means, nothing is left running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _say("preparing the city, its bureau and the terminal (the first time takes a moment)")
        stack.prepare()
        for name in (*PROGRAMS, CONSOLE):
            _say(f"starting {name}")
            stack.start(name)
        display, end = _display(options.orientation, options.dir)
        ends.append(end)
        _tell(stack, display)
        return _screen(stack, display)
    except StackError as error:
        print(f"kiosk demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        _say("stopping")
        for end in reversed(ends):
            end()


def _screen(stack: Stack, display: dict[str, str]) -> int:
    line = [*command("kiosk", "run"), "--window"]
    process = subprocess.Popen(line, env={**stack.env(), **display})
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(15)


def _display(orientation: str, folder: Path) -> tuple[dict[str, str], Callable[[], None]]:
    """The display there is, or a virtual one that listens on loopback alone."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return {}, lambda: None
    if shutil.which("Xtigervnc") is None:
        raise StackError("there is no display and no Xtigervnc: install tigervnc-standalone-server")
    number = next(n for n in DISPLAYS if not Path(f"/tmp/.X11-unix/X{n}").exists())
    port = free_port()
    log = (folder / "logs" / "display.log").open("ab")
    server = subprocess.Popen(
        [
            "Xtigervnc", f":{number}", "-localhost", "-SecurityTypes", "None", "-rfbport", str(port),
            "-geometry", SIZES[orientation], "-depth", "24", "-AlwaysShared",
        ],
        stdout=log,
        stderr=subprocess.STDOUT,
    )  # fmt: skip

    def end() -> None:
        server.terminate()
        server.wait(10)

    deadline = time.monotonic() + 10
    while not answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise StackError(f"the virtual display did not start; see {folder / 'logs' / 'display.log'}")
        time.sleep(0.05)
    _say(f"no display here: a virtual one is at 127.0.0.1:{port} (VNC, this machine only)")
    return {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software"}, end


def _tell(stack: Stack, display: dict[str, str]) -> None:
    control = stack.cabinet()["control"]
    look = "look with any VNC viewer (over ssh: ssh -L)" if display else "the window opens now"
    codes = stack.officers()
    officers = "\n".join(
        f"      {login:<16} {name}  {', '.join(roles):<24} "
        + (f"invitation code {codes[login]}" if login in codes else "has an account")
        for login, name, roles in DEMO_OFFICERS
    )
    people = "\n".join(f"      {p['id']:<16} {p['name']}  {p['note']}" for p in stack.personas())
    print(
        f"""
  The terminal is running: {look}.

  Pages to open here
      {control}    the cabinet's hands: cards, faces, paper, phone, faults
      {stack.bureau_url}/    the bureau's public page (its authority: {stack.plan.root}/bureau/tls/ca.pem)
      {stack.bureau_url}/docs    the interface specification
      {stack.console_url}/    the officers' console; an invitation code is taken up at {stack.console_url}/enrol

  Officers (each chooses a password and scans a code with an authenticator, once)
{officers}

  People of the city
{people}

  Commands to try (in another shell)
      export KIOSK_SIM_DIR={stack.cabinet_dir}
      .venv/bin/kiosk sim card li-xiulan     put a card on the reader
      .venv/bin/kiosk sim face li-xiulan     stand before the camera
      .venv/bin/kiosk sim take dispenser     take the paper
      .venv/bin/kiosk sim state              what lies where
      .venv/bin/kiosk walk certificate.iit-record --out out/certificate
  The staff code of this demonstration is {STAFF_CODE}, the second person's {SECOND_CODE}. Stop with Ctrl-C.
""",
        flush=True,
    )


def _say(words: str) -> None:
    print(f"==> {words}", flush=True)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk demo", description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("out/demo"), help="where everything is kept")
    parser.add_argument(
        "--as-of",
        type=business_time,
        default=DEFAULT_DAY,
        metavar="MOMENT",
        help=f"business time to begin with, as {DEFAULT_DAY}",
    )
    parser.add_argument("--seed", type=int, default=7, help="seed of the city")
    parser.add_argument("--orientation", choices=sorted(SIZES), default="portrait")
    return parser.parse_args(argv)
