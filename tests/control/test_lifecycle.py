"""POST /_mock/users/{user}/lifecycle/{verb}: Okta's verbs, each from each status."""

from collections.abc import Callable
from typing import Any, get_args
from urllib.parse import quote

import pytest

from mock_okta import Config
from mock_okta.services.users.lifecycle import Verb
from mock_okta_harness.control import Verb as HarnessVerb
from tests.visiting import LOGIN, OTHER_LOGIN, PASSWORD, SEED, USER_ID, Answer, Visitor

STATUSES = (
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "RECOVERY",
    "SUSPENDED",
    "DEPROVISIONED",
)
# The status that each verb leads to, by the one it is done in; in the others it is refused.
LEADS: dict[str, dict[str, str]] = {
    "activate": {"STAGED": "ACTIVE", "DEPROVISIONED": "ACTIVE"},
    "reactivate": {"PROVISIONED": "PROVISIONED"},
    "deactivate": {s: "DEPROVISIONED" for s in STATUSES if s != "DEPROVISIONED"},
    "suspend": {"ACTIVE": "SUSPENDED"},
    "unsuspend": {"SUSPENDED": "ACTIVE"},
    "lock": dict.fromkeys(("ACTIVE", "PASSWORD_EXPIRED"), "LOCKED_OUT"),
    "unlock": {"LOCKED_OUT": "ACTIVE"},
    "expire_password": dict.fromkeys(("ACTIVE", "PASSWORD_EXPIRED"), "PASSWORD_EXPIRED"),
    "reset_password": dict.fromkeys(
        ("ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY"), "RECOVERY"
    ),
}
LINKS = {"reactivate": "/welcome/", "reset_password": "/signin/reset-password/"}


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


async def _change(visitor: Visitor, verb: str, name: str = LOGIN) -> Answer:
    return await visitor.ask("POST", f"/_mock/users/{name}/lifecycle/{verb}")


async def _status(visitor: Visitor, login: str = LOGIN) -> str:
    users = (await visitor.ask("GET", "/_mock/org")).json()["users"]
    return next(str(user["status"]) for user in users if user["login"] == login)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("verb", LEADS)
async def test_each_verb_is_done_or_refused_in_each_status(
    visitor: Visitor, verb: str, status: str
) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "status": status}
    await visitor.ask("PUT", "/_mock/seed", json={"users": [user]})
    answer = await _change(visitor, verb)
    expected = LEADS[verb].get(status)
    if expected is None:
        assert (answer.status, answer.json()["errorCode"]) == (403, "E0000038")
        (cause,) = answer.json()["errorCauses"]
        assert f"{LOGIN} is {status}" in cause["errorSummary"]
        assert await _status(visitor) == status
        return
    assert answer.status == 200
    body = answer.json()
    assert list(body) == ["id", "login", "status", "link"]
    assert (body["id"], body["login"], body["status"]) == (USER_ID, LOGIN, expected)
    assert await _status(visitor) == expected
    messages = (await visitor.ask("GET", "/_mock/outbox")).json()["messages"]
    if verb in LINKS:
        assert body["link"].startswith(visitor.org.url + LINKS[verb])
        assert body["link"] in messages[-1]["text"]
    else:
        assert (body["link"], messages) == (None, [])


def test_the_verbs_are_those_of_the_harness() -> None:
    assert set(LEADS) == set(Verb) == set(get_args(HarnessVerb))


@pytest.mark.parametrize("name", [USER_ID, LOGIN.upper(), quote(LOGIN, safe="")])
async def test_the_user_is_named_by_id_or_login(visitor: Visitor, name: str) -> None:
    assert (await _change(visitor, "suspend", name)).status == 200
    assert await _status(visitor) == "SUSPENDED"
    assert await _status(visitor, OTHER_LOGIN) == "ACTIVE"


async def test_an_unknown_user_and_an_unknown_verb_are_not_found(visitor: Visitor) -> None:
    nobody = await _change(visitor, "suspend", "nobody@example.com")
    assert (nobody.status, nobody.json()["errorCode"]) == (404, "E0000007")
    unknown = await _change(visitor, "promote")
    assert unknown.status == 404


@pytest.mark.parametrize("verbs", [("suspend", "unsuspend"), ("deactivate", "activate")])
async def test_what_a_user_had_stays_dead_when_they_are_back(
    visitor: Visitor, verbs: tuple[str, str]
) -> None:
    tokens = await visitor.tokens()
    assert await visitor.session_id() is not None
    for verb in verbs:
        assert (await _change(visitor, verb)).status == 200
    assert await visitor.session_id() is None
    assert (await visitor.refresh(tokens["refresh_token"])).status == 400
    assert not (await visitor.introspect(tokens["access_token"]))["active"]
    assert await visitor.sign_in()


async def test_the_old_password_is_gone_when_it_is_reset(visitor: Visitor) -> None:
    session_id = await visitor.sign_in()
    link = (await _change(visitor, "reset_password")).json()["link"]
    body: dict[str, Any] = {"username": LOGIN, "password": PASSWORD}
    refused = await visitor.ask("POST", "/api/v1/authn", json=body)
    assert (refused.status, refused.json()["errorCode"]) == (401, "E0000004")
    token = {"recoveryToken": link.rpartition("/")[2]}
    state = (await visitor.ask("POST", "/api/v1/authn/recovery/token", json=token)).json()
    given = {"stateToken": state["stateToken"], "newPassword": "Other-Pass-2"}
    path = "/api/v1/authn/credentials/reset_password"
    assert (await visitor.ask("POST", path, json=given)).json()["status"] == "SUCCESS"
    assert await _status(visitor) == "ACTIVE"
    assert await visitor.session_id() == session_id


async def test_a_locked_user_gets_back_the_status_of_before(visitor: Visitor) -> None:
    body = {"username": LOGIN, "password": PASSWORD}
    for verb in ("expire_password", "lock"):
        assert (await _change(visitor, verb)).status == 200
    assert (await visitor.ask("POST", "/api/v1/authn", json=body)).status == 401
    await _change(visitor, "unlock")
    assert await _status(visitor) == "PASSWORD_EXPIRED"


async def test_a_reset_forgets_it_all(visitor: Visitor) -> None:
    await _change(visitor, "reset_password")
    await visitor.ask("POST", "/_mock/reset")
    assert await _status(visitor) == "ACTIVE"


async def test_a_page_of_another_origin_changes_nobody(
    a_visitor: Callable[[], Visitor],
) -> None:
    visitor = a_visitor()
    path = f"/_mock/users/{LOGIN}/lifecycle/deactivate"
    answer = await visitor.ask("POST", path, headers={"Origin": "http://evil.example"})
    assert answer.status == 403
    assert await _status(visitor) == "ACTIVE"
