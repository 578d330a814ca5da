"""The walks that the tests look at, by name, and each walked once."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from kiosk.stack import command
from tests.depth import WHOLE
from tests.journeys.cover import cover
from tests.shipped import CATALOGUE
from ui.walk import checker

ENGLISH = {
    f"english {service}": service
    for service in (
        "declare.correct",
        "document.sign-for",
        "materials.supply",
        "certificate.verify",
        "invoice.collect",
        "invoice.device",
        "library.search",
    )
}
"""Between them they have every kind of page that a visit comes to at the terminal alone."""
WITH_ANOTHER = {
    "talked-en": ["consult.person", "--choose", "officer", "--lang", "en-US", "--mode", "elder"],
    "continued-en": ["invoice.issue", "--goes-on", "--lang", "en-US", "--mode", "elder"],
    "fetched-en": [
        *("certificate.reissue", "--choose", "replace", "--choose", "phone"),
        *("--lang", "en-US", "--mode", "elder"),
    ],
}
"""Those that go on with an officer at a distance, or on the visitor's phone."""
ROW = {
    **{name: [service, "--lang", "en-US", "--mode", "elder"] for name, service in ENGLISH.items()},
    **WITH_ANOTHER,
    "certificate-en": ["certificate.iit-record", "--staff", "--lang", "en-US", "--orientation", "landscape"],
    "declared-certified": [
        "certificate.vehicle-purchase",
        "--after",
        "declare.vehicle-purchase",
        "--choose",
        "1",
    ],
    "declare-offline": ["declare.vat-small", "--staff", "--mode", "elder", "--offline"],
}
"""One after the other at one terminal, each with a screen of its own; the network goes in the last one."""
ALONE = {
    "over-another-core": [
        *("invoice.collect", "--firm", "91990199MA6000001K", "--lang", "en-US", "--core"),
        f"{shlex.quote(sys.executable)} -m tests.standin.core tests/standin/books.json",
    ],
}
"""On a stack of its own."""
REFUSING = ("unfiledPeriod", "mayNotCollect", "limitReached", "notNil")
REFUSED = {f"refused {code}": code for code in (REFUSING if WHOLE else REFUSING[:2])}
"""Each by another part of the centre, and one at a greyed choice; on one stack."""
PLANTED = ("certificate.iit-record", "invoice.collect", "declare.vat-small")
"""Those in whose evidence the tests put something wrong."""
ELSEWHERE = [
    *(words[0] for words in ROW.values()),
    *(word for words in ROW.values() for option, word in pairwise(words) if option == "--after"),
]
"""What is walked in the row."""
TOUR = list(CATALOGUE) if WHOLE else [*PLANTED, *cover(CATALOGUE, (*PLANTED, *ELSEWHERE))]
"""One after the other at two terminals of one centre."""
WITHIN_S = 2_400
"""A tour of all services beside all other tests on two processors has taken nearly that."""
Walked = Callable[[str], Path]


class Walks:
    """Walks by name when first asked for; below ``base``."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._done: dict[str, Path] = {}

    def __call__(self, name: str) -> Path:
        """The folder of the evidence."""
        if name in TOUR:
            out = self._run("tour", *TOUR) / name
        elif name in REFUSED:
            wanted = tuple(word for code in REFUSED.values() for word in ("--refused", code))
            out = self._run("refused", *wanted) / REFUSED[name]
        elif name in ROW:
            wanted = tuple(word for one in ROW.values() for word in ("--then", *one))[1:]
            out = self._run("row", *wanted) / f"{list(ROW).index(name) + 1}-{ROW[name][0]}"
        else:
            out = self._run(name, *ALONE[name])
        assert (out / "verdict.json").exists(), "\n".join(
            log.read_text()[-4_000:] for log in self._base.glob("*.log")
        )
        return out

    def _run(self, name: str, *words: str) -> Path:
        """Once, whatever comes of it: what went wrong is told by each test that looks, and waited for by none of them."""
        out = self._base / name
        if name not in self._done:
            self._done[name] = out
            env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
            line = command("kiosk", "walk", *words, "--out", str(out))
            with (self._base / f"{name}.log").open("w") as log:
                walk = subprocess.Popen(line, env=env, stdout=log, stderr=subprocess.STDOUT)
                try:
                    walk.wait(WITHIN_S)
                except subprocess.TimeoutExpired:
                    log.write(f"ended by the test: it was not through after {WITHIN_S} s\n")
                finally:
                    _end(walk)
        return out


def _end(walk: subprocess.Popen[bytes]) -> None:
    """With all its programs, which it takes along when it is told to end."""
    if walk.poll() is None:
        walk.terminate()
        try:
            walk.wait(60)
        except subprocess.TimeoutExpired:
            walk.kill()
            walk.wait()


def all_parties_agree(out: Path) -> None:
    """What a good walk leaves."""
    verdict = json.loads((out / "verdict.json").read_text())
    assert verdict["problems"] == []
    assert verdict["ok"] is True


def planted(out: Path, tmp_path: Path) -> Path:
    """A copy of good evidence, for something to be put wrong in."""
    copy = tmp_path / "evidence"
    shutil.copytree(out, copy, ignore=shutil.ignore_patterns("state"))
    assert checker.check(copy) == []
    return copy


def a_wrong_figure_turns_the_verdict(copy: Path, right: str, wrong: str) -> None:
    """The same slip again, one figure changed on its way to the paper."""
    journal = [json.loads(line) for line in (copy / "journal.jsonl").read_text().splitlines()]
    blocks = next(
        r["body"]["data"]["blocks"] for r in journal if (r["kind"], r["phase"]) == ("slip", "intent")
    )
    changed = [{**b, "value": re.sub(f"^{right}$", wrong, b["value"])} if "value" in b else b for b in blocks]
    assert changed != blocks
    (slip,) = (copy / "printed").glob("*-slip.png")
    slip.write_bytes(to_png(render(parse_receipt(changed))))
    assert any(slip.name in problem for problem in checker.check(copy))
