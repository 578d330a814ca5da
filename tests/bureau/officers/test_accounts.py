"""Officers: invited, signed in by two steps, locked, given roles and disabled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bureau.errors import OfficerRefused, OfficerUnknown, PasswordWeak, SignInRefused
from bureau.officers import passwords
from bureau.officers.roles import ALLOWED, DECIDING, Act, Role, apart, may
from bureau.officers.sessions import IDLE, LOCKED, LONGEST, SECOND_WITHIN, TRIES
from bureau.store import tables
from tests.bureau.officers.conftest import PASSWORD, Desk


def test_an_officer_is_invited_takes_up_the_account_and_signs_in_by_two_steps(desk: Desk) -> None:
    spare = desk.officer("li-mei", Role.APPROVAL)
    assert len(set(spare)) == 8
    session = desk.sessions.of(desk.signed_in("li-mei"))
    assert session is not None
    assert (session.officer.login, session.officer.name) == ("li-mei", "Li-Mei")
    assert session.officer.roles == {Role.APPROVAL}


def test_a_name_to_sign_in_with_counts_in_capitals_too_and_is_taken_once(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(minutes=1))
    assert desk.sessions.password(" Li-Mei ", PASSWORD, "")
    with pytest.raises(OfficerRefused, match="already"):
        desk.accounts.invite("li-mei", "李梅", [Role.APPROVAL], "test")


@pytest.mark.parametrize("login", ["", "ab", "Li", "li mei", "-li-mei", "李梅", "x" * 33, "li/mei"])
def test_what_is_no_name_to_sign_in_with_is_refused(desk: Desk, login: str) -> None:
    with pytest.raises(OfficerRefused, match="small letters"):
        desk.accounts.invite(login, "李梅", [Role.APPROVAL], "test")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "short"),
        ("x" * 129, "long"),
        ("abababababab", "plain"),
        ("123456789012", "plain"),
        ("li-mei-secrets", "login"),
        ("Pass-LI-MEI-word", "login"),
    ],
)
def test_a_password_that_is_easily_guessed_is_not_taken(desk: Desk, password: str, why: str) -> None:
    code = desk.accounts.invite("li-mei", "李梅", [Role.APPROVAL], "test")
    with pytest.raises(PasswordWeak) as told:
        desk.taken_up(code, password)
    assert told.value.code == f"password.{why}"
    assert desk.taken_up(code)  # the code is still good


def test_a_password_of_full_width_letters_is_that_of_plain_ones() -> None:
    assert passwords.right("ｃｏｒｒｅｃｔ horse battery", passwords.kept(PASSWORD, "li-mei"))


def test_an_invitation_counts_once_and_for_a_day(desk: Desk) -> None:
    code = desk.accounts.invite("li-mei", "李梅", [Role.APPROVAL], "test")
    desk.taken_up(code)
    with pytest.raises(OfficerRefused, match="used"):
        desk.accounts.invitation(code)
    late = desk.accounts.invite("zhou-tao", "周涛", [Role.APPROVAL], "test")
    desk.later(timedelta(hours=24))
    with pytest.raises(OfficerRefused, match="a day old"):
        desk.accounts.invitation(late)


def test_an_invitation_is_typed_in_small_letters_and_without_hyphens_too(desk: Desk) -> None:
    code = desk.accounts.invite("li-mei", "李梅", [Role.APPROVAL], "test")
    assert desk.accounts.invitation(f" {code.lower().replace('-', '')} ").login == "li-mei"


def test_an_account_is_not_taken_up_without_its_second_factor(desk: Desk) -> None:
    code = desk.accounts.invite("li-mei", "李梅", [Role.APPROVAL], "test")
    desk.accounts.invitation(code)
    for wrong in ("", "000000x", "１２３４５６", "abcdef"):
        with pytest.raises(OfficerRefused, match="six figures"):
            desk.accounts.take_up(code, PASSWORD, wrong)
    with pytest.raises(SignInRefused):
        desk.sessions.password("li-mei", PASSWORD, "")


def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    told = set()
    for login, password in (("li-mei", "wrong horse battery"), ("nobody", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            desk.sessions.password(login, password, "")
        told.add((refused.value.code, str(refused.value), refused.value.wait_s))
    assert len(told) == 1


def test_each_code_counts_once(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(seconds=30))
    figures = desk.figures("li-mei")
    first = desk.sessions.password("li-mei", PASSWORD, "")
    assert desk.sessions.second(first, figures, "")
    again = desk.sessions.password("li-mei", PASSWORD, "")
    with pytest.raises(SignInRefused) as refused:
        desk.sessions.second(again, figures, "")
    assert refused.value.code == "wrong"


def test_one_code_signs_one_in_of_two_who_type_it_at_once(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(seconds=30))
    steps = [desk.sessions.password("li-mei", PASSWORD, "") for _ in range(4)]
    figures = desk.figures("li-mei")

    def second(step: str) -> bool:
        try:
            return bool(desk.sessions.second(step, figures, ""))
        except SignInRefused:
            return False

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(second, steps)) == [False, False, False, True]


def test_the_first_step_alone_opens_nothing_and_is_over_after_five_minutes(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(minutes=1))
    step = desk.sessions.password("li-mei", PASSWORD, "")
    assert desk.sessions.of(step) is None
    desk.later(SECOND_WITHIN)
    with pytest.raises(SignInRefused) as refused:
        desk.sessions.second(step, desk.figures("li-mei"), "")
    assert refused.value.code == "over"


def test_a_first_step_is_used_up_by_the_second(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(minutes=1))
    step = desk.sessions.password("li-mei", PASSWORD, "")
    desk.sessions.second(step, desk.figures("li-mei"), "")
    desk.later(timedelta(seconds=30))
    with pytest.raises(SignInRefused):
        desk.sessions.second(step, desk.figures("li-mei"), "")


@pytest.mark.parametrize("which", ["password", "code"])
def test_five_wrong_ones_lock_the_account_for_a_quarter_of_an_hour(desk: Desk, which: str) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(minutes=1))
    for _ in range(TRIES):
        with pytest.raises(SignInRefused) as refused:
            if which == "password":
                desk.sessions.password("li-mei", "wrong horse battery", "")
            else:
                desk.sessions.second(desk.sessions.password("li-mei", PASSWORD, ""), "000000", "")
        assert refused.value.code == "wrong"
    with pytest.raises(SignInRefused) as refused:
        desk.sessions.password("li-mei", PASSWORD, "")
    assert refused.value.code == "locked"
    assert 0 < refused.value.wait_s <= LOCKED.total_seconds()
    desk.later(LOCKED)
    assert desk.signed_in("li-mei")


def test_an_administrator_ends_a_lock(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    for _ in range(TRIES):
        with pytest.raises(SignInRefused):
            desk.sessions.password("li-mei", "wrong horse battery", "")
    assert desk.accounts.officer("li-mei").locked_until is not None
    desk.accounts.unlock("li-mei")
    assert desk.signed_in("li-mei")


def test_a_lost_authenticator_is_replaced_by_a_recovery_code_once(desk: Desk) -> None:
    spare = desk.officer("li-mei", Role.APPROVAL)
    desk.later(timedelta(minutes=1))
    step = desk.sessions.password("li-mei", PASSWORD, "")
    assert desk.sessions.second(step, spare[0].lower(), "")
    step = desk.sessions.password("li-mei", PASSWORD, "")
    with pytest.raises(SignInRefused):
        desk.sessions.second(step, spare[0], "")
    assert desk.sessions.second(step, spare[1], "")


def test_a_session_ends_when_nobody_is_there_when_signed_out_and_after_a_shift(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    idle = desk.signed_in("li-mei")
    desk.later(IDLE)
    assert desk.sessions.of(idle) is None
    left = desk.signed_in("li-mei")
    desk.sessions.end(left)
    assert desk.sessions.of(left) is None
    long = desk.signed_in("li-mei")
    for _ in range(int(LONGEST / timedelta(minutes=20)) - 1):
        desk.later(timedelta(minutes=20))
        assert desk.sessions.of(long) is not None
    desk.later(timedelta(minutes=20))
    assert desk.sessions.of(long) is None


def test_roles_count_from_the_next_act_and_a_disabled_account_is_out_at_once(desk: Desk) -> None:
    desk.officer("chief", Role.ADMINISTRATOR)
    desk.officer("li-mei", Role.RECEPTION)
    token = desk.signed_in("li-mei")
    desk.accounts.set_roles("li-mei", [Role.APPROVAL, Role.AUDITOR], "chief")
    session = desk.sessions.of(token)
    assert session is not None
    assert session.officer.roles == {Role.APPROVAL, Role.AUDITOR}
    desk.accounts.disable("li-mei", "chief")
    assert desk.sessions.of(token) is None
    with pytest.raises(SignInRefused):
        desk.sessions.password("li-mei", PASSWORD, "")


def test_somebody_is_always_left_who_gives_roles(desk: Desk) -> None:
    desk.officer("chief", Role.ADMINISTRATOR)
    desk.accounts.invite(
        "deputy", "副", [Role.ADMINISTRATOR], "chief"
    )  # has not taken it up, and may never do so
    for act in (
        lambda: desk.accounts.disable("chief", "deputy"),
        lambda: desk.accounts.set_roles("chief", [Role.AUDITOR], "deputy"),
        lambda: desk.accounts.invite_again("chief", "deputy"),
    ):
        with pytest.raises(OfficerRefused, match="nobody would be left"):
            act()
    assert desk.accounts.officer("chief").roles == {Role.ADMINISTRATOR}
    assert desk.signed_in("chief")


def test_two_administrators_who_end_each_other_at_once_leave_one(desk: Desk) -> None:
    for login in ("one", "two"):
        desk.officer(f"{login}-chief", Role.ADMINISTRATOR)

    def end(pair: tuple[str, str]) -> bool:
        try:
            desk.accounts.disable(*pair)
        except OfficerRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        ended = threads.map(end, [("one-chief", "two-chief"), ("two-chief", "one-chief")])
        assert sorted(ended) == [False, True]


def test_nobody_changes_their_own_account(desk: Desk) -> None:
    for login in ("chief", "deputy"):
        desk.officer(login, Role.ADMINISTRATOR)
    for act in (
        lambda: desk.accounts.disable("chief", "chief"),
        lambda: desk.accounts.set_roles("chief", [Role.AUDITOR], "chief"),
        lambda: desk.accounts.invite_again("chief", "chief"),
    ):
        with pytest.raises(OfficerRefused, match="another administrator"):
            act()


def test_who_gives_roles_is_given_none_that_decides(desk: Desk) -> None:
    both = [Role.ADMINISTRATOR, Role.APPROVAL]
    with pytest.raises(OfficerRefused, match="decides nothing"):
        desk.accounts.invite("li-mei", "李梅", both, "chief")
    desk.officer("li-mei", Role.APPROVAL)
    with pytest.raises(OfficerRefused, match="decides nothing"):
        desk.accounts.set_roles("li-mei", both, "chief")
    assert desk.accounts.officer("li-mei").roles == {Role.APPROVAL}


def test_an_account_that_was_ended_comes_back_without_its_roles(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.accounts.disable("li-mei", "chief")
    desk.taken_up(desk.accounts.invite_again("li-mei", "chief"), "another horse battery")
    assert desk.accounts.officer("li-mei").roles == frozenset()


def test_a_lock_that_is_over_is_not_shown(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    for _ in range(TRIES):
        with pytest.raises(SignInRefused):
            desk.sessions.password("li-mei", "wrong horse battery", "")
    desk.later(LOCKED)
    assert desk.accounts.officer("li-mei").locked_until is None


def test_a_name_that_nobody_has_is_locked_as_an_account_is(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    sessions, told = desk.sessions, []
    for login in ("li-mei", "nobody"):
        for _ in range(TRIES + 1):
            with pytest.raises(SignInRefused) as refused:
                sessions.password(login, "wrong horse battery", "")
            told.append(refused.value.code)
    assert told[: TRIES + 1] == told[TRIES + 1 :] == ["wrong"] * TRIES + ["locked"]


def test_what_a_page_asks_by_itself_keeps_no_session_alive(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    token = desk.signed_in("li-mei")
    desk.later(timedelta(minutes=20))
    assert desk.sessions.of(token, there=False) is not None
    desk.later(timedelta(minutes=10))
    assert desk.sessions.of(token) is None


def test_a_new_invitation_ends_the_old_password_second_factor_codes_and_sessions(desk: Desk) -> None:
    spare = desk.officer("li-mei", Role.APPROVAL)
    token, old = desk.signed_in("li-mei"), desk.secrets["li-mei"]
    code = desk.accounts.invite_again("li-mei", "chief")
    assert desk.sessions.of(token) is None
    with pytest.raises(SignInRefused):
        desk.sessions.password("li-mei", PASSWORD, "")
    desk.taken_up(code, "another horse battery")
    assert desk.secrets["li-mei"] != old
    desk.later(timedelta(minutes=1))
    step = desk.sessions.password("li-mei", "another horse battery", "")
    with pytest.raises(SignInRefused):
        desk.sessions.second(step, spare[0], "")


def test_whoever_reads_the_store_finds_no_password_secret_code_or_token(desk: Desk) -> None:
    spare = desk.officer("li-mei", Role.APPROVAL)
    token = desk.signed_in("li-mei")
    code = desk.accounts.invite("zhou-tao", "周涛", [Role.APPROVAL], "test")
    with desk.database.read() as connection:
        rows = [
            repr(row)
            for table in (tables.officer, tables.officer_recovery, tables.officer_session)
            for row in connection.execute(select(table))
        ]
    stored = "\n".join(rows)
    for secret in (PASSWORD, token, code, spare[0], spare[0].replace("-", ""), desk.secrets["li-mei"]):
        assert secret not in stored


def test_old_sessions_are_forgotten(desk: Desk) -> None:
    desk.officer("li-mei", Role.APPROVAL)
    desk.sessions.end(desk.signed_in("li-mei"))
    desk.later(timedelta(days=29))
    desk.sessions.forget()
    with desk.database.read() as connection:
        assert len(connection.execute(select(tables.officer_session)).all()) == 2  # and the first step
    desk.later(timedelta(days=2))
    desk.sessions.forget()
    with desk.database.read() as connection:
        assert connection.execute(select(tables.officer_session)).all() == []


def test_an_officer_nobody_knows_is_told(desk: Desk) -> None:
    for act in (
        lambda: desk.accounts.officer("nobody"),
        lambda: desk.accounts.disable("nobody", "chief"),
        lambda: desk.accounts.unlock("nobody"),
    ):
        with pytest.raises(OfficerUnknown, match="officer list"):
            act()


def test_every_role_allows_something_and_every_act_is_allowed_to_somebody() -> None:
    assert set(ALLOWED) == set(Role)
    assert all(ALLOWED.values())
    assert set().union(*ALLOWED.values()) == set(Act)


def test_complaints_and_tip_offs_are_in_different_hands(desk: Desk) -> None:
    both = [Role.COMPLAINTS, Role.TIP_OFFS]
    with pytest.raises(OfficerRefused, match="both complaints and tip-offs"):
        desk.accounts.invite("zhao-min", "赵敏", both, "test")
    desk.officer("zhao-min", Role.COMPLAINTS)
    with pytest.raises(OfficerRefused, match="both complaints and tip-offs"):
        desk.accounts.set_roles("zhao-min", both, "chief")
    assert desk.accounts.officer("zhao-min").roles == {Role.COMPLAINTS}
    assert not ALLOWED[Role.COMPLAINTS] & ALLOWED[Role.TIP_OFFS]


def test_who_gives_roles_decides_nothing_and_who_reads_the_trail_changes_nothing() -> None:
    decides = set().union(*(ALLOWED[role] for role in DECIDING))
    assert decides >= {Act.CASE_APPROVE, Act.CASE_GRANT, Act.CASE_REFUSE, Act.CASE_ASK, Act.COMPLAINT_ANSWER}
    assert not decides & ALLOWED[Role.ADMINISTRATOR]
    assert not any(apart([Role.ADMINISTRATOR, role]) for role in DECIDING)
    assert {act for act in ALLOWED[Role.AUDITOR] if not act.endswith(".see")} == set()
    assert not may([Role.ADMINISTRATOR], Act.TRAIL_SEE)
