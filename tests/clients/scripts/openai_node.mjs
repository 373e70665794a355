// openai-node: chat completions and responses.

import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { KEY, MODEL, PARAMETERS, all, lookUp, main } from "./asking.mjs";

const Answer = z.object({ subject: z.string(), answer: z.string(), certain: z.boolean() });
const chatTool = {
  type: "function",
  function: { name: "look_up", parameters: PARAMETERS, strict: true },
};
const tool = { type: "function", name: "look_up", parameters: PARAMETERS, strict: true };

const client = (url) => new OpenAI({ baseURL: url, apiKey: KEY, maxRetries: 0 });
const user = (content) => [{ role: "user", content }];
const calledIn = (message) =>
  (message.tool_calls ?? []).map((call) => [call.function.name, call.function.arguments]);
const itemsIn = (made) => made.output.filter((item) => item.type === "function_call");

await main({
  "chat, plain": async (url, question) => {
    const made = await client(url).chat.completions.create({
      model: MODEL, messages: user(question),
    });
    return [made.choices[0].message.content, made];
  },
  "chat, streamed": async (url, question) => {
    const chunks = await all(await client(url).chat.completions.create({
      model: MODEL, messages: user(question), stream: true,
    }));
    return [chunks.map((c) => c.choices[0]?.delta?.content ?? "").join(""), chunks];
  },
  "chat, tools": async (url, question) => {
    const run = client(url).chat.completions.runTools({
      model: MODEL,
      messages: user(question),
      tools: [{
        type: "function",
        function: { ...chatTool.function, function: lookUp, parse: JSON.parse },
      }],
    });
    const text = await run.finalContent();
    const calls = run.messages.flatMap(calledIn);
    return [[calls, text], run.allChatCompletions()];
  },
  "chat, tools streamed": async (url, question) => {
    const stream = client(url).chat.completions.stream({
      model: MODEL, messages: user(question), tools: [chatTool],
    });
    const chunks = await all(stream);
    const { message } = (await stream.finalChatCompletion()).choices[0];
    return [[calledIn(message), message.content], [chunks, message]];
  },
  "chat, forced tool": async (url, question) => {
    const made = await client(url).chat.completions.create({
      model: MODEL, messages: user(question), tools: [chatTool],
      tool_choice: { type: "function", function: { name: "look_up" } },
    });
    const [call] = made.choices[0].message.tool_calls;
    return [[call.function.name, call.function.arguments], made];
  },
  "chat, structured": async (url, question) => {
    const made = await client(url).chat.completions.parse({
      model: MODEL, messages: user(question), response_format: zodResponseFormat(Answer, "answer"),
    });
    return [Answer.parse(made.choices[0].message.parsed), made];
  },
  "chat, structured streamed": async (url, question) => {
    const stream = client(url).chat.completions.stream({
      model: MODEL, messages: user(question), response_format: zodResponseFormat(Answer, "answer"),
    });
    const chunks = await all(stream);
    const made = await stream.finalChatCompletion();
    return [Answer.parse(made.choices[0].message.parsed), [chunks, made]];
  },
  "responses, plain": async (url, question) => {
    const made = await client(url).responses.create({ model: MODEL, input: question });
    return [made.output_text, made];
  },
  "responses, streamed": async (url, question) => {
    const stream = client(url).responses.stream({ model: MODEL, input: question });
    const events = await all(stream);
    const made = await stream.finalResponse();
    return [made.output_text, [events, made]];
  },
  "responses, tools": async (url, question) => {
    const options = { model: MODEL, tools: [tool] };
    const input = user(question);
    const first = await client(url).responses.create({ ...options, input });
    const calls = itemsIn(first);
    if (!calls.length) return [first.output_text, first];
    const results = calls.map((call) => ({
      type: "function_call_output", call_id: call.call_id, output: lookUp(),
    }));
    const last = await client(url).responses.create({
      ...options, input: [...input, ...first.output, ...results],
    });
    return [[calls.map((c) => [c.name, c.arguments]), last.output_text], [first, last]];
  },
  "responses, tools streamed": async (url, question) => {
    const stream = client(url).responses.stream({ model: MODEL, input: question, tools: [tool] });
    const events = await all(stream);
    const made = await stream.finalResponse();
    const calls = itemsIn(made).map((c) => [c.name, c.arguments]);
    return [[calls, made.output_text], [events, made]];
  },
  "responses, structured": async (url, question) => {
    const made = await client(url).responses.parse({
      model: MODEL, input: question, text: { format: zodTextFormat(Answer, "answer") },
    });
    return [Answer.parse(made.output_parsed), made];
  },
  "responses, structured streamed": async (url, question) => {
    const stream = client(url).responses.stream({
      model: MODEL, input: question, text: { format: zodTextFormat(Answer, "answer") },
    });
    const events = await all(stream);
    const made = await stream.finalResponse();
    return [Answer.parse(made.output_parsed), [events, made]];
  },
  "responses, forced tool": async (url, question) => {
    const made = await client(url).responses.create({
      model: MODEL, input: question, tools: [tool],
      tool_choice: { type: "function", name: "look_up" },
    });
    const [call] = itemsIn(made);
    return [[call.name, call.arguments], made];
  },
  "responses, stored": async (url, question) => {
    const first = await client(url).responses.create({ model: MODEL, input: "Hello." });
    const last = await client(url).responses.create({
      model: MODEL, input: question, previous_response_id: first.id,
    });
    return [[first.output_text, last.output_text], [first, last]];
  },
});
