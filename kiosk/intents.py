"""What the flow asks for, as the journal records it: where it belongs, and kind and data of its first record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.effects.base import Job, Origin
from kiosk.flow.effects import Dispense, Effect, Issued, Pay, PrintDocument, PrintSlip, Submit
from sync.models import EffectKind


def origin_of(issued: Issued) -> Origin:
    """Which visit, transaction and service an effect belongs to."""
    return Origin(
        visit=issued.visit,
        transaction=issued.transaction,
        step=issued.step,
        service=issued.service,
        service_hash=issued.service_hash,
        lang=issued.lang,
        subject=issued.subject,
        offline=issued.offline,
    )


def intent_of(effect: Effect) -> tuple[str, Mapping[str, object]]:
    """Kind and data of the record that an effect begins with."""
    match effect:
        case Submit(kind, data):
            return kind, data
        case Pay(dues, amount, channel, bill, part, notice):
            order = {"dues": list(dues), "amount_fen": amount, "channel": channel}
            seldom = {"bill": bill, "part": part, "notice": notice}
            return EffectKind.PAYMENT_CREATE, order | {name: said for name, said in seldom.items() if said}
        case PrintDocument(number, pages, copy):
            return "print", {"number": number, "pages": pages, **({"copy": copy} if copy else {})}
        case PrintSlip(blocks, reprint, kept):
            said = {"blocks": list(blocks)} if kept else {"sha256": _digest(blocks)}
            return "slip", {**said, "reprint": reprint}
        case Dispense(reservation, code, first, last, unit):
            fields = {"reservation": reservation, "code": code, "first": first, "last": last, "unit": unit}
            return "dispense", fields
    raise TypeError(f"{type(effect).__name__} changes nothing in the world")


def unkept_of(effect: Effect) -> Mapping[str, object]:
    """What is needed to carry it out and is written down nowhere; a crash loses it, and its probe does without."""
    return {"blocks": list(effect.blocks)} if isinstance(effect, PrintSlip) and not effect.kept else {}


def seen_of(job: Job, result: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the person may see of an effect that another one owed; None: nobody knows yet what came of it."""
    told = result or {}
    match job.kind:
        case EffectKind.INVOICE_COMMIT:
            number = told.get("movement") or told.get("declaration") or ""
            # The centre knows the collection by this key; what the cabinet did has a key of its own.
            return {"movement": number, "commit_key": job.key, "key": job.key}
        case "charge":
            return {"state": "doubt"} if result is None else {k: v for k, v in told.items() if k != "key"}
        case EffectKind.PAYMENT_CARD if job.data["outcome"] == "charged" and told.get("state"):
            # Taken from the card and not booked: the centre has a case, and until it is closed this is in doubt.
            seen = {name: told[name] for name in ("voucher", "receipt") if told.get(name)}
            return seen if "voucher" in seen else {"state": "doubt"}
    return {}


def _digest(blocks: Sequence[Mapping[str, object]]) -> str:
    """SHA-256 (hex) of a slip's blocks as JSON."""
    return hashlib.sha256(json.dumps(blocks, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
