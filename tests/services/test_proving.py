"""A factor is added to the user that somebody looked at, and to no other state of them."""

import pytest

from mock_okta import Clock, KeyPool
from mock_okta.model.failures import Overtaken, Unsuitable
from mock_okta.model.seed import GivenSeed, Seed, SeedUser
from mock_okta.services.factors import Given, GoogleOtpFactor, QuestionFactor
from mock_okta.services.services import Services
from mock_okta.services.world import world_of
from mock_okta.storage import in_memory
from mock_okta.web.hosted_pages import path_to_recover

SEED = Seed(users=(SeedUser(login="tester@example.com", password="x", id="00u1"),))
ANSWER = Given(profile={"question": "disliked_food", "answer": "Beetroot"})


async def test_a_factor_is_added_only_to_a_user_who_has_no_other_by_now(
    shared_pool: KeyPool,
) -> None:
    clock = Clock()
    services = Services(
        world_of(in_memory(clock), clock, shared_pool), GivenSeed(SEED), path_to_recover
    )
    await services.seeding.start(SEED)
    storage, proving = services.storage, services.proving
    question, google = QuestionFactor(world=services.world), GoogleOtpFactor(world=services.world)
    before = await storage.users.get("00u1")
    assert before is not None
    answer = await question.enroll(before, ANSWER)
    user = await proving.add(before, question, answer)
    with pytest.raises(Overtaken):
        await proving.add(before, google, await google.enroll(before, ANSWER))
    with pytest.raises(Unsuitable):
        await proving.add(user, question, answer)
    assert await storage.users.get("00u1") == user
    user = await proving.add(user, google, await google.enroll(user, ANSWER))
    assert [each.key for each in user.factors] == ["google_otp", "okta_question"]
