"""Why a service could not be connected to, and what to do about it, for a technician."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Final

from websockets.exceptions import InvalidStatus, InvalidURI, WebSocketException

_CLOCK: Final = (9, 10)
"""Not yet valid, expired (X.509 verification codes of OpenSSL, x509_vfy.h)."""
_NAME: Final = (62, 64)
"""Another host name, another IP address."""
_STATUSES: Final = {
    401: "it wants another token",
    403: "it lets this program in nowhere",
    404: "it knows no such path; compare the URI with those that its publisher tells",
}


def why_broken(uri: str, error: Exception) -> str:
    """What ended an attempt to connect to ``uri``, in words, with what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message.rstrip(".")
        return f"its certificate is not accepted: {said}; {_mended(error.verify_code)}"
    for kind, words in _KINDS:
        if isinstance(error, kind):
            return words(uri, error)
    return f"{str(error) or type(error).__name__}; check that the service runs, and its network cable"


def _mended(code: int) -> str:
    """What to do about a certificate that verification refuses with this code."""
    if code in _CLOCK:
        return "have it renewed, or set the clock of this machine"
    if code in _NAME:
        return "name the host in the URI as the certificate does, or have it made for this one"
    return (
        "put the certificate of who has issued it into /usr/local/share/ca-certificates and run "
        "update-ca-certificates"
    )


def _silent(uri: str, _: Exception) -> str:
    return f"nothing answered in time; check that the service runs{_perhaps_open(uri)}"


def _hung_up(uri: str, _: Exception) -> str:
    return f"it ended the connection before it had answered; check that the service runs{_perhaps_open(uri)}"


def _perhaps_open(uri: str) -> str:
    return "; where it speaks no TLS, its URI is ws://" if uri.startswith("wss://") else ""


def _no_tls(uri: str, error: Exception) -> str:
    reason = getattr(error, "reason", None) or str(error)
    return f"it does not speak TLS as this machine does ({reason}); where it speaks none, its URI is ws://"


def _status(uri: str, error: Exception) -> str:
    assert isinstance(error, InvalidStatus)
    code = error.response.status_code
    return f"HTTP {code}: {_STATUSES.get(code, 'what answers there is no XFS4IoT service')}"


def _no_websocket(uri: str, error: Exception) -> str:
    secure = "" if uri.startswith("wss://") else "; where it speaks TLS, its URI is wss://"
    return f"what answers there is no WebSocket ({error}){secure}"


_KINDS: Final[tuple[tuple[type[Exception], Callable[[str, Exception], str]], ...]] = (
    (ssl.SSLError, _no_tls),
    (TimeoutError, _silent),
    (ConnectionResetError, _hung_up),
    (ConnectionAbortedError, _hung_up),
    (EOFError, _hung_up),
    (InvalidStatus, _status),
    (InvalidURI, lambda uri, error: f"{error}"),
    (WebSocketException, _no_websocket),
)
"""The first one that fits."""
