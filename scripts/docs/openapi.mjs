// Writes openapi.json from the built admin API, or tells with --check that the committed one is stale.
// The built app is asked because only its classes carry the types of their properties.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const built = join(root, 'dist/apps/admin-api/src');
const target = join(root, 'openapi.json');

if (!existsSync(join(built, 'create-app.js'))) {
  console.error('openapi: the admin API is not built; run: npx nest build admin-api');
  process.exit(2);
}

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { createApp } = require(join(built, 'create-app.js'));
const { buildDocument } = require(join(built, 'openapi/build-document.js'));
const { createLogger } = require(join(root, 'dist/libs/observability/src/index.js'));

// Nothing is connected to: the app is put together, not started.
const settings = {
  elasticsearch: { url: 'http://127.0.0.1:9200' },
  indexPrefix: 'lockstep',
  logLevel: 'silent',
  api: { host: '127.0.0.1', port: 9292 },
};
const app = await createApp({ settings, logger: createLogger('silent', 'openapi') });
const text = `${JSON.stringify(buildDocument(app), null, 2)}\n`;
await app.close();

if (process.argv.includes('--check')) {
  if (existsSync(target) && readFileSync(target, 'utf8') === text) {
    console.log('openapi: openapi.json is fresh');
  } else {
    console.error('openapi: openapi.json is stale; run: node scripts/docs/openapi.mjs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
  console.log('openapi: wrote openapi.json');
}
