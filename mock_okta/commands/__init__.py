"""The subcommands of `mock-okta`, one module each, and what several of them share."""
