"""Published metadata: authorization server (RFC 8414), protected resource (RFC 9728), keys (RFC 7517)."""

from mpex_server.http.call import Call, Reply
from mpex_server.http.operations import public
from mpex_server.http.spec import operations
from mpex_server.kit import jws
from mpex_server.oauth.token import DETAILS_TYPE, GRANT

_PUBLIC = {"Cache-Control": "public, max-age=300"}


@public("getAuthorizationServerMetadata")
def authorization_server(call: Call) -> Reply:
    """Return the RFC 8414 document."""
    url = call.node.settings.public_url
    body = {
        "issuer": url,
        "token_endpoint": f"{url}/oauth/token",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "response_types_supported": [],
        "grant_types_supported": [GRANT],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": _algorithms(),
        "dpop_signing_alg_values_supported": _algorithms(),
        "authorization_details_types_supported": [DETAILS_TYPE],
    }
    return Reply(body=body, headers=dict(_PUBLIC))


@public("getProtectedResourceMetadata")
def protected_resource(call: Call) -> Reply:
    """Return the RFC 9728 document."""
    url = call.node.settings.public_url
    body = {
        "resource": url,
        "resource_name": call.node.settings.name,
        "resource_documentation": f"{url}/docs",
        "authorization_servers": [url],
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "bearer_methods_supported": [],
        "dpop_signing_alg_values_supported": _algorithms(),
        "dpop_bound_access_tokens_required": True,
        "authorization_details_types_supported": [DETAILS_TYPE],
        "mpex_actions_supported": sorted({op.action for op in operations().values() if op.action}),
    }
    return Reply(body=body, headers=dict(_PUBLIC))


@public("getJwks")
def jwks(call: Call) -> Reply:
    """Return the node's public keys."""
    return Reply(body=call.node.keys.public_jwks(), headers=dict(_PUBLIC))


def _algorithms() -> list[str]:
    """Return what assertions and proofs may be signed with (META-005)."""
    return list(jws.ALGORITHMS)
