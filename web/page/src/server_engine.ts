/** The server as an engine: the HTTP API, and its events. */
import { Failure, type Engine, type Job, type Watcher } from "./engine";

const RETRY = 2000; // milliseconds
const JOB_EVENTS = "/api/events";

async function request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      signal,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure("offline");
  }
  if (answer.ok) return answer;
  const said = (await answer.json().catch(() => ({}))) as { error?: string; field?: string; limit?: number };
  throw new Failure(said.error ?? (answer.status >= 502 ? "offline" : "failed"), said);
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await request(method, path, body, signal);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

const query = (values: Record<string, string | number>) => new URLSearchParams(
  Object.entries(values).map(([key, value]) => [key, String(value)]),
).toString();

const creationPath = (id: string) => `/api/creations/${encodeURIComponent(id)}`;

function watch(watcher: Watcher): () => void {
  let events: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const refresh = async () => {
    try {
      watcher.jobs((await call<{ jobs: Job[] }>("GET", "/api/jobs")).jobs);
      watcher.online(true);
    } catch (error) {
      if (error instanceof Failure && error.kind === "offline") watcher.online(false);
    }
  };
  const open = () => {
    if (closed) return;
    events = new EventSource(JOB_EVENTS);
    events.addEventListener("open", refresh);
    events.addEventListener("job", (event) => watcher.job(JSON.parse((event as MessageEvent).data)));
    events.addEventListener("error", () => {
      // a restarting server may answer with an error, after which the browser gives up by itself
      events?.close();
      clearTimeout(retry);
      retry = setTimeout(open, RETRY);
      void refresh();
    });
  };
  open();
  return () => {
    closed = true;
    clearTimeout(retry);
    events?.close();
  };
}

export const serverEngine: Engine = {
  session: () => call("GET", "/api/session"),
  setLanguage: (language) => call("PUT", "/api/language", { language }),
  sketches: (text, category, page) => call("GET", `/api/sketches?${query({ text, category, page })}`),
  sketchImage: (id, size) => `/sketches/${encodeURIComponent(id)}/${size}.png`,
  understand: (prompt, signal) => call("POST", "/api/understand", { prompt }, signal),
  paint: (order) => call("POST", "/api/jobs", order),
  cancel: (job) => call("DELETE", `/api/jobs/${encodeURIComponent(job)}`),
  watch,
  creations: (text, page) => call("GET", `/api/creations?${query({ text, page })}`),
  creation: (id) => call("GET", creationPath(id)),
  remove: (id) => call("DELETE", creationPath(id)),
  share: (id, open) => call("PUT", `${creationPath(id)}/share`, { public: open }),
  sharedPage: (token) => new URL(`/shared/${token}`, location.href).href,
  regions: async (id, number) =>
    (await request("GET", `${creationPath(id)}/regions/${number}.png`)).blob(),
  saveColors: (id, number, colors) => call("PUT", `${creationPath(id)}/pictures/${number}`, { colors }),
};
