// The official SDKs with a virtual key as their API key: made by one process, taken and lost by another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { command, startServe } from './support.mjs';

const { url, file } = await startServe((simulator) => `
providers: { sim: { type: openai, base_url: "${simulator}/openai/v1", api_key: any, models: [large, small] } }
models: { smart: sim/large }
keys: { required: true }
`);
const key = await command('keys', 'create', '--config', file, '--name', 'ada', '--models', 'smart');

const calls = {
  openai: async (apiKey, model) => (await new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 }).chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello there' }] })).choices[0].message.content,
  anthropic: async (apiKey, model) => (await new Anthropic({ apiKey, baseURL: url, maxRetries: 0 }).messages.create({ model, max_tokens: 200, messages: [{ role: 'user', content: 'Hello there' }] })).content[0].text,
  google: async (apiKey, model) => (await new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }).models.generateContent({ model, contents: 'Hello there' })).text,
  ollama: async (apiKey, model) => (await new Ollama({ host: url, headers: apiKey ? { Authorization: `Bearer ${apiKey}` } : {} }).chat({ model, messages: [{ role: 'user', content: 'Hello there' }] })).message.content,
};

const statusOf = (error) => error.status ?? error.status_code;

for (const [name, call] of Object.entries(calls)) {
  test(`${name}: a good key answers, a wrong one is 401, a forbidden model 403`, async () => {
    assert.match(await call(key, 'smart'), /Hello there/);
    await assert.rejects(call('sk-wrong', 'smart'), (e) => statusOf(e) === 401);
    await assert.rejects(call(key, 'sim/small'), (e) => statusOf(e) === 403 && /may not use/.test(e.message));
  });
}

test('openai: the list holds what the key may use', async () => {
  const list = await new OpenAI({ apiKey: key, baseURL: `${url}/v1` }).models.list();
  assert.deepEqual(list.data.map((m) => m.id), ['smart']);
});

test('a key revoked by another process is refused at the next call', async () => {
  const other = await command('keys', 'create', '--config', file, '--name', 'bob');
  assert.match(await calls.openai(other, 'smart'), /Hello there/);
  await command('keys', 'revoke', 'bob', '--config', file);
  await assert.rejects(calls.openai(other, 'smart'), (e) => e instanceof OpenAI.AuthenticationError && /revoked/.test(e.message));
});
