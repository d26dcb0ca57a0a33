// Starts the built command for the tests of one file, and ends it with them.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { after } from 'node:test';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const program = `${root}artifacts/bin/Sluice.Cli/release/Sluice.Cli`;

export const upstreams = ['sim-openai', 'sim-anthropic', 'sim-gemini', 'sim-ollama'];

export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)); });
  });
}

/** Runs `sluice demo` and gives its address. */
export async function startDemo() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, ['demo', '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  let ended = null;
  child.on('exit', (code, signal) => { ended = signal ?? code; });
  after(() => { child.kill('SIGTERM'); });
  for (let i = 0; i < 200; i++) {
    if (ended !== null) throw new Error(`sluice demo ended with ${ended}`);
    try { if ((await fetch(`${url}/health/ready`)).ok) return url; } catch { /* not yet */ }
    await sleep(100);
  }
  throw new Error('sluice demo was not ready in 20 s');
}

export const weatherSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** A picture of one red pixel. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
