"""``bureau.toml``: the settings of the centre and its store."""

from __future__ import annotations

import ipaddress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from config.sections import (
    LOOPBACK,
    CentreSettings,
    KeySettings,
    Port,
    Program,
    Seconds,
    Section,
    address,
    in_production,
    with_state_dir,
    wrong,
)


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise wrong(f"is no address: {error}", "write an address or a network, such as 10.0.0.0/24") from None


class DatabaseSettings(Section):
    """Where the centre keeps its records."""

    url: str = Field(
        "",
        pattern=r"^$|^sqlite(\+pysqlite)?:///.+|^postgresql(\+psycopg)?://.+",
        description="sqlite:////path/bureau.db or postgresql+psycopg://user@host/name",
    )
    """Empty: ``bureau.db`` in the state directory."""
    pool: int = Field(10, ge=1, le=200, description="connections, from 1 to 200 (PostgreSQL)")


class TlsSettings(Section):
    """The centre's certificate and key; both or neither."""

    cert_file: Path | None = Field(None, description="the path of the certificate chain (PEM)")
    key_file: Path | None = Field(None, description="the path of the private key (PEM)")

    @model_validator(mode="after")
    def _both(self) -> TlsSettings:
        if (self.cert_file is None) != (self.key_file is None):
            missing = "key_file" if self.key_file is None else "cert_file"
            raise wrong(f"{missing} is missing beside the other", f"set tls.{missing}, or remove both")
        return self


class AcquirerSettings(Section):
    """The payment acquirer the centre orders from."""

    url: Annotated[str, address("https", "http")] = Field(
        "http://127.0.0.1:8090", description="the acquirer's address, such as https://pay.example"
    )
    timeout_s: Seconds = 5.0
    order_s: Seconds = 120.0
    """Life of a QR code that is shown (domain note, section 9)."""
    card_files: Path | None = Field(
        None, description="the folder with the card acquirer's daily files; without it no card is taken"
    )


class TreasurySettings(Section):
    """The link of tax office, treasury and banks (财税库银横向联网), by which taxes are debited under an agreement."""

    url: Annotated[str, address("https", "http")] | None = Field(
        None,
        description="the front end (前置机), such as https://tips.example; without it no tax is debited",
    )
    node: str = Field(
        "25399000000",
        pattern=r"^[0-9]{9,12}$",
        description="the tax office's number there (征收机关代码), 9 to 12 digits",
    )
    timeout_s: Seconds = 8.0


class MailSettings(Section):
    """The mail server that carries letters to people's mailboxes; without one nothing is sent there."""

    host: str = Field("", max_length=253, description="the mail server's name, such as smtp.example")
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls, tls, or none (to this very machine alone)"
    )
    user: str = Field(
        "", max_length=254, pattern="^[!-~]*$", description="the name to log in with, in ASCII, or nothing"
    )
    password_file: Path | None = Field(None, description="the path of a file with the password alone")
    ca_file: Path | None = Field(None, description="who is trusted instead of the system's authorities (PEM)")
    sender: str = Field(
        "",
        pattern=r"^$|^[A-Za-z0-9._+-]+@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+$",
        description="the address that letters come from, such as einvoice@bureau.example",
    )
    timeout_s: Seconds = 20.0
    """Of each answer of the server but the last."""
    taken_within_s: Seconds = 600.0
    """Of the answer to the whole letter: RFC 5321 (4.5.3.2.6) wants ten minutes. A server that is given less has taken
    it all the same, and gets it again at every try."""
    tried_for_hours: int = Field(48, ge=1, le=168, description="hours from 1 to 168")
    """A letter that nobody takes is given up after so long; its person is told."""
    addresses_per_day: int = Field(5, ge=1, le=100, description="a number from 1 to 100")
    letters_per_day: int = Field(20, ge=1, le=1000, description="a number from 1 to 1000")
    """What one person may send in a day: to so many mailboxes, and so many letters."""

    @model_validator(mode="after")
    def _whole(self) -> MailSettings:
        if not self.host:
            return self
        if not self.sender:
            raise wrong("sender is missing beside host", "set mail.sender, or remove mail.host")
        if self.security == "none" and self.host not in LOOPBACK:
            raise wrong("sends invoices and addresses in the clear", "set mail.security to starttls or tls")
        if self.security == "none" and self.user:
            raise wrong("sends a password in the clear", "set mail.security to starttls or tls")
        if bool(self.user) != (self.password_file is not None):
            missing = "password_file" if self.user else "user"
            raise wrong(f"{missing} is missing beside the other", f"set mail.{missing}, or remove both")
        return self


