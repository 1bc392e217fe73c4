"""The security question as a factor."""

import re
from typing import Any

import pytest

from mock_okta import Config
from tests.authn.proving import FACTOR, QUESTION, Proving
from tests.authn.signing import error_of
from tests.visiting import APP, SEED, USER_ID

QUESTIONS = f"/api/v1/users/{USER_ID}/factors/questions"
PROFILE = {"question": "disliked_food", "answer": "beetroot"}


@pytest.fixture
def config() -> Config:
    return Config(seed=SEED)


@pytest.mark.parametrize("answer", ["beetroot", " Beetroot ", "BEETROOT"])
async def test_the_answer_proves_the_factor_however_it_is_written(
    proving: Proving, answer: str
) -> None:
    await proving.seed(QUESTION)
    state = await proving.start()
    (factor,) = state["_embedded"]["factors"]
    # Keys as in the widget's sample mfa-all-factors.
    assert list(factor) == [*FACTOR, "profile", "_links"]
    assert factor["profile"] == {
        "question": "disliked_food",
        "questionText": "What is the food you least liked as a child?",
    }
    assert (await proving.verify(state, answer=answer)).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("answer", ["carrots", "", "beet"])
async def test_another_answer_is_refused(proving: Proving, answer: str) -> None:
    await proving.seed(QUESTION)
    refused = await proving.verify(await proving.start(), answer=answer)
    cause = "Your answer doesn't match our records. Please try again."
    assert error_of(refused) == (403, "E0000068", [cause])


async def test_a_question_is_enrolled_at_once(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_question"]})
    answer = await proving.enroll(await proving.start(), "question", profile=PROFILE)
    assert answer.json()["status"] == "SUCCESS"
    state = await proving.start()
    assert (await proving.verify(state, answer="Beetroot")).json()["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (PROFILE | {"question": "made_up"}, "question"),
        (PROFILE | {"question": None}, "question"),
        (PROFILE | {"answer": "abc"}, "answer"),
        (PROFILE | {"answer": "    "}, "answer"),
        (PROFILE | {"answer": None}, "answer"),
        (PROFILE | {"answer": "least"}, "answer"),
        ({}, "question"),
    ],
)
async def test_a_bad_question_or_answer_is_named(
    proving: Proving, profile: Any, field: str
) -> None:
    await proving.seed(enrollment={"required": ["okta_question"]})
    refused = await proving.enroll(await proving.start(), "question", profile=profile)
    status, code, (cause,) = error_of(refused)
    assert (status, code) == (400, "E0000001")
    assert cause.startswith(f"{field}: ")


async def test_a_question_of_another_type_is_a_mistake_in_the_body(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_question"]})
    profile = PROFILE | {"question": ["disliked_food"]}
    refused = await proving.enroll(await proving.start(), "question", profile=profile)
    assert error_of(refused) == (400, "E0000001", ["profile.question: The field must be text"])


async def test_the_questions_are_listed_for_a_page_of_a_trusted_origin(proving: Proving) -> None:
    await proving.seed(enrollment={"required": ["okta_question"]})
    offers = (await proving.start())["_embedded"]["factors"]
    assert offers[0]["_links"]["questions"]["href"] == proving.org.url + QUESTIONS
    answer = await proving.visitor.ask("GET", QUESTIONS, headers={"Origin": APP})
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    questions = answer.json()
    assert all(list(each) == ["question", "questionText"] for each in questions)
    assert all(re.fullmatch(r"[a-z_]+", each["question"]) for each in questions)
    assert len({each["question"] for each in questions}) == len(questions) == 20


async def test_nobody_has_no_questions(proving: Proving) -> None:
    answer = await proving.visitor.ask("GET", "/api/v1/users/00u9/factors/questions")
    assert error_of(answer)[:2] == (404, "E0000007")
