// The official @google/genai package, unchanged but for the base URL, against every upstream format.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GoogleGenAI, Type } from '@google/genai';
import { pixel, startDemo, upstreams } from './support.mjs';

const url = await startDemo();
const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: url } });
const declare = (name) => ({ name, description: name, parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] } });
const tools = [{ functionDeclarations: ['get_weather', 'get_time'].map(declare) }];

for (const upstream of upstreams) {
  const model = `${upstream}/sim-large`;
  describe(`gemini → ${upstream}`, () => {
    it('answers whole', async () => {
      const answer = await client.models.generateContent({ model, contents: 'Hello there', config: { systemInstruction: 'Be brief.' } });
      assert.match(answer.text, /Hello there/);
      assert.equal(answer.candidates[0].finishReason, 'STOP');
      assert.ok(answer.usageMetadata.promptTokenCount > 0);
    });

    it('answers in a stream', async () => {
      let text = '', finish;
      for await (const chunk of await client.models.generateContentStream({ model, contents: 'Hello there' })) {
        text += chunk.text ?? '';
        finish = chunk.candidates?.[0]?.finishReason ?? finish;
      }
      assert.match(text, /Hello there/);
      assert.equal(finish, 'STOP');
    });

    it('calls several tools and takes their results', async () => {
      const contents = [{ role: 'user', parts: [{ text: 'Use several tools please' }] }];
      const first = await client.models.generateContent({ model, contents, config: { tools } });
      const calls = first.functionCalls;
      assert.ok(calls.length >= 2);
      const results = calls.map((c) => ({ functionResponse: { id: c.id, name: c.name, response: { output: 'sunny in Paris' } } }));
      const second = await client.models.generateContent({ model, contents: [...contents, first.candidates[0].content, { role: 'user', parts: results }], config: { tools } });
      assert.match(second.text, /sunny in Paris/);
    });

    it('sees a picture', async () => {
      const answer = await client.models.generateContent({ model, contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: pixel } }, { text: 'What is this?' }] }] });
      assert.match(answer.text, /image/i);
    });

    it('counts tokens', async () => {
      assert.ok((await client.models.countTokens({ model, contents: 'Hello there, how are you?' })).totalTokens > 0);
    });
  });
}

for (const upstream of ['sim-openai', 'sim-gemini', 'sim-ollama']) {
  it(`embeds → ${upstream}`, async () => {
    const answer = await client.models.embedContent({ model: `${upstream}/sim-embed`, contents: ['one', 'two'] });
    assert.equal(answer.embeddings.length, 2);
    assert.ok(answer.embeddings[0].values.length > 1);
  });
}

it('an unknown model is an error of status 404', async () => {
  await assert.rejects(client.models.generateContent({ model: 'nothing-at-all', contents: 'x' }), (error) => error.status === 404);
});
