// The official openai package, unchanged but for the base URL, against every upstream format.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI, { NotFoundError } from 'openai';
import { pixel, startDemo, upstreams, weatherSchema } from './support.mjs';

const url = await startDemo();
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function', function: { name, description: name, parameters: weatherSchema } }));

for (const upstream of upstreams) {
  const model = `${upstream}/sim-large`;
  describe(`openai → ${upstream}`, () => {
    it('chat answers whole', async () => {
      const answer = await client.chat.completions.create({ model, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hello there' }] });
      assert.match(answer.choices[0].message.content, /Hello there/);
      assert.equal(answer.choices[0].finish_reason, 'stop');
      assert.equal(answer.object, 'chat.completion');
      assert.ok(answer.usage.prompt_tokens > 0 && answer.usage.completion_tokens > 0);
      assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
    });

    it('chat answers in a stream with usage when asked', async () => {
      const stream = await client.chat.completions.create({ model, stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'Hello there' }] });
      let text = '', finish, usage;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta?.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      assert.match(text, /Hello there/);
      assert.equal(finish, 'stop');
      assert.ok(usage.completion_tokens > 0);
    });

    it('chat sends no usage chunk when not asked', async () => {
      const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content: 'Hi' }] });
      for await (const chunk of stream) assert.ok(!chunk.usage, JSON.stringify(chunk));
    });

    it('chat calls several tools and takes their results', async () => {
      const messages = [{ role: 'user', content: 'Use several tools please' }];
      const first = await client.chat.completions.create({ model, messages, tools });
      const calls = first.choices[0].message.tool_calls;
      assert.equal(first.choices[0].finish_reason, 'tool_calls');
      assert.ok(calls.length >= 2, 'several calls');
      assert.equal(new Set(calls.map((c) => c.id)).size, calls.length);
      for (const call of calls) assert.equal(typeof JSON.parse(call.function.arguments), 'object');
      const second = await client.chat.completions.create({
        model, tools, messages: [...messages, first.choices[0].message, ...calls.map((c) => ({ role: 'tool', tool_call_id: c.id, content: 'sunny in Paris' }))],
      });
      assert.match(second.choices[0].message.content, /sunny in Paris/);
    });

    it('chat streams several tool calls', async () => {
      const runner = client.chat.completions.stream({ model, tools, messages: [{ role: 'user', content: 'Use several tools please' }] });
      const final = await runner.finalChatCompletion();
      assert.equal(final.choices[0].finish_reason, 'tool_calls');
      assert.ok(final.choices[0].message.tool_calls.length >= 2);
      for (const call of final.choices[0].message.tool_calls) JSON.parse(call.function.arguments);
    });

    it('chat sees a picture', async () => {
      const answer = await client.chat.completions.create({
        model, messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }] }],
      });
      assert.match(answer.choices[0].message.content, /image/i);
    });

    it('responses answer whole and in a stream', async () => {
      const whole = await client.responses.create({ model, input: 'Hello there', instructions: 'Be brief.' });
      assert.equal(whole.status, 'completed');
      assert.match(whole.output_text, /Hello there/);
      assert.ok(whole.usage.input_tokens > 0);
      const stream = client.responses.stream({ model, input: 'Hello there' });
      const final = await stream.finalResponse();
      assert.match(final.output_text, /Hello there/);
      assert.equal(final.status, 'completed');
    });

    it('responses call a tool and take its result', async () => {
      const responseTools = [{ type: 'function', name: 'get_weather', parameters: weatherSchema, strict: false }];
      const input = [{ role: 'user', content: 'Weather please' }];
      const first = await client.responses.create({ model, input, tools: responseTools });
      const call = first.output.find((item) => item.type === 'function_call');
      assert.ok(call, 'a call');
      const second = await client.responses.create({ model, tools: responseTools, input: [...input, ...first.output, { type: 'function_call_output', call_id: call.call_id, output: 'sunny in Paris' }] });
      assert.match(second.output_text, /sunny in Paris/);
    });

    it('legacy completions answer whole and in a stream', async () => {
      const whole = await client.completions.create({ model, prompt: 'Hello there', max_tokens: 100 });
      assert.match(whole.choices[0].text, /Hello there/);
      let text = '';
      for await (const chunk of await client.completions.create({ model, prompt: 'Hello there', stream: true })) text += chunk.choices[0]?.text ?? '';
      assert.match(text, /Hello there/);
    });

    it('max_tokens ends with length', async () => {
      const answer = await client.chat.completions.create({ model, max_tokens: 3, messages: [{ role: 'user', content: 'A long story about many things, please' }] });
      assert.equal(answer.choices[0].finish_reason, 'length');
    });
  });
}

for (const upstream of ['sim-openai', 'sim-gemini', 'sim-ollama']) {
  it(`embeddings → ${upstream}`, async () => {
    const answer = await client.embeddings.create({ model: `${upstream}/sim-embed`, input: ['one', 'two'] });
    assert.equal(answer.data.length, 2);
    assert.ok(answer.data[0].embedding.length > 1);
    assert.ok(answer.data[0].embedding.every((n) => Number.isFinite(n)));
  });
}

it('the route answers', async () => {
  const { data, response } = await client.chat.completions.create({ model: 'demo', messages: [{ role: 'user', content: 'Hello' }] }).withResponse();
  assert.match(data.choices[0].message.content, /Hello/);
  assert.equal(response.headers.get('x-sluice-provider'), 'sim-openai');
  assert.ok(response.headers.get('x-request-id'));
});

it('models are listed', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('demo'));
  for (const upstream of upstreams) assert.ok(ids.some((id) => id.startsWith(`${upstream}/`)), upstream);
  assert.equal((await client.models.retrieve('demo')).id, 'demo');
});

it('an unknown model is a NotFoundError with a suggestion', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'dmeo', messages: [{ role: 'user', content: 'x' }] }), (error) => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.code, 'model_not_found');
    assert.match(error.message, /'demo'/);
    return true;
  });
});

for (const upstream of ['sim-anthropic', 'sim-gemini', 'sim-ollama']) {
  it(`previous_response_id continues over ${upstream}, which keeps nothing`, async () => {
    const model = `${upstream}/sim-large`;
    const first = await client.responses.create({ model, input: 'My name is Ada' });
    const second = await client.responses.create({ model, input: 'And now?', previous_response_id: first.id });
    assert.match(second.output_text, /And now/);
    assert.equal(second.previous_response_id, first.id);
    assert.equal((await client.responses.retrieve(first.id)).id, first.id);
    const streamed = await client.responses.stream({ model, input: 'More', previous_response_id: second.id }).finalResponse();
    assert.equal((await client.responses.retrieve(streamed.id)).output_text ?? '', streamed.output_text ?? '');
    await client.responses.delete(first.id);
    await assert.rejects(client.responses.retrieve(first.id), NotFoundError);
    await assert.rejects(client.responses.create({ model, input: 'x', previous_response_id: 'resp_unknown' }), (e) => e.status >= 400 && e.status < 500);
  });
}

it('a turn that only the gateway keeps can go on at an upstream that has the Responses API', async () => {
  const first = await client.responses.create({ model: 'sim-anthropic/sim-large', input: 'My name is Ada' });
  const second = await client.responses.create({ model: 'sim-openai/sim-large', input: 'And now?', previous_response_id: first.id });
  assert.match(second.output_text, /And now/);
});
