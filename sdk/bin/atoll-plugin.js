#!/usr/bin/env node
// `atoll-plugin schema`, run in a plugin's folder after its build: writes the JSON Schema that its manifest names.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configJsonSchema, z } from '@atoll/sdk';

if (process.argv[2] !== 'schema') {
  console.error('Usage: atoll-plugin schema');
  process.exit(2);
}
const { atoll: manifest } = JSON.parse(readFileSync('package.json', 'utf8'));
if (!manifest?.entry || !manifest.configSchema) {
  console.error('package.json needs "atoll": { "entry": …, "configSchema": … }.');
  process.exit(1);
}
const { default: plugin } = await import(pathToFileURL(resolve(manifest.entry)).href);
const schema = configJsonSchema(plugin.config ?? z.strictObject({}));
writeFileSync(manifest.configSchema, `${JSON.stringify(schema, null, 2)}\n`);
