"""A core system that is a program of its own, spoken to over HTTP (docs/integrating.md).

Every port is carried the same way: a transaction is begun at the core, each call of a port's method is one request
in it, named after port and method, its arguments and its result written as JSON by the types that the port
declares. What may go two ways comes back as the name of an exception of ``bureau.errors`` with its values. So this
module knows no business at all, and a method that a port gains is carried from the day it is declared.

The transaction is the core's: nothing is kept here, and a commit whose answer got lost is settled by the effect's
key, which is sent again and found answered, or not.
"""

from __future__ import annotations

import collections.abc
import inspect
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

import requests
from pydantic import AfterValidator, ConfigDict, PydanticUserError, TypeAdapter

from bureau import errors
from bureau.engine.public_records import PortRecords
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.ports.einvoices import InvoiceOffice
from bureau.ports.public import PublicRecords, SlipStatus
from bureau.ports.system import Answers, Work
from config.clock import Clock
from sync.models import Texts

log = logging.getLogger("kiosk.bureau")
BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
OUTCOMES = {
    outcome.__name__: outcome
    for outcome in (
        errors.AlreadyFiled,
        errors.CaseDecided,
        errors.CaseUnknown,
        errors.CopiesSpent,
        errors.DueTaken,
        errors.NumbersMoved,
        errors.SlotLocked,
        errors.StockDiffers,
        errors.StockRefused,
        errors.StockShort,
        errors.StoreConflict,
    )
}
"""What a method may answer in place of its result; the values are those of the exception's constructor."""


class Link:
    """The core's address and the connections to it. Thread-safe; every request has a deadline."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url, self._timeout_s = url.rstrip("/"), timeout_s
        self._session = requests.Session()
        self._session.trust_env = False

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The ``result`` of an answer; raises an outcome, or ``CoreUnavailable`` for anything else."""
        try:
            answer = self._session.request(method, self._url + path, json=body, timeout=self._timeout_s)
            said = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError) as error:
            raise errors.CoreUnavailable(f"{method} {path}: {type(error).__name__}") from error
        if answer.status_code == 409 and said.get("error") in OUTCOMES:
            try:
                outcome = OUTCOMES[said["error"]](**said.get("values", {}))
            except TypeError as error:
                raise errors.CoreUnavailable(f"{method} {path}: {said['error']} with other values") from error
            raise outcome
        if answer.status_code >= 300:
            lacks = answer.status_code == HTTPStatus.NOT_IMPLEMENTED
            kind = errors.CoreLacks if lacks else errors.CoreUnavailable
            raise kind(f"{method} {path}: {answer.status_code} {said.get('error', '')}")
        return said.get("result")

    def close(self) -> None:
        """End the connections."""
        self._session.close()


