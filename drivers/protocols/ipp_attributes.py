"""Values out of an IPP answer that may hold anything: typed facts, or None when the printer says nonsense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from drivers.protocols.ipp_truth import JobFacts, JobState, PrinterFacts, PrinterState, stopping

_State = TypeVar("_State", JobState, PrinterState)


def strings(value: object) -> tuple[str, ...]:
    """A keyword attribute, which pyipp gives as one string or as a list of them."""
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def integer(value: object) -> int | None:
    """A number of at least zero; IPP's out-of-band values (unknown, no-value) give None."""
    return int(value) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _state(kind: type[_State], value: object) -> _State | None:
    number = integer(value)
    try:
        return None if number is None else kind(number)
    except ValueError:
        return None


def job(attributes: Mapping[str, object]) -> JobFacts | None:
    """One job's facts; None without an id and a state."""
    job_id, state = integer(attributes.get("job-id")), _state(JobState, attributes.get("job-state"))
    if job_id is None or state is None:
        return None
    sheets = integer(attributes.get("job-media-sheets-completed"))
    if sheets is None:
        sheets = integer(attributes.get("job-impressions-completed"))
    return JobFacts(
        job_id=job_id,
        name=next(iter(strings(attributes.get("job-name"))), ""),
        state=state,
        reasons=frozenset(strings(attributes.get("job-state-reasons"))) - {"none"},
        sheets=sheets,
        created=integer(attributes.get("time-at-creation")),
    )


def printer(attributes: Mapping[str, object]) -> PrinterFacts | None:
    """The printer's facts; None without a state."""
    state = _state(PrinterState, attributes.get("printer-state"))
    if state is None:
        return None
    return PrinterFacts(
        state=state,
        reasons=stopping(strings(attributes.get("printer-state-reasons")), state),
        up_time=integer(attributes.get("printer-up-time")),
        model=next(iter(strings(attributes.get("printer-make-and-model"))), ""),
        accepting=attributes.get("printer-is-accepting-jobs") is not False,
    )
