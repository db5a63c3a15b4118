/** What the page does: moves between places, has pictures painted, follows jobs. */
import { engine } from "./chosen_engine";
import { saveDraft, saveDrawing, loadDraft, loadDrawing } from "./drafts";
import { Drawing } from "./drawing";
import { Failure, type Creation, type Job, type Language, type Order } from "./engine";
import { addressOf, readRoute, type Route } from "./routes";
import { EMPTY_DRAFT, getState, setDraft, setState, subscribe, withJob, type Draft, type Following } from "./state";
import { nameOf, say } from "./words";

export { engine };

export const drawing = new Drawing((fresh) => {
  const { draft } = getState();
  setDraft({
    drawing: draft.drawing + 1,
    sketchId: drawing.libraryId,
    ...(fresh ? { made: [], sent: null } : {}),
  });
  setState({ blank: drawing.blank, failure: null });
  keepDrawing();
});

let keeping: ReturnType<typeof setTimeout> | undefined;
function keepDrawing(): void {
  clearTimeout(keeping);
  keeping = setTimeout(async () => saveDrawing(drawing.blank ? null : await drawing.toBlob()), 250);
}

export const t = (key: string, values?: Record<string, string | number>) => say(getState().language, key, values);

export const toFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  console.error(error);
  return new Failure("failed");
};

/** What waits to be kept before the visitor leaves a place; see finishing.ts. */
export const beforeLeaving = new Set<() => void>();

export function go(route: Route, replace = false): void {
  for (const keep of beforeLeaving) keep();
  const address = addressOf(route);
  const move = replace ? "replaceState" : "pushState";
  history.replaceState({ ...history.state, scroll: scrollY }, "");
  history[move]({ scroll: 0 }, "", address);
  setState({ route, failure: null });
  if (!replace) scrollTo(0, 0);
}

function followAddress(event: PopStateEvent): void {
  for (const keep of beforeLeaving) keep();
  setState({ route: readRoute(location.href), failure: null });
  const scroll = (event.state as { scroll?: number } | null)?.scroll ?? 0;
  setTimeout(() => scrollTo(0, scroll), 60);
}

/** What decides whether a finished picture may replace what is shown. */
const revision = () => {
  const { draft, locks } = getState();
  return JSON.stringify([draft.drawing, draft.prompt, draft.prompts, locks]);
};

export function keepCreation(creation: Creation): void {
  setState({ creations: { ...getState().creations, [creation.id]: creation } });
}

export async function order(wishes: Partial<Order> & Pick<Order, "prompt">): Promise<void> {
  const { draft, session, sending } = getState();
  if (!session || sending) return;
  const defaults = session.defaults;
  setState({ sending: true, failure: null });
  try {
    const seed = Number.parseInt(draft.seed, 10);
    const job = await engine.paint({
      name: draft.name,
      seed: Number.isNaN(seed) ? null : seed,
      variants: draft.variants,
      steps: draft.steps ?? defaults.steps,
      guidance_scale: draft.guidance_scale ?? defaults.guidance_scale,
      image_guidance_scale: draft.image_guidance_scale ?? defaults.image_guidance_scale,
      look: draft.look ?? defaults.look,
      ...wishes,
    });
    setState({
      jobs: withJob(getState().jobs, job),
      following: { job: job.id, at: location.pathname, revision: revision() },
    });
    setDraft({ jobs: { ...getState().draft.jobs, [job.id]: draft.drawing } });
  } catch (error) {
    setState({ failure: toFailure(error) });
  } finally {
    setState({ sending: false });
  }
}

/** Have the drawing on the canvas painted. */
export async function paintDrawing(): Promise<void> {
  const { draft } = getState();
  if (!draft.prompt.trim()) return setState({ failure: new Failure("prompt_empty") });
  if (drawing.blank) return setState({ failure: new Failure("image_missing") });
  const { sent } = draft;
  if (sent?.drawing === draft.drawing)
    return order({ prompt: draft.prompt, again: { creation: sent.creation, number: 0 } });
  return order({
    prompt: draft.prompt,
    sketch: drawing.libraryId ?? drawing.canvas.toDataURL("image/png"),
  });
}

/** The canvas becomes a sketch of the library. */
export async function takeSketch(id: string, name: string, prompt?: string): Promise<void> {
  await placeImage(fetch(engine.sketchImage(id, 768)).then((answer) => answer.blob()), id);
  setDraft({ name, ...(prompt === undefined ? {} : { prompt }) });
}

/** The canvas becomes an image; the visitor is brought to it. */
export async function placeImage(image: Blob | Promise<Blob>, id: string | null = null): Promise<void> {
  try {
    await drawing.place(await image, id);
    if (getState().route.place !== "create") go({ place: "create" });
  } catch {
    setState({ failure: new Failure(getState().online ? "image_unreadable" : "offline") });
  }
}

