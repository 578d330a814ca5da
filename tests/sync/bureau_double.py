"""A small bureau with a ledger of its own, run as a process: what it counted is the truth of a test.

It takes effects by key in one transaction with its ledger, holds audit chains, and can be told to misbehave
(``POST /_faults``), to forget (``POST /_restore``) and to show its books (``GET /_ledger``).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from sync import http_signatures
from sync.audit import AuditBatch, make_receipt
from sync.chain import ChainWalk
from sync.crypto import Hash, b64, unb64, verifier
from sync.effects import QUEUED, open_effect
from sync.errors import ChainBroken, RecordError, RequestRefused
from sync.records import SignedRecord, genesis
from tests.sync.processes import Say, fork
from tests.sync.support import BUREAU_SEALING, BUREAU_SIGNER, Terminal, enrolled

PDF = b"%PDF-1.7\n%test\n"


@dataclass
class Books:
    """Everything the double knows."""

    keys: dict[str, bytes] = field(default_factory=dict)  # terminal -> public key
    effects: dict[str, dict[str, Any]] = field(default_factory=dict)  # key -> fingerprint, answer
    applied: list[dict[str, Any]] = field(default_factory=list)  # one line a business change, in order
    chains: dict[str, list[SignedRecord]] = field(default_factory=dict)  # terminal/epoch -> records
    faults: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)  # keys that came with ``Delivery: queued``, in order
    codes: dict[str, str] = field(default_factory=dict)  # one-time code -> public key that used it
    use: list[list[str]] = field(default_factory=list)  # ids of visits, by report
    incarnation: int = 1
    clock_s: float = 0.0
    signs: bool = True
    unknown_epochs: list[str] = field(default_factory=list)
    delay_s: float = 0.0


def problem(status: int, code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": f"about:blank#{code}", "title": code, "status": status, "code": code}
    return JSONResponse(body, status, headers, "application/problem+json")


def make_app(books: Books) -> FastAPI:
    app = FastAPI()
    nonces = http_signatures.NonceCache()

    def lookup(terminal: str, epoch: str = "") -> Any:
        public = books.keys.get(terminal)
        return None if public is None else verifier("ed25519", public)

    def now() -> datetime:
        return datetime.fromtimestamp(time.time() + books.clock_s, UTC)

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Any:
        path = request.url.path
        if path.startswith("/_"):
            return await call_next(request)
        body = await request.body()
        name = f"{request.method} {path}"
        books.requests.append(name)
        for fault in books.faults:
            if fault["path"] in name and fault["times"] != 0 and fault.get("kind") in (None, kind_of(body)):
                fault["times"] -= 1
                if fault.get("sleep"):
                    await asyncio.sleep(fault["sleep"])
                if not fault.get("after"):
                    return wrong(fault)
                await call_next(request)
                return wrong(fault)
        if path != "/v1/enrol":
            target = http_signatures.request_target(request.scope)
            sent = request.headers.items()
            try:
                http_signatures.verify(request.method, target, sent, body, lookup, now=now(), nonces=nonces)
            except RequestRefused as error:
                date = now().strftime("%a, %d %b %Y %H:%M:%S GMT")
                return problem(401, error.code, {"Date": date})
        await asyncio.sleep(books.delay_s)
        answer = await call_next(request)
        content = b"".join([piece async for piece in answer.body_iterator])
        headers = dict(answer.headers)
        if books.signs and path != "/v1/enrol":
            asked = (request.method, target, sent)
            headers |= http_signatures.sign_answer(
                answer.status_code, headers, content, asked, BUREAU_SIGNER, "bureau"
            )
        return Response(content, answer.status_code, headers)

    def kind_of(body: bytes) -> str:
        try:
            return SignedRecord.parse(body).record.kind
        except RecordError:
            return ""

    def wrong(fault: dict[str, Any]) -> Response:
        status, headers = fault["status"], {**fault.get("headers", {})}
        if fault.get("body") is not None:
            return Response(fault["body"], status, headers, fault.get("type", "application/json"))
        return problem(status, fault.get("code", f"http-{status}"), headers)

    @app.post("/v1/effects")
    async def effects(request: Request) -> Any:
        raw = await request.body()
        try:
            opened = open_effect(raw, lookup, BUREAU_SEALING)
        except RecordError as error:
            return problem(422, f"record: {error}")
        key = opened.body.key
        if request.headers.get("delivery") == QUEUED:
            books.queued.append(key)
        known = books.effects.get(key)
        if known is None:
            known = {
                "fingerprint": opened.fingerprint,
                "answer": {
                    "key": key,
                    "state": "accepted",
                    "result": {"number": f"N-{len(books.applied) + 1}"},
                    "refusal": None,
                    "received_at": now().isoformat(),
                    "incarnation": str(books.incarnation),
                },
            }
            books.effects[key] = known
            books.applied.append(
                {
                    "key": key,
                    "kind": str(opened.body.kind),
                    "taxpayer": opened.body.subject.taxpayer,
                    "seq": opened.record.seq,
                }
            )
        elif known["fingerprint"] != opened.fingerprint:
            return problem(422, "key-reused")
        return known["answer"]

    @app.get("/v1/effects/{key}")
    async def effect(key: str) -> Any:
        return books.effects[key]["answer"] if key in books.effects else problem(404, "unknown-effect")

    @app.post("/v1/audit")
    async def audit(request: Request) -> Any:
        batch = AuditBatch.from_bytes(await request.body())
        if batch.epoch in books.unknown_epochs:
            return problem(422, "epoch-unknown")
        held = books.chains.setdefault(f"{batch.terminal}/{batch.epoch}", [])
        walk = ChainWalk(batch.terminal, batch.epoch, lookup(batch.terminal))
        if held:
            walk.seq, walk.head = held[-1].record.seq, held[-1].hash()
        for signed in batch.records:
            seq = signed.record.seq
            if seq <= len(held):
                if held[seq - 1].payload != signed.payload:
                    return problem(409, "chain-fork")
                continue
            if seq > walk.seq + 1:
                break  # a gap: the receipt says what is wanted next
            try:
                walk.follow(signed)
            except ChainBroken:
                return problem(409, "chain-fork")
            held.append(signed)
        head = walk.head or genesis(batch.terminal, batch.epoch)
        assert isinstance(head, Hash)
        return make_receipt(
            batch.terminal, batch.epoch, walk.seq, head, str(books.incarnation), now(), BUREAU_SIGNER
        ).model_dump(mode="json")

    @app.post("/v1/queries/{name}")
    async def query(name: str, request: Request) -> Any:
        sent = await request.json()
        return {"data": {"name": name, "params": sent["params"]}, "refusal": None}

    @app.get("/v1/documents/{number}")
    async def document(number: str) -> Any:
        return (
            problem(404, "unknown-document")
            if number == "none"
            else Response(PDF + number.encode(), 200, None, "application/pdf")
        )

    @app.post("/v1/heartbeat")
    async def heartbeat(request: Request) -> Any:
        books.effects.setdefault("_beats", {"count": 0})["count"] += 1
        return {"server_time": now().isoformat(), "incarnation": str(books.incarnation)}

    @app.post("/v1/use")
    async def use(request: Request) -> Any:
        visits = [visit["id"] for visit in (await request.json())["visits"]]
        books.use.append(visits)
        return {"new": len(visits)}

    @app.get("/v1/time")
    async def server_time() -> Any:
        return {"server_time": now().isoformat(), "incarnation": str(books.incarnation)}

    @app.post("/v1/enrol")
    async def enrol(request: Request) -> Any:
        sent = await request.json()
        used_by = books.codes.get(sent["code"])
        if used_by is None or used_by not in ("", sent["public_key"]):
            return problem(403, "code-unknown")
        books.codes[sent["code"]] = sent["public_key"]
        books.keys["T-0099"] = unb64(sent["public_key"])
        return enrolled("T-0099", "e99").model_dump(mode="json")

    @app.post("/_faults")
    async def faults(request: Request) -> Any:
        books.faults = await request.json()

    @app.post("/_set")
    async def change(request: Request) -> Any:
        for name, value in (await request.json()).items():
            setattr(books, name, value)

    @app.post("/_reset")
    async def reset(request: Request) -> Any:
        fresh = Books(keys={name: unb64(key) for name, key in (await request.json()).items()})
        fresh.codes = {"CODE-1": ""}
        for name in Books.__dataclass_fields__:
            setattr(books, name, getattr(fresh, name))

    @app.post("/_restore")
    async def restore(request: Request) -> Any:
        """Back to the first ``applied`` effects and ``records`` of each chain, as an old backup would."""
        keep = await request.json()
        books.applied = books.applied[: keep["applied"]]
        held = {line["key"] for line in books.applied}
        books.effects = {key: value for key, value in books.effects.items() if key in held}
        books.chains = {name: chain[: keep["records"]] for name, chain in books.chains.items()}
        books.incarnation += keep.get("tells", 1)

    @app.get("/_ledger")
    async def ledger() -> Any:
        return {
            "applied": books.applied,
            "chains": {name: len(chain) for name, chain in books.chains.items()},
            "requests": books.requests,
            "queued": books.queued,
            "use": books.use,
            "beats": books.effects.get("_beats", {"count": 0})["count"],
        }

    return app


class BureauDouble:
    """The double as a process of its own, reached by HTTP."""

    def __init__(self, keys: dict[str, bytes], tls: Path | None = None) -> None:
        """``tls`` is a folder with ``server.pem`` (certificate and key)."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        books = Books(keys=keys, codes={"CODE-1": ""})

        def work(say: Say) -> None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            options: dict[str, Any] = {"ssl_certfile": tls / "server.pem"} if tls else {}
            config = uvicorn.Config(
                make_app(books),
                log_level="critical",
                http="h11",
                lifespan="off",
                date_header=False,
                **options,
            )
            server = uvicorn.Server(config)
            say("ready")
            asyncio.run(server.serve([listening]))

        self._child = fork(work)
        listening.close()
        self._child.wait_for("ready")
        self._verify = str(tls / "ca.pem") if tls else True

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child.pid, signal.SIGKILL)
        self._child.end()

    def tell(self, path: str, body: Any) -> None:
        requests.post(f"{self.url}/_{path}", json=body, timeout=5, verify=self._verify).raise_for_status()

    def fault(self, path: str, status: int, times: int = 1, **more: Any) -> None:
        """Answer the next ``times`` requests to ``path`` wrongly; with ``after`` only once it was carried out."""
        self.tell("faults", [{"path": path, "status": status, "times": times, **more}])

    def reset(self, *terminals: Terminal) -> None:
        """Empty books that know these terminals."""
        self.tell("reset", {t.identity.terminal: b64(t.identity.signer.public_key) for t in terminals})

    @property
    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.url}/_ledger", timeout=5, verify=self._verify).json()
        return found

    def applied(self) -> list[str]:
        """Keys of the business changes, in order."""
        return [line["key"] for line in self.ledger["applied"]]
