// The AI SDK, with the provider for compatible APIs and with OpenAI's own, in their defaults.

import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Output, generateObject, generateText, stepCountIs, streamObject, streamText, tool } from "ai";
import { z } from "zod";
import { KEY, MODEL, all, lookUp, main } from "./asking.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;
const Answer = z.object({ subject: z.string(), answer: z.string(), certain: z.boolean() });
const tools = {
  look_up: tool({
    description: "Look something up.",
    inputSchema: z.object({ query: z.string() }),
    execute: lookUp,
  }),
};
const providers = {
  "openai-compatible": (url) =>
    createOpenAICompatible({
      name: "any", baseURL: url, apiKey: KEY, supportsStructuredOutputs: true,
    })(MODEL),
  "openai": (url) => createOpenAI({ baseURL: url, apiKey: KEY })(MODEL),
};
const once = { maxRetries: 0 };
const rethrown = { onError: ({ error }) => { throw error; } };
const callsIn = (steps) =>
  steps.flatMap((step) => step.toolCalls.map((call) => [call.toolName, call.input]));

const forms = {
  plain: async (model, prompt) => {
    const made = await generateText({ model, prompt, ...once });
    return [made.text, [made.text, made.response, made.steps]];
  },
  streamed: async (model, prompt) => {
    const made = streamText({ model, prompt, ...once, ...rethrown });
    const parts = await all(made.fullStream);
    const failed = parts.find((part) => part.type === "error");
    if (failed) throw failed.error;
    return [await made.text, [parts, await made.response]];
  },
  tools: async (model, prompt) => {
    const made = await generateText({ model, prompt, tools, stopWhen: stepCountIs(3), ...once });
    return [[callsIn(made.steps), made.text], [made.steps, made.response]];
  },
  "tools streamed": async (model, prompt) => {
    const made = streamText({
      model, prompt, tools, stopWhen: stepCountIs(3), ...once, ...rethrown,
    });
    const parts = await all(made.fullStream);
    const failed = parts.find((part) => part.type === "error");
    if (failed) throw failed.error;
    return [[callsIn(await made.steps), await made.text], [parts, await made.response]];
  },
  "forced tool": async (model, prompt) => {
    const toolChoice = { type: "tool", toolName: "look_up" };
    const made = await generateText({ model, prompt, tools, toolChoice, ...once });
    const [call] = callsIn(made.steps);
    if (!call) throw new Error(`no call: ${made.text}`);
    return [call, made.steps];
  },
  structured: async (model, prompt) => {
    const made = await generateObject({ model, prompt, schema: Answer, ...once });
    return [made.object, [made.object, made.response]];
  },
  "structured streamed": async (model, prompt) => {
    const made = streamObject({ model, prompt, schema: Answer, ...once });
    const parts = await all(made.fullStream);
    return [await made.object, parts];
  },
  "structured, as output": async (model, prompt) => {
    const output = Output.object({ schema: Answer });
    const made = await generateText({ model, prompt, output, ...once });
    return [made.output, [made.output, made.steps]];
  },
  "two turns": async (model, prompt) => {
    const first = await generateText({ model, prompt: "Hello.", ...once });
    const messages = [
      { role: "user", content: "Hello." },
      ...first.response.messages,
      { role: "user", content: prompt },
    ];
    const last = await generateText({ model, messages, ...once });
    return [[first.text, last.text], [first.response, last.response]];
  },
};

await main(Object.fromEntries(
  Object.entries(providers).flatMap(([provider, modelAt]) =>
    Object.entries(forms).map(([form, ask]) => [
      `${provider}, ${form}`, (url, question) => ask(modelAt(url), question),
    ])),
));
