"""The endpoints of an authorization server, one class each."""
