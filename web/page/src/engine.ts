/** What the page needs of whoever paints and keeps pictures: the server, or the browser itself. */

export type Language = "en" | "ko";
export type Names = Partial<Record<Language, string>>;
export type Look = "clean" | "flat" | "soft";

export interface Color {
  term: string;
  names: Names;
  hex: string;
  /** The words that mean it in English, the term first. */
  words?: string[];
}

export interface Session {
  version: string;
  model: { name: string; small: boolean };
  language: Language;
  limits: Record<string, number>;
  defaults: { steps: number; guidance_scale: number; image_guidance_scale: number; look: Look };
  looks: Look[];
  colors: Color[];
  parts: { name: string; names: Names }[];
  categories: { key: string; names: Names; count: number }[];
  credit: string;
  /** What an engine can do beside painting and finishing by hand; all of it where nothing is said. */
  abilities?: Ability[];
}

/** Public pages; painting a part of a picture anew; keeping locked regions in the next picture. */
export type Ability = "share" | "part" | "lock";

export const can = (session: Session | null, ability: Ability): boolean => session?.abilities?.includes(ability) ?? true;

export interface Sketch {
  id: string;
  names: Names;
  categories: string[];
  finished: boolean;
}

export interface Listing {
  page: number;
  pages: number;
  total: number;
}

/** A part and the color it is to have. */
export interface Asked {
  /** "" for the whole drawing. */
  part: string;
  /** What the part is called, where that is known. */
  names?: Names;
  color: string;
  hex: string;
}

export interface Understood {
  understood: string;
  parts: Asked[];
  colors: number;
  warnings: string[];
  hint?: string | null;
}

export interface Order {
  /** The id of a sketch of the library, or a `data:` URL of an image. */
  sketch?: string;
  /** In place of a sketch: that of an earlier picture. */
  again?: { creation: string; number: number };
  prompt: string;
  name: string;
  seed: number | null;
  variants: number;
  steps: number;
  guidance_scale: number;
  image_guidance_scale: number;
  look: Look;
  keep?: { creation: string; number: number; mask: string };
  only?: string;
}

export interface Job {
  id: string;
  state: "waiting" | "running" | "done" | "failed" | "canceled";
  position: number;
  /** 0 to 1. */
  progress: number;
  eta_seconds: number | null;
  prompt: string;
  name: string;
  created: number | string;
  creation: string | null;
  error: string | null;
}

export interface Verdict extends Asked {
  state: "right" | "wrong" | "present" | "absent" | "ink" | "unmeasured";
  share: number | null;
}

export interface Picture {
  color: string;
  clear: string;
  small: string;
  layers: string;
  sketch: string;
  /** The colors without the lines, RGBA. */
  colors?: string;
  look?: Look;
  width: number;
  height: number;
  verdicts: Verdict[];
  warnings: string[];
}

export interface Creation {
  id: string;
  name: string;
  prompt: string;
  understood: string;
  seeds: number[];
  steps: number;
  guidance_scale: number;
  image_guidance_scale: number;
  look: Look;
  created: number | string;
  parent: string | null;
  sketch_id?: string | null;
  share: string | null;
  pictures: Picture[];
}

/** A wish that was refused, or a server that does not answer (`offline`). */
export class Failure extends Error {
  constructor(
    readonly kind: string,
    readonly values: { field?: string; limit?: number } = {},
  ) {
    super(kind);
  }
}

export interface Watcher {
  /** A job is new or has changed. */
  job(job: Job): void;
  /** All current jobs. */
  jobs(jobs: Job[]): void;
  /** The server began or ceased to answer. */
  online(is: boolean): void;
}

export interface Engine {
  session(): Promise<Session>;
  setLanguage(language: Language): Promise<void>;
  sketches(text: string, category: string, page: number): Promise<Listing & { sketches: Sketch[] }>;
  /** Where a sketch's image is; `color` is a finished picture of it. */
  sketchImage(id: string, size: 192 | 768 | "color"): string;
  understand(prompt: string, signal: AbortSignal): Promise<Understood>;
  /** Have a sketch painted; what becomes of it is told to `watch`. */
  paint(order: Order): Promise<Job>;
  /** Give a job up, or forget one that ended. */
  cancel(job: string): Promise<void>;
  /** Be told of all jobs until the function that is returned is called. */
  watch(watcher: Watcher): () => void;
  creations(text: string, page: number): Promise<Listing & { creations: Creation[] }>;
  creation(id: string): Promise<Creation>;
  remove(id: string): Promise<void>;
  share(id: string, open: boolean): Promise<Creation>;
  /** Where a shared picture's page is, an absolute URL. */
  sharedPage(token: string): string;
  /** An image whose R + 256 G is each pixel's region, 0 on lines. */
  regions(id: string, number: number): Promise<Blob>;
  /** Keep a picture's colors as finished by hand: a `data:` URL of an RGBA PNG. */
  saveColors(id: string, number: number, colors: string): Promise<Creation>;
}
