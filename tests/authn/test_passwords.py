"""Passwords that expire, are changed, and must be good enough: facts/classic C.2, C.5."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from mock_okta import (
    Age,
    Complexity,
    Config,
    Seed,
    SeedFactor,
    SeedPasswordPolicy,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.authn.signing import LOGIN, NEW_PASSWORD, PASSWORD, Signing, error_of
from tests.visiting import Answer

EXPIRED = SeedUser(
    login=LOGIN,
    password=PASSWORD,
    status="PASSWORD_EXPIRED",
    profile={"firstName": "Test", "lastName": "User"},
)
AGE = Age(max_age_days=90, expire_warn_days=5)
OLD_IS_WRONG = "oldPassword: The credentials provided were incorrect."


def _config(user: SeedUser = EXPIRED, **policy: Any) -> Config:
    policies = (SeedPasswordPolicy(**policy),) if policy else ()
    return Config(seed=Seed(users=(user,), password_policies=policies))


def _aged(days: float, **policy: Any) -> Config:
    user = msgspec.structs.replace(EXPIRED, status="ACTIVE", password_age_days=days)
    return _config(user, **{"age": AGE, **policy})


@pytest.fixture
def config() -> Config:
    """Override: an org whose user has to change the password."""
    return _config()


async def _change(signing: Signing, new: str = NEW_PASSWORD, old: str = PASSWORD) -> Answer:
    state = (await signing.sign_in()).json()
    return await signing.follow(state, oldPassword=old, newPassword=new)


async def test_an_expired_password_is_reported_with_what_a_new_one_must_be(
    signing: Signing,
) -> None:
    state = (await signing.sign_in()).json()
    assert list(state) == ["stateToken", "expiresAt", "status", "_embedded", "_links"]
    assert state["status"] == "PASSWORD_EXPIRED"
    assert state["_embedded"]["policy"]["complexity"]["minLength"] == 8
    assert "expiration" not in state["_embedded"]["policy"]
    assert list(state["_links"]) == ["next", "cancel"]
    assert state["_links"]["next"]["name"] == "changePassword"


async def test_a_changed_password_is_success_and_the_one_to_sign_in_by(signing: Signing) -> None:
    signing.org.clock.advance(timedelta(hours=1))
    now = signing.org.clock.now()
    success = (await _change(signing)).json()
    assert (success["status"], "sessionToken" in success) == ("SUCCESS", True)
    assert success["_embedded"]["user"]["passwordChanged"][:13] == now.isoformat()[:13]
    assert await signing.status() == "ACTIVE"
    assert (await signing.sign_in()).status == 401
    assert (await signing.sign_in(password=NEW_PASSWORD)).json()["status"] == "SUCCESS"


async def test_a_wrong_old_password_is_an_error_of_its_field(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    wrong = await signing.follow(state, oldPassword="wrong", newPassword=NEW_PASSWORD)
    assert error_of(wrong) == (403, "E0000014", [OLD_IS_WRONG])
    assert await signing.status() == "PASSWORD_EXPIRED"
    right = await signing.follow(state, oldPassword=PASSWORD, newPassword=NEW_PASSWORD)
    assert right.json()["status"] == "SUCCESS"


@pytest.mark.parametrize("missing", ["oldPassword", "newPassword"])
async def test_both_passwords_are_needed(signing: Signing, missing: str) -> None:
    state = (await signing.sign_in()).json()
    given = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    del given[missing]
    status, code, causes = error_of(await signing.follow(state, **given))
    assert (status, code) == (400, "E0000001")
    assert causes == [f"{missing}: The field cannot be left blank"]


STRICT = Complexity(min_length=10, min_symbol=1, exclude_attributes=("firstName", "lastName"))


@pytest.mark.parametrize("config", [_config(complexity=STRICT)], ids=["strict"])
@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("Abcdefgh1!", True),
        ("Abcdefg1!", False),  # too short
        ("ABCDEFGH1!", False),  # no lower case
        ("abcdefgh1!", False),  # no upper case
        ("Abcdefghi!", False),  # no number
        ("Abcdefghi1", False),  # no symbol
        ("A-Tester-1x", False),  # a part of the login, in capitals or not
        ("An-example-1", False),
        ("com-Abcdefg1", True),  # a part of the login that is too short to count
        ("A-test-abc-1", False),  # the first name
        ("A-uSer-abc-1", False),  # the last name
        ("", False),
    ],
)
async def test_a_new_password_is_what_the_policy_asks(
    signing: Signing, password: str, *, is_good: bool
) -> None:
    answer = await _change(signing, password)
    if is_good:
        assert answer.json()["status"] == "SUCCESS"
        return
    cause = (
        "Password requirements were not met. Password requirements: at least 10 characters, "
        "a lowercase letter, an uppercase letter, a number, a symbol, no parts of your username, "
        "does not include your first name, does not include your last name."
    )
    assert error_of(answer) == (403, "E0000014", [cause])


LAX = Complexity(
    min_length=4, min_lower_case=0, min_upper_case=0, min_number=0, exclude_username=False
)


@pytest.mark.parametrize("config", [_config(complexity=LAX)], ids=["lax"])
@pytest.mark.parametrize(("password", "is_good"), [("test", True), (LOGIN, True), ("abc", False)])
async def test_a_lax_policy_lets_much_pass(
    signing: Signing, password: str, *, is_good: bool
) -> None:
    answer = await _change(signing, password)
    assert answer.status == (200 if is_good else 403)
    if not is_good:
        (cause,) = error_of(answer)[2]
        assert cause.endswith("Password requirements: at least 4 characters.")


@pytest.mark.parametrize("config", [_config(age=Age(history_count=2))], ids=["history"])
async def test_the_last_passwords_are_not_taken_again(signing: Signing) -> None:
    used = [PASSWORD, "Other-Pass-2", "Other-Pass-3"]
    for old, new in pairwise(used):
        state = (await signing.sign_in(password=old)).json()
        for recent in used[max(0, used.index(old) - 1) : used.index(old) + 1]:
            refused = await signing.follow(state, oldPassword=old, newPassword=recent)
            assert error_of(refused) == (
                403,
                "E0000014",
                ["Password has been used too recently"],
            )
        changed = await signing.follow(state, oldPassword=old, newPassword=new)
        assert changed.json()["status"] == "SUCCESS"
        await signing.change("expire_password")
    state = (await signing.sign_in(password=used[-1])).json()
    oldest = await signing.follow(state, oldPassword=used[-1], newPassword=PASSWORD)
    assert oldest.json()["status"] == "SUCCESS"


@pytest.mark.parametrize("config", [_aged(80)], ids=["80 days old"])
async def test_a_password_expires_with_time(signing: Signing) -> None:
    assert (await signing.sign_in()).json()["status"] == "SUCCESS"
    signing.org.clock.advance(timedelta(days=10))
    assert (await signing.sign_in()).json()["status"] == "PASSWORD_EXPIRED"
    assert (await _change(signing)).json()["status"] == "SUCCESS"
    signing.org.clock.advance(timedelta(days=89))
    again = await signing.sign_in(password=NEW_PASSWORD)
    assert again.json()["status"] == "SUCCESS"
    signing.org.clock.advance(timedelta(days=1))
    again = await signing.sign_in(password=NEW_PASSWORD)
    assert again.json()["status"] == "PASSWORD_EXPIRED"


@pytest.mark.parametrize("config", [_aged(87)], ids=["87 days old"])
async def test_a_warning_comes_in_its_window_to_who_wants_it(signing: Signing) -> None:
    assert (await signing.sign_in()).json()["status"] == "SUCCESS"
    state = (await signing.sign_in(warnBeforePasswordExpired=True)).json()
    assert state["status"] == "PASSWORD_WARN"
    assert state["_embedded"]["policy"]["expiration"] == {"passwordExpireDays": 3}
    assert list(state["_links"]) == ["next", "skip", "cancel"]
    assert (await signing.follow(state, "skip")).json()["status"] == "SUCCESS"
    again = (await signing.sign_in(warnBeforePasswordExpired=True)).json()
    changed = await signing.follow(again, oldPassword=PASSWORD, newPassword=NEW_PASSWORD)
    assert changed.json()["status"] == "SUCCESS"
    calm = await signing.sign_in(password=NEW_PASSWORD, warnBeforePasswordExpired=True)
    assert calm.json()["status"] == "SUCCESS"


@pytest.mark.parametrize("config", [_aged(84.9)], ids=["84.9 days old"])
async def test_no_warning_comes_before_its_window(signing: Signing) -> None:
    wanted = {"warnBeforePasswordExpired": True}
    assert (await signing.sign_in(**wanted)).json()["status"] == "SUCCESS"
    signing.org.clock.advance(timedelta(days=0.2))
    assert (await signing.sign_in(**wanted)).json()["status"] == "PASSWORD_WARN"


YOUNG = Age(max_age_days=1, expire_warn_days=1, min_age_minutes=60)


@pytest.mark.parametrize("config", [_aged(0, age=YOUNG)], ids=["young"])
async def test_a_young_password_is_not_changed_unless_it_must(signing: Signing) -> None:
    state = (await signing.sign_in(warnBeforePasswordExpired=True)).json()
    given = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    status, code, (cause,) = error_of(await signing.follow(state, **given))
    assert (status, code) == (403, "E0000014")
    assert "60 minutes" in cause
    await signing.change("expire_password")
    assert (await _change(signing)).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("config", [_aged(0, age=YOUNG)], ids=["young"])
async def test_a_password_that_is_old_enough_is_changed(signing: Signing) -> None:
    signing.org.clock.advance(timedelta(minutes=61))
    state = (await signing.sign_in(warnBeforePasswordExpired=True)).json()
    changed = await signing.follow(state, oldPassword=PASSWORD, newPassword=NEW_PASSWORD)
    assert changed.json()["status"] == "SUCCESS"


async def test_of_two_changes_at_once_one_counts(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    answers = await asyncio.gather(
        *(
            signing.follow(state, oldPassword=PASSWORD, newPassword=f"Other-Pass-{number}")
            for number in range(8)
        )
    )
    won = [number for number, answer in enumerate(answers) if answer.status == 200]
    assert len(won) == 1
    assert (await signing.sign_in(password=f"Other-Pass-{won[0]}")).status == 200


async def test_a_change_works_once(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    given = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    assert (await signing.follow(state, **given)).status == 200
    assert error_of(await signing.follow(state, **given)) == (401, "E0000011", [])


async def test_a_change_comes_in_time(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    signing.org.clock.advance(timedelta(minutes=6))
    given = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    assert error_of(await signing.follow(state, **given)) == (401, "E0000011", [])
    assert (await signing.sign_in()).json()["status"] == "PASSWORD_EXPIRED"


@pytest.mark.parametrize(("revokes", "lives"), [(None, True), (False, True), (True, False)])
@pytest.mark.parametrize("config", [_aged(0)], ids=["fresh"])
async def test_sessions_end_with_the_old_password_if_that_is_asked(
    signing: Signing, *, revokes: bool | None, lives: bool
) -> None:
    await signing.visitor.sign_in()
    await signing.change("expire_password")
    state = (await signing.sign_in()).json()
    more = {} if revokes is None else {"revokeSessions": revokes}
    await signing.follow(state, oldPassword=PASSWORD, newPassword=NEW_PASSWORD, **more)
    assert (await signing.visitor.session_id() is not None) is lives


async def test_who_is_suspended_meanwhile_changes_nothing(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    await signing.change("deactivate")
    shown = await signing.post("/api/v1/authn/introspect", stateToken=state["stateToken"])
    assert error_of(shown) == (401, "E0000004", [])
    given = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    assert error_of(await signing.follow(state, **given)) == (401, "E0000004", [])
    assert await signing.status() == "DEPROVISIONED"


ANSWERS = SeedFactor(factor="okta_question", question="disliked_food", answer="beetroot")
STRONG = Seed(
    users=(msgspec.structs.replace(EXPIRED, factors=(ANSWERS,)),),
    sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
)


@pytest.mark.parametrize("config", [Config(seed=STRONG)], ids=["with a factor"])
async def test_a_factor_comes_before_an_expired_password(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    assert state["status"] == "MFA_REQUIRED"
    (factor,) = state["_embedded"]["factors"]
    verify = factor["_links"]["verify"]["href"]
    token = {"stateToken": state["stateToken"]}
    given = {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    early = await signing.post("/api/v1/authn/credentials/change_password", **token, **given)
    assert error_of(early)[:2] == (403, "E0000079")
    state = (await signing.post(verify, answer="beetroot", **token)).json()
    assert state["status"] == "PASSWORD_EXPIRED"
    assert (await signing.follow(state, **given)).json()["status"] == "SUCCESS"
