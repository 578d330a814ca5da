"""The seal between the bureau and a device: HMAC with SM3 (GB/T 15852.2, GB/T 32905) under the device's own key."""

from __future__ import annotations

import base64
import binascii
import hmac as compare
import secrets
from typing import Final

from cryptography.hazmat.primitives import hashes, hmac

from bureau.ports.materials import Vault
from bureau.ports.tax_control import TaxDevice

KEY_BYTES: Final = 32


def new_key() -> bytes:
    """The key of a device that is given out."""
    return secrets.token_bytes(KEY_BYTES)


def kept(vault: Vault, device: str, key: bytes) -> bytes:
    """The key as it lies in the store."""
    return vault.seal(_name(device), key)


def seal(vault: Vault, device: TaxDevice, text: bytes) -> bytes:
    """The device's seal of ``text``."""
    made = hmac.HMAC(vault.open(_name(device.device), device.sealed), hashes.SM3())
    made.update(text)
    return made.finalize()


def opened(vault: Vault, device: TaxDevice, text: str, mac: str) -> bytes | None:
    """The text in base64 when ``mac`` is the device's seal of it, else None."""
    try:
        said, given = (base64.b64decode(part, validate=True) for part in (text, mac))
    except binascii.Error:
        return None
    return said if compare.compare_digest(seal(vault, device, said), given) else None


def written(value: bytes) -> str:
    """Bytes as the wire has them."""
    return base64.b64encode(value).decode("ascii")


def _name(device: str) -> str:
    return f"tax-device/{device}"
