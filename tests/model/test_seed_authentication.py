"""Authentication policies, authenticators and profile enrolment in the seed document."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mock_okta import (
    AuthenticationMethod,
    Constraint,
    FactorConstraint,
    KeepMeSignedIn,
    PossessionConstraint,
    Seed,
    SeedAuthenticationPolicy,
    SeedAuthenticationRule,
    SeedAuthenticator,
    SeedClient,
    SeedError,
)
from mock_okta.model.seed import parse_addition, parse_seed, read_seed
from mock_okta.model.seed.references import Known

YAML = """\
authentication_policies:
  - name: Strict
    rules:
      - name: Staff
        users: [tester@example.com]
        groups: [Staff]
        factor_mode: 2FA
        reauthenticate_in: PT2H
        constraints:
          - knowledge: {types: [password], reauthenticate_in: PT12H}
            possession:
              phishing_resistant: REQUIRED
              excluded_authentication_methods: [{key: okta_verify, method: push}]
        keep_me_signed_in: {post_auth: ALLOWED, post_auth_prompt_frequency: P7D}
      - {name: Others, access: DENY}
clients:
  - {name: Shop, type: web, authentication_policy: Strict}
authenticators:
  - {key: okta_email, settings: {uses_magic_link: false, allowed_for: recovery}}
  - {key: custom_otp, name: Tokens, settings: {otp: {pass_code_length: 8}}}
profile_enrollment:
  profile_attributes: [{name: department, label: Your department, required: true}]
