// An authorization server of others in the mode of FAPI 2.0 (oidc-provider) over TLS, and a resource that
// checks its tokens and their proofs (oauth4webapi). Reads one line, {key, certificate, clients: [{client_id,
// jwks}], type, path, document}; prints its issuer, and ends with its input.
import { once } from "node:events";
import { createServer } from "node:https";
import { createInterface } from "node:readline";
import * as oauth from "oauth4webapi";
import Provider from "oidc-provider";

const [line] = await once(createInterface({ input: process.stdin }), "line");
const given = JSON.parse(line);
const server = createServer({ key: given.key, cert: given.certificate });
await once(server.listen(0, "127.0.0.1"), "listening");
const issuer = `https://127.0.0.1:${server.address().port}`;

const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
const signing = { ...(await crypto.subtle.exportKey("jwk", privateKey)), alg: "ES256", use: "sig" };
delete signing.key_ops;
const jwt = { sign: { alg: "ES256" } };
const provider = new Provider(issuer, {
  jwks: { keys: [signing] },
  clients: given.clients.map((client) => ({
    ...client,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    dpop_bound_access_tokens: true,
    id_token_signed_response_alg: "ES256",
    authorization_details_types: [given.type],
  })),
  clientAuthMethods: ["private_key_jwt"],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: true },
    fapi: { enabled: true, profile: "2.0" },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => issuer,
      getResourceServerInfo: () => ({ scope: "", audience: issuer, accessTokenFormat: "jwt", jwt }),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { [given.type]: { validate: () => {} } },
      authorizationDetailsForAccessToken: (ctx) => JSON.parse(ctx.oidc.params.authorization_details),
      authorizationDetailsForGrantSource: () => undefined,
      authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
    },
  },
});
const metadata = { issuer, jwks_uri: `${issuer}/jwks` };

async function resource(request, response) {
  const headers = new Headers(Object.entries(request.headers));
  const asked = new Request(issuer + request.url, { method: request.method, headers });
  try {
    const claims = await oauth.validateJwtAccessToken(metadata, asked, issuer, { requireDPoP: true });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ items: [{ claims }] }));
  } catch (error) {
    response.statusCode = 401;
    response.end(String(error.code));
  }
}

const authorize = provider.callback();
server.on("request", (request, response) =>
  request.url.startsWith("/v1/") ? resource(request, response) : authorize(request, response),
);
console.log(issuer);
await once(process.stdin, "end");
server.closeAllConnections();
server.close();
