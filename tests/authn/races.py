"""What many callers do at once, each on a connection of its own, and how it came out for each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tests.authn.proving import EMAIL, PUSH, SMS, Body, Proving
from tests.authn.reaching import (
    TOTP,
    WARNING,
    activating_a_phone,
    code,
    offered_a_question,
    seeded,
)
from tests.authn.signing import AUTHN, error_of
from tests.visiting import PASSWORD, Answer

__all__ = ["CALLERS", "RACES", "Race", "all_of", "wrong_passcodes", "wrong_passwords"]

CALLERS = 64
HALF = CALLERS // 2
QUESTION = {
    "factorType": "question",
    "provider": "OKTA",
    "profile": {"question": "disliked_food", "answer": "beetroot"},
}
GONE, USED = (401, "E0000011"), (403, "E0000082")
Race = Callable[[Proving], Awaitable[list[bool]]]


async def all_of(*acts: Awaitable[Answer]) -> list[Answer]:
    """Do it all at once; nothing may break the org."""
    answers = list(await asyncio.gather(*acts))
    assert all(answer.status < 500 for answer in answers)
    return answers


def won(answers: Sequence[Answer], *refusals: tuple[int, str]) -> list[bool]:
    """Return who got a session token; all others must get one of these errors."""
    tokens = ["sessionToken" in answer.json() for answer in answers]
    others = {error_of(each)[:2] for each in answers if each.status != 200}
    assert others <= set(refusals), others
    return tokens


async def verify_by_sms(proving: Proving) -> list[bool]:
    """One code, one transaction."""
    return await _verify_what_was_sent(proving, SMS)


async def verify_by_email(proving: Proving) -> list[bool]:
    """One code, one transaction."""
    return await _verify_what_was_sent(proving, EMAIL)


async def verify_one_code_in_many_transactions(proving: Proving) -> list[bool]:
    """An authenticator's code works once, wherever it is used."""
    await seeded(proving, TOTP, asks_factor=True)
    states = [await proving.start() for _ in range(CALLERS)]
    given = code(proving)
    verified = (proving.verify(state, passCode=given) for state in states)
    return won(await all_of(*verified), USED)


async def poll_an_approved_push(proving: Proving) -> list[bool]:
    """One approval, one transaction."""
    await seeded(proving, PUSH, asks_factor=True)
    state = await proving.challenged()
    (push,) = (await proving.visitor.ask("GET", "/_mock/push")).json()["pushes"]
    await proving.visitor.ask("POST", f"/_mock/push/{push['id']}", json={"answer": "approve"})
    return won(await all_of(*_follow(proving, state)), GONE)


async def redeem_a_recovery_token(proving: Proving) -> list[bool]:
    """A link works once."""
    await seeded(proving)
    await proving.recover()
    token = await proving.token()
    answers = await all_of(*(proving.redeem(token) for _ in range(CALLERS)))
    won(answers, (403, "E0000105"))
    return ["stateToken" in answer.json() for answer in answers]


async def redeem_an_activation_token(proving: Proving) -> list[bool]:
    """A link works once."""
    await seeded(proving, status="STAGED", password="")
    await proving.change("activate")
    token = await proving.token()
    answers = await all_of(*(proving.post(AUTHN, token=token) for _ in range(CALLERS)))
    won(answers, (401, "E0000004"))
    return ["stateToken" in answer.json() for answer in answers]


async def reset_a_password(proving: Proving) -> list[bool]:
    """Each to a password of their own; one of them is it."""
    await seeded(proving, SMS, passwords={"lockout": {"max_attempts": 0}})
    state: Body = (await proving.recover(factor="SMS")).json()
    state = await proving.go(state, passCode=await proving.passcode())
    chosen = [f"Other-Pass-{number:02}" for number in range(CALLERS)]
    answers = await all_of(*(proving.follow(state, newPassword=each) for each in chosen))
    wins = won(answers, GONE)
    good = [(await proving.sign_in(password=each)).status == 200 for each in chosen]
    assert sum(good) == 1
    assert sum(wins) > 1 or wins == good
    return wins


async def enroll_a_question(proving: Proving) -> list[bool]:
    """One transaction, one factor."""
    state = await offered_a_question(proving)
    enrolled = (
        proving.post(f"{AUTHN}/factors", stateToken=state["stateToken"], **QUESTION)
        for _ in range(CALLERS)
    )
    wins = won(await all_of(*enrolled), GONE)
    assert list(await proving.factors()) == ["okta_question"]
    return wins


