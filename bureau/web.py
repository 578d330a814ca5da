"""How the centre's web programs are served: their socket's other end, TLS, proxies, and how a start is told."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys

import uvicorn
from starlette.types import ASGIApp

from bureau.tls import ensure_loopback_tls
from config import notify
from config.bureau_settings import BureauSettings

log = logging.getLogger("kiosk.bureau")


def serve_web(
    settings: BureauSettings, app: ASGIApp, url: str, listener: socket.socket, *, tell: bool = False
) -> None:
    """Serve until stopped. ``tell`` prints one JSON line with address and pid once calls are taken."""
    _Server(web(settings, app, url), url, tell).run(sockets=[listener])
    notify.stopping("closed")


def web(settings: BureauSettings, app: ASGIApp, url: str) -> uvicorn.Config:
    """How it is served. Who asks is whoever connects, unless that is a proxy which the settings name."""
    cert, key = _certificate(settings, url)
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        http="h11",  # said, so that what else is installed does not choose
        loop="asyncio",
        ssl_certfile=cert,
        ssl_keyfile=key,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=75,  # far beyond how often a terminal asks, so that idle connections end at its side
        lifespan="on",
        # the server's own default believes every program of this machine
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
    )


class _Server(uvicorn.Server):
    """Tells systemd, and whoever started it by hand, when it takes calls."""

    def __init__(self, config: uvicorn.Config, url: str, tell: bool) -> None:
        super().__init__(config)
        self._url, self._tell = url, tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            log.info("calls are taken at %s", self._url)
            notify.ready(f"serving {self._url}")
            if self._tell:
                told = {"url": self._url, "pid": os.getpid()}
                sys.stdout.write(json.dumps(told) + "\n")
                sys.stdout.flush()


def _certificate(settings: BureauSettings, url: str) -> tuple[str | None, str | None]:
    """Certificate and key: the configured ones, else a loopback authority's when the address says https."""
    tls = settings.tls
    if tls.cert_file is not None and tls.key_file is not None:
        return str(tls.cert_file), str(tls.key_file)
    if not url.startswith("https://") or settings.profile == "production":
        return None, None
    files = ensure_loopback_tls(settings.state_dir / "tls")
    return str(files.cert_file), str(files.key_file)
