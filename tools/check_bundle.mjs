// Judges the bundled API document as a reader with other tools would: Redocly lints it, ajv compiles every
// schema in it, openapi-typescript makes types of it and tsc accepts them.
// usage: node tools/check_bundle.mjs BUNDLE.json   (exit 0: all three accept it)

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function lint(file) {
  const cli = join(dirname(require.resolve("@redocly/cli/package.json")), "bin", "cli.js");
  const config = join(root, "redocly.yaml");
  const offline = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const done = spawnSync(process.execPath, [cli, "lint", file, "--config", config, "--max-problems", "20"], {
    env: { ...process.env, ...offline },
    encoding: "utf8",
  });
  return done.status === 0 ? [] : [`redocly: ${done.stdout}${done.stderr}`];
}

function compile(bundle) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  addFormats(ajv);
  const keywords = new Set(JSON.stringify(bundle).match(/(?<=")x-[a-zA-Z-]+(?=":)/g) ?? []);
  ["components", ...keywords, "discriminator", "example", "externalDocs", "xml"].forEach((keyword) => ajv.addKeyword(keyword));
  ajv.addSchema({ $id: "bundle", components: bundle.components }, undefined, false, false);
  return Object.keys(bundle.components?.schemas ?? {}).flatMap((name) => {
    try {
      ajv.compile({ $ref: `bundle#/components/schemas/${name}` });
      return [];
    } catch (error) {
      return [`ajv: components/schemas/${name}: ${error.message}`];
    }
  });
}

async function typecheck(bundle) {
  const source = astToString(await openapiTS(bundle, { silent: true }));
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === "bundle.d.ts" ? ts.createSourceFile(name, source, version) : read(name, version);
  const program = ts.createProgram(["bundle.d.ts"], { strict: true, noEmit: true }, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((found) => `typescript: ${ts.flattenDiagnosticMessageText(found.messageText, "\n")}`);
}

const [file] = process.argv.slice(2);
const bundle = JSON.parse(readFileSync(file, "utf8"));
const findings = [...lint(file), ...compile(bundle), ...(await typecheck(bundle))];
findings.forEach((finding) => console.error(finding));
console.log(
  findings.length
    ? `${findings.length} findings in the bundle`
    : `bundle accepted by Redocly, ajv (${Object.keys(bundle.components.schemas).length} schemas) and TypeScript`,
);
process.exitCode = findings.length ? 1 : 0;
