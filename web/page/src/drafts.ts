/**
 * Keeps what is written and drawn in the browser. A tab finds its own draft again, a new tab the
 * latest of any. Where a browser keeps nothing (private windows), all works until the tab is closed.
 */
const KEY = "pokecolor.draft";
const TAB = "pokecolor.tab";
const LATEST = "latest";

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined; // storage is full, or not allowed
  }
}

const tab = () => {
  const known = attempt(() => sessionStorage.getItem(TAB));
  if (known) return known;
  const fresh = `tab-${Math.random().toString(36).slice(2)}`;
  attempt(() => sessionStorage.setItem(TAB, fresh));
  return fresh;
};

export function saveDraft(draft: object): void {
  const text = JSON.stringify(draft);
  attempt(() => sessionStorage.setItem(KEY, text));
  attempt(() => localStorage.setItem(KEY, text));
}

export function loadDraft(): Record<string, unknown> | null {
  const text = attempt(() => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY));
  const draft: unknown = text ? attempt(() => JSON.parse(text)) : null;
  return typeof draft === "object" && draft ? (draft as Record<string, unknown>) : null;
}

function drawings(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("pokecolor", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("drawings");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

function inDrawings<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return drawings().then(
    (database) =>
      new Promise((resolve, reject) => {
        const request = use(database.transaction("drawings", mode).objectStore("drawings"));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
  );
}

/** Keep a drawing; null: the canvas is blank. */
export async function saveDrawing(image: Blob | null): Promise<void> {
  try {
    for (const key of [tab(), LATEST]) await inDrawings("readwrite", (store) => store.put(image, key));
  } catch {
    // kept in memory only
  }
}

export async function loadDrawing(): Promise<Blob | null> {
  try {
    const own = await inDrawings<Blob | null | undefined>("readonly", (store) => store.get(tab()));
    return own !== undefined ? own : ((await inDrawings("readonly", (store) => store.get(LATEST))) ?? null);
  } catch {
    return null;
  }
}
