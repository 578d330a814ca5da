"""A payer's code (付款码) held before the reader while our own code is shown: charged to the same order.

The order was journalled before and is paid at most once at the acquirer, whoever scans whom; so the charge needs no
record of its own, and a charge without an answer is found out as any other payment of the order is. The code itself is
passed on and kept nowhere.
"""

from __future__ import annotations

import logging
from typing import Final

from drivers.client.errors import DeviceClientError
from kiosk.domain.payer_codes import payer_code
from kiosk.effects.base import Job, Means
from sync.errors import SyncError

log = logging.getLogger("kiosk.effects")
LOOK_S: Final = 30.0
"""How long the reader is asked to look at a time."""
CALM_S: Final = 5.0
"""A reader that is gone answers at once; it is asked again no sooner."""
NOT_PAYMENT, CHARGING, CONFIRMING = "notPayment", "charging", "confirming"
UNDER_WAY: Final = (CHARGING, CONFIRMING)


class PayerCode:
    """Looks for a payer's code as long as ``watch`` runs; ``told`` is how the last one was taken.

    Empty: none yet. ``notPayment``: another code. ``charging``: with the bank. ``confirming``: its owner is asked on
    the phone. ``declined``, ``codeRefused``: nothing was charged, another may be shown.
    """

    def __init__(self, means: Means, job: Job, order: str) -> None:
        self._means, self._job, self._order = means, job, order
        self.told = ""

    async def watch(self) -> None:
        """Read and charge, one code after the other, until cancelled."""
        away = False
        while True:
            try:
                scanned = await self._means.devices.code(LOOK_S)
                away = False
            except DeviceClientError as error:
                if not away:
                    log.info("no payer's code can be read now: %s", error)
                away = True
                await self._means.sleep(CALM_S)
                continue
            if scanned is not None:
                await self._take(scanned)

    def heard(self, charge: str) -> None:
        """What the order's status says of the charge."""
        if charge or self.told == CONFIRMING:
            self.told = charge

    async def _take(self, scanned: bytes) -> None:
        code = payer_code(scanned)
        if code is None:
            self.told = NOT_PAYMENT
            return
        self.told = CHARGING
        try:
            params = {"order": self._order, "code": code}
            status = await self._means.centre.query("payment.charge", params, self._job.origin)
        except SyncError as error:
            log.warning("order %s: the charge has no answer yet: %s", self._order, error)
            return  # it may be charged: the order's status will tell
        self.told = str(status.get("charge") or CHARGING)
