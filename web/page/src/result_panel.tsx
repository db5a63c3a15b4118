/** Beside a finished picture: what was asked and what came of it, downloads, sharing. */
import { useState } from "preact/hooks";
import { drawing, order, placeImage, t } from "./actions";
import { can, type Creation, type Verdict } from "./engine";
import { Icon } from "./icons";
import { withColor } from "./prompt";
import { colorName, partName } from "./named";
import { Share } from "./share";
import { getState, setDraft, useStore } from "./state";
import { WORDS } from "./words";

const percentOf = (share: number) => Math.round(100 * share);

function wordsOf({ state, share }: Verdict): string {
  if (state === "right" && share !== null && share < 0.995) return t("verdict_share", { percent: percentOf(share) });
  return t(`verdict_${state}`);
}

function Asked({ verdict, creation, number }: { verdict: Verdict; creation: Creation; number: number }) {
  const session = useStore((state) => state.session);
  const [open, setOpen] = useState(false);
  const part = partName(verdict);
  const again = (term: string) => {
    const { language } = getState();
    const known = session?.parts.find(({ name }) => name === verdict.part);
    const names = verdict.part ? { en: verdict.part, ko: verdict.names?.ko ?? known?.names.ko ?? verdict.part } : null;
    setOpen(false);
    void order({
      prompt: withColor(creation.prompt, names, term, session?.colors ?? [], language === "ko"),
      name: creation.name,
      again: { creation: creation.id, number },
      only: verdict.part,
      seed: creation.seeds[number] ?? null,
      variants: 1,
    });
  };
  return (
    <li data-verdict={verdict.state}>
      <i class="drop-of" style={{ backgroundColor: verdict.hex }} />
      <span class="asked">{part}: {colorName(verdict.color)}</span>
      <span class="verdict">{wordsOf(verdict)}</span>
      {can(session, "part") && (
        <button type="button" class="button small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("again_part", { part })}
        </button>
      )}
      {open && (
        <div class="colors">
          {(session?.colors ?? []).map((color) => (
            <button
              type="button"
              key={color.term}
              class="dot"
              data-again={color.term}
              style={{ backgroundColor: color.hex }}
              aria-label={t("again_with", { part, color: colorName(color.term) })}
              title={colorName(color.term)}
              onClick={() => again(color.term)}
            />
          ))}
        </div>
      )}
    </li>
  );
}

export function ResultPanel({ creation, number }: { creation: Creation; number: number }) {
  const [told, setTold] = useState("");
  const session = useStore((state) => state.session);
  useStore((state) => state.language);
  const picture = creation.pictures[number]!;
  const seed = creation.seeds[number];
  const edit = async () => {
    const sketch = fetch(picture.sketch).then((answer) => answer.blob());
    await placeImage(sketch);
    setDraft({
      prompt: getState().draft.prompts[creation.id] ?? creation.prompt,
      name: creation.name,
      made: [creation.id],
      sent: { drawing: getState().draft.drawing, creation: creation.id },
    });
    drawing.canvas.focus();
  };
  const downloads = [["png", picture.color], ["clear_png", picture.clear], ["layers", picture.layers]] as const;
  const withDownload = (url: string) => `${url}${url.includes("?") ? "&" : "?"}download`;
  return (
    <section class="about">
      <h2>{t("verdicts")}</h2>
      {picture.verdicts.length ? (
        <ul class="verdicts">
          {picture.verdicts.map((verdict) => (
            <Asked key={`${verdict.part} ${verdict.color}`} verdict={verdict} creation={creation} number={number} />
          ))}
        </ul>
      ) : (
        <p class="soft">{t("verdict_none")}</p>
      )}
      {picture.verdicts.some(({ part }) => part) && <p class="soft">{t("verdict_place")}</p>}
      {picture.warnings.map((kind) => WORDS[`warning_${kind}`] && <p class="soft" key={kind}>{t(`warning_${kind}`)}</p>)}
      <h2>{t("download")}</h2>
      <div class="row">
        {downloads.map(([key, url]) => (
          <a key={key} class="button small" href={withDownload(url)} download><Icon name="download" />{t(key)}</a>
        ))}
      </div>
      <div class="row">
        <button
          type="button"
          class="button small"
          onClick={() => {
            setDraft({ seed: String(seed) });
            setTold(t("seed_used", { seed: seed ?? "" }));
          }}
        >
          {t("use_seed", { seed: seed ?? "" })}
        </button>
        <button type="button" class="button small" onClick={edit}><Icon name="pen" />{t("edit_sketch")}</button>
        <span class="soft" role="status">{told || t("steps_of", { steps: creation.steps })}</span>
      </div>
      {can(session, "share") && <Share creation={creation} />}
    </section>
  );
}

