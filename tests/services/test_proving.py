"""A factor is added to the user that somebody looked at, and to no other state of them."""

import pytest

from mock_okta import Clock
from mock_okta.ids import Ids
from mock_okta.model.failures import Overtaken, Unsuitable
from mock_okta.model.seed import Seed, SeedUser
from mock_okta.services.directory.policies import Policies
from mock_okta.services.factors import Factors, Given, GoogleOtpFactor, QuestionFactor
from mock_okta.services.seeding.seeding import Seeding
from mock_okta.services.sign_in.proving import Proving
from mock_okta.services.users.credentials import Credentials
from mock_okta.services.world.issuers import Issuers
from mock_okta.storage import in_memory

SEED = Seed(users=(SeedUser(login="tester@example.com", password="x", id="00u1"),))
ANSWER = Given(profile={"question": "disliked_food", "answer": "Beetroot"})


async def test_a_factor_is_added_only_to_a_user_who_has_no_other_by_now() -> None:
    clock, ids = Clock(), Ids()
    storage = in_memory(clock)
    await Seeding(storage=storage, clock=clock, issuers=Issuers(("http://localhost",))).start(SEED)
    policies = Policies(storage=storage)
    credentials = Credentials(storage=storage, clock=clock, policies=policies)
    question = QuestionFactor(clock=clock, ids=ids)
    google = GoogleOtpFactor(clock=clock, ids=ids, url="http://localhost")
    proving = Proving(storage=storage, credentials=credentials, factors=Factors(question, google))
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