class CoreSettings(Section):
    """A core system of another make; without one the reference engine is it."""

    url: Annotated[str, address("https", "http")] | None = Field(
        None, description="the core system's address, such as https://core.example"
    )
    timeout_s: Seconds = 10.0


class ConsoleSettings(Section):
    """The officers' console, a program of its own."""

    host: str = Field("127.0.0.1", min_length=1, max_length=253, description="the address to listen on")
    port: Port = 8443
    url: Annotated[str, address("https")] | None = Field(
        None, description="the address that officers type, such as https://console.bureau.example"
    )
    """Without one: ``https://`` with host and port. Its cookies are never sent in the clear."""


class CitySettings(Section):
    """The demonstration city."""

    seed: int = Field(7, ge=0, le=2**31 - 1, description="a whole number from 0 to 2147483647")
    as_of: date | None = Field(None, description="a business date, such as 2026-10-12")


class OpenDataSettings(Section):
    """What of the bureau is told in open data."""

    districts: tuple[str, ...] = Field(
        ("书院区", "江畔区", "云岭区", "湖东区", "石桥县", "河湾县"),
        description="the bureau's districts, named as addresses name them; else the demonstration's",
    )


class FeedbackSettings(Section):
    """Which officers handle complaints, and which tip-offs; the two lists may share nobody."""

    complaint_officers: tuple[str, ...] = Field(
        (), description="names or staff numbers; empty: whoever may run the commands"
    )
    tip_off_officers: tuple[str, ...] = Field(
        (), description="names or staff numbers; empty: nobody reads a tip-off"
    )


class LimitSettings(Section):
    """What one caller may ask of the centre."""

    body_bytes: int = Field(1_048_576, ge=1024, le=2**28, description="bytes from 1024 to 268435456")
    requests_per_minute: int = Field(600, ge=1, le=10**6, description="a number from 1 to 1000000")
    public_looks_per_minute: int = Field(
        60, ge=1, le=10**6, description="how often one address may verify something in a minute"
    )
    certificate_copies: int = Field(
        3, ge=1, le=99, description="how often one certificate is printed at most"
    )
    sign_ins_per_minute: int = Field(
        60,
        ge=1,
        le=10**6,
        description="how often one address may try a password or a code of an officer in a minute",
    )
    """A hall's officers come from one address at half past eight; each account is locked by itself (``sessions``)."""
    enrolment_minutes: int = Field(30, ge=1, le=10_080, description="minutes a one-time code is good for")


class BureauSettings(Program):
    """``bureau.toml``: the centre and its store."""

    host: str = Field("127.0.0.1", min_length=1, max_length=253, description="the address to listen on")
    port: Port = 8080
    proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        (), description="addresses or networks, such as 127.0.0.1"
    )
    """Whose word of who asks and how (``X-Forwarded-For``, ``-Proto``) is believed; limits by address rest on it."""
    public_url: Annotated[str, address("https", "http")] = Field(
        description="the address printed in QR codes, such as https://bureau.example"
    )
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    tls: TlsSettings = Field(default_factory=TlsSettings)
    acquirer: AcquirerSettings = Field(default_factory=AcquirerSettings)
    treasury: TreasurySettings = Field(default_factory=TreasurySettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    core: CoreSettings = Field(default_factory=CoreSettings)
    console: ConsoleSettings = Field(default_factory=ConsoleSettings)
    superior: CentreSettings | None = None
    """The centre above this one (上级机关), where there is one."""
    city: CitySettings = Field(default_factory=CitySettings)
    feedback: FeedbackSettings = Field(default_factory=FeedbackSettings)
    open_data: OpenDataSettings = Field(default_factory=OpenDataSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    keys: KeySettings = Field(default_factory=KeySettings)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any, info: ValidationInfo) -> Any:
        data = with_state_dir(data, info, "bureau")
        if not isinstance(data, dict) or in_production(info):
            return data
        host, port = str(data.get("host", "")), str(data.get("port", ""))
        host = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host
        return {"public_url": f"http://{host}:{port if port.isdigit() else 8080}", **data}

    @property
    def console_url(self) -> str:
        """The console's own address."""
        return self.console.url or f"https://{self.console.host}:{self.console.port}"

    @property
    def database_url(self) -> str:
        """The store's SQLAlchemy address."""
        return self.database.url or f"sqlite+pysqlite:///{self.state_dir / 'bureau.db'}"
