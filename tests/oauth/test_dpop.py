"""DPoP over HTTP: RFC 9449, contract E.8; every rule of the proof has a failing case."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mock_okta import Config, MockOkta, Seed, SeedClient
from tests.visiting import (
    APP,
    CALLBACK,
    OTHER_SPA,
    SECRET,
    SEED,
    SERVICE,
    SPA,
    VERIFIER,
    WEB,
    Answer,
    Change,
    Visitor,
    basic,
    claims_of,
)

BOUND_SERVICE = "0oa2svc00000000000h7"
ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
MISSING = {
    "error": "invalid_dpop_proof",
    "error_description": "The DPoP proof JWT header is missing.",
}
NEEDS_NONCE = {
    "error": "use_dpop_nonce",
    "error_description": "Authorization server requires nonce in DPoP proof.",
}
PARSED = "The parsing of the DPoP proof JWT failed."
USED = "The DPoP proof JWT has already been used."
BAD_JWK = "The 'jwk' header in the DPoP proof JWT is invalid."
BAD_SIGNATURE = "The DPoP proof JWT signature is invalid."

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS: Mapping[str, Any] = {
    "RS256": RSA,
    "RS384": RSA,
    "RS512": RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
}


def _jwk(key: Any) -> dict[str, Any]:
    """The public key."""
    kind = jwt.algorithms.RSAAlgorithm
    if isinstance(key, ec.EllipticCurvePrivateKey):
        kind = jwt.algorithms.ECAlgorithm
    made = json.loads(kind.to_jwk(key.public_key()))
    return {name: made[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in made}


def _thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638 by the letter."""
    octets = json.dumps(dict(sorted(jwk.items())), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).decode().rstrip("=")


@dataclass
class Holder:
    """Somebody with a key, who makes good proofs; a change makes them bad."""

    visitor: Visitor
    algorithm: str = "ES256"
    key: Any = field(default_factory=lambda: KEYS["ES256"])
    nonce: str | None = None
    made: int = 0

    @property
    def jkt(self) -> str:
        return _thumbprint(_jwk(self.key))

    def proof(
        self,
        url: str,
        method: str = "POST",
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
    ) -> str:
        self.made += 1
        good = {
            "htm": method,
            "htu": url,
            "iat": self.visitor.org.clock.epoch(),
            "jti": f"jti-{id(self)}-{self.made}",
            "nonce": self.nonce,
        } | dict(claims or {})
        good = {name: value for name, value in good.items() if value is not None}
        named = {"typ": "dpop+jwt", "jwk": _jwk(self.key)} | dict(header or {})
        return jwt.encode(good, self.key, algorithm=self.algorithm, headers=named)

    async def know_the_nonce(self, server: str = "default") -> None:
        answer = await self.ask(server=server)
        assert answer.json() == NEEDS_NONCE
        self.nonce = answer.headers["dpop-nonce"]

    async def ask(
        self,
        claims: Mapping[str, Any] | None = None,
        header: Mapping[str, Any] | None = None,
        *,
        server: str = "default",
        proof: str | None = None,
    ) -> Answer:
        """A service's token request."""
        if proof is None:
            proof = self.proof(self.visitor.url("token", server), claims=claims, header=header)
        form = {"grant_type": "client_credentials", "scope": "messages.read"}
        headers = basic(SERVICE, SECRET_QUOTED) | {"DPoP": proof}
        return await self.visitor.post("token", form, server=server, headers=headers)

    async def redeem(self, change: Change | None = None, flow: Change | None = None) -> Answer:
        """A code flow of the SPA."""
        proof = self.proof(self.visitor.url("token"))
        code = await self.visitor.code(flow)
        return await self.visitor.redeem(code, change, headers={"DPoP": proof})

    async def refresh(self, token: str, change: Change | None = None) -> Answer:
        good = {"client_id": SPA, "grant_type": "refresh_token", "refresh_token": token}
        headers = {"DPoP": self.proof(self.visitor.url("token"))}
        return await self.visitor.post("token", good | dict(change or {}), headers=headers)

    async def userinfo(
        self,
        token: str,
        claims: Mapping[str, Any] | None = None,
        *,
        scheme: str = "DPoP",
        method: str = "GET",
    ) -> Answer:
        url = self.visitor.url("userinfo")
        ath = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()
        good = {"nonce": None, "ath": ath.rstrip("=")} | dict(claims or {})
        headers = {
            "Authorization": f"{scheme} {token}",
            "DPoP": self.proof(url, method, claims=good),
        }
        return await self.visitor.ask(method, url, headers=headers)


