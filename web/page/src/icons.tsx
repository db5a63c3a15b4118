/** Icons as strokes on a grid of 24. */
const PATHS: Record<string, string> = {
  pen: "M4 20l1-4L16.500 4.500a2.100 2.100 0 0 1 3 3L8 19l-4 1z",
  eraser: "M8.500 20 4 15.500a1.500 1.500 0 0 1 0-2L13.500 4a1.500 1.500 0 0 1 2 0L20 8.500a1.500 1.500 0 0 1 0 2L10.500 20zM9 9l6.500 6.500M8.500 20H20",
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  upload: "M12 16V4M7 9l5-5 5 5M4 20h16",
  camera: "M4 8h3.500L9 5h6l1.500 3H20v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
  paste: "M9 5H6v15h12V5h-3M9 3.500h6v3H9z",
  sketches: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  create: "M12 19l7-7-3.500-3.500-7 7L7 20zM5 5l1 2 2 1-2 1-1 2-1-2-2-1 2-1zM15 8.500 18 5.500 21.500 9l-2.500 3",
  result: "M4 5h16v14H4zM4 16l4.500-5 4 4.500L15 13l5 5M15.500 9.500h.01",
  collection: "M7 4h13v13H7zM4 8v12h12",
  compare: "M12 3v18M4 6h5v12H4zM15 6h5v12h-5z",
  fill: "M11 4 4 11l7 7 7-7zM8.500 6.500 6 4M20 15s-1.800 2-1.800 3.300a1.800 1.800 0 0 0 3.600 0C21.800 17 20 15 20 15z",
  brush: "M20 4c-5 2-9 6-11 9l2.500 2.500c3-2 7-6 8.500-11.500zM8.500 13.500C6 13.500 5 16 5 19c2.500.5 6-.5 6-3z",
  dropper: "m13 7 4 4M15 5l1-1a2.800 2.800 0 0 1 4 4l-1 1-1 1-4-4zM14 8l-8.500 8.500L4 20l3.500-1.500L16 10",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  flat: "M4 4h16v16H4z",
  painted: "M4 4h16v16H4zM4 14 14 4M4 20 20 4M10 20 20 10",
  close: "M6 6l12 12M18 6 6 18",
  share: "M12 15V3M8 7l4-4 4 4M5 12v8h14v-8",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM20 20l-5-5",
  warning: "M12 4 2.500 20h19zM12 10v5M12 17.500v.01",
};

export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
