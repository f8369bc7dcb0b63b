// Uses a node as a client and a resource server that know only the RFCs do (oauth4webapi).
// Reads {issuer, path, parties: [{clientId, key, alg, details}]} and writes what it found of each.
import { readFileSync } from "node:fs";
import * as oauth from "oauth4webapi";

const given = JSON.parse(readFileSync(0, "utf8"));
const issuer = new URL(given.issuer);
const server = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { algorithm: "oauth2" }),
);
const resource = await oauth.processResourceDiscoveryResponse(issuer, await oauth.resourceDiscoveryRequest(issuer));

async function use({ clientId, key, alg, details }) {
  const client = { client_id: clientId };
  const algorithm = { ES256: { name: "ECDSA", namedCurve: "P-256" }, PS256: { name: "RSA-PSS", hash: "SHA-256" } };
  const signing = await crypto.subtle.importKey("jwk", key, algorithm[alg] ?? alg, false, ["sign"]);
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair(alg));
  const authentication = oauth.PrivateKeyJwt({ key: signing, kid: key.kid });
  const form = new URLSearchParams({ authorization_details: JSON.stringify([details]) });
  const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, form, { DPoP });
  const token = await oauth.processClientCredentialsResponse(server, client, answer);
  const url = new URL(given.path, issuer);
  let sent;
  const fetched = await oauth.protectedResourceRequest(token.access_token, "GET", url, new Headers(), null, {
    DPoP,
    [oauth.customFetch]: (target, options) => {
      sent = new Request(target, { method: options.method, headers: options.headers });
      return fetch(target, options);
    },
  });
  const claims = await validated(sent);
  return { alg, granted: token, status: fetched.status, claims, refused: await refused(sent) };
}

function validated(request) {
  return oauth.validateJwtAccessToken(server, request, given.issuer, { requireDPoP: true });
}

// Shows that what it accepts above it has looked at: none of these is to be accepted.
async function refused(request) {
  const token = request.headers.get("authorization").slice("DPoP ".length);
  const [head, body, signature] = token.split(".");
  const changed = `${head}.${body}.${signature.split("").reverse().join("")}`;
  const others = [{ authorization: `Bearer ${token}` }, { authorization: `DPoP ${changed}` }, { dpop: "" }];
  const judged = await Promise.allSettled(
    others.map((fields) => {
      const headers = new Headers(request.headers);
      for (const [name, value] of Object.entries(fields)) headers.set(name, value);
      return validated(new Request(request.url, { method: request.method, headers }));
    }),
  );
  return judged.every(({ status }) => status === "rejected");
}

const uses = [];
for (const party of given.parties) uses.push(await use(party));
process.stdout.write(JSON.stringify({ server, resource, uses }));
