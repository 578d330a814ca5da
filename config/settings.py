"""The settings of each program, from defaults, one TOML file and the environment.

``KIOSK_BUREAU__URL=…`` sets ``bureau.url``; two underscores step into a table. ``KIOSK_CONFIG``,
``KIOSK_DEVICES_CONFIG`` and ``BUREAU_CONFIG`` name the file when the caller names none; else it is the one of the
machine, where ``systemd/install.sh`` has put one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from config.bureau_settings import BureauSettings
from config.loading import load
from config.role_tokens import tokens_fit
from config.sections import (
    LOOPBACK,
    CentreSettings,
    KeySettings,
    Patience,
    Port,
    Program,
    Seconds,
    Section,
    address,
    in_production,
    with_state_dir,
    wrong,
)

UNNAMED = "DEV-0001"
"""The asset number of a terminal nobody has named yet; refused in production."""

__all__ = [
    "BureauSettings",
    "CentreSettings",
    "DevicesSettings",
    "ServiceSettings",
    "TerminalSettings",
    "load_bureau",
    "load_devices",
    "load_terminal",
]

Role = Literal[
    "idReader",
    "receiptPrinter",
    "documentPrinter",
    "invoiceDispenser",
    "barcodeReader",
    "faceCamera",
    "smartCardReader",
    "auxiliaries",
    "ups",
    "stampUnit",
    "watchdog",
    "signaturePad",
    "pinPad",
    "paymentTerminal",
    "invoicePrinter",
    "documentScanner",
    "documentCamera",
    "mrzReader",
]
NAMES = {
    "idReader": "IdCardReader",
    "receiptPrinter": "ReceiptPrinter",
    "documentPrinter": "DocumentPrinter",
    "invoiceDispenser": "InvoiceDispenser",
    "barcodeReader": "BarcodeReader",
    "faceCamera": "FaceCamera",
    "smartCardReader": "SmartCardReader",
    "auxiliaries": "Auxiliaries",
    "ups": "Ups",
    "stampUnit": "StampUnit",
    "watchdog": "Watchdog",
    "signaturePad": "SignaturePad",
    "pinPad": "PinPad",
    "paymentTerminal": "PaymentTerminal",
    "invoicePrinter": "InvoicePrinter",
    "documentScanner": "DocumentScanner",
    "documentCamera": "DocumentCamera",
    "mrzReader": "MrzReader",
}
"""The name a service has when its table gives none."""


def _named(value: str, info: ValidationInfo) -> str:
    if value == UNNAMED and in_production(info):
        raise wrong("is not set", "write the number of the asset label on the cabinet")
    return value


class PlaceSettings(Section):
    """Which cabinet this is."""

    asset: Annotated[str, AfterValidator(_named)] = Field(
        UNNAMED,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{2,31}$",
        description="the cabinet's asset number, 3 to 32 letters, digits and hyphens",
    )
    hall: str = Field("", max_length=64, description="the hall's name or number as the staff know it")
    city_rate: Literal["0.07", "0.05", "0.01"] = Field(
        "0.07", description="'0.07' in a city, '0.05' in a county or town, '0.01' elsewhere"
    )
    """城市维护建设税 rate of the hall's place (城建税法 2021, art. 4), for returns taken while offline."""


class DeviceClientSettings(Section):
    """Where the device program is found, and the token that opens it."""

    publisher: Annotated[str, address("ws", "wss")] = Field(
        "ws://127.0.0.1:5846/xfs4iot/v1.0",
        description="the XFS4IoT publisher, such as ws://127.0.0.1:5846/xfs4iot/v1.0",
    )
    token_file: Path = Field(description="the path of tokens.json")
    roles: dict[Role, Annotated[str, address("ws", "wss")]] = Field(
        default_factory=dict, description="role = 'ws://…' for a service of another publisher"
    )
    role_token_files: dict[Role, Path] = Field(
        default_factory=dict, description="role = the path of the file with the token that its service takes"
    )
    watchdog_s: int = Field(
        0, ge=0, le=3600, description="seconds without a sign of life until the watchdog starves; 0 is off"
    )

    @field_validator("role_token_files")
    @classmethod
    def _kept_secret(cls, files: dict[str, Path], info: ValidationInfo) -> dict[str, Path]:
        return tokens_fit(files, info.data.get("roles", {}))


class DisplaySettings(Section):
    """The screen as it stands before anybody touches it."""

    orientation: Literal["portrait", "landscape"] = Field(
        "portrait", description="'portrait' or 'landscape', as the panel is mounted"
    )
    lang: Literal["zh-CN", "en-US"] = Field("zh-CN", description="'zh-CN' or 'en-US'")


