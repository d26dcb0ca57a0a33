// A tool loop of five turns with reasoning, by every client, against providers that refuse a turn whose reasoning is missing, altered or another's. DeepSeek's has no signature, and must come back all the same.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { startServe, weatherSchema } from './support.mjs';

// Strict where a budget of tokens can be said: no turn may need a report to come through.
const { url } = await startServe((simulator) => `
providers:
  sim-anthropic: { type: anthropic, base_url: "${simulator}/anthropic", api_key: any, strict: true }
  sim-gemini: { type: gemini, base_url: "${simulator}/gemini", api_key: any, strict: true }
  sim-deepseek: { type: deepseek, base_url: "${simulator}/openai/v1", api_key: any }
  sim-responses: { type: openai-responses, base_url: "${simulator}/openai", api_key: any }
`);

const models = ['sim-anthropic/sim-signed-large', 'sim-gemini/gemini-3-signed', 'sim-responses/gpt-5.4-signed', 'sim-deepseek/deepseek-reasoner-signed'];
const question = 'What is the weather in Paris?';
const turns = 5;
const resultOf = (turn) => turn < turns ? `Rain in step ${turn}. [[sim:again]]` : 'Sunny at last';

const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
const chatTools = [{ type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: weatherSchema } }];

/** What is left of a message in a typed client that knows no field but the published ones. */
const published = ({ role, content, tool_calls }) => ({
  role, content, tool_calls: tool_calls?.map(({ id, type, function: { name, arguments: args } }) => ({ id, type, function: { name, arguments: args } })),
});

async function chat(model, streamed, keep) {
  const messages = [{ role: 'user', content: question }];
  for (let turn = 1; ; turn++) {
    const request = { model, messages, tools: chatTools, reasoning_effort: 'medium' };
    const answer = streamed ? await openai.chat.completions.stream(request).finalChatCompletion() : await openai.chat.completions.create(request);
    const { message } = answer.choices[0];
    if (!message.tool_calls?.length) return { turn, text: message.content };
    messages.push(keep(message), ...message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: resultOf(turn) })));
  }
}

async function responses(model, streamed, extra) {
  const input = [{ role: 'user', content: question }];
  const tools = [{ type: 'function', name: 'get_weather', description: 'Weather', parameters: weatherSchema, strict: false }];
  for (let turn = 1; ; turn++) {
    const request = { model, input, tools, reasoning: { effort: 'medium', summary: 'auto' }, ...extra };
    const answer = streamed ? await openai.responses.stream(request).finalResponse() : await openai.responses.create(request);
    const calls = answer.output.filter((item) => item.type === 'function_call');
    if (calls.length === 0) return { turn, text: answer.output_text };
    input.push(...answer.output, ...calls.map((call) => ({ type: 'function_call_output', call_id: call.call_id, output: resultOf(turn) })));
  }
}

const anthropic = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });

async function claude(model, streamed) {
  const messages = [{ role: 'user', content: question }];
  for (let turn = 1; ; turn++) {
    const request = {
      model, messages, max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 },
      tools: [{ name: 'get_weather', description: 'Weather', input_schema: weatherSchema }],
    };
    const answer = streamed ? await anthropic.messages.stream(request).finalMessage() : await anthropic.messages.create(request);
    const calls = answer.content.filter((block) => block.type === 'tool_use');
    if (calls.length === 0) return { turn, text: answer.content.map((block) => block.text ?? '').join('') };
    messages.push({ role: 'assistant', content: answer.content }, { role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: resultOf(turn) })) });
  }
}

const gemini = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: url } });

async function genai(model, streamed) {
  const contents = [{ role: 'user', parts: [{ text: question }] }];
  const config = {
    thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 },
    tools: [{ functionDeclarations: [{ name: 'get_weather', description: 'Weather', parametersJsonSchema: weatherSchema }] }],
  };
  for (let turn = 1; ; turn++) {
    const parts = [];
    if (streamed) for await (const chunk of await gemini.models.generateContentStream({ model, contents, config })) parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    else parts.push(...(await gemini.models.generateContent({ model, contents, config })).candidates[0].content.parts);
    const calls = parts.flatMap((part) => part.functionCall ?? []);
    if (calls.length === 0) return { turn, text: parts.filter((part) => !part.thought).map((part) => part.text ?? '').join('') };
    contents.push({ role: 'model', parts }, { role: 'user', parts: calls.map((call) => ({ functionResponse: { id: call.id, name: call.name, response: { output: resultOf(turn) } } })) });
  }
}

const ollama = new Ollama({ host: url });

async function local(model, streamed) {
  const messages = [{ role: 'user', content: question }];
  for (let turn = 1; ; turn++) {
    const request = { model, messages, tools: chatTools, think: true };
    let message;
    if (streamed) {
      message = { role: 'assistant', content: '', thinking: '', tool_calls: [] };
      for await (const piece of await ollama.chat({ ...request, stream: true })) {
        message.content += piece.message.content ?? '';
        message.thinking += piece.message.thinking ?? '';
        message.tool_calls.push(...(piece.message.tool_calls ?? []));
      }
    } else {
      message = (await ollama.chat(request)).message;
    }
    if (!message.tool_calls?.length) return { turn, text: message.content };
    messages.push(message, ...message.tool_calls.map((call) => ({ role: 'tool', tool_name: call.function.name, content: resultOf(turn) })));
  }
}

const clients = {
  'openai chat': (model, streamed) => chat(model, streamed, (message) => message),
  'openai chat, published fields only': (model, streamed) => chat(model, streamed, published),
  'openai responses': responses,
  'openai responses, nothing stored': (model, streamed) => responses(model, streamed, { store: false, include: ['reasoning.encrypted_content'] }),
  anthropic: claude,
  gemini: genai,
  ollama: local,
};

for (const [name, loop] of Object.entries(clients)) {
  describe(name, () => {
    for (const model of models) {
      for (const streamed of [false, true]) {
        it(`${model}, ${streamed ? 'streamed' : 'whole'}`, async () => {
          const { turn, text } = await loop(model, streamed);
          assert.equal(turn, turns + 1);
          assert.match(text, /Sunny at last/);
        });
      }
    }
  });
}
