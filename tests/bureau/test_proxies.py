"""Limits by address count who connects; only a proxy that the settings name is believed about who asks."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import requests
from fastapi import FastAPI, Request

from bureau.public.site import address_of
from bureau.web import web
from config.settings import load_bureau
from tests.bureau.serving import served


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        ("[]", "203.0.113.9", "127.0.0.1"),
        ('["10.0.0.0/24"]', "203.0.113.9", "127.0.0.1"),
        ('["127.0.0.1"]', "203.0.113.9", "203.0.113.9"),
        ('["127.0.0.1"]', "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ('["127.0.0.1", "10.0.0.0/24"]', "203.0.113.9, 10.0.0.7", "203.0.113.9"),
    ],
)
def test_who_asks_is_told_by_a_named_proxy_alone(
    tmp_path: Path, proxies: str, forwarded: str, counted: str
) -> None:
    """What a visitor writes into the header stands before what the proxy adds, and is not believed."""
    file = tmp_path / "bureau.toml"
    file.write_text(f"proxies = {proxies}", "utf-8")
    settings = load_bureau(file, {"BUREAU_STATE_DIR": str(tmp_path)})
    app = FastAPI()

    @app.get("/")
    def asked(request: Request) -> str:
        return address_of(request)

    listener = socket.create_server(("127.0.0.1", 0))
    with served(app, listener, web(settings, app, settings.public_url)) as address:
        assert requests.get(address, headers={"X-Forwarded-For": forwarded}, timeout=5).json() == counted
