"""Sign-in by password only: for a plain form and for the password grant."""

from msgspec import Struct

from mock_okta.model.directory import User
from mock_okta.model.failures import MoreIsDue
from mock_okta.model.progress import Progress, Step
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.users.credentials import Credentials

__all__ = ["PasswordSignIn"]


class PasswordSignIn(Struct, frozen=True, kw_only=True):
    """Checks the password, and refuses users who would have to do more."""

    credentials: Credentials
    requirements: Requirements

    async def verify(self, login: str, password: str) -> User:
        """Return the user; raise as `Credentials.verify`, PolicyRefused, or MoreIsDue."""
        user = await self.credentials.verify(login, password)
        progress = Progress(user_id=user.id, amr=("pwd",))
        due = await self.requirements.next(progress, user)
        if due is not None and due is not Step.WARN_PASSWORD:
            raise MoreIsDue(f"{login} has more to do first, with the widget: {due}")
        return user
