#!/usr/bin/env node
import { runMain, StackError } from '../stack/progress.mjs';
import { startStack } from '../stack/stack.mjs';
import { runScript } from './sample-data.mjs';

/** Runs a script that works on MongoDB, told by `LOCKSTEP_MONGODB_URL` which one; starts the stack if need be. */
runMain(async () => {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new StackError('usage: with-stack.mjs <script> [arguments]');
  const mongodbUrl = process.env.LOCKSTEP_MONGODB_URL || (await startStack()).mongodb.url;
  // The script ends by itself on Ctrl-C, and shows its last line; this process waits for that.
  process.on('SIGINT', () => undefined);
  process.exitCode = await runScript(script, args, { LOCKSTEP_MONGODB_URL: mongodbUrl });
});
