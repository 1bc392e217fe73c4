"""`/_mock`: the test's own API over the org: seed, reset, clock, outbox. Nothing of Okta's."""
