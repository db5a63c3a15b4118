/** All pictures of the drawing that is shown, and the way back to it. */
import { useEffect, useState } from "preact/hooks";
import { engine, t } from "./actions";
import type { Creation } from "./engine";
import { sameDrawing, useStore } from "./state";

export function HistoryStrip({ shown }: { shown: Creation | null }) {
  const made = useStore((state) => state.draft.made);
  const done = useStore((state) => state.jobs.filter((job) => job.state === "done").length);
  const ready = useStore((state) => state.session !== null);
  const [recent, setRecent] = useState<Creation[]>([]);
  const last = made.at(-1);
  useEffect(() => {
    if (!ready || (!shown && !last)) return;
    engine.creations("", 1).then(({ creations }) => setRecent(creations), () => undefined);
  }, [ready, shown?.id, last, done]);
  const known = shown && !recent.some(({ id }) => id === shown.id) ? [shown, ...recent] : recent;
  const about = shown?.id ?? last;
  const strip = about ? sameDrawing(known, about, made) : [];
  if (strip.length < (shown ? 2 : 1)) return null;
  return (
    <section class="history">
      <h2>{t("history")}</h2>
      <ul>
        {strip.map((creation) => (
          <li key={creation.id}>
            <a
              href={`/result/${creation.id}`}
              aria-current={creation.id === shown?.id ? "true" : undefined}
              aria-label={creation.prompt}
              title={creation.prompt}
            >
              <img src={creation.pictures[0]!.small} alt="" loading="lazy" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
