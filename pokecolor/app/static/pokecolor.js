// What Gradio's components do not do: clicks on our own elements, the canvas, comparing, copying.
(() => {
  const LARGEST = 1536; // pixels along the longer side of what is sent
  const BLANK = 1024;

  // One listener for each component: its elements with data-event trigger that event of Gradio's.
  function clicks(element, trigger, events) {
    element.addEventListener("click", (click) => {
      const button = click.target.closest("[data-event]");
      if (!button || button.disabled || !events.includes(button.dataset.event)) return;
      if (button.dataset.confirm && !window.confirm(button.dataset.confirm)) return;
      const part = element.querySelector("input[name=pc-part]:checked");
      trigger(button.dataset.event, { ...button.dataset, ...(part && { part: part.value }) });
    });
  }

  document.addEventListener("input", ({ target }) => {
    const frame = target.closest(".pc-compare");
    if (frame) frame.style.setProperty("--at", `${target.value}%`);
  });

  document.addEventListener("click", async ({ target }) => {
    const shown = target.closest("[data-show]");
    if (shown) {
      const result = shown.closest(".pc-result");
      for (const variant of result.querySelectorAll("[data-variant]"))
        variant.hidden = variant.dataset.variant !== shown.dataset.show;
      for (const button of result.querySelectorAll("[data-show]"))
        button.setAttribute("aria-pressed", String(button === shown));
    }
    const copied = target.closest("[data-copy]");
    if (copied) {
      await navigator.clipboard?.writeText(new URL(copied.dataset.copy, location.href).href);
      copied.textContent = copied.dataset.copied;
    }
  });

  // A part that is rendered anew keeps what its sliders were moved to, unless it shows another
  // creation.
  function settle(element) {
    const shown = element.querySelector("[data-shown]")?.dataset.shown;
    for (const slider of element.querySelectorAll(".pc-compare input")) {
      if (shown !== element.dataset.settled) slider.value = 0;
      slider.closest(".pc-compare").style.setProperty("--at", `${slider.value}%`);
    }
    element.dataset.settled = shown;
  }

  // The canvas: a list of what was done (an image, a stroke, a clearing), replayed after each undo.
  let easel = null;
  let wanted = null; // an image that was asked for before the canvas was there

  function setUp(element) {
    const root = element.querySelector("[data-easel]");
    const canvas = root.querySelector("canvas");
    const pen = canvas.getContext("2d");
    const width = root.querySelector("[data-width]");
    const trouble = root.querySelector(".pc-trouble");
    const tool = (name) => root.querySelector(`[data-tool=${name}]`);
    let done = [];
    let undone = [];
    let stroke = null;

    const erasing = () => tool("eraser").getAttribute("aria-pressed") === "true";

    function line({ points, size, erase }) {
      pen.lineCap = pen.lineJoin = "round";
      pen.lineWidth = size;
      pen.strokeStyle = erase ? "#fff" : "#000";
      pen.beginPath();
      pen.moveTo(...points[0]);
      if (points.length === 1) pen.lineTo(...points[0]);
      for (let i = 1; i < points.length; i++) {
        const [x, y] = points[i];
        const [fromX, fromY] = points[i - 1];
        pen.quadraticCurveTo(fromX, fromY, (fromX + x) / 2, (fromY + y) / 2);
        if (i === points.length - 1) pen.lineTo(x, y);
      }
      pen.stroke();
    }

    function redraw() {
      const start = done.findLastIndex((step) => step.kind !== "stroke");
      const image = start >= 0 && done[start].kind === "image" ? done[start] : null;
      const [w, h] = image ? [image.width, image.height] : [BLANK, BLANK];
      if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, w, h);
      if (image) {
        pen.imageSmoothingQuality = "high";
        pen.drawImage(image.bitmap, 0, 0, w, h);
      }
      done.slice(start + 1).forEach(line);
      tool("undo").disabled = done.length === 0;
      tool("redo").disabled = undone.length === 0;
      tool("clear").disabled = isBlank();
      root.classList.toggle("pc-begun", !isBlank() || stroke !== null);
    }

    function isBlank() {
      const start = done.findLastIndex((step) => step.kind !== "stroke");
      if (start >= 0 && done[start].kind === "image") return false;
      return !done.slice(start + 1).some((step) => !step.erase);
    }

    function add(step) {
      done.push(step);
      if (done.length > 200) done = done.slice(-200);
      undone = [];
      trouble.hidden = true;
      redraw();
    }

    async function show(blob) {
      try {
        const bitmap = await createImageBitmap(blob);
        const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
        const size = { width: Math.round(bitmap.width * scale) || 1, height: Math.round(bitmap.height * scale) || 1 };
        add({ kind: "image", bitmap, ...size });
      } catch {
        complain();
      }
    }

    function complain() {
      trouble.textContent = root.dataset.unreadable;
      trouble.hidden = false;
    }

    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) * canvas.width) / box.width,
        ((event.clientY - box.top) * canvas.height) / box.height,
      ];
    };

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      canvas.setPointerCapture(event.pointerId);
      const scale = Math.max(canvas.width, canvas.height) / BLANK;
      const size = Math.max(1, width.value * scale * (erasing() ? 3 : 1));
      stroke = { kind: "stroke", points: [place(event)], size, erase: erasing() };
      root.classList.add("pc-begun");
      line(stroke);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!stroke) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const move of events.length ? events : [event]) stroke.points.push(place(move));
      line({ ...stroke, points: stroke.points.slice(-(events.length + 3)) });
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => {
        if (!stroke) return;
        const finished = stroke;
        stroke = null;
        add(finished);
      });

    const step = (from, to) => {
      if (from.length) to.push(from.pop());
      redraw();
    };
    const actions = {
      brush: () => press("brush"),
      eraser: () => press("eraser"),
      undo: () => step(done, undone),
      redo: () => step(undone, done),
      clear: () => add({ kind: "clear" }),
      async paste() {
        try {
          for (const item of await navigator.clipboard.read()) {
            const type = item.types.find((name) => name.startsWith("image/"));
            if (type) return show(await item.getType(type));
          }
        } catch {
          // not allowed, or not there: told below
        }
        complain();
      },
    };
    function press(name) {
      for (const other of ["brush", "eraser"])
        tool(other).setAttribute("aria-pressed", String(other === name));
    }
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-tool]");
      if (button) actions[button.dataset.tool]();
    });
    root.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      actions[event.shiftKey ? "redo" : "undo"]();
    });
    const file = root.querySelector("input[type=file]");
    file.addEventListener("change", () => {
      if (file.files[0]) show(file.files[0]);
      file.value = "";
    });
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) show(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", (event) => {
      const image = [...(event.clipboardData?.files ?? [])].find((item) => item.type.startsWith("image/"));
      if (!image || canvas.offsetParent === null) return;
      event.preventDefault();
      show(image);
    });

    redraw();
    easel = {
      load: async (url) => {
        const answer = await fetch(url);
        if (answer.ok) await show(await answer.blob());
        else complain();
      },
      sketch: () => (isBlank() ? "" : canvas.toDataURL("image/png")),
    };
    if (wanted) easel.load(wanted);
    wanted = null;
  }

  window.pokecolor = {
    clicks,
    settle,
    easel: setUp,
    load(url) {
      if (easel) easel.load(url);
      else wanted = url;
    },
    sketch: () => easel?.sketch() ?? "",
  };
})();
