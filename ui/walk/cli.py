"""``kiosk walk SERVICE …``, ``--all``, ``--refused CODE``: pictures, paper, a verdict; exit status 0 when all agree.

``kiosk walk SERVICE … --then SERVICE …`` walks in a row on one stack, the first one's.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bureau.city.cast import PERSONAS
from bureau.city.mandates import ATTORNEY
from config.catalogue import shipped
from kiosk.stack import StackError, business_time
from ui.walk.ended import taking_programs_along
from ui.walk.faults import FAULTS
from ui.walk.folder import FolderInUse
from ui.walk.refused.table import REASONS
from ui.walk.torn import CAMERA, SCANNER

if TYPE_CHECKING:
    from ui.walk.visit import Verdict
    from ui.walk.walk import Options

THEN = "--then"
"""Between walks of which each finds what the one before has left."""
CARDS = ("debit", "credit")
"""Cards of the simulated bank that can pay."""
DEFAULT_DAY = "2026-10-12T09:42"
EVERY = "all"
ALONE = (
    "offline",
    "fault",
    "persona",
    "card",
    "debit",
    "phone",
    "parts",
    "behalf",
    "begun",
    "after",
    "form",
    "goes_on",
    "choose",
    "core",
    "firm",
    "torn",
)
"""What is asked of one walk and not of all of them."""
NOT_IN_A_ROW = ("fault", "core", "torn")
"""What a walk needs a stack of its own for."""


def main(argv: list[str]) -> int:
    """Entry of ``kiosk walk``."""
    options, *others = _row(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("KIOSK_REDUCED_MOTION", "1")
    how = _refused if options.refused else _one if len(options.service) == 1 else _several
    try:
        with taking_programs_along():
            return _in_a_row([options, *others]) if others else how(options)
    except (StackError, FolderInUse) as error:
        print(f"kiosk walk: {error}", file=sys.stderr)
        return 2


def _one(options: argparse.Namespace) -> int:
    from ui.walk.walk import walk  # Qt reads its platform when it is first imported

    verdict = walk(_wanted(options))
    _tell(options, verdict)
    if not options.json:
        print(f"  pictures, paper and journal: {options.out}")
    return 0 if verdict.ok else 1


def _in_a_row(row: Sequence[argparse.Namespace]) -> int:
    from ui.walk.walk import walk_in_a_row

    first = row[0]
    verdicts = walk_in_a_row(
        first.out.parent.resolve(),
        [_wanted(options) for options in row],
        lambda verdict: _tell(first, verdict),
    )
    if not first.json:
        print(f"  pictures, paper and journal of each: {first.out.parent}")
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _wanted(options: argparse.Namespace) -> Options:
    from ui.walk.walk import Options

    return Options(
        service=options.service[0],
        out=options.out.resolve(),
        lang=options.lang,
        mode=options.mode,
        orientation=options.orientation,
        offline=options.offline,
        fault=options.fault,
        as_of=options.as_of,
        persona=options.persona,
        seed=options.seed,
        staff=options.staff,
        card=options.card,
        debit=options.debit,
        phone=options.phone,
        parts=options.parts,
        behalf=options.behalf,
        begun=options.begun,
        after=options.after,
        form=options.form,
        goes_on=options.goes_on,
        choose=tuple(options.choose),
        core=options.core,
        firm=options.firm,
        torn=options.torn,
    )


def _several(options: argparse.Namespace) -> int:
    from ui.walk.tour import Tour, tour

    verdicts = tour(
        Tour(
            out=options.out.resolve(),
            lang=options.lang,
            mode=options.mode,
            orientation=options.orientation,
            as_of=options.as_of,
            seed=options.seed,
            staff=options.staff,
            only=tuple(options.service),
        ),
        lambda verdict: _tell(options, verdict),
    )
    if not options.json:
        print(f"  every page and sheet: {options.out / 'index.html'}")
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _refused(options: argparse.Namespace) -> int:
    from ui.walk.refused.walk import Refusing, walk_refused

    codes = tuple(REASONS if EVERY in options.refused else dict.fromkeys(options.refused))
    verdicts = walk_refused(
        Refusing(
            out=options.out.resolve(),
            codes=codes,
            lang=options.lang,
            mode=options.mode,
            orientation=options.orientation,
            as_of=options.as_of,
            seed=options.seed,
            staff=options.staff,
        ),
        lambda verdict: _tell(options, verdict),
    )
    if not options.json:
        print(f"  every page: {options.out / 'index.html'}")
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _tell(options: argparse.Namespace, verdict: Verdict) -> None:
    if options.json:
        print(json.dumps(verdict.__dict__, ensure_ascii=False), flush=True)
        return
    word = "good" if verdict.ok else "NOT GOOD"
    print(f"{verdict.service}: {word}, {verdict.pages} pages, {verdict.seconds} s", flush=True)
    for problem in verdict.problems:
        print(f"  - {problem}", flush=True)


def _row(argv: list[str]) -> list[argparse.Namespace]:
    """The walk that is asked for; of several with ``--then`` between them each, in a folder of its own."""
    if THEN not in argv:
        return [_options(argv)]
    of_all = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    of_all.add_argument("--out")
    of_all.add_argument("--json", action="store_true")
    shared, words = of_all.parse_known_args(argv)
    said = [*(("--out", shared.out) if shared.out else ()), *(("--json",) if shared.json else ())]
    ends = [at for at, word in enumerate(words) if word == THEN]
    parts = [
        words[begin:end] for begin, end in zip([0, *(at + 1 for at in ends)], [*ends, None], strict=True)
    ]
    first = _options([*parts[0], *said])
    row = [_options([*part, *said], first) for part in parts]
    for number, options in enumerate(row, 1):
        options.out = options.out / f"{number}-{options.service[0]}"
    return row


def _options(argv: list[str], first: argparse.Namespace | None = None) -> argparse.Namespace:
    """One walk, or one tour; ``first`` of the row in which it stands: of its day and seed, in its folder."""
    parser = argparse.ArgumentParser(prog="kiosk walk", description=__doc__)
    parser.add_argument("service", nargs="*", metavar="SERVICE", help="one; or several, two at a time")
    parser.add_argument("--all", action="store_true", help="every service, two at a time, with an index.html")
    parser.add_argument(
        THEN,
        action="store_true",
        help="between walks of one service each, with options of their own: one after the other on one stack",
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the evidence: new, empty, or an earlier walk's"
    )
    parser.add_argument("--lang", choices=("zh-CN", "en-US"), default="zh-CN")
    parser.add_argument("--mode", choices=("standard", "elder"), default="standard")
    parser.add_argument("--orientation", choices=("portrait", "landscape"), default="portrait")
    parser.add_argument("--offline", action="store_true", help="without the centre until the visit is over")
    parser.add_argument("--fault", choices=sorted(FAULTS), default="none")
    parser.add_argument("--staff", action="store_true", help="a member of staff checks instead of the camera")
    parser.add_argument(
        "--card", choices=CARDS, default="", help="paid by this bank card instead of the phone"
    )
    parser.add_argument(
        "--debit", action="store_true", help="paid by debit under the taxpayer's three-party agreement"
    )
    parser.add_argument(
        "--phone",
        choices=("scans", "shows", "refuses"),
        default="scans",
        help="it scans the screen; or it shows its own code to the reader, and confirms, or refuses at first",
    )
    parser.add_argument(
        "--parts", action="store_true", help="two visits: a part of one tax is paid, then the rest of it"
    )
    parser.add_argument(
        "--behalf",
        action="store_true",
        help="for an old lady, by the mandate that she gave her son; with --persona xu-wen for her daughter",
    )
    parser.add_argument(
        "--begun",
        choices=("scans", "types"),
        default="",
        help="filled in on a phone before; its code is held before the reader, or typed",
    )
    parser.add_argument(
        "--after",
        choices=sorted(shipped()),
        default="",
        metavar="SERVICE",
        help="two visits: the same person comes for that service before, as who pays before a certificate",
    )
    parser.add_argument(
        "--refused",
        action="append",
        default=[],
        choices=(EVERY, *REASONS),
        metavar="CODE",
        help="a visitor whom the bureau refuses for this reason, by its code; several times for several, or all",
    )
    parser.add_argument(
        "--form", action="store_true", help="what was filed is printed as well, on a sheet of its own"
    )
    parser.add_argument(
        "--choose",
        action="append",
        default=[],
        metavar="ID",
        help="what is touched where one of several is offered, by its id, as phone; may be given several times",
    )
    parser.add_argument(
        "--goes-on", action="store_true", help="handed over to a phone at the review, and finished there"
    )
    parser.add_argument(
        "--core",
        default="",
        metavar="CORE",
        help="behind the centre stands another core system (docs/integrating.md): its address, or the command that "
        'starts one and writes {"url": …} as its first line; who comes is the first of the cast whom it knows',
    )
    parser.add_argument(
        "--firm", default="", metavar="TAXPAYER", help="for this enterprise, where they may act for several"
    )
    parser.add_argument(
        "--torn",
        choices=(CAMERA, SCANNER),
        default="",
        help="the invoice's code is painted over and its print is read: a fully digital one under the camera, one of "
        "the older generation in the scanner",
    )
    parser.add_argument(
        "--as-of",
        type=business_time,
        default=DEFAULT_DAY,
        metavar="MOMENT",
        help=f"business time, as {DEFAULT_DAY}",
    )
    parser.add_argument("--persona", default="", help="who comes (see personas.json); default: by service")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    if first is not None:
        parser.set_defaults(as_of=first.as_of, seed=first.seed)
    options = parser.parse_args(argv)
    if first is not None:
        _can_stand_in_a_row(parser, options, first)
    if options.refused:
        _alone_with_refused(parser, options)
        return options
    if options.all == bool(options.service):
        parser.error("name a service, several, or --all")
    if unknown := [name for name in options.service if name not in shipped()]:
        parser.error(f"there is no service {unknown[0]!r}; kiosk services lists them")
    if len(options.service) != 1 and (
        given := [name for name in ALONE if getattr(options, name) != parser.get_default(name)]
    ):
        parser.error(f"--{given[0].replace('_', '-')} is for one service: name that one alone")
    if options.begun and shipped()[options.service[0]].service.phone is None:
        parser.error(f"{options.service[0]} cannot be begun on a phone")
    cast = [person.id for person in PERSONAS]
    if options.behalf:
        options.persona = options.persona or ATTORNEY.id
    if options.persona and options.persona not in cast:
        parser.error(
            f"nobody of the cast is {options.persona!r}; write --persona and one of: {', '.join(cast)}"
        )
    return options


def _can_stand_in_a_row(
    parser: argparse.ArgumentParser, options: argparse.Namespace, first: argparse.Namespace
) -> None:
    """One stack has one day, and the next visitor needs it whole."""
    if len(options.service) != 1 or options.all or options.refused:
        parser.error(f"in a row ({THEN}) each walk is of one service: name one on either side")
    if (options.as_of, options.seed) != (first.as_of, first.seed):
        parser.error(f"a row ({THEN}) has one day and one seed: name them with the first walk alone")
    if given := [name for name in NOT_IN_A_ROW if getattr(options, name) != parser.get_default(name)]:
        parser.error(f"--{given[0]} needs a stack of its own: walk it alone")


def _alone_with_refused(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Who comes, for what and when, is the reason's own."""
    given = [name for name in ALONE if getattr(options, name) != parser.get_default(name)]
    if options.all or options.service or given:
        named = "--all" if options.all else options.service[0] if options.service else f"--{given[0]}"
        parser.error(f"--refused knows who comes and for what: leave {named.replace('_', '-')} out")
