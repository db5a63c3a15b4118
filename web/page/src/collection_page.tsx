/** All that the visitor has made. */
import { useState } from "preact/hooks";
import { engine, go, t, titleOf, toFailure } from "./actions";
import type { Creation, Failure } from "./engine";
import { Icon } from "./icons";
import { Pager, Search, Trouble, useListing } from "./listing";
import { addressOf, type Route } from "./routes";
import { getState, setDraft, setState, useStore } from "./state";

/** The API gives seconds since 1970, or a date in ISO's form. */
const dayOf = (created: number | string, language: string) =>
  new Date(typeof created === "number" ? created * 1000 : created).toLocaleDateString(language);

function Card({ creation, removed }: { creation: Creation; removed: (failure: Failure | null) => void }) {
  const language = useStore((state) => state.language);
  const name = titleOf(creation);
  const [first] = creation.pictures;
  const remove = async () => {
    if (!confirm(t("delete_sure", { name }))) return;
    try {
      await engine.remove(creation.id);
      const { [creation.id]: _, ...creations } = getState().creations;
      const { draft } = getState();
      setState({ creations });
      setDraft({
        made: draft.made.filter((id) => id !== creation.id),
        sent: draft.sent?.creation === creation.id ? null : draft.sent,
        lastResult: draft.lastResult === creation.id ? null : draft.lastResult,
      });
      removed(null);
    } catch (error) {
      removed(toFailure(error));
    }
  };
  return (
    <li class="card">
      <a href={`/result/${creation.id}`} aria-label={t("open_named", { name })}>
        <span class="art both">
          <img src={first!.sketch} loading="lazy" alt="" />
          <img class="colored" src={first!.small} loading="lazy" alt="" />
        </span>
      </a>
      {creation.pictures.length > 1 && <span class="count">×{creation.pictures.length}</span>}
      <div class="card-text">
        <h2>{name}</h2>
        <p class="soft">{creation.prompt}</p>
        <p class="soft">{dayOf(creation.created, language)}{creation.share ? ` · ${t("is_shared")}` : ""}</p>
      </div>
      <button type="button" class="tool brief" data-tool="delete" aria-label={t("delete_named", { name })} title={t("delete")} onClick={remove}>
        <Icon name="clear" />
      </button>
    </li>
  );
}

export function CollectionPage({ route }: { route: Extract<Route, { place: "collection" }> }) {
  useStore((state) => state.language);
  const done = useStore((state) => state.jobs.filter((job) => job.state === "done").length);
  const { text, page: number } = route;
  const { page, failure, reload } = useListing(`collection ${done} ${addressOf(route)}`, () => engine.creations(text, number));
  const [refused, setRefused] = useState<Failure | null>(null);
  const empty = page && !page.total;
  return (
    <section class="list">
      <h1 tabIndex={-1}>{t("collection")}</h1>
      <div class="filters">
        <Search value={text} hint={t("search_collection")} change={(text) => text !== route.text && go({ ...route, text, page: 1 }, true)} />
      </div>
      <Trouble failure={refused ?? failure} />
      <p class="total" role="status">
        {page ? (empty ? t(text ? "collection_none" : "collection_empty") : t("collection_total", { total: page.total })) : t("loading")}
      </p>
      {empty && !text && <a class="button strong" href="/create">{t("to_create")}</a>}
      <ul class="cards">
        {page?.creations.map((creation) => (
          <Card
            key={creation.id}
            creation={creation}
            removed={(failure) => {
              setRefused(failure);
              reload();
            }}
          />
        ))}
      </ul>
      {page && <Pager page={page.page} pages={page.pages} address={(page) => addressOf({ ...route, page })} />}
    </section>
  );
}
