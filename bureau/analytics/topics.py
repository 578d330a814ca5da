"""舆情: what people complain of, ask, propose and are not content with, by week, and what rises beyond chance.

Sources are the centre's own books and what others counted (``feed``): a hotline's statistics, a newspaper's. Words of
people are not read here: a topic is what they chose themselves, or the officer who read them.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, select

from bureau.analytics.peers import WRONG_AT_MOST, beyond_chance
from bureau.errors import FeedRefused
from bureau.store import tables
from bureau.store.database import Database
from config.clock import CHINA

WEEKS_BEFORE: Final = 8
"""What a week is compared with."""
FEW: Final = 3
"""Fewer in a week are nobody's alarm, however rare they were before."""
MOST_LINES: Final = 100_000
LONGEST: Final = 40
"""Characters of a topic."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of one source, weeks from old to new; ``rises``: more in the last one than chance explains."""

    source: str
    topic: str
    weeks: tuple[int, ...]
    rises: bool = False

    @property
    def usual(self) -> float:
        """The mean of the weeks before the last."""
        return sum(self.weeks[:-1]) / max(1, len(self.weeks) - 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a source outside counted of a topic on a day."""

    day: date
    topic: str
    number: int


class Feed(Protocol):
    """A source outside of the centre (外部舆情来源): whoever counts what people write or say elsewhere."""

    @property
    def name(self) -> str:
        """What its topics are shown under."""
        ...

    def counted(self) -> Sequence[Counted]:
        """All it has; raises ``FeedRefused``. Days that it tells once more replace what it told of them."""
        ...


@dataclass(frozen=True, slots=True)
class CsvFeed:
    """A file of lines ``day,topic,number`` with that heading, in UTF-8."""

    name: str
    path: Path

    def counted(self) -> Sequence[Counted]:
        """Its lines; raises ``FeedRefused`` naming the line that cannot be read."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                return list(self._lines(file))
        except (OSError, UnicodeDecodeError) as error:
            raise FeedRefused(f"{self.path}: {error}") from error

    def _lines(self, file: Iterator[str]) -> Iterator[Counted]:
        rows = csv.DictReader(file)
        if rows.fieldnames != ["day", "topic", "number"]:
            raise FeedRefused(f"{self.path}: the first line must be: day,topic,number")
        for row in rows:
            try:
                counted = Counted(date.fromisoformat(row["day"]), row["topic"].strip(), int(row["number"]))
            except (ValueError, TypeError, AttributeError) as error:
                raise FeedRefused(f"{self.path}, line {rows.line_num}: {error}") from error
            if not 0 < len(counted.topic) <= LONGEST or counted.number < 0 or rows.line_num > MOST_LINES:
                wanted = (
                    f"a topic of 1 to {LONGEST} characters, a number from 0 up, {MOST_LINES} lines at most"
                )
                raise FeedRefused(f"{self.path}, line {rows.line_num}: {wanted}")
            yield counted


class TopicReports:
    """Reads the books, and takes in what others counted. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, feed: Feed) -> int:
        """Keep what the source counted, in place of what it told of the same days; how many lines."""
        sums: Counter[tuple[date, str]] = Counter()
        for one in feed.counted():
            sums[one.day, one.topic] += one.number
        o = tables.opinion
        rows = [
            {"source": feed.name, "day": day, "topic": topic, "number": number}
            for (day, topic), number in sorted(sums.items())
        ]
        with self._database.write() as connection:
            for day in {row["day"] for row in rows}:
                connection.execute(o.delete().where(o.c.source == feed.name, o.c.day == day))
            if rows:
                connection.execute(o.insert(), rows)
        return len(rows)

    def weeks(self, last: date, weeks: int = WEEKS_BEFORE + 1) -> list[Topic]:
        """Each topic over so many weeks of seven days, the last of which ends with ``last``; those that rise first."""
        first = last - timedelta(days=7 * weeks - 1)
        found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * weeks)
        with self._database.read() as connection:
            for source, topic, day, number in _counts(connection, first, last):
                found[source, topic][(day - first).days // 7] += number
        topics = [Topic(source, topic, tuple(of)) for (source, topic), of in found.items()]
        return sorted(judged(topics), key=lambda t: (not t.rises, -t.weeks[-1], t.source, t.topic))


def judged(topics: Sequence[Topic]) -> list[Topic]:
    """The same, told which rise: more in the last week than one in twenty of such alarms would be by chance."""
    chances = {f"{t.source}\n{t.topic}": _chance(t) for t in topics if t.weeks[-1] >= FEW}
    rising = set(beyond_chance(chances, WRONG_AT_MOST))
    return [Topic(t.source, t.topic, t.weeks, f"{t.source}\n{t.topic}" in rising) for t in topics]


def _chance(topic: Topic) -> float:
    """How probable at least so many are in the last week, if all weeks were alike.

    Of all that were counted, each fell into the last of n weeks with the chance 1/n: a binomial tail, which takes into
    account how little the weeks before may say.
    """
    total, last, share = sum(topic.weeks), topic.weeks[-1], 1 / len(topic.weeks)
    return 1 - sum(math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(last))


def _counts(connection: Connection, first: date, last: date) -> Iterator[tuple[str, str, date, int]]:
    begin = datetime.combine(first, time(), CHINA)
    end = datetime.combine(last + timedelta(days=1), time(), CHINA)
    f, c, r, o = tables.feedback_case, tables.contribution, tables.rating, tables.opinion
    for kind, at in connection.execute(
        select(f.c.kind, f.c.received_at).where(f.c.received_at >= begin, f.c.received_at < end)
    ):
        yield "feedback", kind, at.astimezone(CHINA).date(), 1
    written = select(c.c.kind, c.c.topic, c.c.written_at).where(
        c.c.written_at >= begin, c.c.written_at < end, c.c.kind.in_(("question", "idea"))
    )
    for kind, topic, at in connection.execute(written):
        yield kind, topic, at.astimezone(CHINA).date(), 1
    rated = select(r.c.reasons, r.c.at).where(r.c.at >= begin, r.c.at < end)
    for reasons, at in connection.execute(rated):
        for reason in reasons:
            yield "rating", reason, at.astimezone(CHINA).date(), 1
    heard = select(o.c.source, o.c.topic, o.c.day, o.c.number).where(o.c.day.between(first, last))
    for source, topic, day, number in connection.execute(heard):
        yield f"feed:{source}", topic, day, int(number)
