"""A walker at an app that asks for a factor: from a session to a step-up, and to a code."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.fuzz.judging import Judge
from tests.fuzz.people import STRICT, Session, Standing
from tests.fuzz.wire import Reply
from tests.visiting import CALLBACK, CHALLENGE

__all__ = ["AppVisitor"]

STEP_UP = "/signin/refresh-auth-state/"
AUTHORIZE = {
    "client_id": STRICT,
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": CALLBACK,
    "state": "state-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class AppVisitor(Judge):
    """Brings sessions to the app, and sees that only who proved two things gets a code."""

    def asked_to_step_up(self, session: Session, token: str | None, *, anew: bool) -> str | None:
        """Ask for a code with the session; return the state token of the step-up that is due."""
        query = AUTHORIZE | ({} if token is None else {"sessionToken": token})
        query |= {"prompt": "login"} if anew else {}
        reply = self._get(f"/oauth2/v1/authorize?{urlencode(query)}", session)
        self.is_code_earned(reply, session)
        path = urlsplit(reply.location or "").path
        return path.removeprefix(STEP_UP) if path.startswith(STEP_UP) else None

    def is_code_earned(self, reply: Reply, session: Session) -> None:
        """Only who proved two things gets a code."""
        if "code" in reply.returned:
            proved = Standing("", session.person, {}, session.proved, kinds=session.kinds)
            assert proved.has_proved_two, f"{session} got a code"

    def finish_step_up(self, standing: Standing, answer: Mapping[str, Any]) -> None:
        """Follow the link of a step-up that succeeded, up to the app."""
        assert answer["_embedded"]["user"]["profile"]["login"] == standing.person.login
        assert standing.may_sign_in(self.now), f"{standing.person} {standing.proved}"
        session = standing.session
        assert session is not None
        self.dead.append(standing.token)
        lifted = Session(standing.person, standing.proved, standing.kinds, session.cookie)
        redirected = self._get(answer["_links"]["next"]["href"], lifted)
        if redirected.status != 302:
            return
        if lifted.cookie == session.cookie:
            session.proved, session.kinds = standing.proved, standing.kinds
        self.sessions[f"lifted by {standing.token}"] = lifted
        ends = self._get(redirected.location or "", lifted)
        self.is_code_earned(ends, lifted)
        if "code" in ends.returned:
            self.stepped_up.append(standing.person.name)

    def _get(self, target: str, session: Session) -> Reply:
        """Ask as the session's browser does, which keeps the cookie that comes."""
        cookie = [("Cookie", f"sid={session.cookie}")] if session.cookie else []
        reply = self.client.send("GET", target, cookie)
        assert reply.status < 500, reply.body
        session.cookie = sid_in(reply) or session.cookie
        return reply


def sid_in(reply: Reply) -> str | None:
    """The session cookie that came, if one did."""
    for cookie in reply.headers.get_all("Set-Cookie") or ():
        name, _, rest = cookie.partition("=")
        if name == "sid":
            return str(rest.partition(";")[0])
    return None
