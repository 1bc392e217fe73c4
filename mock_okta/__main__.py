"""`python -m mock_okta`."""

from mock_okta.cli import main

main(prog_name="mock-okta")
