/** The sheet to draw on. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { drawing, placeImage, t } from "./actions";
import type { Stroke } from "./drawing";
import { Failure } from "./engine";
import { Icon } from "./icons";
import { setState, useStore } from "./state";

const BLANK = 1024;
const { canvas } = drawing;

function placeOf(event: PointerEvent): [number, number] {
  const box = canvas.getBoundingClientRect();
  return [
    ((event.clientX - box.left) * canvas.width) / box.width,
    ((event.clientY - box.top) * canvas.height) / box.height,
  ];
}

function useDrawing(erasing: boolean, width: number): void {
  const tool = useRef({ erasing, width });
  tool.current = { erasing, width };
  useEffect(() => {
    const stop = new AbortController();
    let stroke: Stroke | null = null;
    const on = (name: "pointerdown" | "pointermove" | "pointerup" | "pointercancel", act: (event: PointerEvent) => void) =>
      canvas.addEventListener(name, act, { signal: stop.signal });
    const end = () => {
      if (stroke) drawing.add(stroke);
      stroke = null;
    };
    on("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      canvas.setPointerCapture(event.pointerId);
      const scale = Math.max(canvas.width, canvas.height) / BLANK;
      const size = Math.max(1, tool.current.width * scale * (tool.current.erasing ? 3 : 1));
      stroke = { kind: "stroke", points: [placeOf(event)], size, erase: tool.current.erasing };
      canvas.parentElement?.classList.add("begun");
      drawing.line(stroke);
    });
    on("pointermove", (event) => {
      if (!stroke) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const move of events.length ? events : [event]) stroke.points.push(placeOf(move));
      drawing.line({ ...stroke, points: stroke.points.slice(-(events.length + 3)) });
    });
    on("pointerup", end);
    on("pointercancel", end);
    return () => {
      end();
      stop.abort();
    };
  }, []);
}

async function paste(): Promise<void> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith("image/"));
      if (type) return placeImage(await item.getType(type));
    }
  } catch {
    // not allowed, or not there: told below
  }
  setState({ failure: new Failure("image_unreadable") });
}

function FileButton({ icon, label, camera }: { icon: string; label: string; camera?: boolean }) {
  return (
    <label class={`button ${camera ? "camera" : ""}`}>
      <Icon name={icon} />
      {label}
      <input
        type="file"
        class="unseen"
        accept={camera ? "image/*" : "image/png,image/jpeg,image/webp,image/gif,image/bmp"}
        {...(camera ? { capture: "environment" as const } : {})}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void placeImage(file);
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}

/** A button with an icon; its name is shown where there is room. */
export function Tool({ name, pressed, disabled, act, label, brief }: {
  name: string;
  pressed?: boolean;
  disabled?: boolean;
  act: () => void;
  label?: string;
  brief?: boolean;
}) {
  const text = label ?? t(name);
  return (
    <button
      type="button"
      class={`tool ${brief ? "brief" : ""}`}
      data-tool={name}
      aria-pressed={pressed}
      disabled={disabled}
      title={text}
      onClick={act}
    >
      <Icon name={name} />
      <span>{text}</span>
    </button>
  );
}

export function Easel() {
  const [erasing, setErasing] = useState(false);
  const [width, setWidth] = useState(8);
  const blank = useStore((state) => state.blank);
  useStore((state) => state.draft.drawing); // what can be undone changes with it
  const language = useStore((state) => state.language);
  useDrawing(erasing, width);
  const sheet = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    sheet.current?.prepend(canvas);
  }, []);
  useEffect(() => canvas.setAttribute("aria-label", t("canvas")), [language]);
  const { done, undone } = drawing.history;
  const onKeys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) drawing.redo();
    else drawing.undo();
  };
  return (
    <section class="stage easel" onKeyDown={onKeys}>
      <h1 class="unseen" tabIndex={-1}>{t("create")}</h1>
      <div class="toolbar" role="toolbar" aria-label={t("tools")}>
        <Tool name="pen" pressed={!erasing} act={() => setErasing(false)} />
        <Tool name="eraser" pressed={erasing} act={() => setErasing(true)} />
        <label class="slider">
          <span>{t("width")}</span>
          <input type="range" min="2" max="40" value={width} onInput={(event) => setWidth(Number(event.currentTarget.value))} />
        </label>
        <span class="push" />
        <Tool brief name="undo" disabled={!done.length} act={() => drawing.undo()} />
        <Tool brief name="redo" disabled={!undone.length} act={() => drawing.redo()} />
        <Tool brief name="clear" disabled={blank} act={() => drawing.add({ kind: "clear" })} />
      </div>
      <div ref={sheet} class={`sheet ${blank ? "" : "begun"}`}>
        <p class="invite" aria-hidden="true">{t("invite")}</p>
      </div>
      <div class="sources">
        <FileButton icon="upload" label={t("upload")} />
        <FileButton icon="camera" label={t("camera")} camera />
        <button type="button" class="button" onClick={paste}><Icon name="paste" />{t("paste")}</button>
        <a class="button" href="/sketches"><Icon name="sketches" />{t("pick_sketch")}</a>
      </div>
    </section>
  );
}
