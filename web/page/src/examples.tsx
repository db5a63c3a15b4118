/** Sketches with a prompt, to begin with. */
import { useEffect, useState } from "preact/hooks";
import { engine, nameOf, t, takeSketch } from "./actions";
import type { Sketch } from "./engine";
import { useStore } from "./state";

const EXAMPLES = [
  ["fox", "an orange fox with white cheeks", "주황색 여우, 하얀 볼"],
  ["dragon", "a green dragon with red wings", "초록색 용, 빨간 날개"],
  ["butterfly", "a blue butterfly with yellow wings", "파란 나비, 노란 날개"],
  ["cat", "a grey cat with green eyes", "회색 고양이, 초록색 눈"],
] as const;

export function Examples() {
  const language = useStore((state) => state.language);
  const ready = useStore((state) => state.session !== null);
  const [found, setFound] = useState<[Sketch, number][]>([]);
  useEffect(() => {
    if (!ready) return;
    Promise.all(EXAMPLES.map(([word]) => engine.sketches(word, "", 1).catch(() => null))).then((answers) =>
      setFound(answers.flatMap((answer, index) => (answer?.sketches[0] ? [[answer.sketches[0], index] as [Sketch, number]] : []))),
    );
  }, [ready]);
  return (
    <section class="examples">
      <h2>{t("examples")}</h2>
      <ul>
        {found.map(([sketch, index]) => {
          const prompt = EXAMPLES[index]![language === "ko" ? 2 : 1];
          return (
            <li key={sketch.id}>
              <button type="button" onClick={() => takeSketch(sketch.id, nameOf(sketch.names, language), prompt)}>
                <img src={engine.sketchImage(sketch.id, 192)} width="56" height="56" alt="" />
                <span>{prompt}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