SECRET_QUOTED = "a+secret%2Fwith%2Bodd%3Acharacters%26%3D%25"


@pytest.fixture
def config() -> Config:
    service = SeedClient(
        name="Bound service",
        type="service",
        client_id=BOUND_SERVICE,
        client_secret=SECRET,
        dpop_bound_access_tokens=True,
    )
    bound_spa = SeedClient(
        name="Bound SPA",
        type="spa",
        client_id="0oa9spa00000000000h7",
        base_uris=(APP,),
        login_redirect_uris=(CALLBACK,),
        dpop_bound_access_tokens=True,
    )
    seed: Seed = msgspec.structs.replace(SEED, clients=(*SEED.clients, service, bound_spa))
    return Config(seed=seed)


@pytest.fixture
async def holder(org: MockOkta, visitor: Visitor) -> Holder:
    """Somebody who knows the nonce; time stands still."""
    org.clock.freeze()
    holder = Holder(visitor)
    await holder.know_the_nonce()
    return holder


# What a client meets at first.


async def test_a_bound_client_without_a_proof_is_told_so_without_a_nonce(visitor: Visitor) -> None:
    form = {"grant_type": "client_credentials", "scope": "messages.read"}
    answer = await visitor.post("token", form, headers=basic(BOUND_SERVICE, SECRET_QUOTED))
    assert (answer.status, answer.json()) == (400, MISSING)
    assert "dpop-nonce" not in answer.headers


async def test_a_proof_without_nonce_gets_one_and_is_taken_with_it(visitor: Visitor) -> None:
    holder = Holder(visitor)
    refused = await holder.ask()
    assert (refused.status, refused.json()) == (400, NEEDS_NONCE)
    holder.nonce = refused.headers["dpop-nonce"]
    taken = await holder.ask()
    assert taken.status == 200
    assert taken.headers["dpop-nonce"] == holder.nonce
    assert taken.json()["token_type"] == "DPoP"


async def test_a_code_survives_the_round_for_the_nonce(visitor: Visitor) -> None:
    holder, code = Holder(visitor), await visitor.code()
    url = visitor.url("token")
    refused = await visitor.redeem(code, headers={"DPoP": holder.proof(url)})
    assert refused.json() == NEEDS_NONCE
    holder.nonce = refused.headers["dpop-nonce"]
    taken = await visitor.redeem(code, headers={"DPoP": holder.proof(url)})
    assert (taken.status, taken.json()["token_type"]) == (200, "DPoP")


@pytest.mark.parametrize("server", ["default", "rich"])
async def test_one_nonce_is_good_at_every_server(holder: Holder, server: str) -> None:
    answer = await holder.ask(server=server)
    assert answer.json().get("error") != "use_dpop_nonce"


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 200), (3, 200), (4, 400), (-1, 400)])
async def test_a_nonce_is_taken_on_its_day_and_for_three_more(
    org: MockOkta, holder: Holder, days: int, status: int
) -> None:
    org.clock.advance(timedelta(days=days))
    answer = await holder.ask()
    assert answer.status == status
    assert (answer.headers["dpop-nonce"] == holder.nonce) is (days == 0)


# What the tokens are.


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_the_access_token_names_the_key_right_after_its_end(
    visitor: Visitor, algorithm: str
) -> None:
    holder = Holder(visitor, algorithm, KEYS[algorithm])
    await holder.know_the_nonce()
    claims = claims_of((await holder.ask()).json()["access_token"])
    assert claims["cnf"] == {"jkt": holder.jkt}
    names = list(claims)
    assert names[names.index("exp") + 1] == "cnf"


