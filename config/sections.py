"""What all settings are made of: the checks of a value, the base of every table, what each program has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Profile = Literal["development", "production"]
Seconds = Annotated[
    float, Field(gt=0, le=86_400, allow_inf_nan=False, description="seconds above 0, such as 15")
]
Patience = Annotated[
    float, Field(ge=20, le=3600, strict=True, description="seconds from 20 to 3600, such as 60")
]
"""Who is asked whether they are still there has at least 20 s (WCAG 2.2.1)."""
Port = Annotated[int, Field(ge=1, le=65_535, description="a TCP port from 1 to 65535")]


def in_production(info: ValidationInfo) -> bool:
    """True when the settings being checked are for production."""
    return bool(info.context) and info.context.get("profile") == "production"  # type: ignore[union-attr]


def wrong(problem: str, fix: str) -> PydanticCustomError:
    """The error of a check that knows how to mend what it found."""
    return PydanticCustomError("setting", "{problem}", {"problem": problem, "fix": fix})


def address(*schemes: str) -> AfterValidator:
    """A check that an address has one of ``schemes`` and a host; https or loopback alone in production."""

    def check(value: str, info: ValidationInfo) -> str:
        try:
            parts = urlsplit(value)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise wrong(f"is not an address: {error}", f"write {schemes[0]}://HOST:PORT") from None
        if parts.scheme not in schemes or not host:
            wanted = " or ".join(f"{s}://" for s in schemes)
            raise wrong(f"{value!r} is not an address with {wanted}", f"write {schemes[0]}://HOST:PORT")
        if parts.username or parts.password or parts.query or parts.fragment:
            # It is printed in codes and written to logs.
            raise wrong("has a name, a password or a query in it", f"write {schemes[0]}://HOST:PORT alone")
        open_wire = parts.scheme in ("http", "ws") and host not in LOOPBACK
        if open_wire and in_production(info):
            fix = f"use {'https' if 'https' in schemes else 'wss'}:// in production"
            raise wrong("is sent in the clear over a network", fix)
        return value.rstrip("/")

    return AfterValidator(check)


def real_time(value: float, info: ValidationInfo) -> float:
    """Refuse a shifted clock in production: what is filed and printed carries the true day."""
    if value and in_production(info):
        raise wrong("moves business time in production", "remove it")
    return value


class Section(BaseModel):
    """Base of every table: immutable, nothing unknown taken, defaults checked like anything else."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class ClockSettings(Section):
    """Business time, moved for demonstrations."""

    offset_s: Annotated[float, AfterValidator(real_time)] = Field(
        0.0, allow_inf_nan=False, description="seconds that business time is ahead of the machine's clock"
    )


class LogSettings(Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="one of debug, info, warning, error"
    )
    json_lines: bool = Field(False, description="true for one JSON object a line, or false")


class CentreSettings(Section):
    """How the centre is reached."""

    url: Annotated[str, address("https", "http")] = Field(
        "http://127.0.0.1:8080", description="the centre's address, such as https://bureau.example"
    )
    ca_file: Path | None = Field(None, description="the file of the certificate authority to trust (PEM)")
    connect_timeout_s: Seconds = 3.05
    """Just above 3 s, TCP's default retransmission window, as Requests advises."""
    read_timeout_s: Seconds = 15.0


class KeySettings(Section):
    """Keys that are made from now on; those that are there keep their algorithm."""

    signature: Literal["ed25519", "sm2-sm3"] = Field(
        "ed25519", description="'ed25519', or 'sm2-sm3' for commercial cryptography (needs the extra sm)"
    )


def with_state_dir(data: Any, info: ValidationInfo, folder: str) -> Any:
    """The table with ``state_dir`` filled in: systemd's, the system's in production, or the user's."""
    if not isinstance(data, dict) or data.get("state_dir"):
        return data
    env: Mapping[str, str] = (info.context or {}).get("env", {})
    given = env.get("STATE_DIRECTORY", "").split(":")[0]
    if not given and in_production(info):
        given = f"/var/lib/{folder}"
    home = env.get("XDG_STATE_HOME") or str(Path(env.get("HOME", str(Path.home()))) / ".local/state")
    return {**data, "state_dir": given or str(Path(home) / folder)}


class Program(Section):
    """What every program has. ``state_dir`` holds its files and is the one place it writes."""

    profile: Profile = Field("development", description="'development' or 'production'")
    state_dir: Path = Field(description="the folder for this program's files")
    clock: ClockSettings = Field(default_factory=ClockSettings)
    log: LogSettings = Field(default_factory=LogSettings)
