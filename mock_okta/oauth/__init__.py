"""Authorization servers: the org's own (`/oauth2/v1`) and custom ones (`/oauth2/{id}/v1`).

Serves OAuth 2.0 (RFC 6749, 7009, 7523, 7636, 7662, 8414, 8628, 8693, 9126, 9449) and OpenID Connect
Core, Discovery and RP-Initiated Logout, as Okta does, and Okta's own grant `interaction_code`. Left
out so far: CIBA, SAML bearer, native SSO, direct authentication, dynamic registration,
front-channel logout; discovery says the same.
"""
