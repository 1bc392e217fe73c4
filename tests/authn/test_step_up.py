"""Step-up: an app or a request asks for more than the session has (facts/classic C.2, D)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from mock_okta import Config, MockOkta
from mock_okta.web.pages import js_string
from tests.authn.signing import AUTHN, Signing, error_of
from tests.authn.stepping_up import (
    ANY_FACTOR,
    BARE_LOGIN,
    finished,
    introspected,
    seed_of,
    state_token_of,
    verified,
)
from tests.visiting import CALLBACK, OTHER_LOGIN, PASSWORD, SPA, Visitor, claims_of

NOT_ENOUGH = (
    "The client specified not to prompt, but the client app requires re-authentication or MFA."
)


@pytest.fixture
def config() -> Config:
    return Config(seed=seed_of(app_asks=True))


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
