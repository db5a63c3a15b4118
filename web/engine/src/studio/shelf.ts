/** Where creations are kept in the browser: IndexedDB. */

import type { Creation } from "../../../page/src/engine";

/** The files of one picture. */
export type Files = Record<"color" | "clear" | "small" | "layers" | "sketch" | "colors" | "painted", Blob>;

export interface Kept {
  /** Its addresses are empty: they are those of `files`. */
  creation: Creation;
  files: Files[];
}

export interface Shelf {
  all(): Promise<Kept[]>;
  get(id: string): Promise<Kept | undefined>;
  put(kept: Kept): Promise<void>;
  remove(id: string): Promise<void>;
}

const STORE = "creations";

export class BrowserShelf implements Shelf {
  private readonly opened: Promise<IDBDatabase>;

  constructor(name = "pokecolor-pictures") {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "creation.id" });
    this.opened = answer(opening);
  }

  async all(): Promise<Kept[]> {
    return answer((await this.store("readonly")).getAll() as IDBRequest<Kept[]>);
  }

  async get(id: string): Promise<Kept | undefined> {
    return answer((await this.store("readonly")).get(id) as IDBRequest<Kept | undefined>);
  }

  async put(kept: Kept): Promise<void> {
    await answer((await this.store("readwrite")).put(kept));
  }

  async remove(id: string): Promise<void> {
    await answer((await this.store("readwrite")).delete(id));
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await this.opened).transaction(STORE, mode).objectStore(STORE);
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}
