"""Whether what a service lets people do on a phone fits its steps."""

from __future__ import annotations

from collections.abc import Iterator

from config.catalogue.forms import FormStep, Input
from config.catalogue.mistakes import Mistake
from config.catalogue.models import ContinueStep, PayStep, ReviewStep, ScanStep, Service, SubmitStep
from config.errors import did_you_mean

NO_KEYS = (Input.DATE, Input.MONTH, Input.YES_NO)
"""Inputs that the pages for phones do not have yet."""


def phone_mistakes(service: Service) -> Iterator[Mistake]:
    """Forms that are not there, a review that is none, and a draft that no step takes up."""
    taking = [index for index, step in enumerate(service.steps) if isinstance(step, ScanStep) and step.drafts]
    phone = service.phone
    yield from _goes_on(service)
    if phone is None:
        if taking:
            fix = "write phone: {begin: [...], preview: ...}, or take drafts away"
            yield Mistake(f"steps.{taking[0]}.drafts", "takes up what nobody can begin", fix)
        return
    if len(taking) != 1:
        fix = "write drafts: true at the one scan step before the forms"
        yield Mistake("phone.begin", f"is taken up by {len(taking)} steps", fix)
    later = service.steps[taking[0] :] if taking else service.steps
    forms = [step.id for step in later if isinstance(step, FormStep)]
    yield from _no_keys(service)
    for index, name in enumerate(phone.begin):
        if name not in forms:
            problem = f"{name!r} is no form after the step that takes it up"
            yield Mistake(f"phone.begin.{index}", problem, did_you_mean(name, forms))
    reviews = [step.id for step in later if isinstance(step, ReviewStep)]
    if phone.preview not in reviews:
        yield Mistake(
            "phone.preview", f"{phone.preview!r} is no review", did_you_mean(phone.preview, reviews)
        )


def _no_keys(service: Service) -> Iterator[Mistake]:
    """Rows that a phone has nothing for: dates and the like, and figures that a calculator derives."""
    assert service.phone is not None, "asked of such a service alone"
    for at, step in enumerate(service.steps):
        if not isinstance(step, FormStep) or step.id not in service.phone.begin:
            continue
        if step.calculator:
            yield Mistake(
                f"steps.{at}.calculator", "derives nothing on a phone", "leave the form out of phone.begin"
            )
        for index, row in enumerate(step.rows):
            if row.input in NO_KEYS:
                fix = "give it by another input, or leave the form out of phone.begin"
                yield Mistake(
                    f"steps.{at}.rows.{index}.input", f"is {row.input}, which no page for phones has", fix
                )


def _goes_on(service: Service) -> Iterator[Mistake]:
    """A visit that goes on on a phone, of a service that no phone could finish, or with answers that are not there."""
    ids = [step.id for step in service.steps]
    for at, step in enumerate(service.steps):
        if not isinstance(step, ContinueStep):
            continue
        acts = [s.kind for s in service.steps if isinstance(s, SubmitStep | PayStep)]
        if service.phone is None or acts != ["submit", "pay", "submit"]:
            fix = "write phone: {begin: [...], preview: ...}, and have a submit, a pay and a submit"
            yield Mistake(f"steps.{at}.kind", "is continue, which no phone could finish", fix)
        for index, name in enumerate(step.keeps):
            if name not in ids[:at]:
                yield Mistake(
                    f"steps.{at}.keeps.{index}", f"{name!r} is no step before", did_you_mean(name, ids[:at])
                )
