"""The seed document: what an org starts with, and its error messages.

Where the document says the same as a record, the record itself is the document's type.
"""

from mock_okta.model.seed.authentication import (
    SeedAuthenticationPolicy,
    SeedAuthenticationRule,
    SeedAuthenticator,
    SeedProfileEnrollment,
)
from mock_okta.model.seed.defaults import default_seed, with_addresses
from mock_okta.model.seed.given import GivenSeed, SeedSummary
from mock_okta.model.seed.identity_providers import SeedIdentityProvider, SeedRoutingRule
from mock_okta.model.seed.mistakes import Mistake, SeedError
from mock_okta.model.seed.policies import (
    SeedEnrollmentPolicy,
    SeedPasswordPolicy,
    SeedRegistration,
    SeedSignOnPolicy,
    SeedSignOnRule,
)
from mock_okta.model.seed.reading import (
    SeedFiles,
    parse_addition,
    parse_seed,
    read_seed,
    read_seeds,
    require_known_names,
)
from mock_okta.model.seed.references import Known, client_id_of, provider_id_of
from mock_okta.model.seed.types import (
    Seed,
    SeedAuthorizationServer,
    SeedClient,
    SeedPolicy,
    SeedRule,
)
from mock_okta.model.seed.users import SeedApiToken, SeedFactor, SeedUser

__all__ = [
    "GivenSeed",
    "Known",
    "Mistake",
    "Seed",
    "SeedApiToken",
    "SeedAuthenticationPolicy",
    "SeedAuthenticationRule",
    "SeedAuthenticator",
    "SeedAuthorizationServer",
    "SeedClient",
    "SeedEnrollmentPolicy",
    "SeedError",
    "SeedFactor",
    "SeedFiles",
    "SeedIdentityProvider",
    "SeedPasswordPolicy",
    "SeedPolicy",
    "SeedProfileEnrollment",
    "SeedRegistration",
    "SeedRoutingRule",
    "SeedRule",
    "SeedSignOnPolicy",
    "SeedSignOnRule",
    "SeedSummary",
    "SeedUser",
    "client_id_of",
    "default_seed",
    "parse_addition",
    "parse_seed",
    "provider_id_of",
    "read_seed",
    "read_seeds",
    "require_known_names",
    "with_addresses",
]
