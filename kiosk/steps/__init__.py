"""The step kinds a service file may use; importing this package fills ``STEP_KINDS``."""

from kiosk.steps import (
    choose,
    dispense,
    done,
    form,
    identify,
    listing,
    pages,
    pay,
    phone,
    printing,
    rate,
    review,
    scan,
    sign,
    slip,
    submit,
)

__all__ = [
    "choose",
    "dispense",
    "done",
    "form",
    "identify",
    "listing",
    "pages",
    "pay",
    "phone",
    "printing",
    "rate",
    "review",
    "scan",
    "sign",
    "slip",
    "submit",
]
