#!/usr/bin/env node
import { runMain, say, StackError } from './progress.mjs';
import { provisionElasticsearch, provisionMongod } from './provision.mjs';
import { cleanStack, describeStack, startStack, stopStack } from './stack.mjs';
import { ensureChromium } from './tools.mjs';

const commands = {
  start: async () => {
    describeStack(await startStack());
  },
  stop: async () => {
    const stopped = await stopStack();
    say(stopped.length === 0 ? 'nothing of the local stack was running' : `stopped: ${stopped.join(', ')}`);
  },
  clean: async () => {
    await cleanStack();
    say('the local stack is stopped and its data is removed (downloads are kept)');
  },
  provision: async () => {
    const mongod = await provisionMongod();
    const { home, javaHome } = await provisionElasticsearch();
    process.stdout.write(`${JSON.stringify({ mongod, elasticsearchHome: home, javaHome })}\n`);
  },
  chromium: async () => {
    process.stdout.write(`${await ensureChromium()}\n`);
  },
};

runMain(async () => {
  const name = process.argv[2] ?? '';
  if (!Object.hasOwn(commands, name)) throw new StackError(`usage: cli.mjs ${Object.keys(commands).join('|')}`);
  await commands[name]();
});
