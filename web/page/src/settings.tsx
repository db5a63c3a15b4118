/** The settings that most leave as they are. */
import { t } from "./actions";
import { setDraft, useStore } from "./state";

const GUIDANCE = ["guidance_scale", "image_guidance_scale"] as const;

function Slider({ label, value, min, max, step, change }: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  change: (value: number) => void;
}) {
  return (
    <label class="setting">
      <span>{label}</span>
      <input type="range" min={min} max={max} step={step} value={value} onInput={(event) => change(Number(event.currentTarget.value))} />
      <output>{value}</output>
    </label>
  );
}

export function Settings() {
  const session = useStore((state) => state.session);
  const draft = useStore((state) => state.draft);
  if (!session) return <details class="settings"><summary>{t("settings")}</summary></details>;
  const { limits, defaults } = session;
  return (
    <>
      <div class="quick">
        <fieldset class="switch">
          <legend>{t("look")}</legend>
          {session.looks.map((look) => (
            <label key={look} title={t("look_info")}>
              <input
                type="radio"
                name="look"
                checked={(draft.look ?? defaults.look) === look}
                onChange={() => setDraft({ look })}
              />
              <span>{t(`look_${look}`)}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="switch">
          <legend>{t("variants")}</legend>
          {Array.from({ length: limits.variants ?? 4 }, (_, index) => index + 1).map((count) => (
            <label key={count}>
              <input type="radio" name="variants" checked={draft.variants === count} onChange={() => setDraft({ variants: count })} />
              <span>{count}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <details class="settings">
        <summary>
          {t("settings")}
          <span class="soft">{draft.seed ? `${t("seed")} ${draft.seed}` : ""}</span>
        </summary>
        <label class="setting">
          <span>{t("seed")}</span>
          <input
            type="text"
            inputMode="numeric"
            name="seed"
            value={draft.seed}
            placeholder={t("seed_hint")}
            onInput={(event) => {
              const digits = event.currentTarget.value.replace(/\D/g, "").slice(0, 10);
              event.currentTarget.value = digits;
              setDraft({ seed: digits });
            }}
          />
        </label>
        <p class="soft">{t("seed_info")}</p>
        <Slider label={t("steps")} value={draft.steps ?? defaults.steps} min={1} max={limits.steps ?? 50} step={1} change={(steps) => setDraft({ steps })} />
        {GUIDANCE.map((name) => (
          <Slider
            key={name}
            label={t(name === "guidance_scale" ? "guidance" : "image_guidance")}
            value={draft[name] ?? defaults[name]}
            min={1}
            max={limits.guidance ?? 20}
            step={0.1}
            change={(value) => setDraft({ [name]: value })}
          />
        ))}
        <p class="soft">{t("look_info")}</p>
      </details>
    </>
  );
}
