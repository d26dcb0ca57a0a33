// Starts the built command for the tests of one file, and ends it with them.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { after } from 'node:test';
import { promisify } from 'node:util';

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
  await run(['demo', '--listen', `127.0.0.1:${port}`], `${url}/health/ready`);
  return url;
}

/** Runs `sluice simulate`, and `sluice serve` over it with the configuration that is made for its address. */
export async function startServe(configure) {
  const [simulator, gateway] = [await freePort(), await freePort()].map((port) => `127.0.0.1:${port}`);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sdk-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'sluice.yaml');
  await writeFile(file, `server: { listen: "${gateway}" }\nstorage: { sqlite: "${join(folder, 'sluice.db')}" }\n${configure(`http://${simulator}`)}`);
  await run(['simulate', '--listen', simulator, '--chunk-delay-ms', '0'], `http://${simulator}/__control/state`);
  await run(['serve', '--config', file], `http://${gateway}/health/ready`);
  return { url: `http://${gateway}`, simulator: `http://${simulator}`, file };
}

/** Runs a command to its end and gives what it printed. */
export async function command(...args) {
  const { stdout } = await promisify(execFile)(program, args, { timeout: 30_000 });
  return stdout.trim();
}

async function run(args, readyUrl) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let ended = null;
  child.on('exit', (code, signal) => { ended = signal ?? code; });
  after(() => { child.kill('SIGTERM'); });
  for (let i = 0; i < 200; i++) {
    if (ended !== null) throw new Error(`sluice ${args[0]} ended with ${ended}`);
    try { if ((await fetch(readyUrl)).ok) return; } catch { /* not yet */ }
    await sleep(100);
  }
  throw new Error(`sluice ${args[0]} was not ready in 20 s`);
}

export const weatherSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** A picture of one red pixel. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
