// The official ollama package, unchanged but for the host, against every upstream format.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ollama } from 'ollama';
import { pixel, startDemo, upstreams, weatherSchema } from './support.mjs';

const url = await startDemo();
const client = new Ollama({ host: url });
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function', function: { name, description: name, parameters: weatherSchema } }));

for (const upstream of upstreams) {
  const model = `${upstream}/sim-large`;
  describe(`ollama → ${upstream}`, () => {
    it('chats whole', async () => {
      const answer = await client.chat({ model, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hello there' }] });
      assert.match(answer.message.content, /Hello there/);
      assert.equal(answer.done, true);
      assert.equal(answer.done_reason, 'stop');
      assert.ok(answer.prompt_eval_count > 0 && answer.eval_count > 0);
    });

    it('chats in a stream', async () => {
      let text = '', last;
      for await (const piece of await client.chat({ model, stream: true, messages: [{ role: 'user', content: 'Hello there' }] })) { text += piece.message.content; last = piece; }
      assert.match(text, /Hello there/);
      assert.equal(last.done, true);
    });

    it('calls several tools and takes their results', async () => {
      const messages = [{ role: 'user', content: 'Use several tools please' }];
      const first = await client.chat({ model, messages, tools });
      assert.ok(first.message.tool_calls.length >= 2);
      const results = first.message.tool_calls.map((c) => ({ role: 'tool', tool_name: c.function.name, content: 'sunny in Paris' }));
      const second = await client.chat({ model, tools, messages: [...messages, first.message, ...results] });
      assert.match(second.message.content, /sunny in Paris/);
    });

    it('sees a picture', async () => {
      const answer = await client.chat({ model, messages: [{ role: 'user', content: 'What is this?', images: [pixel] }] });
      assert.match(answer.message.content, /image/i);
    });

    it('generates', async () => {
      const answer = await client.generate({ model, prompt: 'Hello there' });
      assert.match(answer.response, /Hello there/);
      let text = '';
      for await (const piece of await client.generate({ model, prompt: 'Hello there', stream: true })) text += piece.response;
      assert.match(text, /Hello there/);
    });

    it('shows the model', async () => {
      const shown = await client.show({ model });
      assert.ok(shown.capabilities.includes('completion'));
    });
  });
}

for (const upstream of ['sim-openai', 'sim-gemini', 'sim-ollama']) {
  it(`embeds → ${upstream}`, async () => {
    const answer = await client.embed({ model: `${upstream}/sim-embed`, input: ['one', 'two'] });
    assert.equal(answer.embeddings.length, 2);
  });
}

it('lists the models', async () => {
  const names = (await client.list()).models.map((m) => m.name);
  assert.ok(names.includes('demo'));
});

it('an unknown model is an error', async () => {
  await assert.rejects(client.chat({ model: 'nothing-at-all', messages: [{ role: 'user', content: 'x' }] }), (error) => error.status_code === 404);
});
