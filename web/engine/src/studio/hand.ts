/** Asks the worker, from the page. */

import { Failure } from "../../../page/src/engine";
import type { Answer, Call } from "./worker";

type Sent<T> = T extends unknown ? Omit<T, "number"> : never;

export class Hand {
  private readonly worker: Worker;
  private readonly waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void; on?: (done: number) => void }
  >();
  private last = 0;

  constructor(worker: Worker) {
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const call = this.waiting.get(data.number);
      if ("done" in data) return call?.on?.(data.done);
      this.waiting.delete(data.number);
      if ("value" in data) call?.resolve(data.value);
      else call?.reject(new Failure(data.failed, data.values));
    };
    worker.onerror = () => {
      for (const { reject } of this.waiting.values()) reject(new Failure("failed"));
      this.waiting.clear();
    };
  }

  /** Ask, and be told how far it is; `number` hears the call's number, for "cancel". */
  ask<T>(call: Sent<Call>, on?: (done: number) => void, number?: (is: number) => void): Promise<T> {
    const own = ++this.last;
    number?.(own);
    return new Promise((resolve, reject) => {
      this.waiting.set(own, { resolve: resolve as (value: unknown) => void, reject, on });
      this.worker.postMessage({ ...call, number: own });
    });
  }
}
