"""``bureau remote …``: people who wait at terminals for an officer, the conversations, and the call-backs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bureau.commands.common import AsJson, ConfigFile, moment, opened, show, told
from bureau.commands.matters import Officer, officer_name

if TYPE_CHECKING:
    from bureau.engine.remote.calling import OpenedCall
    from bureau.engine.remote.desk import Opened
    from bureau.engine.remote.sealing import Office
    from bureau.ports.remote import Call, Talk
    from config.bureau_settings import BureauSettings

app = typer.Typer(
    help="The remote officer: conversations and call-backs.", no_args_is_help=True, rich_markup_mode=None
)
Number = Annotated[str, typer.Argument(help="Number of the conversation or call-back, 20 digits.")]
Words = Annotated[str, typer.Option("--words", help="What is said, or what came of it.")]


@contextmanager
def _office(config: ConfigFile) -> Iterator[tuple[Office, BureauSettings]]:
    """One transaction, with what opens the seals."""
    from bureau.engine.reference.work import ReferenceSystem
    from bureau.engine.remote.sealing import Office
    from bureau.fleet.vault import SealingVault
    from bureau.opening import business_clock, open_keys

    with opened(config) as (settings, database):
        vault = SealingVault(open_keys(settings).sealing)
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            yield Office(work.core, vault), settings


def _talked(
    officer: str, config: ConfigFile, as_json: bool, do: Callable[[Office, str], Talk], line: str
) -> None:
    with _office(config) as (office, _):
        done = do(office, officer_name(officer))
    show(_told(done), as_json, [f"{done.number} {line}"])


@app.command("list")
@told
def list_talks(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Who waits and who is talked to, the longest first."""
    with _office(config) as (office, _):
        rows = list(office.core.remote.listed(("waiting", "taken"), 1000))
        rows += office.core.remote.latest(1000) if every else []
    found = [_told(one) for one in rows]
    lines = [
        f"{one.number} {one.state:8} {one.topic:14} {moment(one.asked_at)} {one.officer}" for one in rows
    ]
    show(found, as_json, lines or ["nobody waits"])


