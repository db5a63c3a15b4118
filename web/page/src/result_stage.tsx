/** A finished picture in the place of its sketch: to compare, to choose among variants, to finish by hand. */
import { useEffect, useState } from "preact/hooks";
import { t, titleOf, toFailure } from "./actions";
import { Compare } from "./compare";
import { Tool } from "./easel";
import { can, type Creation, type Failure } from "./engine";
import { FinishCanvas } from "./finish_canvas";
import { Finishing } from "./finishing";
import { parseHex, type Rgb } from "./regions";
import { useStore } from "./state";
import { Swatches } from "./swatches";
import { sayRefusal } from "./words";

const TOOLS = ["compare", "fill", "brush", "dropper", "lock"] as const;
export type ToolName = (typeof TOOLS)[number];

export function Variants({ creation, number, choose }: {
  creation: Creation;
  number: number | null;
  choose: (number: number) => void;
}) {
  return (
    <ul class={number === null ? "variants grid" : "variants"}>
      {creation.pictures.map((picture, index) => (
        <li key={index}>
          <button
            type="button"
            aria-pressed={number === null ? undefined : index === number}
            aria-label={t("variant", { number: index + 1, seed: creation.seeds[index] ?? "" })}
            onClick={() => choose(index)}
          >
            <img src={number === null ? picture.color : picture.small} alt="" style={{ aspectRatio: `${picture.width} / ${picture.height}` }} />
          </button>
        </li>
      ))}
    </ul>
  );
}

export function useFinishing(creation: Creation, number: number, wanted: boolean): [Finishing | null, Failure | null] {
  const [finishing, setFinishing] = useState<Finishing | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [, render] = useState(0);
  useEffect(() => {
    setFinishing(null);
    setFailure(null);
    if (!wanted) return;
    let left = false;
    let unwatch = () => {};
    Finishing.of(creation, number).then(
      (found) => {
        if (left) return;
        unwatch = found.watch(() => render((count) => count + 1));
        setFinishing(found);
      },
      (error) => !left && setFailure(toFailure(error)),
    );
    return () => {
      left = true;
      unwatch();
    };
  }, [creation.id, number, wanted]);
  return [finishing, failure];
}

export function ResultStage({ creation, number, grid, choose, showAll }: {
  creation: Creation;
  number: number;
  grid: boolean;
  choose: (number: number) => void;
  showAll: (() => void) | null;
}) {
  const language = useStore((state) => state.language);
  const session = useStore((state) => state.session);
  const [tool, setTool] = useState<ToolName>("compare");
  const [color, setColor] = useState<Rgb | null>([210, 47, 39]);
  const [width, setWidth] = useState(16);
  const finishes = tool !== "compare" && !grid;
  const [finishing, trouble] = useFinishing(creation, number, finishes);
  useEffect(() => setTool("compare"), [creation.id]);
  useEffect(() => {
    const asked = creation.pictures[0]?.verdicts[0]?.hex;
    if (asked) setColor(parseHex(asked));
  }, [creation.id]);
  const take = (name: ToolName) => {
    if (grid) choose(number);
    setTool(name);
  };
  const failure = trouble ?? finishing?.failure ?? null;
  const onKeys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || !finishing) return;
    event.preventDefault();
    if (event.shiftKey) finishing.redo();
    else finishing.undo();
  };
  return (
    <section class={`stage finished ${finishes ? "by-hand" : ""}`} onKeyDown={onKeys}>
      <h1 tabIndex={-1}>{titleOf(creation)}</h1>
      <div class="toolbar" role="toolbar" aria-label={t("tools")}>
        {TOOLS.filter((name) => name !== "lock" || can(session, "lock")).map((name) => (
          <Tool key={name} name={name} pressed={!grid && tool === name} act={() => take(name)} />
        ))}
        <span class="push" />
        {showAll && !grid && <Tool name="sketches" label={t("all")} act={showAll} />}
        <Tool brief name="undo" disabled={!finishing?.history.done.length} act={() => finishing?.undo()} />
        <Tool brief name="redo" disabled={!finishing?.history.undone.length} act={() => finishing?.redo()} />
      </div>
      {finishes && (
        <div class="finish-bar">
          {(tool === "fill" || tool === "brush" || tool === "dropper") && (
            <Swatches color={color} choose={setColor} asked={creation.pictures[number]!.verdicts.map(({ hex }) => hex)} />
          )}
          <div class="finish-row">
            {tool === "brush" && (
              <label class="slider">
                <span>{t("width")}</span>
                <input type="range" min="2" max="80" value={width} onInput={(event) => setWidth(Number(event.currentTarget.value))} />
              </label>
            )}
            <p class="soft">{t(`${tool}_hint`)}</p>
            <div class="switch" role="group" aria-label={t("shading")}>
              {(["flat", "soft"] as const).map((shading) => (
                <button
                  type="button"
                  key={shading}
                  disabled={!finishing}
                  aria-pressed={finishing?.look.shading === shading}
                  onClick={() => finishing?.setShading(shading)}
                >
                  {t(`shading_${shading}`)}
                </button>
              ))}
            </div>
            <p class="soft kept" role="status">
              {failure
                ? t("not_saved", { why: sayRefusal(language, failure.kind, failure.values) })
                : finishing?.saving === "waiting" ? t("unsaved") : finishing?.saving === "saved" ? t("saved") : ""}
            </p>
          </div>
        </div>
      )}
      {grid ? (
        <Variants creation={creation} number={null} choose={choose} />
      ) : finishes ? (
        <FinishCanvas
          finishing={finishing}
          creation={creation}
          number={number}
          tool={tool}
          color={color}
          width={width}
          pick={(picked) => {
            setColor(picked);
            setTool("fill");
          }}
        />
      ) : (
        <Compare creation={creation} number={number} />
      )}
      {creation.pictures.length > 1 && !grid && <Variants creation={creation} number={number} choose={choose} />}
    </section>
  );
}
