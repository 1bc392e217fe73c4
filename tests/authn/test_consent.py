"""CONSENT_REQUIRED: the dialog of /authorize as the widget shows it (facts/classic C.2, C.3)."""

from typing import Any

import pytest

from mock_okta import Config, Scope, Seed, SeedAuthorizationServer, SeedClient
from tests.authn.signing import AUTHN, Signing, error_of
from tests.visiting import CALLBACK, SEED, Answer, Visitor

CLIENT = "0oa1ask00000000000h7"
SCOPES = ["must", "may"]


@pytest.fixture
def config() -> Config:
    scopes = (
        Scope(name="must", description="To must", consent="REQUIRED"),
        Scope(name="may", consent="FLEXIBLE"),
        Scope(name="free"),
    )
    client = SeedClient(
        name="Asking app",
        type="spa",
        client_id=CLIENT,
        consent_method="REQUIRED",
        login_redirect_uris=(CALLBACK,),
    )
    server = SeedAuthorizationServer(id="default", scopes=scopes)
    return Config(seed=Seed(users=SEED.users, clients=(client,), authorization_servers=(server,)))


async def _ask(visitor: Visitor, **change: str) -> Answer:
    asked = {"client_id": CLIENT, "scope": "openid must may free"}
    return await visitor.authorize(asked | change)


async def _state(signing: Signing, dialog: Answer) -> dict[str, Any]:
    token = dialog.text.partition('data-state-token="')[2].partition('"')[0]
    state: dict[str, Any] = (await signing.post(f"{AUTHN}/introspect", stateToken=token)).json()
    return state


async def _consented(signing: Signing, state: dict[str, Any]) -> Answer:
    """Consent as the widget does, and follow the way to the app."""
    consent = {"expiresAt": state["expiresAt"], "scopes": SCOPES}
    success = (await signing.follow(state, consent=consent)).json()
    redirected = await signing.visitor.ask("GET", success["_links"]["next"]["href"])
    return await signing.visitor.ask("GET", redirected.location)


async def test_the_state_says_who_asks_whom_for_what(visitor: Visitor, signing: Signing) -> None:
    await visitor.sign_in()
    state = await _state(signing, await _ask(visitor))
    assert (state["status"], "type" in state) == ("CONSENT_REQUIRED", False)
    assert state["_embedded"]["target"] == {
        "type": "APP",
        "name": "oidc_client",
        "label": "Asking app",
        "clientId": CLIENT,
        "_links": {},
    }
    assert state["_embedded"]["scopes"] == [
        {"name": "must", "displayName": "must", "description": "To must"},
        {"name": "may", "displayName": "may", "description": ""},
    ]
    assert state["_embedded"]["user"]["profile"]["firstName"] == "Test"
    assert state["_links"]["next"] == {
        "name": "consent",
        "href": f"{visitor.org.url}{AUTHN}/consent",
        "hints": {"allow": ["POST"]},
    }


async def test_consent_leads_to_the_app_and_is_remembered_as_the_dialogs_is(
    visitor: Visitor, signing: Signing
) -> None:
    sid = await visitor.sign_in()
    before = (await visitor.ask("GET", "/api/v1/sessions/me")).json()
    answer = await _consented(signing, await _state(signing, await _ask(visitor)))
    assert "code" in answer.returned
    assert "code" in (await _ask(visitor)).returned
    assert await visitor.session_id() == sid
    assert (await visitor.ask("GET", "/api/v1/sessions/me")).json() == before


async def test_asked_anew_it_counts_for_the_one_request(visitor: Visitor, signing: Signing) -> None:
    await visitor.sign_in()
    for _ in range(2):
        dialog = await _ask(visitor, prompt="consent")
        answer = await _consented(signing, await _state(signing, dialog))
        assert "code" in answer.returned


async def test_another_session_cannot_go_on_with_it(visitor: Visitor, signing: Signing) -> None:
    await visitor.sign_in()
    state = await _state(signing, await _ask(visitor))
    await visitor.sign_in("other@example.com")
    answer = await _consented(signing, state)
    assert 'data-scope="must"' in answer.text


@pytest.mark.parametrize(
    "consent",
    [
        None,
        {},
        {"scopes": []},
        {"scopes": ["must"]},
        {"scopes": "must may"},
        {"scopes": None},
        {"scopes": [["must"], 1]},
    ],
)
async def test_less_than_all_is_no_consent(
    visitor: Visitor, signing: Signing, consent: dict[str, Any] | None
) -> None:
    await visitor.sign_in()
    state = await _state(signing, await _ask(visitor))
    more = {} if consent is None else {"consent": consent}
    assert error_of(await signing.follow(state, **more))[:2] == (400, "E0000001")
    assert "code" in (await _consented(signing, state)).returned


async def test_who_gives_up_has_not_consented(visitor: Visitor, signing: Signing) -> None:
    """The page then sends the form's own refusal."""
    await visitor.sign_in()
    dialog = await _ask(visitor)
    assert (await signing.follow(await _state(signing, dialog), "cancel")).json() == {}
    form = dialog.form
    denied = await visitor.ask("POST", form.action, data={**form.fields, "decision": "deny"})
    assert denied.returned["error"] == "access_denied"
    assert 'data-scope="must"' in (await _ask(visitor)).text


async def test_the_form_and_the_widget_share_one_request(
    visitor: Visitor, signing: Signing
) -> None:
    await visitor.sign_in()
    dialog = await _ask(visitor)
    form = dialog.form
    allowed = await visitor.ask("POST", form.action, data={**form.fields, "decision": "allow"})
    assert "code" in allowed.returned
    state = await _state(signing, dialog)
    consent = {"scopes": SCOPES}
    success = (await signing.follow(state, consent=consent)).json()
    redirected = await visitor.ask("GET", success["_links"]["next"]["href"])
    assert (await visitor.ask("GET", redirected.location)).status == 400
