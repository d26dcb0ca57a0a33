// The official @anthropic-ai/sdk package, unchanged but for the base URL, against every upstream format.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { pixel, startDemo, upstreams, weatherSchema } from './support.mjs';

const url = await startDemo();
const client = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });
const tools = ['get_weather', 'get_time'].map((name) => ({ name, description: name, input_schema: weatherSchema }));
const textOf = (message) => message.content.filter((b) => b.type === 'text').map((b) => b.text).join('');

for (const upstream of upstreams) {
  const model = `${upstream}/sim-large`;
  describe(`anthropic → ${upstream}`, () => {
    it('answers whole', async () => {
      const message = await client.messages.create({ model, max_tokens: 300, system: 'Be brief.', messages: [{ role: 'user', content: 'Hello there' }] });
      assert.equal(message.type, 'message');
      assert.match(textOf(message), /Hello there/);
      assert.equal(message.stop_reason, 'end_turn');
      assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
    });

    it('answers in a stream', async () => {
      const stream = client.messages.stream({ model, max_tokens: 300, messages: [{ role: 'user', content: 'Hello there' }] });
      const message = await stream.finalMessage();
      assert.match(textOf(message), /Hello there/);
      assert.equal(message.stop_reason, 'end_turn');
      assert.ok(message.usage.output_tokens > 0);
    });

    it('keeps several turns', async () => {
      const message = await client.messages.create({
        model, max_tokens: 300,
        messages: [{ role: 'user', content: 'First' }, { role: 'assistant', content: 'Yes' }, { role: 'user', content: [{ type: 'text', text: 'Second' }] }],
      });
      assert.match(textOf(message), /Second/);
    });

    it('calls several tools and takes their results, whole and streamed', async () => {
      const messages = [{ role: 'user', content: 'Use several tools please' }];
      const first = await client.messages.stream({ model, max_tokens: 500, messages, tools }).finalMessage();
      assert.equal(first.stop_reason, 'tool_use');
      const calls = first.content.filter((b) => b.type === 'tool_use');
      assert.ok(calls.length >= 2);
      const results = calls.map((c) => ({ type: 'tool_result', tool_use_id: c.id, content: 'sunny in Paris' }));
      const second = await client.messages.create({ model, max_tokens: 500, tools, messages: [...messages, { role: 'assistant', content: first.content }, { role: 'user', content: results }] });
      assert.match(textOf(second), /sunny in Paris/);
    });

    it('sees a picture', async () => {
      const message = await client.messages.create({
        model, max_tokens: 300,
        messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }, { type: 'text', text: 'What is this?' }] }],
      });
      assert.match(textOf(message), /image/i);
    });

    it('counts tokens', async () => {
      const count = await client.messages.countTokens({ model, messages: [{ role: 'user', content: 'Hello there, how are you?' }] });
      assert.ok(count.input_tokens > 0);
    });
  });
}

it('an unknown model is a NotFoundError', async () => {
  await assert.rejects(client.messages.create({ model: 'nothing/at-all', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] }), Anthropic.NotFoundError);
});

it('models are listed', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('demo'));
});
