// Judges signed messages, and signs one, with a library from outside the Python world.
// Reads {key, now, cases: [{request, response?}], request} and writes {verdicts: [bool], signed: fields}.
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import messages from "http-message-signatures";

const { httpbis, createSigner, createVerifier } = messages;
const given = JSON.parse(readFileSync(0, "utf8"));
const alg = "ecdsa-p256-sha256";
const verify = createVerifier(createPublicKey({ key: given.key, format: "jwk" }), alg);
const keyLookup = async () => ({ id: given.key.kid, algs: [alg], verify });

async function verdict({ request, response }) {
  const config = { keyLookup, all: true, notAfter: given.now + 10, maxAge: null };
  try {
    const judged = response ? [response, request] : [request];
    return (await httpbis.verifyMessage(config, ...judged)) === true;
  } catch {
    return false;
  }
}

const signer = createSigner(createPrivateKey({ key: given.key, format: "jwk" }), alg, given.key.kid);
const signed = await httpbis.signMessage(
  {
    key: signer,
    name: "mpex",
    fields: ["@method", "@target-uri", "authorization", "dpop", "content-digest"],
    params: ["created", "keyid", "tag"],
    paramValues: { created: new Date(given.now * 1000), tag: "fapi-2-request" },
  },
  given.request,
);
process.stdout.write(
  JSON.stringify({ verdicts: await Promise.all(given.cases.map(verdict)), signed: signed.headers }),
);
