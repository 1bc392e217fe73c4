"""Staying signed in: who is asked whether they want to, and which devices stand in for a factor."""

from msgspec import Struct

from mock_okta.model.clients import Client
from mock_okta.model.directory import User
from mock_okta.model.sessions import AskedDevice
from mock_okta.services.directory.policies import Policies
from mock_okta.services.sign_in.next_step import Requirements
from mock_okta.services.world import World

__all__ = ["Staying"]


class Staying(Struct, frozen=True, kw_only=True):
    """Asks at the end of a sign-in whether the user stays signed in, as the app's policy has it."""

    world: World
    policies: Policies
    requirements: Requirements

    async def is_asked(self, client: Client, user: User, device_token: str | None) -> bool:
        """Return whether the app's policy has the question, and it was not asked there lately.

        Unverified: that Okta counts how often it asks by user and device.
        """
        rule = await self.policies.authentication(client, user)
        if rule.keep_me_signed_in.post_auth == "NOT_ALLOWED":
            return False
        asked = self.world.storage.asked_devices
        return device_token is None or await asked.get((user.id, device_token)) is None

    async def note_asked(self, client: Client, user: User, device_token: str | None) -> None:
        """Do not ask again on that device until the policy's time is over."""
        rule = await self.policies.authentication(client, user)
        if device_token is None:
            return
        until = self.world.clock.now() + rule.keep_me_signed_in.post_auth_prompt_frequency
        asked = AskedDevice(user_id=user.id, expires_at=until)
        await self.world.storage.asked_devices.put((user.id, device_token), asked)

    async def remember_device(
        self, user: User, device_token: str | None, *, stays_signed_in: bool
    ) -> None:
        """Let the device stand in for the factor that was proved, if the org's rule allows that.

        Unverified: that it takes the user's wish to stay signed in, or the rule's default.
        """
        rule = await self.policies.sign_on(user)
        is_allowed = rule.require_factor and rule.prompt != "ALWAYS"
        is_wanted = stays_signed_in or rule.remember_device_by_default
        if is_allowed and is_wanted and device_token is not None:
            await self.requirements.remember(user, device_token)