/** Jobs that were given up or put away; what the server still tells of them comes too late. */
const forgotten = new Set<string>();

export function forgetJob(job: Job): void {
  forgotten.add(job.id);
  setState({ jobs: getState().jobs.filter(({ id }) => id !== job.id) });
  engine.cancel(job.id).catch((error) => {
    if (toFailure(error).kind === "not_found") return;
    forgotten.delete(job.id); // it goes on
    jobChanged(job);
  });
}

function jobEnded(job: Job): void {
  const { draft, following, language } = getState();
  if (job.state !== "done" || !job.creation) {
    if (following?.job === job.id) setState({ following: null });
    return;
  }
  const painted = draft.jobs[job.id];
  const { [job.id]: _, ...others } = draft.jobs;
  if (painted !== undefined) {
    const same = painted === draft.drawing;
    setDraft({
      jobs: others,
      made: draft.made.includes(job.creation) ? draft.made : [...draft.made, job.creation],
      ...(same ? { sent: { drawing: painted, creation: job.creation } } : {}),
    });
  }
  setState({ said: say(language, "ready_said", { what: job.name || job.prompt }) });
  if (following?.job === job.id) void showEnded(job, job.creation, following);
}

/** Let a finished picture replace its sketch. */
async function showEnded(job: Job, id: string, { at, revision: before }: Following): Promise<void> {
  const creation = await engine.creation(id).catch(() => null);
  setState({ following: null });
  // whoever went on drawing, writing or looking elsewhere is left alone: the card says it is ready
  if (!creation || at !== location.pathname || before !== revision()) return;
  keepCreation(creation);
  forgetJob(job);
  go({ place: "result", id, picture: 0 });
}

function jobChanged(job: Job): void {
  if (forgotten.has(job.id)) return;
  const before = getState().jobs.find(({ id }) => id === job.id);
  if (!before && !(job.id in getState().draft.jobs) && job.state === "canceled") return;
  setState({ jobs: withJob(getState().jobs, job), online: true });
  const ended = job.state !== "waiting" && job.state !== "running";
  if (ended && before?.state !== job.state) jobEnded(job);
  if (job.state === "canceled") setState({ jobs: getState().jobs.filter(({ id }) => id !== job.id) });
}

export async function switchLanguage(language: Language): Promise<void> {
  document.documentElement.lang = language;
  setState({ language });
  await engine.setLanguage(language).catch(() => undefined);
}

export async function loadSession(): Promise<void> {
  try {
    const session = await engine.session();
    drawing.largest = session.limits.side ?? drawing.largest;
    document.documentElement.lang = session.language;
    setState({ session, language: session.language, online: true });
  } catch (error) {
    setState({ online: false });
    if (toFailure(error).kind === "offline") setTimeout(loadSession, 2000);
  }
}

/** After a reload: a job of the drawing that is shown replaces it again when it is done. */
function followAgain(): void {
  const { jobs, draft, following, route } = getState();
  if (following || route.place !== "create") return;
  const own = jobs.findLast(
    ({ id, state }) => draft.jobs[id] === draft.drawing && (state === "waiting" || state === "running"),
  );
  if (own) setState({ following: { job: own.id, at: location.pathname, revision: revision() } });
}

/** Take up what was left, and begin to listen. */
export async function start(): Promise<void> {
  const given = document.documentElement.lang === "ko" ? "ko" : "en";
  setState({ language: given, draft: { ...EMPTY_DRAFT, ...(loadDraft() as Partial<Draft> | null) } });
  const { draft } = getState();
  let kept: Draft | null = null;
  subscribe(() => {
    if (getState().draft === kept) return;
    kept = getState().draft;
    saveDraft(kept);
  });
  history.scrollRestoration = "manual";
  addEventListener("popstate", followAddress);
  addEventListener("pagehide", () => beforeLeaving.forEach((keep) => keep()));
  const image = await loadDrawing();
  if (image && drawing.blank) {
    await drawing.place(image, draft.sketchId).catch(() => undefined);
    // it is the same drawing as before
    setDraft({ drawing: draft.drawing, sent: draft.sent, made: draft.made });
  }
  await loadSession();
  engine.watch({
    job: jobChanged,
    jobs: (jobs) => {
      for (const job of jobs) jobChanged(job);
      followAgain();
      const there = new Set(jobs.map(({ id }) => id));
      setState({ jobs: getState().jobs.filter(({ id }) => there.has(id)) });
    },
    online: (online) => {
      if (online !== getState().online) setState({ online });
    },
  });
}

/** What a picture is called. */
export const titleOf = (named: { name: string }) => named.name || t("unnamed");
export { nameOf };
