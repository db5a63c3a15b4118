/** The public page of a picture: opened, copied, closed. */
import { useRef, useState } from "preact/hooks";
import { engine, keepCreation, t, toFailure } from "./actions";
import type { Creation, Failure } from "./engine";
import { Icon } from "./icons";
import { useStore } from "./state";
import { sayRefusal } from "./words";

/** Copy a field's text; on plain http, where a page has no clipboard, by the old command. */
async function copy(field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

export function Share({ creation }: { creation: Creation }) {
  const language = useStore((state) => state.language);
  const field = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = async (open: boolean) => {
    setTold("");
    setFailure(null);
    try {
      keepCreation(await engine.share(creation.id, open));
      field.current?.focus();
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  return (
    <section class="share">
      <h2>{t("share")}</h2>
      {creation.share ? (
        <>
          <p class="soft">{t("share_info")}</p>
          <div class="row">
            <input ref={field} type="text" readOnly aria-label={t("share_link")} value={engine.sharedPage(creation.share)} onFocus={(event) => event.currentTarget.select()} />
            <button
              type="button"
              class="button small"
              data-action="copy"
              onClick={async () => setTold(t((await copy(field.current!)) ? "copied" : "copy_by_hand"))}
            >
              {t("copy")}
            </button>
            <button type="button" class="button small" data-action="unshare" onClick={() => change(false)}>{t("unshare")}</button>
          </div>
        </>
      ) : (
        <div class="row">
          <button type="button" class="button small" data-action="share" onClick={() => change(true)}><Icon name="share" />{t("share")}</button>
        </div>
      )}
      <p class="soft" role="status">{failure ? sayRefusal(language, failure.kind, failure.values) : told}</p>
    </section>
  );
}