class FaceSettings(Section):
    """When the live face counts as the document's (domain note, section 8)."""

    threshold: float = Field(0.80, ge=0.5, le=1, description="a normalised score from 0.5 to 1")
    tries: int = Field(3, ge=1, le=10, description="a number of tries from 1 to 10")
    lock_min: int = Field(30, ge=0, le=1440, description="minutes from 0 to 1440")


class IdleSettings(Section):
    """How long nothing may happen before the person is asked, and how long the question stands (seconds)."""

    public_s: Patience = 60.0
    form_s: Patience = 120.0
    elder_s: Patience = 180.0
    payment_s: Patience = 180.0
    warning_s: Patience = 30.0
    elder_warning_s: Patience = 45.0


class StaffSettings(Section):
    """Members of staff who may confirm a person at the terminal, each with the scrypt hash of a 6-digit code."""

    pins: dict[str, Annotated[str, Field(pattern=r"^scrypt:[0-9a-f]{32}:[0-9a-f]{64}$")]] = Field(
        default_factory=dict, repr=False, description="name = 'scrypt:…', made by `kiosk staff-code`"
    )
    tries: int = Field(5, ge=1, le=20, description="wrong codes before the terminal waits, from 1 to 20")
    lock_min: int = Field(15, ge=0, le=1440, description="minutes from 0 to 1440")


class PrintingSettings(Section):
    """The A4 printer of this terminal."""

    pages_per_minute: float = Field(
        10.0,
        ge=1,
        le=200,
        description="pages that the printer prints in a minute at the least, from 1 to 200",
    )


class PaymentSettings(Section):
    """The bank-card terminal of this terminal, where it has one."""

    settle_at: str = Field(
        "23:30",
        pattern=r"^(|([01]\d|2[0-3]):[0-5]\d)$",
        description="the time of day in China from which the batch is settled, such as '23:30'; '' for never",
    )


class OfflineSettings(Section):
    """What may be accepted while the centre cannot be reached."""

    max_amount_fen: int = Field(5_000_000, ge=0, le=10**13, description="whole fen, such as 5000000")
    max_age_h: float = Field(72.0, gt=0, le=8760, description="hours until what waits is an alarm")


class SyncSettings(Section):
    """How often the sync program looks and calls, and how it backs off (seconds)."""

    poll_s: Seconds = 1.0
    heartbeat_s: Seconds = 30.0
    retry_first_s: Seconds = 2.0
    retry_last_s: Seconds = 120.0


class TerminalSettings(Program):
    """``kiosk.toml``: the screen program and the sync program of one terminal."""

    terminal: PlaceSettings = Field(default_factory=PlaceSettings, validate_default=False)
    bureau: CentreSettings = Field(default_factory=CentreSettings)
    devices: DeviceClientSettings
    display: DisplaySettings = Field(default_factory=DisplaySettings)
    face: FaceSettings = Field(default_factory=FaceSettings)
    idle: IdleSettings = Field(default_factory=IdleSettings)
    staff: StaffSettings = Field(default_factory=StaffSettings)
    printing: PrintingSettings = Field(default_factory=PrintingSettings)
    payment: PaymentSettings = Field(default_factory=PaymentSettings)
    offline: OfflineSettings = Field(default_factory=OfflineSettings)
    sync: SyncSettings = Field(default_factory=SyncSettings)
    keys: KeySettings = Field(default_factory=KeySettings)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any, info: ValidationInfo) -> Any:
        data = with_state_dir(data, info, "kiosk")
        tables = {"terminal": {}, **data}  # its default depends on the profile, so it is always checked
        devices = tables.get("devices", {})
        if isinstance(devices, dict):
            tables["devices"] = {"token_file": _tokens(tables), **devices}
        return tables


def _plain(value: object) -> object:
    if not isinstance(value, (str, bool, int, float)):
        raise wrong("is a list or a table", "give one plain value: a text, a number, true or false")
    return value


Option = Annotated[str | bool | int | float, BeforeValidator(_plain)]


