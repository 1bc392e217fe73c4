"""A load test: 1,000 users sign in at an org, and an app redeems their codes.

    pip install locust
    locust -f deploy/locustfile.py --headless -H http://localhost:8700 -u 50 -r 50 -t 60s

The users are added to the org by `/_mock/seed`. MOCK_OKTA_TOKEN: the org's control token, if any.
"""

import base64
import hashlib
import itertools
import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from locust import HttpUser, constant, events, task

USERS, PASSWORD = 1000, "mock-Password-1"
CLIENT_ID, REDIRECT_URI = "0oa1spa00000000000h7", "http://localhost:3000/callback"
ISSUER = "/oauth2/default/v1"
VERIFIER = "a-verifier-" + 40 * "v"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())[:-1].decode()
_logins = itertools.cycle(f"load-{number}@example.com" for number in range(USERS))


@events.test_start.add_listener
def add_users(environment: Any, **_: object) -> None:
    """Add the users to the org."""
    users = [{"login": next(_logins), "password": PASSWORD} for _ in range(USERS)]
    token = os.environ.get("MOCK_OKTA_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{environment.host}/_mock/seed"
    requests.put(url, json={"users": users}, headers=headers, timeout=60).raise_for_status()


class SignsIn(HttpUser):
    """A browser without cookies that signs in for an app, and the app that gets its code."""

    wait_time = constant(0)

    @task
    def sign_in(self) -> None:
        """Sign in, get a code, redeem it, ask for the user's claims."""
        self.client.cookies.clear()
        login = {"username": next(_logins), "password": PASSWORD}
        answer = self.client.post("/api/v1/authn", json=login)
        if not answer.ok:
            return
        asked = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "openid profile",
            "redirect_uri": REDIRECT_URI,
            "state": "state",
            "nonce": "nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "sessionToken": answer.json()["sessionToken"],
        }
        path = f"{ISSUER}/authorize"
        sent_back = self.client.get(path, params=asked, allow_redirects=False, name=path)
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT_URI,
            "code": parse_qs(urlsplit(sent_back.headers["Location"]).query)["code"][0],
            "code_verifier": VERIFIER,
        }
        tokens = self.client.post(f"{ISSUER}/token", data=form)
        bearer = {"Authorization": f"Bearer {tokens.json()['access_token']}"}
        self.client.get(f"{ISSUER}/userinfo", headers=bearer)
