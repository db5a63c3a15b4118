/** The picture over its sketch: held, the sketch shows; dragged, they are side by side. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t, titleOf } from "./actions";
import type { Creation } from "./engine";

const DRAG = 6; // pixels

export function Compare({ creation, number }: { creation: Creation; number: number }) {
  const picture = creation.pictures[number]!;
  const name = titleOf(creation);
  const [at, setAt] = useState(0); // percent of the width that shows the sketch
  const frame = useRef<HTMLDivElement>(null);
  const held = useRef<{ x: number; dragged: boolean } | null>(null);
  useEffect(() => setAt(0), [creation.id, number]);
  useEffect(() => frame.current?.style.setProperty("--at", `${at}%`), [at]);
  const placeOf = (event: PointerEvent) => {
    const box = frame.current!.getBoundingClientRect();
    return Math.round(Math.min(100, Math.max(0, (100 * (event.clientX - box.left)) / box.width)));
  };
  const down = (event: PointerEvent) => {
    if (event.button || !event.isPrimary) return;
    frame.current!.setPointerCapture(event.pointerId);
    held.current = { x: event.clientX, dragged: false };
    setAt(100);
  };
  const move = (event: PointerEvent) => {
    if (!held.current) return;
    held.current.dragged ||= Math.abs(event.clientX - held.current.x) > DRAG;
    if (held.current.dragged) setAt(placeOf(event));
  };
  const up = () => {
    if (held.current && !held.current.dragged) setAt(0);
    held.current = null;
  };
  return (
    <>
      <div
        ref={frame}
        class={`compare ${at > 0 && at < 100 ? "parted" : ""}`}
        style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      >
        <img src={picture.sketch} alt={t("sketch_of", { name })} draggable={false} />
        <img class="colored" src={picture.color} alt={t("picture_of", { name })} draggable={false} />
      </div>
      <label class="comparing">
        <span>{t("compare_hint")}</span>
        <input
          type="range"
          min="0"
          max="100"
          value={at}
          aria-label={t("compare_slider")}
          onInput={(event) => setAt(Number(event.currentTarget.value))}
        />
      </label>
    </>
  );
}
