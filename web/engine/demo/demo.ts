/** The engine on a bare page: pick a sketch, say how, have it painted. */

import { Failure, type Job, type Look } from "../../page/src/engine";
import type { BrowserEngine } from "../src/studio/browser_engine";
import { keepOffline } from "../src/studio/keep";
import { openEngine } from "../src/studio/open";
import { WORDS } from "./words";

const language = navigator.language.startsWith("ko") ? 1 : 0;
const $ = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;

function t(word: string, values: Record<string, string | number> = {}): string {
  const text = (WORDS[word] ?? WORDS.failed!)[language];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

const percent = (done: number) => ({ done: Math.round(100 * done) });
let sketch = "";

function say(word: string, values: Record<string, string | number> = {}, done?: number): void {
  $("state").textContent = t(word, values);
  $<HTMLProgressElement>("progress").value = done ?? 0;
}

function fail(error: unknown): void {
  if (!(error instanceof Failure)) console.error(error);
  say(error instanceof Failure ? error.kind : "failed");
}

async function pick(engine: BrowserEngine): Promise<void> {
  const { sketches } = await engine.sketches("", "", 1);
  const choose = (id: string) => {
    sketch = id;
    for (const each of $("sketches").children) each.setAttribute("aria-checked", String(each.id === id));
  };
  for (const each of sketches) {
    const button = document.createElement("button");
    const image = document.createElement("img");
    [button.type, button.id] = ["button", each.id];
    button.setAttribute("role", "radio");
    image.src = engine.sketchImage(each.id, 192);
    image.alt = each.names[language ? "ko" : "en"] ?? each.id;
    button.append(image);
    button.onclick = () => choose(each.id);
    $("sketches").append(button);
  }
  if (sketches[0]) choose(sketches[0].id);
  $<HTMLInputElement>("own").onchange = (event) => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => choose(String(reader.result));
    reader.readAsDataURL(file);
  };
}

async function read(engine: BrowserEngine): Promise<void> {
  try {
    const found = await engine.understand($<HTMLInputElement>("prompt").value);
    const warnings = found.warnings.map((kind) => t(kind));
    $("understood").textContent = [found.understood, ...warnings].filter(Boolean).join(". ");
  } catch (error) {
    $("understood").textContent = t(error instanceof Failure ? error.kind : "failed");
  }
}

async function paint(engine: BrowserEngine): Promise<void> {
  const { defaults } = await engine.session();
  const seed = $<HTMLInputElement>("seed").value;
  const button = $<HTMLButtonElement>("paint");
  const began = performance.now();
  button.disabled = true;
  try {
    const job = await engine.paint({
      ...defaults,
      ...{ sketch, name: "", variants: 1, seed: seed === "" ? null : Number(seed) },
      prompt: $<HTMLInputElement>("prompt").value,
      look: $<HTMLSelectElement>("look").value as Look,
    });
    const creation = await engine.creation((await ended(engine, job)).creation!);
    const image = $<HTMLImageElement>("result");
    image.src = creation.pictures[0]!.color;
    image.alt = t("result");
    await image.decode();
    image.hidden = false;
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    say("painted", { seconds, seed: creation.seeds[0]! }, 1);
    [$<HTMLAnchorElement>("save").href, $("save").hidden] = [image.src, false];
  } catch (error) {
    fail(error);
  }
  button.disabled = false;
}

/** The job when it is done; throws why it is not. */
function ended(engine: BrowserEngine, own: Job): Promise<Job> {
  return new Promise((resolve, reject) => {
    const look = (job: Job) => {
      if (job.id !== own.id) return;
      if (job.state === "running") say("painting", percent(job.progress), job.progress);
      if (job.state === "done") resolve(job);
      if (job.error) reject(new Failure(job.error));
    };
    engine.watch({ job: look, jobs: (jobs) => jobs.forEach(look), online: () => {} });
  });
}

async function start(): Promise<void> {
  document.documentElement.lang = language ? "ko" : "en";
  for (const each of document.querySelectorAll<HTMLElement>("[data-word]")) each.textContent = t(each.dataset.word!);
  say("loading", percent(0));
  const kept = await keepOffline("./sw.js");
  const [engine, model] = await openEngine("./", (done) => say("loading", percent(done), done));
  await pick(engine);
  $("prompt").oninput = () => void read(engine);
  await read(engine);
  $("credit").textContent = (await engine.session()).credit;
  await model;
  document.querySelector("form")!.onsubmit = (event) => {
    event.preventDefault();
    void paint(engine);
  };
  $<HTMLButtonElement>("paint").disabled = false;
  say(kept ? "ready" : "ready_once", {}, 1);
}

start().catch(fail);
