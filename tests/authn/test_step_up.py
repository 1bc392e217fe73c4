"""Step-up: an app or a request asks for more than the session has (facts/classic C.2, D)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pyotp
import pytest

from mock_okta import Config, MockOkta, Seed, SeedEnrollmentPolicy, SeedFactor, SeedUser
from mock_okta.web.pages import js_string
from tests.authn.signing import AUTHN, Signing, error_of
from tests.visiting import (
    CALLBACK,
    LOGIN,
    OTHER_LOGIN,
    PASSWORD,
    SEED,
    SPA,
    Answer,
    Visitor,
    claims_of,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BARE_LOGIN = "bare@example.com"
ANY_FACTOR, IF_POSSIBLE = "urn:okta:loa:2fa:any", "urn:okta:loa:2fa:any:ifpossible"
NOT_ENOUGH = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


def _seed(*, app_asks: bool) -> Seed:
    """Two users with a factor, one without, who may enrol one; an app that asks for it."""
    otp = SeedFactor(factor="google_otp", secret=SECRET)
    users = [
        SeedUser(login=login, password=PASSWORD, groups=("Everyone", "Staff"), factors=(otp,))
        for login in (LOGIN, OTHER_LOGIN)
    ]
    bare = SeedUser(login=BARE_LOGIN, password=PASSWORD)
    return msgspec.structs.replace(
        SEED,
        users=(*users, bare),
        clients=tuple(
            msgspec.structs.replace(c, requires_factor=app_asks and c.client_id == SPA)
            for c in SEED.clients
        ),
        enrollment_policies=(
            SeedEnrollmentPolicy(name="Staff", groups=("Staff",), optional=("okta_question",)),
        ),
    )


@pytest.fixture
def app_asks() -> bool:
    """Override: whether the app asks for a factor."""
    return True


@pytest.fixture
def config(app_asks: bool) -> Config:  # noqa: FBT001 -- a fixture
    return Config(seed=_seed(app_asks=app_asks))


def code(org: MockOkta) -> str:
    return pyotp.TOTP(SECRET).at(org.clock.now())


def state_token_of(location: str) -> str:
    """The state token of the hosted page at that place."""
    path = urlsplit(location).path
    assert path.startswith("/signin/refresh-auth-state/00"), path
    return path.rpartition("/")[2]


async def introspected(signing: Signing, answer: Answer) -> dict[str, Any]:
    token = state_token_of(answer.location)
    state = (await signing.post(f"{AUTHN}/introspect", stateToken=token)).json()
    shown = (await signing.post(AUTHN, stateToken=token)).json()
    assert shown | {"expiresAt": ""} == state | {"expiresAt": ""}  # 3.2.2 asks the older way
    body: dict[str, Any] = state
    return body


async def verified(signing: Signing, state: dict[str, Any]) -> dict[str, Any]:
    """Prove the factor that the state asks for."""
    assert state["status"] == "MFA_REQUIRED", state
    href = state["_embedded"]["factors"][0]["_links"]["verify"]["href"]
    answer = await signing.post(href, stateToken=state["stateToken"], passCode=code(signing.org))
    body: dict[str, Any] = answer.json()
    return body


async def finished(visitor: Visitor, success: dict[str, Any]) -> Answer:
    """Go where a step-up that succeeded leads, as the widget does, and from there on."""
    redirected = await visitor.ask("GET", success["_links"]["next"]["href"])
    return await visitor.ask("GET", redirected.location)


async def test_an_app_that_asks_for_a_factor_gets_it(visitor: Visitor, signing: Signing) -> None:
    session = await visitor.sign_in()
    state = await introspected(signing, await visitor.authorize())
    assert (state["status"], state["type"]) == ("MFA_REQUIRED", "SESSION_STEP_UP")
    assert state["_embedded"]["target"] == {"type": "APP", "name": "oidc_client", "label": "SPA"}
    success = await verified(signing, state)
    token = state["stateToken"]
    assert success == {
        "stateToken": token,
        "expiresAt": success["expiresAt"],
        "status": "SUCCESS",
        "type": "SESSION_STEP_UP",
        "_embedded": {
            "user": state["_embedded"]["user"],
            "target": state["_embedded"]["target"],
            "authentication": state["_embedded"]["authentication"],
        },
        "_links": {
            "next": {
                "name": "original",
                "href": f"{visitor.org.url}/login/step-up/redirect?stateToken={token}",
                "hints": {"allow": ["GET"]},
            }
        },
    }
    answer = await finished(visitor, success)
    assert answer.returned["state"] == "state-1"
    body = (await visitor.redeem(answer.returned["code"])).json()
    assert set(claims_of(body["id_token"])["amr"]) == {"mfa", "otp", "pwd"}
    assert await visitor.session_id() == session


async def test_a_session_token_of_a_user_who_proved_the_factor_counts(
    visitor: Visitor, signing: Signing
) -> None:
    """The session lacks what the app asks for, so it does not count before the token."""
    await visitor.sign_in()
    policy = {"rules": [{"require_factor": True}]}
    await visitor.ask("PUT", "/_mock/seed", json={"sign_on_policies": [policy]})
    success = await verified(signing, (await signing.sign_in()).json())
    answer = await visitor.authorize({"sessionToken": success["sessionToken"]})
    body = (await visitor.redeem(answer.returned["code"])).json()
    assert set(claims_of(body["id_token"])["amr"]) == {"mfa", "otp", "pwd"}


async def test_every_state_says_what_asks_for_the_step_up(
    visitor: Visitor, signing: Signing
) -> None:
    await visitor.sign_in()
    asked = {"response_mode": "form_post", "nonce": "nonce-1", "scope": "openid email"}
    state = await introspected(signing, await visitor.authorize(asked))
    assert state["_embedded"]["authentication"] == {
        "protocol": "OAUTH2.0",
        "request": {
            "scope": "openid email",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "nonce": "nonce-1",
            "response_mode": "form_post",
        },
        "issuer": {"name": "default", "uri": visitor.org.issuer()},
        "client": {"id": SPA, "name": "SPA", "_links": {}},
    }
    anew = await introspected(signing, await visitor.authorize({"prompt": "login"}))
    assert anew["status"] == "UNAUTHENTICATED"
    assert anew["_embedded"]["authentication"]["client"]["id"] == SPA
    plain = await signing.sign_in()
    assert "authentication" not in plain.json()["_embedded"]


async def test_the_session_knows_of_the_factor_and_other_requests_need_none(
    visitor: Visitor, signing: Signing, org: MockOkta
) -> None:
    org.clock.freeze()
    await visitor.sign_in()
    before = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert (before["lastFactorVerification"], before["mfaActive"]) == (None, True)
    await finished(
        visitor, await verified(signing, await introspected(signing, await visitor.authorize()))
    )
    after = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert after["lastFactorVerification"] == after["lastPasswordVerification"]
    assert sorted(after["amr"]) == ["mfa", "otp", "pwd"]
    assert after["expiresAt"] == before["expiresAt"]
    assert "code" in (await visitor.authorize()).returned
    assert "code" in (await visitor.authorize({"prompt": "none"})).returned


async def test_without_a_session_the_password_comes_first(
    visitor: Visitor, signing: Signing
) -> None:
    started = await visitor.authorize()
    query = parse_qs(urlsplit(started.location).query)
    assert urlsplit(started.location).path == "/login/login.htm"
    await visitor.sign_in()
    stepping = await visitor.ask("GET", query["fromURI"][0])
    success = await verified(signing, await introspected(signing, stepping))
    assert "code" in (await finished(visitor, success)).returned


async def test_a_session_token_is_spent_and_then_a_factor_is_asked_for(
    visitor: Visitor, signing: Signing
) -> None:
    answer = await visitor.authorize({"sessionToken": await visitor.session_token()})
    assert "sid" in answer.set_cookies()
    success = await verified(signing, await introspected(signing, answer))
    assert "code" in (await finished(visitor, success)).returned


@pytest.mark.parametrize("more", [{}, {"acr_values": ANY_FACTOR}])
async def test_a_client_that_forbids_prompting_is_reported(
    visitor: Visitor, more: dict[str, str]
) -> None:
    await visitor.sign_in()
    returned = (await visitor.authorize({"prompt": "none"} | more)).returned
    assert returned["error"] == "login_required"
    assert returned["error_description"] == NOT_ENOUGH


async def test_who_has_no_factor_and_can_have_none_is_denied(visitor: Visitor) -> None:
    await visitor.sign_in(BARE_LOGIN)
    returned = (await visitor.authorize()).returned
    assert returned["error"] == "access_denied"
    assert returned["error_description"].startswith("Policy evaluation failed")


async def test_signing_in_anew_for_such_an_app_begins_with_the_password(
    visitor: Visitor, signing: Signing
) -> None:
    """`prompt=login` is fulfilled once: no second sign-in is asked for after the factor."""
    earlier = await visitor.sign_in()
    answer = await visitor.authorize({"prompt": "login"})
    state = await introspected(signing, answer)
    assert (state["status"], state["type"]) == ("UNAUTHENTICATED", "SESSION_STEP_UP")
    assert state["_embedded"]["target"]["label"] == "SPA"
    assert "user" not in state["_embedded"]
    proved = await signing.follow(state, username=OTHER_LOGIN, password=PASSWORD)
    success = await verified(signing, proved.json())
    answer = await finished(visitor, success)
    body = (await visitor.redeem(answer.returned["code"])).json()
    assert claims_of(body["id_token"])["email"] == OTHER_LOGIN
    assert await visitor.session_id() not in (None, earlier)


async def test_prompt_login_before_a_step_up_is_not_asked_twice(
    visitor: Visitor, signing: Signing
) -> None:
    started = await visitor.authorize({"prompt": "login"})
    await visitor.sign_in()
    (target,) = parse_qs(urlsplit(started.location).query)["fromURI"]
    stepping = await visitor.ask("GET", target)
    success = await verified(signing, await introspected(signing, stepping))
    assert "code" in (await finished(visitor, success)).returned


async def test_a_step_up_lifts_no_session_but_its_own(visitor: Visitor, signing: Signing) -> None:
    """What was proved counts where it was proved, not in whatever session there is by then."""
    await visitor.sign_in()
    success = await verified(signing, await introspected(signing, await visitor.authorize()))
    await visitor.sign_in(OTHER_LOGIN)
    answer = await finished(visitor, success)
    assert (await introspected(signing, answer))["status"] == "MFA_REQUIRED"
    session = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    assert (session["login"], session["amr"]) == (OTHER_LOGIN, ["pwd"])


async def test_a_step_up_whose_session_has_ended_leads_to_the_sign_in_page(
    visitor: Visitor, signing: Signing
) -> None:
    await visitor.sign_in()
    success = await verified(signing, await introspected(signing, await visitor.authorize()))
    await visitor.ask("DELETE", "/api/v1/sessions/me")
    answer = await finished(visitor, success)
    assert urlsplit(answer.location).path == "/login/login.htm"
    assert await visitor.session_id() is None


async def test_the_way_out_of_a_step_up_is_good_once_and_only_at_its_end(
    visitor: Visitor, signing: Signing
) -> None:
    await visitor.sign_in()
    state = await introspected(signing, await visitor.authorize())
    path = "/login/step-up/redirect"
    early = await visitor.ask("GET", f"{path}?stateToken={state['stateToken']}")
    assert (early.status, early.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    success = await verified(signing, state)
    assert (await visitor.ask("GET", success["_links"]["next"]["href"])).status == 302
    for query in (f"stateToken={state['stateToken']}", "stateToken=00x", ""):
        assert (await visitor.ask("GET", f"{path}?{query}")).status == 400


async def test_a_plain_sign_in_never_stands_at_success(signing: Signing) -> None:
    state = (await signing.sign_in()).json()
    assert (state["status"], "stateToken" in state) == ("SUCCESS", False)


async def test_giving_up_leaves_the_session_as_it_was(visitor: Visitor, signing: Signing) -> None:
    session = await visitor.sign_in()
    state = await introspected(signing, await visitor.authorize())
    cancelled = await signing.follow(state, "cancel")
    assert (cancelled.status, cancelled.json()) == (200, {})
    gone = await signing.post(f"{AUTHN}/introspect", stateToken=state["stateToken"])
    assert error_of(gone)[:2] == (401, "E0000011")
    assert await visitor.session_id() == session
    assert "/signin/refresh-auth-state/" in (await visitor.authorize()).location


async def test_the_hosted_page_goes_back_to_the_request_after_giving_up(visitor: Visitor) -> None:
    await visitor.sign_in()
    location = (await visitor.authorize()).location
    (target,) = parse_qs(urlsplit(location).query)["fromURI"]
    assert target.startswith("/oauth2/v1/authorize/redirect?okta_key=")
    shown = await visitor.ask("GET", location)
    assert shown.status == 200
    if "<script>" in shown.text:  # the widget is installed
        assert f"stateToken: '{js_string(state_token_of(location))}'" in shown.text


class TestWhereTheRequestAlone:
    """asks for a factor, by `acr_values`."""

    @pytest.fixture
    def app_asks(self) -> bool:
        return False

    @pytest.mark.parametrize(
        ("asked", "login", "is_stepped_up"),
        [
            (ANY_FACTOR, LOGIN, True),
            (IF_POSSIBLE, LOGIN, True),
            (IF_POSSIBLE, BARE_LOGIN, False),
            (f"{ANY_FACTOR} urn:okta:loa:1fa:pwd", LOGIN, False),
            ("urn:okta:loa:1fa:any", LOGIN, False),
            ("made-up", LOGIN, False),
        ],
    )
    async def test_asks_where_the_session_does_not_reach_it(
        self, visitor: Visitor, asked: str, login: str, is_stepped_up: object
    ) -> None:
        await visitor.sign_in(login)
        answer = await visitor.authorize({"acr_values": asked})
        assert ("/signin/refresh-auth-state/" in answer.location) == is_stepped_up
        assert ("code" in answer.returned) != is_stepped_up

    async def test_gets_the_level_that_it_asked_for(
        self, visitor: Visitor, signing: Signing
    ) -> None:
        await visitor.sign_in()
        answer = await visitor.authorize({"acr_values": ANY_FACTOR})
        answer = await finished(
            visitor, await verified(signing, await introspected(signing, answer))
        )
        body = (await visitor.redeem(answer.returned["code"])).json()
        assert claims_of(body["id_token"])["acr"] == ANY_FACTOR

    @pytest.mark.parametrize("asked", [ANY_FACTOR, "phr"])
    async def test_what_cannot_be_reached_is_refused(self, visitor: Visitor, asked: str) -> None:
        await visitor.sign_in(BARE_LOGIN)
        returned = (await visitor.authorize({"acr_values": asked})).returned
        assert returned["error"] == "unmet_authentication_requirements"


class TestWhereAFactorMustBeEnrolledFirst:
    """because the user has none, and policy offers one."""

    @pytest.fixture
    def config(self) -> Config:
        seed = _seed(app_asks=True)
        everybody = SeedEnrollmentPolicy(optional=("okta_question",))
        return Config(seed=msgspec.structs.replace(seed, enrollment_policies=(everybody,)))

    async def test_it_is_enrolled_on_the_way(self, visitor: Visitor, signing: Signing) -> None:
        offered = (await signing.sign_in(BARE_LOGIN)).json()
        token = (await signing.follow(offered, "skip")).json()["sessionToken"]
        answer = await visitor.authorize({"sessionToken": token})
        state = await introspected(signing, answer)
        assert (state["status"], "skip" in state["_links"]) == ("MFA_ENROLL", False)
        profile = {"question": "disliked_food", "answer": "beetroot"}
        enrolled = await signing.post(
            f"{AUTHN}/factors",
            stateToken=state["stateToken"],
            factorType="question",
            provider="OKTA",
            profile=profile,
        )
        answer = await finished(visitor, enrolled.json())
        assert "code" in answer.returned
