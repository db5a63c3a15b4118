/** The one place for sketch and result: the sheet at the left, what is wanted of it at the right. */
import { useEffect, useState } from "preact/hooks";
import { engine, go, keepCreation, t, toFailure } from "./actions";
import { Easel } from "./easel";
import type { Creation, Failure } from "./engine";
import { Examples } from "./examples";
import { HistoryStrip } from "./history_strip";
import { JobsTray } from "./jobs_tray";
import { PromptPanel } from "./prompt_panel";
import { ResultPanel } from "./result_panel";
import { ResultStage } from "./result_stage";
import { setDraft, useStore } from "./state";
import { sayRefusal } from "./words";

/** In an address: there is no last result. */
const NONE = "last";

function useCreation(id: string | null): [Creation | null, Failure | null] {
  const creation = useStore((state) => (id ? state.creations[id] : null)) ?? null;
  const online = useStore((state) => state.online);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    setFailure(null);
    if (!id || id === NONE) return;
    let left = false;
    engine.creation(id).then(
      (found) => {
        if (left) return;
        keepCreation(found);
        setDraft({ lastResult: id });
      },
      (error) => !left && setFailure(toFailure(error)),
    );
    return () => {
      left = true;
    };
  }, [id, online]);
  return [creation, failure];
}

function NoneYet() {
  return (
    <section class="empty">
      <h1 tabIndex={-1}>{t("result_none")}</h1>
      <p>{t("result_none_hint")}</p>
      <a class="button strong" href="/create">{t("to_create")}</a>
    </section>
  );
}

function Missing({ failure }: { failure: Failure | null }) {
  const language = useStore((state) => state.language);
  const none = failure?.kind === "not_found";
  return (
    <section class="empty" aria-live="polite">
      <h1 tabIndex={-1}>{failure ? (none ? t("not_there") : sayRefusal(language, failure.kind, failure.values)) : t("loading")}</h1>
      {none && <a class="button strong" href="/create">{t("to_create")}</a>}
    </section>
  );
}

export function Workspace() {
  const route = useStore((state) => state.route);
  const id = route.place === "result" ? route.id : null;
  const wanted = route.place === "result" ? route.picture : 0;
  const [creation, failure] = useCreation(id);
  const number = creation ? Math.min(wanted, creation.pictures.length - 1) : 0;
  const [grid, setGrid] = useState(true);
  useEffect(() => setGrid(wanted === 0), [id]);
  if (id === NONE) return <NoneYet />;
  if (id && !creation) return <Missing failure={failure} />;
  const several = !!creation && creation.pictures.length > 1;
  return (
    <div class="workspace">
      <div class="left">
        {creation ? (
          <ResultStage
            creation={creation}
            number={number}
            grid={several && grid}
            choose={(chosen) => {
              setGrid(false);
              go({ place: "result", id: creation.id, picture: chosen }, true);
            }}
            showAll={several ? () => setGrid(true) : null}
          />
        ) : (
          <Easel />
        )}
        <HistoryStrip shown={creation} />
      </div>
      <div class="right">
        <PromptPanel creation={creation} number={number} />
        <JobsTray />
        {creation ? <ResultPanel creation={creation} number={number} /> : <Examples />}
      </div>
    </div>
  );
}
