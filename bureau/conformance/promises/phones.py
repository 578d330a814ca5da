"""Codes that are sent to phones: each tried a few times, and proven once."""

from __future__ import annotations

from datetime import timedelta

from bureau.conformance.bench import Bench, promise, same, there
from bureau.ports.phones import Challenge

MOBILE = "19900009999"
"""Of no network: what a core would send there arrives nowhere."""


@promise(
    "phones.challenge",
    "`challenge` is the code that was sent, with the wrong tries that were counted, and whether it was proven.",
    "Keep the code's hash alone; what the phone is told goes to whoever carries messages.",
)
def challenge(bench: Bench) -> None:
    """Sent, tried twice, proven."""
    with bench.undone() as work:
        phones = work.core.phones
        sent = Challenge(bench.key("code"), MOBILE, bench.manifest.terminal, "a" * 64, bench.now)
        phones.send(sent, "check")
        same("phones/challenge", phones.challenge(sent.challenge), sent)
        for _ in range(2):
            phones.tried(sent.challenge)
        phones.proven(sent.challenge)
        now = there("phones/challenge", phones.challenge(sent.challenge))
        same("its wrong tries, and when it was proven", (now.tries, now.proven_at), (2, bench.now))
        same("phones/challenge that nobody was sent", phones.challenge(bench.key("none")), None)


@promise(
    "phones.sent",
    "`sent_to` says when codes were sent to a phone, the latest first; `sent_from` how many a terminal had sent.",
    "Count from the moment that is asked for on, so that nobody has a phone flooded.",
)
def sent(bench: Bench) -> None:
    """Two, a minute apart, and one long ago."""
    moments = [bench.now - timedelta(minutes=ago) for ago in (1, 0, 600)]
    since = bench.now - timedelta(minutes=5)
    with bench.undone() as work:
        phones, terminal = work.core.phones, bench.manifest.terminal
        before = phones.sent_from(terminal, since)
        for number, at in enumerate(moments):
            name = bench.key(f"sent-{number}")
            phones.send(Challenge(name, MOBILE, terminal, "a" * 64, at), "check")
        same(
            "phones/sent_to: the latest first", list(phones.sent_to(MOBILE, since)), [moments[1], moments[0]]
        )
        same("phones/sent_from", phones.sent_from(terminal, since), before + 2)