async def test_discovery_names_the_algorithms_that_are_taken(visitor: Visitor) -> None:
    for name in ("openid-configuration", "oauth-authorization-server"):
        document = (await visitor.ask("GET", f"/oauth2/default/.well-known/{name}")).json()
        assert document["dpop_signing_alg_values_supported"] == ALGORITHMS
        assert list(document)[-1] == "dpop_signing_alg_values_supported"


async def test_introspection_says_what_the_token_is_bound_to(
    visitor: Visitor, holder: Holder
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    found = await visitor.introspect(token)
    assert (found["token_type"], found["cnf"]) == ("DPoP", {"jkt": holder.jkt})
    plain = await visitor.introspect((await visitor.tokens())["access_token"])
    assert (plain["token_type"], "cnf" in plain) == ("Bearer", False)


async def test_a_browser_may_read_the_nonce(visitor: Visitor) -> None:
    headers = {"Origin": APP, "DPoP": Holder(visitor).proof(visitor.url("token"))}
    answer = await visitor.redeem(await visitor.code(), headers=headers)
    assert answer.json() == NEEDS_NONCE
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "dpop-nonce" in answer.headers["Access-Control-Expose-Headers"].split(", ")


async def test_a_browser_may_send_a_proof(visitor: Visitor) -> None:
    asked = {
        "Origin": APP,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "dpop",
    }
    answer = await visitor.ask("OPTIONS", visitor.url("token"), headers=asked)
    assert "dpop" in answer.headers["Access-Control-Allow-Headers"].split(", ")


# What a proof must be.


@pytest.mark.parametrize(
    ("claims", "header", "description"),
    [
        ({}, {"typ": "JWT"}, "The 'typ' header in the DPoP proof JWT must be 'dpop+jwt'."),
        ({}, {"jwk": None}, BAD_JWK),
        ({}, {"jwk": {}}, BAD_JWK),
        ({}, {"jwk": "text"}, BAD_JWK),
        ({}, {"jwk": _jwk(KEYS["ES256"]) | {"x": 1}}, BAD_JWK),
        ({}, {"jwk": _jwk(KEYS["ES256"]) | {"x": "AA"}}, BAD_JWK),
        ({}, {"jwk": _jwk(KEYS["ES256"]) | {"x": "\ud800"}}, BAD_JWK),
        ({}, {"jwk": {"kty": "oct", "k": "c2VjcmV0"}}, BAD_JWK),
        ({}, {"jwk": _jwk(KEYS["ES384"])}, BAD_JWK),
        ({}, {"jwk": _jwk(RSA)}, BAD_JWK),
        (
            {},
            {"jwk": _jwk(KEYS["ES256"]) | {"d": "AAAA"}},
            "The 'jwk' header in the DPoP proof JWT must not contain a private key.",
        ),
        ({}, {"jwk": _jwk(ec.generate_private_key(ec.SECP256R1()))}, BAD_SIGNATURE),
        ({"htm": "GET"}, {}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htm": "post"}, {}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htm": None}, {}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htu": None}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": 1}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "http://[/"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{url}?a=b"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{url}#a"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{url}/"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"htu": "{org}/oauth2/v1/token"}, {}, "'htu' claim in the DPoP proof JWT is invalid."),
        (
            {"htu": "http://localhost/oauth2/default/v1/token"},
            {},
            "'htu' claim in the DPoP proof JWT is invalid.",
        ),
        ({"iat": None}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": "1"}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": True}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": float("nan")}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"iat": 10**400}, {}, "'iat' claim in the DPoP proof JWT is invalid."),
        ({"jti": None}, {}, "'jti' claim in the DPoP proof JWT is invalid."),
        ({"jti": ""}, {}, "'jti' claim in the DPoP proof JWT is invalid."),
        ({"jti": 1}, {}, "'jti' claim in the DPoP proof JWT is invalid."),
    ],
)
async def test_a_proof_that_is_not_as_it_must_be_is_refused(
    holder: Holder, claims: Mapping[str, Any], header: Mapping[str, Any], description: str
) -> None:
    url = holder.visitor.url("token")
    filled = {
        name: value.replace("{url}", url).replace("{org}", holder.visitor.org.url)
        if isinstance(value, str)
        else value
        for name, value in claims.items()
    }
    proof = _unverified_jwt(holder, url, filled, header)
    answer = await holder.ask(proof=proof)
    expected = {"error": "invalid_dpop_proof", "error_description": description}
    assert (answer.status, answer.json()) == (400, expected)
    assert "dpop-nonce" not in answer.headers
    assert (await holder.ask()).status == 200