@dataclass(frozen=True)
class _Method:
    """How one method of a port is carried: its signature, and how arguments and result are written."""

    signature: inspect.Signature
    arguments: dict[str, TypeAdapter[Any]]
    result: TypeAdapter[Any]

    def written(self, given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        """The arguments by name, as JSON."""
        bound = self.signature.bind(None, *given, **named)
        bound.apply_defaults()
        return {
            name: self.arguments[name].dump_python(
                list(value) if isinstance(value, collections.abc.Iterable) and _lazy(value) else value,
                mode="json",
            )
            for name, value in bound.arguments.items()
            if name in self.arguments
        }

    def read(self, result: object) -> Any:
        """The result in the port's own type."""
        return self.result.validate_json(json.dumps(result))


def _lazy(value: object) -> bool:
    """Whether it is gone through once, or is no list: sets, keys, generators."""
    return (
        not isinstance(value, str | bytes | list | tuple | collections.abc.Mapping)
        and not hasattr(value, "__dataclass_fields__")
        and not hasattr(type(value), "model_fields")
    )


def _there(value: object) -> object:
    """Nothing is no dataclass."""
    if value is None:
        raise ValueError("is missing")
    return value


def _adapter(hint: Any) -> TypeAdapter[Any]:
    if get_origin(hint) is collections.abc.Iterable:
        hint = list[get_args(hint)[0]]  # type: ignore[misc]
    # Pydantic takes no configuration beside a dataclass, but beside a union with one in it.
    if is_dataclass(hint):
        hint = Annotated[hint | None, AfterValidator(_there)]  # type: ignore[operator]
    try:
        return TypeAdapter(hint, config=BYTES)
    except PydanticUserError:  # it has its own
        return TypeAdapter(hint)


@lru_cache(maxsize=512)
def carried(port: type, name: str) -> _Method:
    """How a method of a port is carried."""
    function = getattr(port, name)
    hints = get_type_hints(function)
    result = hints.pop("return")
    arguments = {argument: _adapter(hint) for argument, hint in hints.items()}
    return _Method(inspect.signature(function), arguments, _adapter(result))


class _Remote:
    """Any port: each of its methods is a request."""

    def __init__(self, port: type, name: str, call: Callable[[str, object], Any]) -> None:
        self._port, self._name, self._call = port, name, call

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_") or not callable(getattr(self._port, method, None)):
            raise AttributeError(f"{self._port.__name__} has no method {method}")
        how = carried(self._port, method)

        def ask(*given: Any, **named: Any) -> Any:
            return how.read(self._call(f"/{self._name}/{method}", how.written(given, named)))

        return ask


@lru_cache(maxsize=1)
def ports() -> dict[str, type]:
    """The ports of ``Core`` by the name of their property."""
    found = {}
    for name, member in vars(Core).items():
        if isinstance(member, property) and member.fget is not None:
            kind = get_type_hints(member.fget)["return"]
            if getattr(kind, "_is_protocol", False):
                found[name] = kind
    return found


class _Core:
    """Implements ``Core``: what belongs to the visit is known here, the ports are the core's."""

    def __init__(
        self, now: datetime, terminal: str, hall: str, place: Texts, call: Callable[[str, object], Any]
    ) -> None:
        self.now, self.terminal, self.hall, self.place = now, terminal, hall, place
        for name, port in ports().items():
            setattr(self, name, _Remote(port, name, call))


class HttpWork:
    """Implements ``Work`` over one transaction of the core."""

    def __init__(self, link: Link, path: str, now: datetime, terminal: str, hall: str, place: Texts) -> None:
        self._link, self._path = link, path
        self._core = cast(Core, _Core(now, terminal, hall, place, self.call))
        self._answers = cast(Answers, _Remote(Answers, "answers", self.call))

    @property
    def core(self) -> Core:
        """The core system."""
        return self._core

    @property
    def answers(self) -> Answers:
        """The answers."""
        return self._answers

    @property
    def public(self) -> PublicRecords:
        """What anybody holding the paper may see."""
        return cast(PublicRecords, _Remote(PublicRecords, "public", self.call))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that is undone alone when its block raises."""
        mark = self.call("/savepoint", {})
        try:
            yield
        except BaseException:
            self.call("/undo", {"savepoint": mark})
            raise

    def call(self, path: str, body: object) -> Any:
        """One request in the transaction."""
        return self._link.call("POST", self._path + path, body)


class HttpSystem:
    """Implements ``System``. Thread-safe. This centre knows itself where a terminal stands: ``hall`` and ``place``."""

    def __init__(
        self, link: Link, clock: Clock, hall: Callable[[str], str], place: Callable[[str], Texts]
    ) -> None:
        self._link, self._clock, self._hall, self._place = link, clock, hall, place

    @contextmanager
    def read(self, terminal: str = "") -> Iterator[Work]:
        """A view that does not change while it is held."""
        with self._transaction("read", terminal) as work:
            yield work

    @contextmanager
    def write(self, terminal: str = "") -> Iterator[Work]:
        """A transaction: committed and durable when the block ends, gone when it raises."""
        with self._transaction("write", terminal) as work:
            yield work

    @contextmanager
    def view(self) -> Iterator[HttpWork]:
        """A reading transaction with the public's port in it."""
        with self._transaction("read", "") as work:
            yield work

    @contextmanager
    def _transaction(self, kind: str, terminal: str) -> Iterator[HttpWork]:
        now = self._clock.now()
        begun = self._link.call(
            "POST", "/v1/transactions", {"kind": kind, "terminal": terminal, "now": now.isoformat()}
        )
        path = f"/v1/transactions/{begun}"
        try:
            yield HttpWork(self._link, path, now, terminal, self._hall(terminal), self._place(terminal))
        except BaseException:
            self._give_up(path)
            raise
        self._link.call("POST", path + "/commit", {})

    def _give_up(self, path: str) -> None:
        """Undo it; a core that does not hear undoes it by itself when it has been silent for long enough."""
        try:
            self._link.call("DELETE", path)
        except errors.CoreUnavailable as error:
            log.warning("a transaction is left to the core: %s", error)


class HttpPublicRecords(PortRecords):
    """Implements ``PublicRecords``. Thread-safe. ``office`` makes the files of invoices, here as over any core."""

    def __init__(self, system: HttpSystem, office: InvoiceOffice, law: Rules) -> None:
        super().__init__(system, office, law)
        self._remote = system

    def slip(self, key: str) -> SlipStatus:
        """The state of the effect with this key."""
        with self._remote.view() as work:
            return work.public.slip(key)
