"""Authorization servers: the org's own (`/oauth2/v1`) and custom ones (`/oauth2/{id}/v1`).

Serves OAuth 2.0 (RFC 6749, 7009, 7636, 7662, 8414) and OpenID Connect Core, Discovery and
RP-Initiated Logout, as Okta does. Left out so far: JWT client authentication, device, PAR, DPoP,
token exchange, consent, access policies; discovery says the same.
"""
