// One client's cells, asked through every door: a JSON line for each, on standard output.

export const KEY = "any";
export const MODEL = "gpt-4o";
export const PARAMETERS = {
  type: "object",
  properties: { query: { type: "string" } },
  required: ["query"],
  additionalProperties: false,
};
export const lookUp = () => "An entry was found, True.";

export async function main(cells) {
  const asked = JSON.parse(process.argv[2]);
  for (const [form, cell] of Object.entries(cells)) {
    for (const [door, url] of Object.entries(asked.doors)) {
      for (const [kind, question] of Object.entries(asked.questions)) {
        const found = await answered(cell, url, question);
        console.log(JSON.stringify({ form, door, kind, ...found }));
      }
    }
  }
  process.exit(0);
}

async function answered(cell, url, question) {
  try {
    const [told, whole] = await cell(url, question);
    return { told, whole: JSON.stringify(whole) };
  } catch (error) {
    return { error: `${error} / ${error?.cause ?? ""}`.slice(0, 2000) };
  }
}

export async function all(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}
