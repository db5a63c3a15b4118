/** Keeps the page for offline use. */

const PATIENCE = 10_000; // milliseconds, after which the page goes on without

/**
 * Registers the service worker at `address`. What the page fetches once this is settled is kept;
 * answers whether it is, which some browsers forbid.
 */
export async function keepOffline(address: string): Promise<boolean> {
  if (!("serviceWorker" in navigator)) return false;
  const patience = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE, false));
  return Promise.race([patience, kept(address).catch(() => false)]);
}

async function kept(address: string): Promise<boolean> {
  const workers = navigator.serviceWorker;
  await workers.register(address);
  await workers.ready;
  if (!workers.controller)
    await new Promise((resolve) => workers.addEventListener("controllerchange", resolve, { once: true }));
  return true;
}
