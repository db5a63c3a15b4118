/** What the drawing should become: the prompt, its chips, how it is understood, and "Color it". */
import { useEffect, useRef, useState } from "preact/hooks";
import { engine, nameOf, order, paintDrawing, t, toFailure } from "./actions";
import { Failure, type Creation, type Understood } from "./engine";
import { Finishing } from "./finishing";
import { saidOf } from "./named";
import { withColor } from "./prompt";
import { Settings } from "./settings";
import { getState, setDraft, setState, useStore } from "./state";
import { sayRefusal, WORDS } from "./words";

const WAIT = 250; // milliseconds without a further letter

function useUnderstood(prompt: string): Understood | null {
  const [understood, setUnderstood] = useState<Understood | null>(null);
  useEffect(() => {
    if (!prompt.trim()) return setUnderstood(null);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      engine.understand(prompt, stop.signal).then(setUnderstood, () => undefined);
    }, WAIT);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [prompt]);
  return understood;
}

function write(creation: Creation | null, prompt: string): void {
  const { draft } = getState();
  setDraft(creation ? { prompts: { ...draft.prompts, [creation.id]: prompt } } : { prompt });
}

/** The prompt as it is at this moment, not as it was when something was rendered. */
const written = (creation: Creation | null): string => {
  const { draft } = getState();
  return creation ? (draft.prompts[creation.id] ?? creation.prompt) : draft.prompt;
};

async function paint(creation: Creation | null, number: number): Promise<void> {
  if (!creation) return paintDrawing();
  const prompt = written(creation);
  if (!prompt.trim()) return setState({ failure: new Failure("prompt_empty") });
  const again = { creation: creation.id, number };
  const locked = getState().locks[`${creation.id}/${number}`]?.length;
  try {
    const finishing = locked ? await Finishing.of(creation, number) : null;
    await finishing?.keep();
    const mask = finishing?.mask();
    await order({ prompt, name: creation.name, again, ...(mask ? { keep: { ...again, mask } } : {}) });
  } catch (error) {
    setState({ failure: toFailure(error) });
  }
}

function Chips({ creation }: { creation: Creation | null }) {
  const session = useStore((state) => state.session);
  const language = useStore((state) => state.language);
  const [part, setPart] = useState("");
  const parts = (session?.parts ?? []).filter(({ name }) => name);
  const choose = (term: string) => {
    const chosen = parts.find(({ name }) => name === part);
    const names = chosen ? { en: chosen.name, ko: chosen.names.ko ?? chosen.name } : null;
    const limit = session?.limits.prompt_length ?? 300;
    write(creation, withColor(written(creation), names, term, session?.colors ?? [], language === "ko").slice(0, limit));
  };
  return (
    <div class="chips">
      <fieldset class="parts">
        <legend>{t("part")}</legend>
        {[{ name: "", label: t("whole") }, ...parts.map(({ name, names }) => ({ name, label: nameOf(names, language) }))].map(
          ({ name, label }) => (
            <label key={name} class="chip">
              <input type="radio" name="part" value={name} checked={part === name} onChange={() => setPart(name)} />
              <span>{label}</span>
            </label>
          ),
        )}
      </fieldset>
      <div class="colors" role="group" aria-label={t("color")}>
        {(session?.colors ?? []).map((color) => (
          <button
            type="button"
            key={color.term}
            class="dot"
            data-term={color.term}
            style={{ backgroundColor: color.hex }}
            aria-label={nameOf(color.names, language)}
            title={nameOf(color.names, language)}
            onClick={() => choose(color.term)}
          />
        ))}
      </div>
    </div>
  );
}

export function Reading({ understood }: { understood: Understood | null }) {
  if (!understood) return <p class="reading" role="status" />;
  return (
    <p class="reading" role="status">
      {understood.colors ? (
        <>
          {understood.parts.map(({ part, color, hex }) => (
            <span class="pair" key={`${part} ${color}`}>
              <i class="drop-of" style={{ backgroundColor: hex }} />
            </span>
          ))}
          {t("understood", { what: understood.parts.length ? saidOf(understood.parts) : understood.understood })}
        </>
      ) : (
        <b>{t("no_color")}</b>
      )}
      {understood.warnings.map((kind) => (WORDS[`warning_${kind}`] ? <span class="soft" key={kind}> {t(`warning_${kind}`)}</span> : null))}
      {understood.hint && <span class="soft"> {understood.hint}</span>}
    </p>
  );
}

export function PromptPanel({ creation, number }: { creation: Creation | null; number: number }) {
  const language = useStore((state) => state.language);
  const session = useStore((state) => state.session);
  const failure = useStore((state) => state.failure);
  const sending = useStore((state) => state.sending);
  const name = useStore((state) => state.draft.name);
  const locked = useStore((state) => state.locks[`${creation?.id}/${number}`]?.length ?? 0);
  const prompt = useStore((state) => (creation ? (state.draft.prompts[creation.id] ?? creation.prompt) : state.draft.prompt));
  const understood = useUnderstood(prompt);
  const field = useRef<HTMLTextAreaElement>(null);
  const go = () => void paint(creation, number);
  return (
    <form
      class="prompt"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        go();
      }}
    >
      <label class="field">
        <span class="label">{t("prompt")}</span>
        <textarea
          ref={field}
          rows={2}
          value={prompt}
          maxLength={session?.limits.prompt_length ?? 300}
          placeholder={t("prompt_hint")}
          onInput={(event) => write(creation, event.currentTarget.value)}
        />
      </label>
      <Reading understood={understood} />
      <Chips creation={creation} />
      {!creation && (
        <label class="field name">
          <span class="label">{t("name")}</span>
          <input
            type="text"
            value={name}
            maxLength={session?.limits.name_length ?? 60}
            placeholder={t("name_hint")}
            onInput={(event) => setDraft({ name: event.currentTarget.value })}
          />
        </label>
      )}
      <Settings />
      {locked > 0 && <p class="soft">{t("locked_kept", { count: locked })}</p>}
      <div class="go">
        <button type="submit" class="button strong" disabled={sending || !session}>
          {t(creation ? "go_again" : "go")}
        </button>
        <kbd>{t("go_hint")}</kbd>
      </div>
      <p class="trouble" role="alert">{failure && sayRefusal(language, failure.kind, failure.values)}</p>
    </form>
  );
}
