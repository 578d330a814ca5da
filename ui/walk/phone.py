"""The visitor's own phone on the centre's public pages: it fills forms in and presses buttons, as a browser does."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import requests

from kiosk.stack import Stack
from ui.walk.touch import NotThere

ANSWER_WITHIN_S = 30.0


class Phone:
    """One phone over real TLS; it keeps cookies and believes the stack's own authority alone."""

    def __init__(self, stack: Stack) -> None:
        self._url = stack.bureau_url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(stack.centre_dir / "tls" / "ca.pem")

    def begin(self, service: str, rows: Mapping[str, str]) -> str:
        """Fill the service's forms in, look them through, keep them; the address that the code's picture says.

        Raises ``NotThere`` where a page is another than it should be.
        """
        self._page("GET", f"/b/{service}")
        self._page("POST", f"/b/{service}", {**rows, "do": "look"})
        shown = self._page("POST", f"/b/{service}", {**rows, "do": "keep"})
        path = urlsplit(shown.url).path
        if not path.startswith("/d/"):
            raise NotThere(f"no code for what was begun on the phone, but {path}")
        return self._url + path

    def go_on(self, address: str) -> None:
        """Take the visit over, apply, pay on the acquirer's own page, come back and fetch the files."""
        self._page("POST", _path(address), {"do": "take"})
        key = _path(address).partition(".")[0]
        rows = _fields(self._page("GET", key).text)
        shown = _fields(self._page("POST", key, {**rows, "do": "look"}).text)
        self._page("POST", key, {**shown, "do": "apply"})
        paying = self._page("POST", key, {"do": "pay"}).text
        cashier = html.unescape(_one(r'class="btn main" href="([^"]+/p/[^"]+)"', paying))
        paid = self._session.post(cashier.replace("?", "/pay?", 1), timeout=ANSWER_WITHIN_S)
        paid.raise_for_status()
        done = self._page("GET", key).text
        files = _path(html.unescape(_one(r'class="btn main" href="([^"]+/e/[^"]+)"', done)))
        self._page("POST", files)

    def fetch(self, address: str, folder: Path) -> None:
        """Look at the page of a certificate's file, fetch it into ``folder``, and find the link used up."""
        path = _path(address)
        self._page("GET", path)
        file = self._page("POST", path)
        folder.mkdir(exist_ok=True)
        (folder / f"{len(list(folder.iterdir())) + 1}.pdf").write_bytes(file.content)
        again = self._session.post(self._url + path, timeout=ANSWER_WITHIN_S)
        if again.status_code != 404:
            raise NotThere(f"the phone's link works a second time: {again.status_code}")

    def _page(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> requests.Response:
        answer = self._session.request(method, self._url + path, data=fields, timeout=ANSWER_WITHIN_S)
        if answer.status_code != 200:
            raise NotThere(f"the phone's page {path} answers {answer.status_code}")
        return answer


def _path(address: str) -> str:
    return urlsplit(address).path


def _fields(page: str) -> dict[str, str]:
    """What the page's form sends when nothing in it is touched."""
    typed = re.findall(r'<input type="(?:text|hidden)"[^>]*? name="([^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'<select id="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in (*typed, *chosen)}


def _one(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise NotThere(f"the phone's page has no {pattern}: {re.findall('<h1>(.*?)</h1>', page)}")
    return found[1]
