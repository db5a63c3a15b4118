/** The frame around all places: header, messages, what is dropped or pasted anywhere. */
import { useEffect, useRef, useState } from "preact/hooks";
import { go, placeImage, switchLanguage, t } from "./actions";
import { CollectionPage } from "./collection_page";
import { Icon } from "./icons";
import { JobsTray } from "./jobs_tray";
import { readRoute, addressOf, type Route } from "./routes";
import { SketchesPage } from "./sketches_page";
import { getState, useStore } from "./state";
import { Workspace } from "./workspace";

const PLACES = ["create", "result", "sketches", "collection"] as const;

function routeTo(place: (typeof PLACES)[number], lastResult: string | null): Route {
  if (place === "create") return { place };
  if (place === "result") return { place, id: lastResult ?? "last", picture: 0 };
  return place === "sketches" ? { place, text: "", category: "", page: 1 } : { place, text: "", page: 1 };
}

/** Links to places of the page are followed without loading it anew. */
function followLinks(event: MouseEvent): void {
  const link = (event.target as Element).closest?.("a[href]") as HTMLAnchorElement | null;
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.getAttribute("href")!.startsWith("#")) return;
  const route = readRoute(link.href);
  if (route.place === "nowhere") return;
  event.preventDefault();
  go(route);
}

const imageIn = (files: FileList | undefined): File | undefined =>
  [...(files ?? [])].find((file) => file.type.startsWith("image/")) ?? files?.[0];

function useDrops(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const on = <K extends keyof DocumentEventMap>(name: K, act: (event: DocumentEventMap[K]) => void) =>
      document.addEventListener(name, act, { signal: stop.signal });
    on("click", followLinks);
    on("dragover", (event) => {
      event.preventDefault(); // else the browser would leave the page and open the file
      if (event.dataTransfer?.types.includes("Files")) setOver(true);
    });
    on("dragleave", (event) => event.relatedTarget === null && setOver(false));
    on("drop", (event) => {
      event.preventDefault();
      setOver(false);
      const image = imageIn(event.dataTransfer?.files);
      if (image) void placeImage(image);
    });
    on("paste", (event) => {
      const image = imageIn(event.clipboardData?.files);
      if (!image) return;
      event.preventDefault();
      void placeImage(image);
    });
    return () => stop.abort();
  }, []);
  return over;
}

/** After a move, the new place is told by the title and by the focus. */
function usePlace(key: string): void {
  const first = useRef(true);
  useEffect(() => {
    document.title = `${t(getState().route.place === "nowhere" ? "not_there" : getState().route.place)} · pokecolor`;
    if (first.current) {
      first.current = false;
      return;
    }
    const writing = document.activeElement?.matches("input, textarea, select");
    if (!writing) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [key]);
}

function Header({ place }: { place: string }) {
  const language = useStore((state) => state.language);
  const lastResult = useStore((state) => state.draft.lastResult);
  const other = language === "ko" ? "en" : "ko";
  return (
    <header class="header">
      <a class="mark" href="/create" aria-label="pokecolor">
        <svg viewBox="0 0 40 40" aria-hidden="true">
          <path class="mark-left" d="M8 32C4 20 10 8 20 8v23.500c-1.400 0-2.800-.5-4-1.500-2 1-5 4-8 1Z" />
          <path class="mark-line" d="M8 32C4 20 10 8 20 8s16 12 12 24c-3 3-6 0-8-1-2 2-6 2-8 0-2 1-5 4-8 1Z" />
          <circle cx="15" cy="19" r="2" />
          <circle cx="25" cy="19" r="2" />
        </svg>
        <span>pokecolor</span>
      </a>
      <p class="tagline">{t("tagline")}</p>
      <nav class="places" aria-label={t("places")}>
        {PLACES.map((name) => (
          <a
            key={name}
            href={addressOf(routeTo(name, lastResult))}
            aria-current={place === name ? "page" : undefined}
          >
            <Icon name={name} />
            <span>{t(name)}</span>
          </a>
        ))}
      </nav>
      <button type="button" class="language" lang={other} onClick={() => switchLanguage(other)}>
        {t("language_other")}
      </button>
    </header>
  );
}

function Nowhere() {
  return (
    <section class="empty">
      <h1 tabIndex={-1}>{t("not_there")}</h1>
      <a class="button strong" href="/create">{t("to_create")}</a>
    </section>
  );
}

export function App() {
  const route = useStore((state) => state.route);
  const session = useStore((state) => state.session);
  const language = useStore((state) => state.language);
  const online = useStore((state) => state.online);
  const said = useStore((state) => state.said);
  const over = useDrops();
  usePlace(`${route.place} ${"id" in route ? route.id : ""} ${language}`);
  const ready = session !== null || !online;
  const working = route.place === "create" || route.place === "result";
  return (
    <>
      <a class="skip" href="#content">{t("skip")}</a>
      <Header place={route.place} />
      <div class="offline" role="alert">{!online && <p><Icon name="warning" /> {t("offline")}</p>}</div>
      <main id="content" tabIndex={-1} data-place={route.place}>
        {/* all at once: parts that came later would push the others down */}
        {ready && working && <Workspace />}
        {ready && route.place === "sketches" && <SketchesPage route={route} />}
        {ready && route.place === "collection" && <CollectionPage route={route} />}
        {route.place === "nowhere" && <Nowhere />}
      </main>
      {!working && <JobsTray floating />}
      {ready && (
        <footer class="footer">
          <p>{t("private")}</p>
          {session?.credit && <p>{session.credit}</p>}
        </footer>
      )}
      <div class="unseen" role="status">{said}</div>
      {over && <div class="drop" aria-hidden="true"><p>{t("drop_here")}</p></div>}
    </>
  );
}

