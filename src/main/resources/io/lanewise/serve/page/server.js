// Talks to the server: requests, streams, and what went wrong as a sentence that says what to do.

let key = "";

export function useKey(newKey) {
  key = newKey;
}

// What a person reads when an answer does not come.
export class Failure extends Error {
  constructor(sentence, advice, status = 0) {
    super(sentence);
    this.advice = advice;
    this.status = status;
  }
}

export const gone = () => new Failure("The server does not answer.",
    "It may have been stopped, or the network fails. Start it again with lanewise serve, then try again.");

function headers() {
  const all = { "Content-Type": "application/json" };
  if (key) {
    all.Authorization = "Bearer " + key;
  }
  return all;
}

// TEI's, OpenAI's and plain errors: the sentence of any of them.
function sentenceOf(text) {
  try {
    const { error, message } = JSON.parse(text);
    return [error, error?.message, message].find((each) => typeof each === "string") ?? "";
  } catch {
    return text.length < 300 && !text.includes("<") ? text.trim() : "";
  }
}

function failureOf(status, said, retryAfter) {
  const full = said && !/[.!?]$/.test(said) ? said + "." : said;
  switch (status) {
    case 401:
    case 403:
      return new Failure(key ? "This is not the API key of the server." : "The server wants an API key.",
          "Type the key that the server was started with into the field at the top.", status);
    case 413:
      return new Failure("The input is too large for the server.", `${full} Shorten it and run it again.`.trim(), status);
    case 429: {
      const wait = /^\d+$/.test(retryAfter ?? "") ? `${retryAfter} second${retryAfter === "1" ? "" : "s"}` : "a moment";
      return new Failure("The server has too much to do.", `Wait ${wait}, then run it again.`, status);
    }
    case 503:
      return new Failure("The server is not ready.", `${full} It is starting or stopping; wait a moment, then try again.`.trim(), status);
    default:
      return status < 500
          ? new Failure(full || `The server refuses this (status ${status}).`, "Change the input and run it again.", status)
          : new Failure(full || `The server failed (status ${status}).`, "Its log says more. Try again, or restart it.", status);
  }
}

// Runs a request; an abort passes through.
async function send(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options, headers: headers() });
  } catch (error) {
    throw error.name === "AbortError" ? error : gone();
  }
  if (!response.ok) {
    const said = sentenceOf(await response.text().catch(() => ""));
    throw failureOf(response.status, said, response.headers.get("Retry-After"));
  }
  return response;
}

async function body(response) {
  let text;
  try {
    text = await response.text();
  } catch (error) {
    throw error.name === "AbortError" ? error : gone();
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure("The answer of the server cannot be read.", "Is this page from the server that answers?");
  }
}

export async function get(path) {
  return body(await send(path, {}));
}

// The answer of a route, and how long it took: {answer, milliseconds, tokens}.
export async function post(route, request, signal) {
  const begin = performance.now();
  const response = await send(route, { method: "POST", body: JSON.stringify(request), signal });
  const answer = await body(response);
  const count = Number(response.headers.get("x-compute-tokens") ?? NaN);
  return { answer, milliseconds: performance.now() - begin, tokens: count > 0 ? count : null };
}

// The data of each server-sent event, as it comes.
export async function* events(route, request, signal) {
  const response = await send(route, { method: "POST", body: JSON.stringify(request), signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      const blocks = (rest + (value ?? "")).split(/\r?\n\r?\n/);
      rest = done ? "" : blocks.pop();
      for (const block of blocks) {
        const data = block.split(/\r?\n/).filter((line) => line.startsWith("data:"))
            .map((line) => line.slice(5).replace(/^ /, "")).join("\n");
        if (data) {
          yield JSON.parse(data);
        }
      }
      if (done) {
        return;
      }
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof Failure) {
      throw error;
    }
    throw gone();
  } finally {
    reader.cancel().catch(() => {});
  }
}
