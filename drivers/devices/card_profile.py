"""How a card's key is reached: files, references and algorithm, which differ from vendor to vendor, as data.

A profile is a TOML file in ``config/cards``, or one that the vendor of a UKey gives (docs/smart-cards.md).
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from drivers.errors import DriverConfigError


def _bytes(value: Any) -> Any:
    return bytes.fromhex(value) if isinstance(value, str) else value


Hex = Annotated[bytes, BeforeValidator(_bytes)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PinProfile(_Table):
    """VERIFY: which reference, and how digits become bytes. ``length`` pads with ``pad``; 0 does not."""

    reference: int = Field(ge=0, le=255)
    length: int = Field(0, ge=0, le=32)
    pad: int = Field(0xFF, ge=0, le=255)
    shortest: int = Field(4, ge=1, le=32)
    longest: int = Field(12, ge=1, le=32)


class CertificateProfile(_Table):
    """Where the certificate lies: an elementary file under the application, selected by its identifier."""

    file: Hex = Field(min_length=2, max_length=2)
    most: int = Field(8192, ge=64, le=32767)
    piece: int = Field(224, ge=1, le=256)


class KeyProfile(_Table):
    """How a challenge is signed.

    ``operation`` is PSO: COMPUTE DIGITAL SIGNATURE (``pso``) or INTERNAL AUTHENTICATE (``internal``), after an
    MSE: SET that names key and, where the card wants it, ``algorithm_reference``. ``algorithm``: ``ecdsa-sha256``
    sends the hash; ``rsa-sha256`` the DigestInfo, padded by the card; ``rsa-sha256-padded`` the whole padded block.
    """

    reference: int = Field(ge=0, le=255)
    algorithm: Literal["ecdsa-sha256", "rsa-sha256", "rsa-sha256-padded"]
    operation: Literal["pso", "internal"] = "pso"
    algorithm_reference: int | None = Field(None, ge=0, le=255)


class TaxControlProfile(_Table):
    """The tax-control application: its AID, and the tags of the data objects for state, report and order."""

    application: Hex = Field(min_length=5, max_length=16)
    state: Hex = Field(min_length=1, max_length=3)
    report: Hex = Field(min_length=1, max_length=3)
    order: Hex = Field(min_length=1, max_length=3)


class CardProfile(_Table):
    """One kind of card: the application's identifier (AID) and what is in it; ``tax_control`` where it has that."""

    name: str = Field(min_length=1)
    application: Hex = Field(min_length=5, max_length=16)
    pin: PinProfile
    certificate: CertificateProfile
    key: KeyProfile
    tax_control: TaxControlProfile | None = None


def load_profile(name: str) -> CardProfile:
    """The profile called ``name`` in ``config/cards``, or in the file ``name`` when it ends in ``.toml``.

    Raise ``DriverConfigError`` with what is wrong in it.
    """
    source = Path(name) if name.endswith(".toml") else files("config") / "cards" / f"{name}.toml"
    try:
        return CardProfile.model_validate(tomllib.loads(source.read_text("utf-8")))
    except OSError as error:
        known = sorted(p.name.removesuffix(".toml") for p in (files("config") / "cards").iterdir())
        raise DriverConfigError(
            f"card profile '{name}' cannot be read ({error.strerror}); write one of {', '.join(known)} or a path"
        ) from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DriverConfigError(f"card profile '{name}': {problems}") from None
    except ValueError as error:
        raise DriverConfigError(f"card profile '{name}' is no TOML: {error}") from None
