// The frameworks that most applications call a provider through, unchanged but for the base URL, against every upstream format.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { startDemo, upstreams } from './support.mjs';

const url = await startDemo();
const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'any' });
const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey: 'any' });
const city = z.object({ city: z.string() });
const description = 'Tells the weather of a city';
const vercelTools = { get_weather: tool({ description, inputSchema: city, execute: async ({ city }) => `sunny in ${city}` }) };

const vercel = { 'openai chat': (id) => openai.chat(id), 'openai responses': (id) => openai.responses(id), anthropic: (id) => anthropic(id) };

for (const [name, create] of Object.entries(vercel)) {
  for (const upstream of upstreams) {
    const model = create(`${upstream}/sim-large`);
    const common = { model, maxRetries: 0, maxOutputTokens: 500 };
    describe(`ai, ${name} → ${upstream}`, () => {
      it('generates text', async () => {
        const answer = await generateText({ ...common, system: 'Be brief.', prompt: 'Hello there' });
        assert.match(answer.text, /Hello there/);
        assert.equal(answer.finishReason, 'stop');
        assert.ok(answer.usage.inputTokens > 0 && answer.usage.outputTokens > 0);
      });

      it('streams text', async () => {
        const answer = streamText({ ...common, prompt: 'Hello there', onError: ({ error }) => { throw error; } });
        let text = '';
        for await (const piece of answer.textStream) text += piece;
        assert.match(text, /Hello there/);
        assert.equal(await answer.finishReason, 'stop');
        assert.ok((await answer.usage).outputTokens > 0);
      });

      it('runs a tool and answers', async () => {
        const answer = await generateText({ ...common, prompt: 'Weather in Paris?', tools: vercelTools, stopWhen: stepCountIs(3) });
        assert.equal(answer.steps.length, 2);
        assert.equal(answer.steps[0].finishReason, 'tool-calls');
        assert.match(answer.text, /sunny in Paris/);
      });

      it('runs a tool and answers in a stream', async () => {
        const answer = streamText({ ...common, prompt: 'Weather in Paris?', tools: vercelTools, stopWhen: stepCountIs(3), onError: ({ error }) => { throw error; } });
        assert.match(await answer.text, /sunny in Paris/);
        assert.equal((await answer.steps).length, 2);
      });

      it('generates an object', async () => {
        const { object } = await generateObject({ ...common, schema: city, prompt: 'Name a city, in Paris' });
        assert.equal(typeof object.city, 'string');
      });
    });
  }
}

const weather = langchainTool(async ({ city }) => `sunny in ${city}`, { name: 'get_weather', description, schema: city });
const langchain = {
  'openai chat': (model) => new ChatOpenAI({ model, apiKey: 'any', maxRetries: 0, configuration: { baseURL: `${url}/v1` } }),
  'openai responses': (model) => new ChatOpenAI({ model, apiKey: 'any', maxRetries: 0, useResponsesApi: true, configuration: { baseURL: `${url}/v1` } }),
  anthropic: (model) => new ChatAnthropic({ model, apiKey: 'any', maxRetries: 0, maxTokens: 500, anthropicApiUrl: url }),
};

for (const [name, create] of Object.entries(langchain)) {
  for (const upstream of upstreams) {
    const model = create(`${upstream}/sim-large`);
    describe(`langchain, ${name} → ${upstream}`, () => {
      it('invokes', async () => {
        const answer = await model.invoke([new SystemMessage('Be brief.'), new HumanMessage('Hello there')]);
        assert.match(answer.text, /Hello there/);
        assert.ok(answer.usage_metadata.input_tokens > 0 && answer.usage_metadata.output_tokens > 0);
      });

      it('streams', async () => {
        let whole;
        for await (const piece of await model.stream('Hello there')) whole = whole ? whole.concat(piece) : piece;
        assert.match(whole.text, /Hello there/);
        assert.ok(whole.usage_metadata.output_tokens > 0);
      });

      for (const streamed of [false, true]) {
        it(`calls a bound tool and takes its result, ${streamed ? 'streamed' : 'whole'}`, async () => {
          const bound = model.bindTools([weather]);
          const ask = async (messages) => {
            if (!streamed) return bound.invoke(messages);
            let whole;
            for await (const piece of await bound.stream(messages)) whole = whole ? whole.concat(piece) : piece;
            return whole;
          };
          const messages = [new HumanMessage('Weather in Paris?')];
          const first = await ask(messages);
          assert.equal(first.tool_calls.length, 1);
          assert.equal(first.tool_calls[0].args.city, 'Paris');
          const results = await Promise.all(first.tool_calls.map((call) => weather.invoke(call)));
          assert.ok(ToolMessage.isInstance(results[0]));
          assert.match((await ask([...messages, first, ...results])).text, /sunny in Paris/);
        });
      }
    });
  }
}