async def enroll_a_question_in_many_transactions(proving: Proving) -> list[bool]:
    """A user has one factor of a kind: who comes late does not replace it."""
    states = [await offered_a_question(proving)]
    states += [await proving.start() for _ in range(CALLERS - 1)]
    enrolled = [
        proving.post(f"{AUTHN}/factors", stateToken=state["stateToken"], **QUESTION)
        for state in states
    ]
    return won(await all_of(*enrolled), (400, "E0000001"))


async def activate_a_phone(proving: Proving) -> list[bool]:
    """One code, one transaction."""
    state = await activating_a_phone(proving)
    passcode = await proving.passcode()
    wins = won(await all_of(*_follow(proving, state, passCode=passcode)), GONE)
    assert list(await proving.factors()) == ["okta_sms"]
    return wins


async def skip_or_enroll(proving: Proving) -> list[bool]:
    """Half of the callers skip the enrolment that the others do."""
    state = await offered_a_question(proving)
    skipped = _follow(proving, state, "skip", HALF)
    enrolled: list[Awaitable[Answer]] = [
        proving.post(f"{AUTHN}/factors", stateToken=state["stateToken"], **QUESTION)
        for _ in range(HALF)
    ]
    return won(await all_of(*_mixed(skipped, enrolled)), GONE)


async def skip_or_change_a_password(proving: Proving) -> list[bool]:
    """The password is the new one if, and only if, its change came through."""
    await seeded(proving, passwords=WARNING, password_age_days=85)
    state = await proving.start(warnBeforePasswordExpired=True)
    skipped = _follow(proving, state, "skip", HALF)
    new = {"oldPassword": PASSWORD, "newPassword": "Other-Pass-2"}
    changed = _follow(proving, state, callers=HALF, **new)
    answers = await all_of(*_mixed(skipped, changed))
    wins = won(answers, GONE, (403, "E0000014"))
    is_changed = (await proving.sign_in(password="Other-Pass-2")).status == 200
    assert sum(wins) > 1 or is_changed == any(wins[1::2])
    return wins


async def verify_or_cancel(proving: Proving) -> list[bool]:
    """Either the transaction ends in a sign-in or it is cancelled, and once."""
    await seeded(proving, SMS, asks_factor=True)
    state = await proving.challenged()
    passcode = await proving.passcode()
    verified = _follow(proving, state, callers=HALF, passCode=passcode)
    cancelled = _follow(proving, state, "cancel", HALF)
    answers = await all_of(*_mixed(verified, cancelled))
    won(answers, GONE)
    return [answer.status == 200 for answer in answers]


async def ask_for_a_code(proving: Proving) -> list[bool]:
    """One message is sent; others who ask at the same time must wait."""
    await seeded(proving, SMS, asks_factor=True)
    state = await proving.start()
    answers = await all_of(*(proving.verify(state, passCode="") for _ in range(CALLERS)))
    won(answers, (429, "E0000109"))
    assert len(await proving.messages("sms")) == sum(answer.status == 200 for answer in answers)
    return [answer.status == 200 for answer in answers]


RACES: tuple[Race, ...] = (
    verify_by_sms,
    verify_by_email,
    verify_one_code_in_many_transactions,
    poll_an_approved_push,
    redeem_a_recovery_token,
    redeem_an_activation_token,
    reset_a_password,
    enroll_a_question,
    enroll_a_question_in_many_transactions,
    activate_a_phone,
    skip_or_enroll,
    skip_or_change_a_password,
    verify_or_cancel,
    ask_for_a_code,
)


async def wrong_passwords(proving: Proving, count: int) -> None:
    """Try to sign in with passwords that are not the user's."""
    answers = await all_of(*(proving.sign_in(password="Wrong-1") for _ in range(count)))
    assert {error_of(answer)[1] for answer in answers} == {"E0000004"}


async def wrong_passcodes(proving: Proving, count: int) -> None:
    """Try to prove a factor, with codes that are not the user's."""
    state = await proving.start()
    answers = await all_of(*(proving.verify(state, passCode="wrong") for _ in range(count)))
    assert {error_of(answer)[1] for answer in answers} <= {"E0000068", "E0000069"}


async def _verify_what_was_sent(proving: Proving, factor: Body) -> list[bool]:
    await seeded(proving, factor, asks_factor=True)
    state = await proving.challenged()
    passcode = await proving.passcode()
    return won(await all_of(*_follow(proving, state, passCode=passcode)), GONE)


def _follow(
    proving: Proving, state: Body, rel: str = "next", callers: int = CALLERS, **body: Any
) -> list[Awaitable[Answer]]:
    return [proving.follow(state, rel, **body) for _ in range(callers)]


def _mixed(
    some: list[Awaitable[Answer]], others: list[Awaitable[Answer]]
) -> list[Awaitable[Answer]]:
    return [each for pair in zip(some, others, strict=True) for each in pair]
