import { once } from 'node:events';
import { isAtollError } from '@atoll/sdk';
import { acquireOwner } from './owner.js';

// Says that it is ready, takes the folder when told to, and lives until it is killed or its parent is gone.
const [dir = ''] = process.argv.slice(2);
console.log('ready');
await once(process.stdin, 'data');
try {
  await acquireOwner(dir);
  console.log(JSON.stringify({ owned: true }));
} catch (error) {
  if (!isAtollError(error)) throw error;
  console.log(JSON.stringify({ owned: false, code: error.code, message: error.message, hint: error.hint }));
}