"""
RULE = SeedAuthenticationRule(
    name="Staff",
    users=("tester@example.com",),
    groups=("Staff",),
    factor_mode="2FA",
    reauthenticate_in=timedelta(hours=2),
    constraints=(
        Constraint(
            knowledge=FactorConstraint(types=("password",), reauthenticate_in=timedelta(hours=12)),
            possession=PossessionConstraint(
                phishing_resistant="REQUIRED",
                excluded_authentication_methods=(
                    AuthenticationMethod(key="okta_verify", method="push"),
                ),
            ),
        ),
    ),
    keep_me_signed_in=KeepMeSignedIn(
        post_auth="ALLOWED", post_auth_prompt_frequency=timedelta(days=7)
    ),
)


def test_a_file_says_what_an_app_wants_proved(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_text(YAML)
    seed = read_seed(path)
    others = SeedAuthenticationRule(name="Others", access="DENY")
    assert seed.authentication_policies == (
        SeedAuthenticationPolicy(name="Strict", rules=(RULE, others)),
    )
    assert seed.clients[0].authentication_policy == "Strict"
    assert [each.settings.allowed_for for each in seed.authenticators] == ["recovery", "any"]
    assert seed.authenticators[1].settings.otp.pass_code_length == 8
    assert seed.profile_enrollment is not None
    assert seed.profile_enrollment.profile_attributes[0].label == "Your department"
    assert parse_seed(seed.seed_document()) == seed


def _rule(**rule: object) -> dict[str, object]:
    return {"authentication_policies": [{"name": "Strict", "rules": [rule]}]}


def _tokens(**otp: object) -> dict[str, object]:
    return {"authenticators": [{"key": "custom_otp", "settings": {"otp": otp}}]}


WHERE = "authentication_policies[0].rules[0]"


@pytest.mark.parametrize(
    ("document", "mistake"),
    [
        (_rule(reauthenticate_in="2h"), f"{WHERE}.reauthenticate_in: expected a duration such as"),
        (_rule(reauthenticate_in=7200), f"{WHERE}.reauthenticate_in: expected a duration such as"),
        (_rule(reauthenticate_in="-PT2H"), f"{WHERE}.reauthenticate_in: expected a duration such"),
        (
            _rule(constraints=[{"knowledge": {"reauthenticate_in": "-PT2H"}}]),
            f"{WHERE}.constraints[0].knowledge.reauthenticate_in: expected a duration such",
        ),
        (
            _rule(keep_me_signed_in={"post_auth_prompt_frequency": "-P1D"}),
            f"{WHERE}.keep_me_signed_in.post_auth_prompt_frequency: expected a duration",
        ),
        (_rule(factor_mode="3FA"), f"{WHERE}.factor_mode: Invalid enum value '3FA'"),
        (
            _rule(constraints=[{"possession": {"phishing_resistant": "YES"}}]),
            f"{WHERE}.constraints[0].possession.phishing_resistant: Invalid enum value 'YES'",
        ),
        (
            _rule(constraints=[{"knowledge": {"phishing_resistant": "REQUIRED"}}]),
            f"{WHERE}.constraints[0].knowledge: unknown field `phishing_resistant`",
        ),
        (_rule(users=["nobody@example.com"]), f"{WHERE}.users[0]: there is no user 'nobody@"),
        (
            {"authentication_policies": [{"name": "A", "rules": []}]},
            "authentication_policies[0]: an authentication policy has at least one rule",
        ),
        ({"authentication_policies": [{"name": " "}]}, "'name' must not be empty"),
        ({"authentication_policies": [{}]}, "missing required field `name`"),
        (
            {"authentication_policies": [{"name": "A"}, {"name": "A"}]},
            "authentication_policies[1]: 'name' 'A' is given twice",
        ),
        (
            {"authentication_policies": [{"name": "A", "rules": [{}, {}]}]},
            "rules[1]: 'name' 'Default rule' is given twice",
        ),
        (
            {
                **_rule(),
                "clients": [{"name": "A", "type": "web", "authentication_policy": "Strct"}],
            },
            "clients[0].authentication_policy: there is no authentication policy 'Strct', did you",
        ),
        (
            {"authenticators": [{"key": "okta_email"}, {"key": "okta_email"}]},
            "authenticators[1]: 'key' 'okta_email' is given twice",
        ),
        ({"authenticators": [{"key": "okta_sms"}]}, "authenticators[0].key: Invalid enum value"),
        (
            {"authenticators": [{"key": "webauthn", "settings": {"uses_magic_link": False}}]},
            "authenticators[0].settings: 'webauthn' has no setting 'uses_magic_link'",
        ),
        (
            _tokens(time_interval_in_seconds=0),
            "authenticators[0].settings.otp: 'time_interval_in_seconds' is from 1 to 3600",
        ),
        (
            _tokens(acceptable_adjacent_intervals=11),
            "authenticators[0].settings.otp: 'acceptable_adjacent_intervals' is from 0 to 10",
        ),
        (
            {"profile_enrollment": {"profile_attributes": [{"name": "a"}, {"name": "a"}]}},
            "profile_enrollment.profile_attributes[1]: 'name' 'a' is given twice",
        ),
        (
            {"profile_enrollment": {"profile_attributes": [{"name": "login"}]}},
            "profile_enrollment.profile_attributes[0]: 'login' cannot be added at a sign-in",
        ),
        (
            {"profile_enrollment": {"profile_attributes": [{"name": "no name"}]}},
            "an attribute's 'name' is the name of a profile attribute",
        ),
        (
            {"profile_enrollment": {"profile_attributes": [{"name": f"a{n}"} for n in range(11)]}},
            "there may be up to ten attributes",
        ),
        (
            {"enrollment_policies": [{"optional": ["custom_otp"]}]},
            "'custom_otp' cannot be enrolled",
        ),
    ],
)
def test_a_mistake_is_reported(document: dict[str, Any], mistake: str) -> None:
    with pytest.raises(SeedError) as error:
        parse_seed(document)
    (told,) = error.value.mistakes
    assert mistake in str(told)


def test_an_addition_may_name_a_policy_that_the_org_has() -> None:
    document = b'{"clients": [{"name": "A", "type": "web", "authentication_policy": "Strict"}]}'
    known = Known(authentication_policies=frozenset({"Strict"}))
    assert parse_addition(document, Seed().org, known).clients[0].authentication_policy == "Strict"
    with pytest.raises(SeedError, match="there is no authentication policy 'Strict'"):
        parse_addition(document, Seed().org, Known())


def test_python_says_it_too() -> None:
    client = SeedClient(name="A", type="web", authentication_policy="Strict")
    policy = SeedAuthenticationPolicy(name="Strict")
    Seed(clients=(client,), authentication_policies=(policy,))
    assert policy.rules == (SeedAuthenticationRule(),)
    assert SeedAuthenticator(key="webauthn").status == "ACTIVE"
