"""An org whose users may recover their passwords, and how far the link of an e-mail leads."""

from typing import Any

from mock_okta import (
    Complexity,
    Config,
    Lockout,
    Recovery,
    RecoveryQuestion,
    Seed,
    SeedApiToken,
    SeedFactor,
    SeedPasswordPolicy,
    SeedSignOnPolicy,
    SeedSignOnRule,
    SeedUser,
)
from tests.authn.signing import API_TOKEN, LOGIN, PASSWORD, Signing

NOBODY, PHONELESS = "nobody@example.com", "phoneless@example.com"
QUESTION = RecoveryQuestion(question="What did I eat?", answer="Beetroot")
WRONG_CODE = (403, "E0000068", ["Your token doesn't match our records. Please try again."])
UNKNOWN_TOKEN = (401, "E0000011", [])
SPENT = (403, "E0000105", [])
FORBIDDEN = (403, "E0000034", [])
STRONG = Seed(
    users=(
        SeedUser(
            login=LOGIN,
            password=PASSWORD,
            factors=(
                SeedFactor(factor="okta_question", question="disliked_food", answer="beetroot"),
            ),
        ),
    ),
    sign_on_policies=(SeedSignOnPolicy(rules=(SeedSignOnRule(require_factor=True),)),),
)


def recovery_org(*, max_attempts: int = 10, **recovery: Any) -> Config:
    """An org with one user for all kinds of recovery, and one for e-mail only."""
    user = SeedUser(
        login=LOGIN,
        password=PASSWORD,
        profile={"email": "mail@example.com"},
        recovery_question=QUESTION,
        factors=(
            SeedFactor(factor="okta_sms", phone_number="+14155550100"),
            SeedFactor(factor="okta_call", phone_number="+14155550101"),
        ),
    )
    policy = SeedPasswordPolicy(
        complexity=Complexity(min_length=9),
        recovery=Recovery(**recovery),
        lockout=Lockout(max_attempts=max_attempts),
    )
    return Config(
        seed=Seed(
            users=(user, SeedUser(login=PHONELESS, password=PASSWORD)),
            password_policies=(policy,),
            api_tokens=(SeedApiToken(token=API_TOKEN),),
        )
    )


async def reset_state(signing: Signing, **recovery: Any) -> dict[str, Any]:
    """Follow the link of an e-mail."""
    await signing.recover(**recovery)
    state: dict[str, Any] = (await signing.redeem(await signing.token())).json()
    return state
