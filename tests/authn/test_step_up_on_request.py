"""Step-up where the request asks for a factor, or the user has none yet (facts/classic C.2, D)."""

import msgspec
import pytest

from mock_okta import Config, SeedEnrollmentPolicy
from tests.authn.signing import AUTHN, Signing
from tests.authn.stepping_up import (
    ANY_FACTOR,
    BARE_LOGIN,
    IF_POSSIBLE,
    finished,
    introspected,
    seed_of,
    verified,
)
from tests.visiting import LOGIN, Visitor, claims_of


class TestWhereTheRequestAlone:
    """asks for a factor, by `acr_values`."""

    @pytest.fixture
    def config(self) -> Config:
        return Config(seed=seed_of(app_asks=False))

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
        seed = seed_of(app_asks=True)
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
