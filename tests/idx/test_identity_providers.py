"""Sign-ins that an identity provider proves, on the way of a transaction."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_okta import Config
from tests.idx.enrolling import Enrolling
from tests.idx.following import Document, Following
from tests.visiting import CALLBACK, LOGIN, OTHER_LOGIN, PASSWORD, USER_ID, Answer, claims_of

SOCIAL, CORPORATE = "0oa1soc00000000000h7", "0oa1corp0000000000h7"
PROVIDERS = [
    {"id": SOCIAL, "name": "Social", "type": "GOOGLE"},
    {"id": CORPORATE, "name": "Corporate", "type": "SAML2"},
]
ROUTED = [{"idp": CORPORATE, "domains": ["corp.example"]}]
CODE_FACTOR = {"factor": "okta_email", "email": LOGIN}


async def _seed(following: Following, *, factors: Any = (), **more: Any) -> None:
    user = {"login": LOGIN, "password": PASSWORD, "id": USER_ID, "factors": factors}
    suspended = {"login": OTHER_LOGIN, "password": PASSWORD, "status": "SUSPENDED"}
    document = {"users": [user, suspended], "identity_providers": PROVIDERS} | more
    answer = await following.visitor.ask("PUT", "/_mock/seed", json=document)
    assert answer.status == 200, answer.text


def _links(document: Document) -> dict[str, Any]:
    return {f["idp"]["id"]: f for f in document.forms if f["name"] == "redirect-idp"}


async def _leave(following: Following, provider: str = SOCIAL) -> Answer:
    """Follow the link to the provider's own page."""
    link = _links(following.document)[provider]
    assert link["method"] == "GET"
    left = await following.visitor.ask(link["method"], link["href"])
    return await following.visitor.ask("GET", left.location)


async def _come_back(following: Following, shown: Answer, email: str = LOGIN) -> Answer:
    form = shown.form
    fields = {**form.fields, "email": email}
    return await following.visitor.ask("POST", form.action, data=fields)


def _query(place: str) -> dict[str, str]:
    assert place.startswith(CALLBACK), place
    return dict(parse_qsl(urlsplit(place).query))


async def test_each_provider_is_a_plain_link_beside_the_form(following: Following) -> None:
    await _seed(following)
    document = await following.begin()
    assert document.names[0] == "identify"
    links = _links(document)
    assert set(links) == {SOCIAL, CORPORATE}
    assert set(links[SOCIAL]) == {"name", "type", "idp", "href", "method"}
    assert links[SOCIAL]["type"] == "GOOGLE"
    assert links[SOCIAL]["idp"] == {"id": SOCIAL, "name": "Social"}


async def test_the_app_gets_an_interaction_code(following: Following) -> None:
    await _seed(following)
    await following.begin()
    place = (await _come_back(following, await _leave(following))).location
    answer = await following.visitor.ask("GET", place)
    told = _query(answer.location)
    assert set(told) == {"interaction_code", "state"}
    assert told["state"] == "the-state"
    assert "idx" in answer.set_cookies()
    claims = claims_of((await following.redeemed(told["interaction_code"]))["id_token"])
    assert (claims["sub"], claims["amr"], claims["idp"]) == (USER_ID, ["fed"], SOCIAL)


async def test_somebody_the_org_does_not_have_becomes_a_user(following: Following) -> None:
    await _seed(following)
    await following.begin()
    place = (await _come_back(following, await _leave(following), "new@example.com")).location
    told = _query((await following.visitor.ask("GET", place)).location)
    tokens = await following.redeemed(told["interaction_code"])
    assert claims_of(tokens["id_token"])["email"] == "new@example.com"


async def test_the_app_hears_that_more_is_due_and_its_handle_goes_on(enrolling: Enrolling) -> None:
    rules = [{"rules": [{"require_factor": True}]}]
    await _seed(enrolling, factors=[CODE_FACTOR], sign_on_policies=rules)
    handle = await enrolling.interact()
    await enrolling.introspect(interactionHandle=handle)
    told = _query((await _come_back(enrolling, await _leave(enrolling))).location)
    assert (told["error"], told["state"]) == ("interaction_required", "the-state")
    assert "interaction_code" not in told
    document = await enrolling.introspect(interactionHandle=handle)
    assert document.screen == "authenticator-verification-data"
    id_ = document.field("authenticator-verification-data", "authenticator", "id")["value"]
    chosen = {"id": id_, "methodType": "email"}
    await enrolling.take("authenticator-verification-data", authenticator=chosen)
    proof = {"passcode": await enrolling.passcode()}
    await enrolling.take("challenge-authenticator", credentials=proof)
    claims = claims_of((await enrolling.tokens())["id_token"])
    assert set(claims["amr"]) == {"fed", "mfa", "email"}


