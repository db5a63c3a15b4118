/** The picture, to be clicked with a tool; by keyboard a cross is moved over it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "./actions";
import type { Creation } from "./engine";
import type { Finishing } from "./finishing";
import type { Rgb } from "./regions";
import type { ToolName } from "./result_stage";
import { useStore } from "./state";

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

function hatch(target: HTMLCanvasElement, finishing: Finishing, locked: number[]): void {
  const { width, height } = finishing.layer;
  Object.assign(target, { width, height });
  if (!locked.length) return;
  const pen = target.getContext("2d")!;
  const marks = pen.createImageData(width, height);
  const gap = Math.max(8, Math.round(width / 64));
  const chosen = new Set(locked);
  for (let at = 0; at < finishing.owners.length; at++) {
    if (!chosen.has(finishing.owners[at]!)) continue;
    const stripe = ((at % width) + Math.floor(at / width)) % gap;
    const dark = stripe < gap / 4;
    marks.data.set(dark ? [20, 20, 30, 150] : [255, 255, 255, 60], 4 * at);
  }
  pen.putImageData(marks, 0, 0);
}

export function FinishCanvas({ finishing, creation, number, tool, color, width, pick }: {
  finishing: Finishing | null;
  creation: Creation;
  number: number;
  tool: ToolName;
  color: Rgb | null;
  width: number;
  pick: (color: Rgb | null) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const locks = useRef<HTMLCanvasElement>(null);
  const painting = useRef<ReturnType<Finishing["brush"]> | null>(null);
  const [cross, setCross] = useState<[number, number] | null>(null);
  const locked = useStore((state) => state.locks[`${creation.id}/${number}`]);
  useEffect(() => {
    if (finishing && canvas.current) finishing.show(canvas.current);
  });
  useEffect(() => {
    if (finishing && locks.current) hatch(locks.current, finishing, locked ?? []);
  }, [finishing, locked]);
  const picture = creation.pictures[number]!;
  const size = (from: Finishing) => Math.max(1, (width * Math.max(from.layer.width, from.layer.height)) / 1024);
  const use = (x: number, y: number) => {
    if (!finishing) return;
    if (tool === "fill") finishing.fill(finishing.regionAt(x, y), color);
    if (tool === "lock") finishing.lock(finishing.regionAt(x, y));
    if (tool === "dropper") pick(finishing.colorAt(x, y));
    if (tool === "brush") {
      painting.current = finishing.brush(color, size(finishing));
      painting.current.to(x, y);
    }
  };
  const placeOf = (event: PointerEvent): [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    const { layer } = finishing!;
    return [
      ((event.clientX - box.left) * layer.width) / box.width,
      ((event.clientY - box.top) * layer.height) / box.height,
    ];
  };
  const end = () => {
    painting.current?.end();
    painting.current = null;
  };
  const keys = (event: KeyboardEvent) => {
    if (!finishing) return;
    const step = ARROWS[event.key];
    const at = cross ?? [0.5, 0.5];
    if (step) {
      const far = event.shiftKey ? 0.1 : 0.02;
      const inside = (value: number) => Math.min(0.999, Math.max(0, value));
      setCross([inside(at[0] + step[0] * far), inside(at[1] + step[1] * far)]);
    } else if (event.key === "Enter" || event.key === " ") {
      setCross([at[0], at[1]]);
      use(at[0] * finishing.layer.width, at[1] * finishing.layer.height);
      end();
    } else return;
    event.preventDefault();
  };
  return (
    <div
      class="finishing"
      role="application"
      tabIndex={0}
      aria-label={t("finish_canvas")}
      aria-busy={!finishing}
      data-tool={tool}
      style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
      onKeyDown={keys}
      onBlur={() => setCross(null)}
      onPointerDown={(event) => {
        if (event.button || !event.isPrimary || !finishing) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setCross(null);
        use(...placeOf(event));
      }}
      onPointerMove={(event) => painting.current?.to(...placeOf(event))}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {finishing ? <canvas ref={canvas} /> : <img src={picture.color} alt="" />}
      {finishing && <canvas ref={locks} class="locks" />}
      {cross && <i class="cross" style={{ left: `${100 * cross[0]}%`, top: `${100 * cross[1]}%` }} />}
    </div>
  );
}
