"""What other services build on: users by name or id, policies, messages to send."""