def _unverified_jwt(
    holder: Holder, url: str, claims: Mapping[str, Any], header: Mapping[str, Any]
) -> str:
    """A proof of any content, even such as PyJWT would not write."""
    good = {
        "htm": "POST",
        "htu": url,
        "iat": holder.visitor.org.clock.epoch(),
        "jti": "odd",
        "nonce": holder.nonce,
    } | dict(claims)
    named = {"alg": "ES256", "typ": "dpop+jwt", "jwk": _jwk(holder.key)} | dict(header)
    parts = [
        base64.urlsafe_b64encode(
            json.dumps({n: v for n, v in part.items() if v is not None}).encode()
        ).rstrip(b"=")
        for part in (named, good)
    ]
    signing_input = b".".join(parts)
    algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(algorithm.sign(signing_input, holder.key)).rstrip(b"=")
    return (signing_input + b"." + signature).decode()


@pytest.mark.parametrize(
    "proof",
    [
        "made-up",
        "a.b.c",
        "",
        ".".join([base64.urlsafe_b64encode(b"[]").decode().rstrip("=")] * 3),
        base64.urlsafe_b64encode(b"[" * 4000).decode() + ".e30.AA",
        base64.urlsafe_b64encode(b'{"alg":"ES256","kid":1}').decode().rstrip("=") + ".e30.AA",
    ],
)
async def test_what_is_no_jwt_is_refused(holder: Holder, proof: str) -> None:
    answer = await holder.ask(proof=proof)
    assert (answer.status, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert answer.json()["error_description"] == PARSED


@pytest.mark.parametrize("algorithm", ["HS256", "none", "PS256", "EdDSA"])
async def test_other_algorithms_are_refused(holder: Holder, algorithm: str) -> None:
    proof = _unverified_jwt(holder, holder.visitor.url("token"), {}, {"alg": algorithm})
    answer = await holder.ask(proof=proof)
    assert answer.json() == {
        "error": "invalid_dpop_proof",
        "error_description": "The 'alg' header in the DPoP proof JWT is not supported.",
    }


async def test_a_short_rsa_key_is_refused(holder: Holder) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- refused
    proof = _unverified_jwt(
        holder, holder.visitor.url("token"), {}, {"alg": "RS256", "jwk": _jwk(short)}
    )
    answer = await holder.ask(proof=proof)
    assert answer.status == 400
    assert "2,048" in answer.json()["error_description"]


async def test_two_proofs_in_one_request_are_refused(visitor: Visitor, holder: Holder) -> None:
    url = visitor.url("token")
    headers = [*basic(SERVICE, SECRET_QUOTED).items()]
    headers += [("DPoP", holder.proof(url)), ("DPoP", holder.proof(url))]
    form = {"grant_type": "client_credentials", "scope": "messages.read"}
    answer = await visitor.ask("POST", url, data=form, headers=headers)
    assert answer.status == 400
    assert answer.json()["error_description"] == (
        "The request has more than one DPoP proof JWT header."
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda url: url.replace("http://localhost", "HTTP://LOCALHOST"), 200),
        (lambda url: url.replace("localhost", "127.0.0.1"), 400),
        (lambda url: url.replace("http:", "https:"), 400),
        (lambda url: url.replace("//", "//user@"), 400),
    ],
)
async def test_the_url_is_compared_as_urls_are(
    holder: Holder, change: Callable[[str], str], status: int
) -> None:
    answer = await holder.ask({"htu": change(holder.visitor.url("token"))})
    assert answer.status == status