@app.command()
@told
def serve(officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Answer from now on, for half an hour from the last act."""
    from bureau.engine.remote import desk

    with _office(config) as (office, _):
        until = desk.serve(office.core, officer_name(officer))
    show({"officer": officer, "until": until}, as_json, [f"{officer} answers until {moment(until)}"])


@app.command()
@told
def rest(officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Answer no more."""
    from bureau.engine.remote import desk

    with _office(config) as (office, _):
        desk.rest(office.core, officer_name(officer))
    show({"officer": officer}, as_json, [f"{officer} answers no more"])


@app.command()
@told
def take(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Answer whoever waits there."""
    from bureau.engine.remote import desk

    _talked(officer, config, as_json, lambda o, who: desk.take(o.core, who, number), f"is {officer}'s")


@app.command()
@told
def say(
    number: Number, officer: Officer, words: Words, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Say something to the person."""
    from bureau.engine.remote import desk

    _talked(officer, config, as_json, lambda o, who: desk.say(o, who, number, words), "was told")


@app.command()
@told
def phrase(
    number: Number,
    officer: Officer,
    name: Annotated[str, typer.Option("--phrase", help="One of config/remote.yaml.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Say a ready phrase, in the person's language."""
    from bureau.engine.remote import desk

    _talked(officer, config, as_json, lambda o, who: desk.phrase(o, who, number, name), "was told")


@app.command()
@told
def sources(
    number: Number,
    words: Annotated[str, typer.Option("--words", help="Else what the person said last.")] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """What the library says to the person's words, or to yours."""
    from bureau.engine.remote import desk
    from bureau.engine.remote.sources import Finder, written
    from bureau.engine.subjects import today

    with _office(config) as (office, settings):
        one = desk.opened(office, number)
        asked, day, edited = words or desk.latest_words(one), today(office.core), written(office.core)
    found = Finder(settings.state_dir).find(edited, asked, one.talk.lang, day)
    lines = [f"{each.id:32} {each.title['zh-CN']}  {each.cited['zh-CN']}" for each in found]
    show(found, as_json, lines or ["the library has nothing"])


@app.command()
@told
def cite(
    number: Number,
    officer: Officer,
    words: Annotated[str, typer.Option("--words", help="For which the source was found.")],
    source: Annotated[str, typer.Option("--source", help="Its id, as `sources` tells it.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Send a source of the library, with where it stands."""
    from bureau.engine.remote import desk
    from bureau.engine.remote.sources import Finder, written
    from bureau.engine.subjects import today
    from bureau.errors import RemoteRefused

    with _office(config) as (office, settings):
        lang, day = desk.opened(office, number).talk.lang, today(office.core)
        edited = written(office.core)
    found = Finder(settings.state_dir).find(edited, words, lang, day)  # it takes seconds: in no transaction
    named = next((each for each in found if each.id == source), None)
    if named is None:
        raise RemoteRefused("source", f"no source {source} for these words: see `bureau remote sources`")
    with _office(config) as (office, _):
        done = desk.cite(office, officer_name(officer), number, named)
    show(_told(done), as_json, [f"{number} was told"])


@app.command()
@told
def propose(
    number: Number,
    officer: Officer,
    service: Annotated[str, typer.Option("--service", help="Its id, such as declare.rental.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Offer a service that the person may open with one touch."""
    from bureau.engine.remote import desk
    from bureau.errors import RemoteRefused
    from config.catalogue import BUILT_IN, read_service

    file = BUILT_IN / f"{service}.yaml"
    if not re.fullmatch(r"[a-z-]+\.[a-z-]+", service) or not file.is_file():
        raise RemoteRefused("service", f"there is no service {service}")
    title = read_service(file.read_bytes(), file).service.title
    _talked(officer, config, as_json, lambda o, who: desk.propose(o, who, number, service, title), "was told")


@app.command("screen")
@told
def ask_screen(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Ask to see the screen; nothing is shown before the person allows it."""
    from bureau.engine.remote import desk

    _talked(officer, config, as_json, lambda o, who: desk.ask_screen(o, who, number), "was asked")


@app.command("show")
@told
def show_one(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """What was said in your own conversation, and the screen as it is shown now."""
    from bureau.engine.remote import desk
    from bureau.errors import RemoteRefused

    with _office(config) as (office, _):
        one = desk.opened(office, number)
        if one.talk.officer != officer_name(officer):
            raise RemoteRefused("notOwn", f"{number} is not {officer}'s")
    show(_whole(one), as_json, list(_lines(one)))


@app.command()
@told
def end(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """End it."""
    from bureau.engine.remote import desk

    _talked(officer, config, as_json, lambda o, who: desk.end(o.core, who, number), "is over")


@app.command()
@told
def calls(
    every: Annotated[bool, typer.Option("--all", help="Also those that are settled.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Who is to be called back, whose day comes first on top."""
    from bureau.engine.remote import calling
    from bureau.engine.subjects import today

    with _office(config) as (office, _):
        rows = calling.listed(office.core, calling.EVERY if every else ("open",))
        day = today(office.core)
    lines = [
        f"{one.number} {one.state:8} {one.slot:9} by {one.call_by}{' LATE' if calling.late(one, day) else ''}"
        for one in rows
    ]
    show([_call(one) for one in rows], as_json, lines or ["nobody is to be called"])


@app.command()
@told
def call(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """One call-back with the phone, what it is about and what was done."""
    from bureau.engine.remote import calling

    officer_name(officer)
    with _office(config) as (office, _):
        one = calling.opened(office, number)
    show(
        _called(one), as_json, [f"{one.mobile}  {one.words}", *(f"{moment(d.at)} {d.did}" for d in one.done)]
    )


@app.command()
@told
def reached(
    number: Number, officer: Officer, words: Words, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """The person was called and answered."""
    from bureau.engine.remote import calling

    _settle(officer, config, as_json, lambda o, who: calling.reached(o, who, number, words))


@app.command()
@told
def missed(number: Number, officer: Officer, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The person was called and did not answer."""
    from bureau.engine.remote import calling

    _settle(officer, config, as_json, lambda o, who: calling.missed(o, who, number))


@app.command()
@told
def close(
    number: Number, officer: Officer, words: Words, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Try no more, once nobody answered as often as config/remote.yaml asks."""
    from bureau.engine.remote import calling

    _settle(officer, config, as_json, lambda o, who: calling.close(o, who, number, words))


def _settle(officer: str, config: ConfigFile, as_json: bool, do: Callable[[Office, str], Call]) -> None:
    with _office(config) as (office, _):
        done = do(office, officer_name(officer))
    show(_call(done), as_json, [f"{done.number} is {done.state}, tried {done.tries} times"])


def _told(talk: Talk) -> dict[str, Any]:
    return {
        "number": talk.number,
        "state": talk.state,
        "topic": talk.topic,
        "hall": talk.hall,
        "terminal": talk.terminal,
        "lang": talk.lang,
        "asked_at": talk.asked_at,
        "officer": talk.officer or None,
        "ended_by": talk.ended_by or None,
        "screen": talk.screen,
    }


def _whole(one: Opened) -> dict[str, Any]:
    return {
        **_told(one.talk),
        "words": one.words,
        "lines": [
            {
                "seq": line.seq,
                "at": line.at,
                "officer": line.officer or None,
                "kind": line.kind,
                **line.content,
            }
            for line in one.lines
        ],
        "shown": one.shown.model_dump() if one.shown is not None else None,
    }


def _lines(one: Opened) -> Iterator[str]:
    yield f"{one.talk.number}  {one.talk.state}  {one.words}"
    for line in one.lines:
        text = line.content["text"]
        yield f"{line.officer or '—':10} {text if isinstance(text, str) else text['zh-CN']}"
    if one.shown is not None:
        yield f"[{one.shown.service} · {one.shown.step}] {one.shown.title}"
        yield from (f"    {row.label} {row.value} {row.mark}".rstrip() for row in one.shown.rows)


def _call(call: Call) -> dict[str, Any]:
    return {
        "number": call.number,
        "state": call.state,
        "topic": call.topic,
        "slot": call.slot,
        "call_by": call.call_by,
        "asked_at": call.asked_at,
        "tries": call.tries,
        "talk": call.talk or None,
    }


def _called(one: OpenedCall) -> dict[str, Any]:
    done = [{"at": d.at, "officer": d.officer, "did": d.did, "words": d.words} for d in one.done]
    return {**_call(one.call), "mobile": one.mobile, "words": one.words, "done": done}