class ServiceSettings(Section):
    """One device service: its name, the role it plays, the driver under it and where that is plugged in."""

    role: Role = Field(description="one of " + ", ".join(get_args(Role)))
    name: str = Field(
        "", pattern=r"^[A-Za-z][A-Za-z0-9]{0,31}$", description="letters and digits, such as IdCardReader"
    )
    driver: str = Field(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="a driver's name in the registry, such as sam-v"
    )
    isolation: Literal["auto", "parent", "process"] = Field(
        "auto", description="'parent', 'process', or 'auto': a process of its own for native code"
    )
    options: dict[str, Option] = Field(
        default_factory=dict, description="a table of plain values: port, baud, uri, host, as the driver asks"
    )

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Name after the role; a role that is always played by native code has a process of its own."""
        if not isinstance(data, dict):
            return data
        role = str(data.get("role", ""))
        own = {"name": NAMES.get(role, "Service")}
        if role in ("faceCamera", "smartCardReader", "documentScanner", "documentCamera"):
            own["isolation"] = "process"
        return {**own, **data}


class DevicesSettings(Program):
    """``devices.toml``: the device program of one terminal."""

    host: str = Field("127.0.0.1", min_length=1, max_length=253, description="the address to listen on")
    port: Port = 5846
    token_file: Path = Field(description="the path of tokens.json")
    bindings_file: Path = Field(
        Path(), description="the path of bindings.toml, beside devices.toml when it is not given"
    )
    services: list[ServiceSettings] = Field(default_factory=list, description="[[services]] tables")
    roles: dict[Role, Annotated[str, address("ws", "wss")]] = Field(
        default_factory=dict, description="role = 'ws://…' for a service of another publisher"
    )
    role_token_files: dict[Role, Path] = Field(
        default_factory=dict, description="role = the path of the file with the token that its service takes"
    )

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any, info: ValidationInfo) -> Any:
        data = with_state_dir(data, info, "kiosk")
        return {"token_file": _tokens(data), **data} if isinstance(data, dict) else data

    @field_validator("host")
    @classmethod
    def _stays_inside(cls, host: str, info: ValidationInfo) -> str:
        if host not in LOOPBACK and in_production(info):
            raise wrong("lets other machines reach the devices", "use 127.0.0.1 in production")
        return host

    @field_validator("services")
    @classmethod
    def _each_once(cls, services: list[ServiceSettings]) -> list[ServiceSettings]:
        for field in ("name", "role"):  # a path of XFS4IoT, and so a name, is the same in any case
            count = Counter(getattr(service, field).lower() for service in services)
            if twice := [value for value, n in count.items() if n > 1]:
                raise wrong(
                    f"{field} {twice[0]!r} appears {count[twice[0]]} times", f"give each its own {field}"
                )
        owners: dict[str, str] = {}
        for service in services:
            port = service.options.get("port")  # a number is one of another host's
            if isinstance(port, str) and (other := owners.setdefault(port, service.name)) != service.name:
                raise wrong(
                    f"services {other} and {service.name} have one port {port!r}", "give each its own port"
                )
        return services

    @field_validator("roles")
    @classmethod
    def _not_here_too(cls, roles: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        here = {service.role for service in info.data.get("services", [])}
        if both := sorted(here & roles.keys()):
            raise wrong(f"role {both[0]!r} has a service here too", "keep one of the two")
        return roles

    @field_validator("role_token_files")
    @classmethod
    def _kept_secret(cls, files: dict[str, Path], info: ValidationInfo) -> dict[str, Path]:
        return tokens_fit(files, info.data.get("roles", {}))


def load_terminal(path: Path | None, env: Mapping[str, str]) -> TerminalSettings:
    """Settings of ``kiosk run`` and ``kiosk sync``; raises ``ConfigError`` with every mistake."""
    others = frozenset(DevicesSettings.model_fields)
    return load(TerminalSettings, _path(path, env, "KIOSK_CONFIG"), "KIOSK_", env, others)


def load_devices(path: Path | None, env: Mapping[str, str]) -> DevicesSettings:
    """Settings of ``kiosk devices``; raises ``ConfigError`` with every mistake."""
    others = frozenset(TerminalSettings.model_fields)
    file = _path(path, env, "KIOSK_DEVICES_CONFIG")
    settings = load(DevicesSettings, file, "KIOSK_", env, others)
    if settings.bindings_file != Path():
        return settings
    folder = settings.state_dir if file is None else file.absolute().parent
    return settings.model_copy(update={"bindings_file": folder / "bindings.toml"})


def load_bureau(path: Path | None, env: Mapping[str, str]) -> BureauSettings:
    """Settings of ``bureau``; raises ``ConfigError`` with every mistake."""
    return load(BureauSettings, _path(path, env, "BUREAU_CONFIG"), "BUREAU_", env)


INSTALLED: Final = {
    "KIOSK_CONFIG": Path("/etc/kiosk/kiosk.toml"),
    "KIOSK_DEVICES_CONFIG": Path("/etc/kiosk/devices.toml"),
    "BUREAU_CONFIG": Path("/etc/bureau/bureau.toml"),
}
"""What a technician types in a shell is meant for this machine, as its units are (``systemd/units``)."""


def _tokens(data: Mapping[str, Any]) -> str:
    return str(Path(str(data["state_dir"])) / "tokens.json")


def _path(path: Path | None, env: Mapping[str, str], variable: str) -> Path | None:
    if path is not None:
        return path
    if env.get(variable):
        return Path(env[variable])
    installed = INSTALLED[variable]
    # Whoever may not look into the folder is told so by reading; another terminal's defaults would only mislead.
    return installed if installed.parent.is_dir() else None
