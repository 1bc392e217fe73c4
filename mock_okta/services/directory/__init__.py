"""What every other service looks up: users by name or id, policies, messages to send."""
