/** All that the page knows, in one place; components read it with `useStore`. */
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { Creation, Failure, Job, Language, Look, Session } from "./engine";
import { readRoute, type Route } from "./routes";

/** What the visitor is about to have painted; kept over reloads. */
export interface Draft {
  prompt: string;
  name: string;
  /** Empty: random. */
  seed: string;
  variants: number;
  steps: number | null;
  guidance_scale: number | null;
  image_guidance_scale: number | null;
  look: Look | null;
  /** The library's sketch on the canvas, while nothing was drawn on it. */
  sketchId: string | null;
  /** Counts the steps of drawing, so that it is known which drawing a picture is of. */
  drawing: number;
  /** The last picture of the drawing as it is: its sketch need not be sent again. */
  sent: { drawing: number; creation: string } | null;
  /** All pictures made of this drawing. */
  made: string[];
  /** Own jobs: which drawing each one paints. */
  jobs: Record<string, number>;
  /** Prompts that were changed beside a result. */
  prompts: Record<string, string>;
  lastResult: string | null;
}

export const EMPTY_DRAFT: Draft = {
  prompt: "", name: "", seed: "", variants: 1, steps: null, guidance_scale: null,
  image_guidance_scale: null, look: null, sketchId: null, drawing: 0, sent: null, made: [],
  jobs: {}, prompts: {}, lastResult: null,
};

export interface Following {
  job: string;
  at: string;
  revision: string;
}

export interface State {
  session: Session | null;
  language: Language;
  route: Route;
  online: boolean;
  jobs: Job[];
  draft: Draft;
  /** Whether nothing is drawn. */
  blank: boolean;
  creations: Record<string, Creation>;
  /** Locked regions, by `${creation}/${number}`. */
  locks: Record<string, number[]>;
  /** The job whose picture is to replace the sketch, and where the visitor was. */
  following: Following | null;
  failure: Failure | null;
  /** Told to screen readers. */
  said: string;
  sending: boolean;
}

let state: State = {
  session: null,
  language: "en",
  route: readRoute(typeof location === "undefined" ? "/" : location.href),
  online: true,
  jobs: [],
  draft: EMPTY_DRAFT,
  blank: true,
  creations: {},
  locks: {},
  following: null,
  failure: null,
  said: "",
  sending: false,
};
const listeners = new Set<() => void>();

export const getState = (): State => state;

export function setState(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of [...listeners]) listener();
}

export const setDraft = (change: Partial<Draft>): void => setState({ draft: { ...state.draft, ...change } });

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A part of the state; the component is rendered again when it becomes another value. */
export function useStore<Part>(select: (state: State) => Part): Part {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const part = select(state);
  const latest = useRef({ select, part });
  latest.current = { select, part };
  useEffect(
    () => subscribe(() => {
      if (!Object.is(latest.current.select(state), latest.current.part)) render(0);
    }),
    [],
  );
  return part;
}

/** Jobs with one more, or one changed; newest last. */
export function withJob(jobs: Job[], job: Job): Job[] {
  return jobs.some(({ id }) => id === job.id) ? jobs.map((known) => (known.id === job.id ? job : known)) : [...jobs, job];
}

/** The pictures that belong to the same drawing as `id`: those it came from, and those made from them. */
export function sameDrawing(creations: Creation[], id: string, made: string[] = []): Creation[] {
  const root = (creation: Creation | undefined): string | undefined => {
    const seen = new Set<string>();
    let current = creation;
    while (current?.parent && !seen.has(current.id)) {
      seen.add(current.id);
      const parent = creations.find((other) => other.id === current!.parent);
      if (!parent) return current.parent;
      current = parent;
    }
    return current?.id;
  };
  const shown = creations.find((creation) => creation.id === id);
  const own = root(shown) ?? id;
  const drawing = made.includes(id) ? made : [];
  return creations.filter(
    (creation) =>
      creation.id === id ||
      root(creation) === own ||
      drawing.includes(creation.id) ||
      (!!creation.sketch_id && creation.sketch_id === shown?.sketch_id),
  );
}
