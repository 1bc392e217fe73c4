"""The security question."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from mock_okta.model.directory import User
from mock_okta.model.factors import Factor, FactorKey, FactorStatus
from mock_okta.model.failures import Unsuitable, WrongPasscode
from mock_okta.model.progress import Challenge
from mock_okta.services.factors.factor import FactorKind, Given

__all__ = [
    "ANSWER_TOO_SHORT",
    "CUSTOM",
    "HAS_TAGS",
    "QUESTIONS",
    "QuestionFactor",
    "is_same_answer",
    "question_text",
]

CUSTOM = "custom"
"""The key of a question that the user wrote; its text is in the factor's profile."""
ANSWER_TOO_SHORT = "The security question answer must be at least 4 characters in length"
HAS_TAGS = "The field must not contain HTML tags"
_TAG = re.compile(r"<[^<>]+>")

QUESTIONS: Mapping[str, str] = {
    "disliked_food": "What is the food you least liked as a child?",
    "name_of_first_plush_toy": "What is the name of your first stuffed animal?",
    "first_award": "What did you earn your first medal or award for?",
    "favorite_security_question": "What is your favorite security question?",
    "favorite_toy": "What is the toy/stuffed animal you liked the most as a kid?",
    "first_computer_game": "What was the first computer game you played?",
    "favorite_movie_quote": "What is your favorite movie quote?",
    "first_sports_team_mascot": "What was the mascot of the first sports team you played on?",
    "first_music_purchase": "What music album or song did you first purchase?",
    "favorite_art_piece": "What is your favorite piece of art?",
    "grandmother_favorite_desert": "What was your grandmother's favorite dessert?",
    "first_thing_cooked": "What was the first thing you learned to cook?",
    "childhood_dream_job": "What was your dream job as a child?",
    "first_kiss_location": "Where did you have your first kiss?",
    "place_where_significant_other_was_met": "Where did you meet your spouse/significant other?",
    "favorite_vacation_location": "Where did you go for your favorite vacation?",
    "new_years_two_thousand": "Where were you on New Year's Eve in the year 2000?",
    "favorite_speaker_actor": "Who is your favorite speaker/orator?",
    "favorite_book_movie_character": "Who is your favorite book/movie character?",
    "favorite_sports_player": "Who is your favorite sports player?",
}
"""Okta's questions, key to text (Okta's Factors API, security question)."""


class QuestionFactor(FactorKind, frozen=True, kw_only=True):
    """Asks a question that only the user can answer, of Okta's or their own; no activation."""

    key = FactorKey.QUESTION
    id_prefix = "ufs"
    amr = ("kba",)

    async def enroll(self, user: User, given: Given) -> Factor:
        profile, answer = _asked(given), given.profile.get("answer")
        if not isinstance(answer, str) or len(answer.strip()) < 4:
            raise Unsuitable("answer", ANSWER_TOO_SHORT)
        if answer.strip().lower() in question_text(profile).lower():
            raise Unsuitable(
                "answer", "The security question answer must not be part of the question"
            )
        factor = self.new_factor(profile, answer)
        return msgspec.structs.replace(factor, status=FactorStatus.ACTIVE)

    async def verify(
        self,
        user: User,
        factor: Factor,
        challenge: Challenge | None,
        given: Given,
    ) -> Factor:
        if not is_same_answer(factor.secret or "", given.pass_code):
            raise WrongPasscode("Your answer doesn't match our records. Please try again.")
        return factor


def question_text(profile: Mapping[str, Any]) -> str:
    """Return what the user is asked, by the profile of the factor."""
    key = str(profile["question"])
    return str(profile.get("question_text") or QUESTIONS.get(key, key))


def _asked(given: Given) -> Mapping[str, str]:
    """Return the profile of one of Okta's questions, or of the user's own; raise Unsuitable."""
    key, own = given.profile.get("question"), given.profile.get("custom_question")
    if key == CUSTOM and own is not None:
        if not isinstance(own, str) or not own.strip():
            raise Unsuitable("custom_question", "The field cannot be left blank")
        if _TAG.search(own):
            raise Unsuitable("custom_question", HAS_TAGS)
        return {"question": CUSTOM, "question_text": own.strip()}
    if not isinstance(key, str) or key not in QUESTIONS:
        raise Unsuitable("question", "The question is not one of this org's.")
    return {"question": key}


def is_same_answer(kept: str, given: str) -> bool:
    """Compare answers; case and outer spaces are ignored, as Okta does."""
    return kept != "" and kept.strip().casefold() == given.strip().casefold()