async def test_a_wrong_address_is_asked_for_again_on_the_same_way(following: Following) -> None:
    await _seed(following)
    await following.begin()
    again = await _come_back(following, await _leave(following), "nowhere")
    assert again.status == 400
    place = (await _come_back(following, again)).location
    assert "interaction_code" in _query((await following.visitor.ask("GET", place)).location)


async def test_a_user_who_may_not_sign_in_hears_so(following: Following) -> None:
    await _seed(following)
    first = await following.begin()
    answer = await _come_back(following, await _leave(following), OTHER_LOGIN)
    assert answer.status == 403
    document = await following.introspect(stateHandle=first.body["stateHandle"])
    assert document.names == first.names


async def test_a_user_who_comes_back_twice_hears_that_it_is_over(following: Following) -> None:
    await _seed(following)
    await following.begin()
    shown = await _leave(following)
    place = (await _come_back(following, shown)).location
    assert (await _come_back(following, shown)).status == 400
    await following.visitor.ask("GET", place)
    assert (await _come_back(following, shown)).status == 400


async def test_an_unknown_state_token_is_refused(following: Following) -> None:
    await _seed(following)
    path = f"/sso/idps/{SOCIAL}?stateToken=02.id.nothing"
    left = await following.visitor.ask("GET", path)
    shown = await following.visitor.ask("GET", left.location)
    assert (await _come_back(following, shown)).status == 400


async def test_what_was_proved_before_is_forgotten(enrolling: Enrolling) -> None:
    """Else the password of one user would count for anybody who comes back from the provider."""
    rules = [{"rules": [{"require_factor": True}]}]
    await _seed(enrolling, factors=[CODE_FACTOR], sign_on_policies=rules)
    await enrolling.begin()
    shown = await _leave(enrolling)
    assert (await enrolling.sign_in(LOGIN, PASSWORD)).screen == "authenticator-verification-data"
    await enrolling.change()
    place = (await _come_back(enrolling, shown)).location
    told = _query((await enrolling.visitor.ask("GET", place)).location)
    claims = claims_of((await enrolling.redeemed(told["interaction_code"]))["id_token"])
    assert claims["amr"] == ["fed"]


class TestRoutingRules:
    async def test_a_routed_login_leads_to_the_provider_alone(self, following: Following) -> None:
        await _seed(following, routing_rules=ROUTED)
        await following.begin()
        document = await following.take("identify", identifier="Somebody@Corp.example")
        assert (document.status, document.names) == (200, ["redirect-idp"])
        assert set(_links(document)) == {CORPORATE}
        shown = await _leave(following, CORPORATE)
        assert shown.form.fields["stateToken"] in document.body["stateHandle"]
        place = (await _come_back(following, shown, "somebody@corp.example")).location
        assert "interaction_code" in _query((await following.visitor.ask("GET", place)).location)

    async def test_another_login_is_asked_for_a_password(self, following: Following) -> None:
        await _seed(following, routing_rules=ROUTED)
        await following.begin()
        document = await following.take("identify", identifier=LOGIN)
        assert document.screen == "challenge-authenticator"
        proof = {"passcode": PASSWORD}
        document = await following.take("challenge-authenticator", credentials=proof)
        assert document.interaction_code

    @pytest.mark.parametrize("name", ["cancel", "identify"])
    async def test_somebody_else_may_sign_in_instead(self, following: Following, name: str) -> None:
        await _seed(following, routing_rules=ROUTED)
        first = await following.begin()
        await following.take("identify", identifier="somebody@corp.example")
        if name == "cancel":
            assert (await following.take("cancel")).names == first.names
        given = {"stateHandle": first.body["stateHandle"], "identifier": LOGIN}
        document = await following.post("/idp/idx/identify", given)
        assert document.screen == "challenge-authenticator"


class TestOnTheOrgsOwnPage:
    @pytest.fixture
    def config(self, hosted_config: Config) -> Config:
        return hosted_config

    async def test_the_sign_in_goes_on_to_the_app(self, following: Following) -> None:
        await _seed(following)
        waiting = await following.visitor.authorize()
        await following.introspect(stateToken=await following.hosted(waiting.location))
        place = (await _come_back(following, await _leave(following))).location
        resumed = (await following.visitor.ask("GET", place)).location
        answer = await following.visitor.ask("GET", resumed)
        tokens = (await following.visitor.redeem(answer.returned["code"])).json()
        assert claims_of(tokens["id_token"])["amr"] == ["fed"]

    async def test_more_is_asked_for_on_the_page(self, enrolling: Enrolling) -> None:
        rules = [{"rules": [{"require_factor": True}]}]
        await _seed(enrolling, factors=[CODE_FACTOR], sign_on_policies=rules)
        waiting = await enrolling.visitor.authorize()
        token = await enrolling.hosted(waiting.location)
        await enrolling.introspect(stateToken=token)
        place = (await _come_back(enrolling, await _leave(enrolling))).location
        assert f"/signin/refresh-auth-state/{token}" in place
        document = await enrolling.introspect(stateToken=token)
        assert document.screen == "authenticator-verification-data"
