"""Commands that look at a running org and change it, by its control API (`/_mock`)."""

from mock_okta.cli.running_org.clock import clock
from mock_okta.cli.running_org.faults import faults
from mock_okta.cli.running_org.outbox import outbox
from mock_okta.cli.running_org.push import push
from mock_okta.cli.running_org.requests import requests
from mock_okta.cli.running_org.users import user

__all__ = ["COMMANDS"]

COMMANDS = (outbox, push, clock, user, requests, faults)
