"""What every simulator has: a life cycle, a state to look at, and named actions with checked parameters."""

from __future__ import annotations

import asyncio
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from drivers.simulators.errors import BadParameterError, UnknownActionError

log = logging.getLogger("kiosk.simulators")

Outcome = dict[str, object]


class Parameters(BaseModel):
    """Base of an action's parameters: camelCase on the wire, unknown names refused.

    Digits are text where a text is wanted: ``kiosk sim do`` reads ``pin=123456`` as JSON, which makes it a number.
    """

    model_config = ConfigDict(
        extra="forbid", alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True
    )


def problems(error: ValidationError) -> str:
    """Every field that is wrong, and what is wrong with it."""
    told = []
    for one in error.errors(include_url=False):
        field = ".".join(map(str, one["loc"]))
        told.append(f"{field}: ".lstrip(": ") + one["msg"].removeprefix("Value error, "))
    return "; ".join(told)


def written(pattern: str, words: str) -> AfterValidator:
    """A text of this form; whoever writes another is told it in ``words``, not as a regular expression."""

    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(f"write {words}")
        return value

    return AfterValidator(check)


class NoParameters(Parameters):
    """For actions that take nothing."""


_S = TypeVar("_S", bound="Simulator")
_P = TypeVar("_P", bound=Parameters)
_Method = Callable[[_S, _P], Awaitable[Outcome]]


def action(name: str, parameters: type[_P]) -> Callable[[_Method[_S, _P]], _Method[_S, _P]]:
    """Mark a coroutine method as the action ``name`` of its simulator."""

    def mark(method: _Method[_S, _P]) -> _Method[_S, _P]:
        method.__dict__["action"] = (name, parameters)
        return method

    return mark


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the mechanics run: 1 is like the real thing, 10 ten times as fast, ``inf`` at once."""

    speed: float = 1.0

    def seconds(self, real: float) -> float:
        """What ``real`` seconds of motion take here."""
        return real / self.speed

    async def sleep(self, real: float) -> None:
        """Wait as long as the motion takes."""
        await asyncio.sleep(self.seconds(real))


class Simulator(ABC):
    """One simulated device; lives on the loop that started it. ``start`` and ``stop`` are idempotent."""

    _actions: ClassVar[dict[str, tuple[str, type[Parameters]]]] = {}

    def __init_subclass__(cls, **rest: Any) -> None:
        """Collect the marked methods of the class and its bases."""
        super().__init_subclass__(**rest)
        cls._actions = {}
        for base in reversed(cls.__mro__):
            for attribute, value in vars(base).items():
                marked = getattr(value, "action", None)
                if isinstance(marked, tuple):
                    cls._actions[marked[0]] = (attribute, marked[1])

    def __init__(self, name: str, pace: Pace) -> None:
        self.name = name
        self.pace = pace

    @abstractmethod
    async def start(self) -> None:
        """Come up on the real transport."""

    @abstractmethod
    async def stop(self) -> None:
        """Release transport and tasks; never raises."""

    @abstractmethod
    def state(self) -> dict[str, object]:
        """Everything a person standing before the device could see, and the counters inside it."""

    @classmethod
    def actions(cls) -> dict[str, dict[str, Any]]:
        """The JSON schema of each action's parameters."""
        return {name: model.model_json_schema() for name, (_, model) in sorted(cls._actions.items())}

    async def do(self, name: str, parameters: Mapping[str, object] | None = None) -> Outcome:
        """Carry out an action.

        Raises ``UnknownActionError``, ``BadParameterError`` or ``ActionRefusedError``.
        """
        if name not in self._actions:
            known = ", ".join(sorted(self._actions))
            raise UnknownActionError(f"{self.name} has no action {name!r}; it has: {known}")
        attribute, model = self._actions[name]
        try:
            checked = model.model_validate(dict(parameters or {}))
        except ValidationError as error:
            fix = f"`kiosk sim list {self.name}` shows what it takes"
            raise BadParameterError(f"{self.name}.{name}: {problems(error)}; {fix}") from None
        method: Callable[[Parameters], Awaitable[Outcome]] = getattr(self, attribute)
        return await method(checked)
