/** Jobs that are done one after another. */

import { Failure, type Job, type Order, type Watcher } from "../../../page/src/engine";

/** Does the work of a job and returns the id of what it made. */
export type Work = (on: (done: number) => void, canceled: AbortSignal) => Promise<string>;

interface Entry {
  job: Job;
  work: Work;
  stop: AbortController;
  started: number;
}

export class Jobs {
  private readonly entries = new Map<string, Entry>();
  private readonly watchers = new Set<Watcher>();
  private running: Promise<void> = Promise.resolve();

  add(order: Order, work: Work): Job {
    const waiting = [...this.entries.values()].filter(({ job }) => ["waiting", "running"].includes(job.state));
    const job: Job = {
      ...{ id: crypto.randomUUID(), state: "waiting", position: waiting.length, progress: 0 },
      ...{ eta_seconds: null, prompt: order.prompt, name: order.name, created: Date.now() / 1000 },
      ...{ creation: null, error: null },
    };
    const entry = { job, work, stop: new AbortController(), started: 0 };
    this.entries.set(job.id, entry);
    this.tell(entry, {});
    this.running = this.running.then(() => this.run(entry));
    return { ...entry.job };
  }

  /** Give a job up, or forget one that ended. */
  cancel(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) throw new Failure("not_found");
    if (!["waiting", "running"].includes(entry.job.state)) {
      this.entries.delete(id);
      return;
    }
    entry.stop.abort();
    if (entry.job.state === "waiting") this.tell(entry, { state: "canceled", position: 0 });
  }

  /** Be told of all jobs until the function that is returned is called. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    watcher.jobs([...this.entries.values()].map(({ job }) => ({ ...job })));
    return () => void this.watchers.delete(watcher);
  }

  private async run(entry: Entry): Promise<void> {
    if (entry.stop.signal.aborted) return;
    entry.started = Date.now();
    this.tell(entry, { state: "running", position: 0 });
    const on = (done: number) => {
      const passed = (Date.now() - entry.started) / 1000;
      this.tell(entry, { progress: done, eta_seconds: done > 0 ? (passed * (1 - done)) / done : null });
    };
    try {
      const creation = await entry.work(on, entry.stop.signal);
      this.tell(entry, { state: "done", progress: 1, eta_seconds: null, creation });
    } catch (error) {
      const kind = error instanceof Failure ? error.kind : "failed";
      if (!(error instanceof Failure)) console.error(error);
      this.tell(entry, { state: kind === "canceled" ? "canceled" : "failed", eta_seconds: null, error: kind });
    }
    for (const other of this.entries.values()) {
      if (other.job.state === "waiting") this.tell(other, { position: Math.max(0, other.job.position - 1) });
    }
  }

  private tell(entry: Entry, change: Partial<Job>): void {
    entry.job = { ...entry.job, ...change };
    for (const watcher of this.watchers) watcher.job({ ...entry.job });
  }
}
