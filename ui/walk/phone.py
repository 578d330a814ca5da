"""The visitor's own phone on the centre's public pages: it fills forms in and presses buttons, as a browser does."""

from __future__ import annotations

from collections.abc import Mapping
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

    def _page(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> requests.Response:
        answer = self._session.request(method, self._url + path, data=fields, timeout=ANSWER_WITHIN_S)
        if answer.status_code != 200:
            raise NotThere(f"the phone's page {path} answers {answer.status_code}")
        return answer
