"""The form of a deed: what is to be filled in, and the button that does it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol, TypeVar

from markupsafe import Markup
from nicegui import ui

from bureau.console.desk import Desk
from bureau.console.html import show
from bureau.console.shell import button
from bureau.console.worklists.pattern import Input, Values

E = TypeVar("E")
W = TypeVar("W", contravariant=True)
Read = Callable[[], str]
NATIVE: Final = {"day": "date", "moment": "datetime-local"}
"""What the browser has a picker for."""


class Form(Protocol[W]):
    """What is asked for something to be done with ``W``: its inputs, its words, and of which kind its button is."""

    @property
    def words(self) -> str:
        """Where its words begin, as ``pattern`` says."""
        ...

    @property
    def inputs(self) -> Callable[[Desk, W], Sequence[Input]]:
        """What is to be filled in."""
        ...

    @property
    def lead(self) -> Callable[[Desk, W], str] | None:
        """What stands above, in place of its own words."""
        ...

    @property
    def kind(self) -> str:
        """Of its button."""
        ...


def draw_deed(
    desk: Desk,
    deed: Form[E],
    one: E,
    done: Callable[[Values], Awaitable[None]],
    worked: Callable[[Desk, Values], Markup] | None = None,
) -> None:
    """Draw it; ``done`` gets what was filled in, once nothing is missing and nothing is wrong.

    ``worked``: what is worked out of it, shown where it is asked once more.
    """
    inputs = deed.inputs(desk, one)
    with ui.element("div").classes("deed"):
        lead = deed.lead(desk, one) if deed.lead is not None else desk.said(f"{deed.words}-lead")
        if lead:
            show(Markup("<p>{}</p>").format(lead))
        reads = {each.key: _drawn(desk, deed.words, each) for each in inputs}

        def filled() -> Values:
            return {key: read().strip() for key, read in reads.items()}

        def wrong() -> str:
            values = filled()
            for each in inputs:
                if found := wrong_with(each, values[each.key]):
                    return desk.say(found, input=_label(desk, deed.words, each))
            return ""

        async def pressed() -> None:
            await done(filled())

        sure = f"{deed.words}-sure"
        button(
            desk,
            deed.words,
            pressed,
            deed.kind,
            sure=sure if desk.has(sure) else "",
            unless=wrong,
            worked=(lambda: worked(desk, filled())) if worked is not None else None,
        )


def wrong_with(each: Input, value: str) -> str:
    """The id of what is wrong with what was filled in; empty: nothing. A browser may send anything."""
    if not value:
        return "" if each.optional else "input.missing"
    return "" if _SOUND[each.kind](each, value) else "input.wrong"


def _line_sound(each: Input, value: str) -> bool:
    return len(value) <= each.most and (not each.like or re.fullmatch(each.like, value) is not None)


def _number_sound(each: Input, value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10 and int(value) <= each.most


def _parsed(parse: Callable[[str], object]) -> Callable[[Input, str], bool]:
    def sound(_each: Input, value: str) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return sound


_SOUND: Final[Mapping[str, Callable[[Input, str], bool]]] = {
    "line": _line_sound,
    "lines": lambda each, value: len(value) <= each.most,
    "words": lambda each, value: len(value) <= each.most,
    "choice": lambda each, value: value in each.options,
    "ticks": lambda each, value: set(value.split()) <= set(each.options),
    "day": _parsed(date.fromisoformat),
    "moment": _parsed(datetime.fromisoformat),
    "number": _number_sound,
}


def _line(desk: Desk, words: str, each: Input) -> Read:
    made = ui.input(_label(desk, words, each), value=each.value).props(f"outlined maxlength={each.most}")
    return lambda: str(made.value or "")


def _words(desk: Desk, words: str, each: Input) -> Read:
    read = _lines(desk, words, each)
    return lambda: " ".join(read().split("\n"))


def _lines(desk: Desk, words: str, each: Input) -> Read:
    made = ui.textarea(_label(desk, words, each), value=each.value)
    made.props(f"outlined autogrow maxlength={each.most} counter")
    return lambda: str(made.value or "")


def _number(desk: Desk, words: str, each: Input) -> Read:
    made = ui.input(_label(desk, words, each), value=each.value).props(
        "outlined inputmode=numeric maxlength=9"
    )
    return lambda: str(made.value or "")


def _native(desk: Desk, words: str, each: Input) -> Read:
    made = ui.input(_label(desk, words, each), value=each.value)
    made.props(f"outlined stack-label type={NATIVE[each.kind]}")
    return lambda: str(made.value or "")


def _choice(desk: Desk, words: str, each: Input) -> Read:
    with ui.element("fieldset").classes("roles"):
        show(Markup("<legend>{}</legend>").format(_label(desk, words, each)))
        made = ui.radio(dict(each.options), value=each.value if each.value in each.options else None)
    return lambda: str(made.value or "")


def _ticks(desk: Desk, words: str, each: Input) -> Read:
    ticked = set(each.value.split())
    with ui.element("fieldset").classes("roles"):
        show(Markup("<legend>{}</legend>").format(_label(desk, words, each)))
        boxes = {key: ui.checkbox(told, value=key in ticked) for key, told in each.options.items()}
    return lambda: " ".join(key for key, box in boxes.items() if box.value)


_DRAWN: Final[Mapping[str, Callable[[Desk, str, Input], Read]]] = {
    "line": _line,
    "words": _words,
    "lines": _lines,
    "choice": _choice,
    "ticks": _ticks,
    "day": _native,
    "moment": _native,
    "number": _number,
}


def _drawn(desk: Desk, words: str, each: Input) -> Read:
    """The input, below an example where there is one."""
    if example := desk.said(f"{words}-{each.key}-example"):
        show(Markup('<pre class="example">{}</pre>').format(example))
    return _DRAWN[each.kind](desk, words, each)


def _label(desk: Desk, words: str, each: Input) -> str:
    return desk.say(f"{words}-{each.key}")
