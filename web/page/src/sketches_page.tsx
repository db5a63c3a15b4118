/** The library: finished pictures as the shop window, their sketches below. */
import { engine, go, nameOf, t, takeSketch } from "./actions";
import type { Sketch } from "./engine";
import { Pager, Search, Trouble, useListing } from "./listing";
import { addressOf, type Route } from "./routes";
import { useStore } from "./state";

function Tile({ sketch }: { sketch: Sketch }) {
  const language = useStore((state) => state.language);
  const name = nameOf(sketch.names, language);
  return (
    <li>
      <button type="button" class="tile" title={t("use_sketch", { name })} onClick={() => takeSketch(sketch.id, name)}>
        <span class={`art ${sketch.finished ? "both" : ""}`}>
          <img src={engine.sketchImage(sketch.id, 192)} width="192" height="192" loading="lazy" alt="" />
          {sketch.finished && <img class="colored" src={engine.sketchImage(sketch.id, "color")} width="192" height="192" loading="lazy" alt="" />}
        </span>
        <span class="tile-name">{name}</span>
      </button>
    </li>
  );
}

export function SketchesPage({ route }: { route: Extract<Route, { place: "sketches" }> }) {
  const language = useStore((state) => state.language);
  const categories = useStore((state) => state.session?.categories) ?? [];
  const { text, category, page: number } = route;
  const { page, failure } = useListing(`sketches ${language} ${addressOf(route)}`, () => engine.sketches(text, category, number));
  return (
    <section class="list">
      <h1 tabIndex={-1}>{t("sketches_title")}</h1>
      <div class="filters">
        <Search value={text} hint={t("search_sketches")} change={(text) => text !== route.text && go({ ...route, text, page: 1 }, true)} />
        <nav class="categories" aria-label={t("categories")}>
          {[{ key: "", names: { en: t("all"), ko: t("all") }, count: 0 }, ...categories].map((one) => (
            <a key={one.key} class="chip" href={addressOf({ ...route, category: one.key, page: 1 })} aria-current={one.key === category ? "true" : undefined}>
              {nameOf(one.names, language)}
              {one.count > 0 && <small>{one.count}</small>}
            </a>
          ))}
        </nav>
      </div>
      <Trouble failure={failure} />
      <p class="total" role="status">{page ? (page.total ? t("sketches_total", { total: page.total }) : t("sketches_none")) : t("loading")}</p>
      <ul class="tiles">
        {page
          ? page.sketches.map((sketch) => <Tile key={sketch.id} sketch={sketch} />)
          : Array.from({ length: 24 }, (_, index) => <li key={index}><span class="tile"><span class="art" /><span class="tile-name">&nbsp;</span></span></li>)}
      </ul>
      {page && <Pager page={page.page} pages={page.pages} address={(page) => addressOf({ ...route, page })} />}
    </section>
  );
}