@pytest.mark.parametrize(
    ("seconds", "status"), [(-301, 400), (-300, 200), (30, 200), (31, 400), (0.5, 200)]
)
async def test_a_proof_is_fresh_by_the_org_s_clock(
    org: MockOkta, holder: Holder, seconds: float, status: int
) -> None:
    org.clock.advance(timedelta(days=1000))
    holder.nonce = (await holder.ask()).headers["dpop-nonce"]
    answer = await holder.ask({"iat": org.clock.epoch() + seconds})
    assert answer.status == status


@pytest.mark.parametrize("nonce", ["made-up", "", 1, "\ud800"])
async def test_another_nonce_is_answered_with_the_right_one(holder: Holder, nonce: Any) -> None:
    proof = _unverified_jwt(holder, holder.visitor.url("token"), {"nonce": nonce}, {})
    answer = await holder.ask(proof=proof)
    assert (answer.status, answer.json()) == (400, NEEDS_NONCE)
    assert answer.headers["dpop-nonce"] == holder.nonce


async def test_a_proof_is_good_once(org: MockOkta, holder: Holder) -> None:
    proof = holder.proof(holder.visitor.url("token"))
    assert (await holder.ask(proof=proof)).status == 200
    for _ in range(2):
        again = await holder.ask(proof=proof)
        assert (again.status, again.json()["error_description"]) == (400, USED)
        org.clock.advance(timedelta(seconds=150))


async def test_another_key_may_use_the_same_id(visitor: Visitor, holder: Holder) -> None:
    other = Holder(visitor, "RS256", RSA, nonce=holder.nonce)
    assert (await holder.ask({"jti": "same"})).status == 200
    assert (await other.ask({"jti": "same"})).status == 200


async def test_a_proof_refused_for_its_nonce_is_not_spent(holder: Holder) -> None:
    nonce = holder.nonce
    assert (await holder.ask({"jti": "kept", "nonce": "old"})).json() == NEEDS_NONCE
    assert (await holder.ask({"jti": "kept", "nonce": nonce})).status == 200


