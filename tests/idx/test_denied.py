"""A policy that comes to deny somebody who is in the middle of a sign-in."""

from dataclasses import replace

import pytest
from msgspec import structs

from mock_okta import Config
from tests.idx.conftest import identity
from tests.idx.enrolling import Enrolling
from tests.visiting import LOGIN, SPA, Visitor


@pytest.mark.parametrize("path", ["challenge/answer", "introspect", "cancel"])
async def test_who_is_denied_by_now_hears_so_whatever_is_asked(
    enrolling: Enrolling, path: str
) -> None:
    await enrolling.seed({"factor": "google_otp"}, require_factor=True)
    document = await enrolling.start()
    assert document.screen == "challenge-authenticator"
    await enrolling.change(access="DENY")
    handle = {"stateHandle": document.body["stateHandle"]}
    refused = await enrolling.post(f"/idp/idx/{path}", handle)
    assert (refused.status, refused.keys) == (403, ["security.access_denied"])
    assert refused.names == []


async def test_who_is_denied_by_now_enrols_nothing(enrolling: Enrolling) -> None:
    document = await enrolling.offered("okta_email")
    await enrolling.change(access="DENY")
    refused = await enrolling.take("skip")
    assert (refused.status, refused.keys) == (403, ["security.access_denied"])
    assert document.body["version"] == refused.body["version"]


class TestWhereTheAppAsksForAFactor:
    @pytest.fixture
    def config(self, hosted_config: Config) -> Config:
        seed = identity()
        asking = (structs.replace(c, requires_factor=c.client_id == SPA) for c in seed.clients)
        return replace(hosted_config, seed=structs.replace(seed, clients=tuple(asking)))

    async def test_a_user_who_has_none_that_would_do_hears_so_on_the_org_s_page(
        self, enrolling: Enrolling, visitor: Visitor
    ) -> None:
        await visitor.sign_in(LOGIN)
        offered = {"enrollment_policies": [{"optional": ["okta_question"]}]}
        assert (await visitor.ask("PUT", "/_mock/seed", json=offered)).status == 200
        answer = await visitor.authorize()
        state_token = enrolling.state_token_of(await visitor.ask("GET", answer.location))
        document = await enrolling.introspect(stateToken=state_token)
        assert (document.names, document.keys) == ([], ["security.access_denied"])
