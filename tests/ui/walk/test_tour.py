"""Who comes to which terminal next: nobody stands at two at once, and no terminal waits while somebody could come."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Lock, Thread

import pytest

from ui.walk.tour import Waiting

PEOPLE = {"a1": "ann", "a2": "ann", "b1": "bob", "a3": "ann", "c1": "cyn", "b2": "bob"}


def test_a_terminal_takes_the_first_whose_person_is_free() -> None:
    waiting = Waiting(list(PEOPLE), PEOPLE)
    first, second = iter(waiting), iter(waiting)
    assert next(first) == "a1"
    assert next(second) == "b1", "ann stands at the first terminal"
    assert next(first) == "a2"
    assert next(second) == "c1", "ann again, and bob comes once his first visit is over"


def test_alone_all_come_in_their_order() -> None:
    assert list(Waiting(list(PEOPLE), PEOPLE)) == list(PEOPLE)
    assert list(Waiting([], PEOPLE)) == []


def test_each_comes_once_in_the_order_of_their_own_and_never_to_two_terminals() -> None:
    people = {f"s{n}": f"p{n % 4}" for n in range(200)}
    waiting, lock, begin = Waiting(list(people), people), Lock(), Barrier(3)
    there: list[str] = []
    came: list[str] = []
    twice: list[str] = []

    def terminal() -> None:
        begin.wait()
        for service in waiting:
            with lock:
                if people[service] in there:
                    twice.append(service)
                there.append(people[service])
                came.append(service)
            with lock:
                there.remove(people[service])

    threads = [Thread(target=terminal) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert twice == []
    assert sorted(came) == sorted(people)
    for person in set(people.values()):
        assert [s for s in came if people[s] == person] == [s for s in people if people[s] == person]


def test_a_terminal_that_fails_lets_go_of_its_visitor() -> None:
    waiting = Waiting(["a1", "a2"], PEOPLE)

    def failing() -> Iterator[str]:
        yield from waiting

    broken = failing()
    assert next(broken) == "a1"
    with pytest.raises(RuntimeError):
        broken.throw(RuntimeError("the terminal has failed"))
    assert list(waiting) == ["a2"]