async def test_of_64_requests_at_once_with_one_proof_one_succeeds(holder: Holder) -> None:
    proof = holder.proof(holder.visitor.url("token"))
    answers = await asyncio.gather(*(holder.ask(proof=proof) for _ in range(64)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 63


# Refresh tokens.


async def test_a_public_client_s_refresh_token_needs_its_key(
    visitor: Visitor, holder: Holder
) -> None:
    token = (await holder.redeem()).json()["refresh_token"]
    other = Holder(visitor, "RS256", RSA, nonce=holder.nonce)
    spent = {
        "error": "invalid_grant",
        "error_description": "The refresh token is invalid or expired.",
    }
    assert (await other.refresh(token)).json() == spent
    assert (await visitor.refresh(token)).json() == spent
    second = (await holder.refresh(token)).json()
    assert second["token_type"] == "DPoP"
    assert claims_of(second["access_token"])["cnf"] == {"jkt": holder.jkt}
    assert (await other.refresh(second["refresh_token"])).json() == spent
    assert (await holder.refresh(second["refresh_token"])).status == 200


async def test_a_confidential_client_s_refresh_token_is_bound_to_none(
    visitor: Visitor, holder: Holder
) -> None:
    as_web: Change = {"client_id": WEB, "client_secret": SECRET}
    token = (await holder.redeem(as_web, {"client_id": WEB})).json()["refresh_token"]
    other = Holder(visitor, "RS256", RSA, nonce=holder.nonce)
    renewed = (await other.refresh(token, as_web)).json()
    assert claims_of(renewed["access_token"])["cnf"] == {"jkt": other.jkt}
    assert (await visitor.refresh(token, as_web)).json()["token_type"] == "Bearer"


async def test_a_bound_client_must_prove_its_key_at_every_grant(
    visitor: Visitor, holder: Holder
) -> None:
    bound: Change = {"client_id": "0oa9spa00000000000h7"}
    code = await visitor.code(bound)
    assert (await visitor.redeem(code, bound)).json() == MISSING
    proof = {"DPoP": holder.proof(visitor.url("token"))}
    body = (await visitor.redeem(code, bound, headers=proof)).json()
    assert body["token_type"] == "DPoP"
    assert (await visitor.refresh(body["refresh_token"], bound)).json() == MISSING


async def test_other_clients_stay_with_bearer_tokens(visitor: Visitor) -> None:
    body = await visitor.tokens({"client_id": OTHER_SPA})
    assert body["token_type"] == "Bearer"
    assert "cnf" not in claims_of(body["access_token"])


# A resource: userinfo.


def _challenge(org: MockOkta, error: str, description: str) -> str:
    return (
        f'DPoP algs="{" ".join(ALGORITHMS)}", '
        f'authorization_uri="{org.url}/oauth2/default/v1/authorize", realm="{org.url}", '
        f'scope="openid", error="{error}", error_description="{description}", '
        'resource="/oauth2/default/v1/userinfo"'
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_userinfo_takes_the_token_with_its_proof_and_without_nonce(
    holder: Holder, method: str
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    answer = await holder.userinfo(token, method=method)
    assert answer.status == 200
    assert "dpop-nonce" not in answer.headers
    assert answer.json()["email"]


@pytest.mark.parametrize(
    ("claims", "description"),
    [
        (
            {"ath": "AAAA"},
            "'ath' claim in the DPoP proof does not match the presented access_token.",
        ),
        ({"ath": None}, "'ath' claim in the DPoP proof does not match the presented access_token."),
        ({"htm": "POST"}, "'htm' claim in the DPoP proof JWT is invalid."),
        ({"htu": "http://localhost/"}, "'htu' claim in the DPoP proof JWT is invalid."),
        ({"iat": 1}, "'iat' claim in the DPoP proof JWT is invalid."),
    ],
)
async def test_userinfo_refuses_a_bad_proof_in_the_header(
    org: MockOkta, holder: Holder, claims: Mapping[str, Any], description: str
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    answer = await holder.userinfo(token, claims)
    assert (answer.status, answer.body) == (401, b"")
    expected = _challenge(org, "invalid_dpop_proof", description)
    assert answer.headers["WWW-Authenticate"] == expected


async def test_userinfo_takes_a_proof_once(org: MockOkta, holder: Holder) -> None:
    token = (await holder.redeem()).json()["access_token"]
    assert (await holder.userinfo(token, {"jti": "once"})).status == 200
    again = await holder.userinfo(token, {"jti": "once"})
    assert again.headers["WWW-Authenticate"] == _challenge(org, "invalid_dpop_proof", USED)


async def test_a_bound_token_is_no_bearer_token(org: MockOkta, holder: Holder) -> None:
    token = (await holder.redeem()).json()["access_token"]
    expected = _challenge(org, "invalid_token", "The access token is invalid.")
    for answer in (
        await holder.visitor.userinfo(token),
        await holder.userinfo(token, scheme="Bearer"),
    ):
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, expected)


async def test_a_bearer_token_is_no_bound_token(holder: Holder) -> None:
    token = (await holder.visitor.tokens())["access_token"]
    assert (await holder.userinfo(token)).status == 401
    assert (await holder.userinfo(token, scheme="Bearer")).status == 200


async def test_the_token_of_one_key_is_not_taken_with_the_proof_of_another(
    visitor: Visitor, holder: Holder
) -> None:
    token = (await holder.redeem()).json()["access_token"]
    other = Holder(visitor, "RS256", RSA)
    assert (await other.userinfo(token)).status == 401
    assert (await holder.userinfo(token)).status == 200


async def test_a_bound_token_without_a_proof_is_refused(org: MockOkta, holder: Holder) -> None:
    token = (await holder.redeem()).json()["access_token"]
    url, headers = holder.visitor.url("userinfo"), {"Authorization": f"DPoP {token}"}
    answer = await holder.visitor.ask("GET", url, headers=headers)
    missing = _challenge(org, MISSING["error"], MISSING["error_description"])
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, missing)


async def test_the_verifier_of_the_code_is_still_needed(holder: Holder) -> None:
    answer = await holder.redeem({"code_verifier": VERIFIER[::-1]})
    assert answer.json()["error"] == "invalid_grant"
