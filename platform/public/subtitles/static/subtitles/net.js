// Requests of the editor: JSON in and out, every failure an Error that carries the server's words.

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

export class Refused extends Error {
  constructor(status, body) {
    super(body.message ?? "");
    this.status = status;
    this.body = body;
  }
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused(0, {});
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

const headers = () => ({ "X-CSRFToken": token(), "HX-Request": "true" }); // a sign-in page would be no answer: 401 is

export const get = (url) => answer(fetch(url, { headers: headers() }));
export const post = (url, body) => answer(fetch(url, {
  method: "POST",
  headers: body instanceof FormData ? headers() : { ...headers(), "Content-Type": "application/json" },
  body: body instanceof FormData ? body : JSON.stringify(body),
}));
