// What every client is asked, and how its answers are looked at.
export const prompt = "Say hello in five languages";
export const weather = "Weather in Paris?";
export const failing = "Fail, please";
export const someone = "A person, please";
export const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
export const schema = { type: "object", properties: { name: { type: "string" }, age: { type: "integer" } }, required: ["name", "age"], additionalProperties: false };

/** A tenth of a second of silence: a WAV file of 8-bit samples. */
export function wav() {
  const samples = 800;
  const bytes = Buffer.alloc(44 + samples, 128);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(8000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(samples, 40);
  return bytes;
}

export const check = (fine, what) => {
  if (!fine) throw new Error(what);
};
export const text = (said) => check(typeof said === "string" && said.length > 3, `no text: ${JSON.stringify(said)}`);
export const tool = (name, input) => check(name === "weather" && typeof input?.city === "string", `no call: ${name} ${JSON.stringify(input)}`);
export const person = (said) => {
  const { name, age } = typeof said === "string" ? JSON.parse(said) : said;
  check(typeof name === "string" && Number.isInteger(age), `not the schema: ${JSON.stringify(said)}`);
};
export const vector = (numbers) => check(numbers.length > 3 && numbers.every(Number.isFinite) && numbers.some((n) => n !== 0), `no vector: ${JSON.stringify(numbers).slice(0, 100)}`);

/** Holds that a call fails as its library says failures: with the status and the provider's reason. */
export async function fails(call) {
  try {
    await call();
  } catch (e) {
    check(statusOf(e) >= 400 && /fail/i.test(e.message), `wrong error: ${statusOf(e)} ${e.name} ${e.message}`);
    return;
  }
  throw new Error("no error");
}

export const statusOf = (e) => e.status ?? e.statusCode;

/** Reads a stream to its first content, hangs up there, and holds that this is no failure but the abort that was asked for. */
export async function cancelled(stream, hasContent, abort) {
  let seen = 0;
  try {
    for await (const piece of stream) {
      if (hasContent(piece)) {
        seen++;
        abort();
      }
    }
  } catch (e) {
    check(/abort/i.test(`${e.name} ${e.message}`), `${e.name} ${e.message}`);
  }
  check(seen > 0, "nothing came before the cancel");
}

// aimock counts no tokens of some answers; the simulators count all.
export const counted = (route, tokens) => check(route.startsWith("mock-") ? tokens >= 0 : tokens > 0, `${tokens} tokens`);
