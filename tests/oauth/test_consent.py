"""Consent: the table of facts/oauth C.10, and the dialog."""

from urllib.parse import parse_qs, urlsplit

import pytest

from mock_okta import Config, Scope, Seed, SeedAuthorizationServer, SeedClient
from tests.visiting import CALLBACK, LOGIN, SECRET, SEED, Answer, Visitor

TRUSTED, ASKING = "0oa1tru00000000000h7", "0oa1ask00000000000h7"
SERVICE = "0oa2svc00000000000h7"


def _client(client_id: str, consent_method: str) -> SeedClient:
    return SeedClient(
        name=f"App that is {consent_method}",
        type="spa",
        client_id=client_id,
        consent_method=consent_method,
        login_redirect_uris=(CALLBACK,),
    )


@pytest.fixture
def config() -> Config:
    scopes = [
        Scope(name=name, description=f"To {name}", consent=consent)
        for name, consent in (("must", "REQUIRED"), ("may", "FLEXIBLE"), ("free", "IMPLICIT"))
    ]
    return Config(
        seed=Seed(
            users=SEED.users,
            clients=(
                _client(TRUSTED, "TRUSTED"),
                _client(ASKING, "REQUIRED"),
                SeedClient(name="Svc", type="service", client_id=SERVICE, client_secret=SECRET),
            ),
            authorization_servers=(SeedAuthorizationServer(id="default", scopes=tuple(scopes)),),
        )
    )


async def _authorize(visitor: Visitor, client_id: str, scope: str, prompt: str | None) -> Answer:
    change = {"client_id": client_id, "scope": f"openid {scope}", "prompt": prompt}
    return await visitor.authorize(change)


async def _decide(visitor: Visitor, dialog: Answer, decision: str) -> Answer:
    form = dialog.form
    return await visitor.ask(
        form.method.upper(), form.action, data={**form.fields, "decision": decision}
    )


@pytest.mark.parametrize(
    ("prompt", "client_id", "scope", "is_asked"),
    [
        ("consent", TRUSTED, "must", True),
        ("consent", TRUSTED, "may", True),
        ("consent", ASKING, "must", True),
        ("consent", TRUSTED, "free", False),
        (None, TRUSTED, "must", False),
        (None, ASKING, "must", True),
        (None, ASKING, "may", True),
        (None, ASKING, "free", False),
    ],
)
async def test_who_is_asked(
    visitor: Visitor, prompt: str | None, client_id: str, scope: str, is_asked: object
) -> None:
    await visitor.sign_in()
    answer = await _authorize(visitor, client_id, scope, prompt)
    assert (answer.status == 200) == is_asked
    if is_asked:
        assert f'data-scope="{scope}"' in answer.text
        assert f"To {scope}" in answer.text
        assert LOGIN in answer.text
        answer = await _decide(visitor, answer, "allow")
    assert "code" in answer.returned
    assert answer.returned["state"] == "state-1"


async def test_consent_is_remembered_by_user_client_and_scope(visitor: Visitor) -> None:
    await visitor.sign_in()
    await _decide(visitor, await _authorize(visitor, ASKING, "must", None), "allow")
    assert "code" in (await _authorize(visitor, ASKING, "must", None)).returned
    another_scope = await _authorize(visitor, ASKING, "must may", None)
    assert 'data-scope="may"' in another_scope.text
    assert 'data-scope="must"' not in another_scope.text
    assert (await _authorize(visitor, ASKING, "must", "consent")).status == 200
    await visitor.sign_in("other@example.com")
    assert 'data-scope="must"' in (await _authorize(visitor, ASKING, "must", None)).text


async def test_who_does_not_allow_is_denied_and_asked_again(visitor: Visitor) -> None:
    await visitor.sign_in()
    denied = await _decide(visitor, await _authorize(visitor, ASKING, "must", None), "deny")
    assert denied.returned["error"] == "access_denied"
    assert denied.returned["state"] == "state-1"
    assert (await _authorize(visitor, ASKING, "must", None)).status == 200


async def test_who_denies_is_denied_though_they_allowed_it_elsewhere_meanwhile(
    visitor: Visitor,
) -> None:
    await visitor.sign_in()
    one, other = [await _authorize(visitor, ASKING, "must", None) for _ in range(2)]
    assert "code" in (await _decide(visitor, other, "allow")).returned
    denied = await _decide(visitor, one, "deny")
    assert denied.returned["error"] == "access_denied"


async def test_a_session_that_was_refused_consents_to_nothing(visitor: Visitor) -> None:
    """The key is of a request that waits for a new sign-in."""
    await visitor.sign_in()
    sent = urlsplit((await _authorize(visitor, TRUSTED, "free", "login")).location)
    [target] = parse_qs(sent.query)["fromURI"]
    [key] = parse_qs(urlsplit(target).query)["okta_key"]
    form = {"okta_key": key, "decision": "allow"}
    forged = await visitor.ask("POST", "/oauth2/v1/authorize/consent", data=form)
    assert (forged.status, "belongs to another session" in forged.text) == (400, True)


async def test_a_client_that_forbids_prompting_learns_that_consent_is_needed(
    visitor: Visitor,
) -> None:
    await visitor.sign_in()
    answer = await _authorize(visitor, ASKING, "must", "none")
    assert answer.returned["error"] == "consent_required"


async def test_sign_in_and_consent_follow_one_another(visitor: Visitor) -> None:
    await visitor.sign_in()
    first = await _authorize(visitor, TRUSTED, "must", "login consent")
    form = (await visitor.ask("GET", first.location)).form
    fields = {**form.fields, "username": LOGIN, "password": "mock-Password-1"}
    signed_in = await visitor.ask("POST", form.action, data=fields)
    dialog = await visitor.ask("GET", signed_in.location)
    assert "code" in (await _decide(visitor, dialog, "allow")).returned


async def test_a_dialog_is_good_once_and_in_its_own_session(visitor: Visitor) -> None:
    await visitor.sign_in()
    dialog = await _authorize(visitor, ASKING, "must", None)
    await _decide(visitor, dialog, "deny")
    assert (await _decide(visitor, dialog, "allow")).status == 400
    dialog = await _authorize(visitor, ASKING, "must", None)
    await visitor.sign_in()
    assert (await _decide(visitor, dialog, "allow")).status == 400


@pytest.mark.parametrize(("scope", "status"), [("free", 200), ("may", 200), ("must", 400)])
async def test_a_service_has_nobody_to_consent(visitor: Visitor, scope: str, status: int) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": SERVICE,
        "client_secret": SECRET,
        "scope": scope,
    }
    assert (await visitor.post("token", form)).status == status


async def test_the_org_server_asks_nobody(visitor: Visitor) -> None:
    await visitor.sign_in()
    change = {"client_id": ASKING, "scope": "openid", "prompt": "consent"}
    assert "code" in (await visitor.authorize(change, server="org")).returned
