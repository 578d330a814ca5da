"""Whatever is sent to a running bureau within its description, and beside it: no 5xx, no undocumented answer.

Schemathesis makes the requests of the description; bounded here, by the thousand with ``make openapi``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bureau.api.app import create_app
from bureau.app import assemble
from config.settings import load_bureau
from tests.bureau import stores
from tests.bureau.api.described import Sender, deepened, operations
from tests.bureau.conftest import Centre
from tests.bureau.doubles import DraftOffice
from tests.bureau.terminals import Terminal
from tests.bureau.test_program import program

PAGE = Path(__file__).parents[3] / "docs" / "openapi.json"
CHECKS: list[Any] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REQUESTS = int(os.environ.get("KIOSK_OPENAPI_REQUESTS", "3"))
"""To each operation, within its description and again beside it."""


RECORDS = st.binary() | st.recursive(
    st.none() | st.integers(-(2**63), 2**63) | st.binary() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.integers(0, 9), inner),
).map(cbor2.dumps)
schemathesis.openapi.media_type("application/cbor", RECORDS)


class Bureau:
    """A running program, a terminal of it, and what may be asked of it."""

    def __init__(self, url: str, terminal: Terminal) -> None:
        self.url, self.sender = url, Sender(terminal)
        described = requests.get(url + "/openapi.json", timeout=20).json()
        self.document = deepened(described, terminal.container)
        self.schema = schemathesis.openapi.from_dict(self.document)
        self.session = requests.Session()
        self.session.trust_env = False


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Bureau]:
    folder = tmp_path_factory.mktemp("described")
    many = "1000000"
    env = {
        "BUREAU_STATE_DIR": str(folder / "state"),
        "BUREAU_DATABASE__URL": stores.sqlite_city(sqlite_template, folder / "bureau.db"),
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        "BUREAU_LIMITS__REQUESTS_PER_MINUTE": many,
        "BUREAU_LIMITS__PUBLIC_LOOKS_PER_MINUTE": many,
    }
    with program("acquirer", "--port", "0", "--db", str(folder / "acquirer.db"), env=env) as (bank, _):
        env["BUREAU_ACQUIRER__URL"] = bank
        container = assemble(load_bureau(None, env), office=DraftOffice(), published=stores.published())
        terminal = Terminal.enrol(container, container.clock)
        with program("serve", "--port", "0", env=env, log=folder / "log") as (url, _):
            found = Bureau(url, terminal)
            yield found
            found.session.close()
        container.close()


def _described() -> list[tuple[str, GenerationMode]]:
    """The operations, known before any program runs; beside its description lies only what has a form."""
    document = json.loads(PAGE.read_text(encoding="utf-8"))
    found = [(f"{method} {path}", GenerationMode.POSITIVE) for path, method in operations(document)]
    formed = [one for one, _ in found if one.startswith("post") and one != "post /v1/audit"]
    return found + [(one, GenerationMode.NEGATIVE) for one in formed]


def send(bureau: Bureau, case: Any) -> None:
    """Send it as a terminal would and hold the answer against the description."""
    answer = case.call(base_url=bureau.url, session=bureau.session, auth=bureau.sender, timeout=30)
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.slow
@pytest.mark.timeout(max(180, 8 * REQUESTS))  # seconds: making a bad one takes longest
@pytest.mark.parametrize(("operation", "mode"), _described())
def test_every_answer_is_one_that_is_described(bureau: Bureau, operation: str, mode: GenerationMode) -> None:
    method, path = operation.split(" ")
    head, _, parameter = path.partition("{")
    of_questions = path == "/v1/queries/{name}"
    paths = [p for p, _ in operations(bureau.document) if p.startswith(head)] if of_questions else [path]
    for one in paths:
        strategy = bureau.schema[one][method.upper()].as_strategy(generation_mode=mode)

        @settings(
            max_examples=REQUESTS,
            deadline=None,
            database=None,
            derandomize=REQUESTS < 100,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def run(case: Any) -> None:
            send(bureau, case)

        run()


@pytest.mark.slow
def test_what_cannot_be_done_at_an_address_is_said_with_what_can(bureau: Bureau) -> None:
    for path, _ in operations(json.loads(PAGE.read_text(encoding="utf-8"))):
        for method in ("put", "patch", "delete"):
            answer = requests.request(method, bureau.url + path.replace("{", "").replace("}", ""), timeout=20)
            assert answer.status_code == 405, (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["allow"]


def test_the_kept_description_is_the_one_that_is_given(centre: Centre) -> None:
    kept = json.loads(PAGE.read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(create_app(centre.container).openapi())), "make pages"
