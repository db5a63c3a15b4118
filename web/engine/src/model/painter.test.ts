import * as runtime from "onnxruntime-web";
import { beforeAll, expect, test } from "vitest";
import { readCases, readMini, unpack, type Stored } from "../cases";
import { DPMSolver, parseSchedule } from "./dpm_solver";
import { rint } from "../rounding";
import { seededNoise } from "./noise";
import { FILES, Painter } from "./painter";

interface Cases {
  noise: [number, number, Stored][];
  schedule: string;
  solvers: [string, number, number[], number[]][];
  prompt: string;
  seed: number;
  square: Stored;
  latents: Stored;
  picture: Stored;
}
const cases = readCases<Cases>("sampling");
const schedule = parseSchedule(cases.schedule);
const grey = unpack<Uint8Array>(cases.square);
const square = Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]!);

test("a seed's noise is PyTorch's", () => {
  for (const [seed, count, stored] of cases.noise) {
    const noise = seededNoise(seed, count);
    unpack<Float32Array>(stored).forEach((value, i) => expect(noise[i]).toBeCloseTo(value, 5));
  }
  expect(() => seededNoise(0, 15)).toThrow("PyTorch");
});

test("timesteps and noise levels are Python's", () => {
  for (const [spacing, steps, timesteps, levels] of cases.solvers) {
    const solver = DPMSolver.of({ ...schedule, timestep_spacing: spacing }, steps);
    expect(solver.timesteps).toEqual(timesteps);
    levels.forEach((level, i) => expect(solver.levels[i]! / (level || 1)).toBeCloseTo(level && 1, 4));
  }
});

test("another sampler is refused by name", () => {
  expect(() => DPMSolver.of({ ...schedule, solver_order: 3 }, 3)).toThrow("solver_order is 3");
});

test("halves go to the even number", () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999].map(rint)).toEqual([0, 2, 2, 0, -2, 2]);
});

let painter: Painter;
const read: string[] = [];
beforeAll(async () => {
  runtime.env.wasm.numThreads = 1;
  painter = await Painter.open(runtime, (path) => (read.push(path), readMini(path)));
}, 120_000);

test("it reads no other files than it says", () => {
  expect(new Set(read)).toEqual(new Set(FILES));
});

test("latents are within 1e-3 of Python's", async () => {
  const steps: number[] = [];
  const found = await painter.latents(cases.prompt, square, cases.seed, undefined, (done) => void steps.push(done));
  const wanted = unpack<Float32Array>(cases.latents);
  const data = found.data as Float32Array;
  expect(data.length).toBe(wanted.length);
  expect(Math.max(...wanted.map((value, i) => Math.abs(value - data[i]!)))).toBeLessThan(1e-3);
  expect(steps).toEqual([1 / 3, 2 / 3]);
}, 120_000);

test("a picture is Python's, and what `on` throws ends the painting", async () => {
  const picture = (await painter.paint(cases.prompt, square, cases.seed))!;
  const wanted = unpack<Uint8Array>(cases.picture);
  const side = painter.size / 4;
  let apart = 0;
  wanted.forEach((value, i) => {
    const [row, column] = [Math.floor(i / 3 / side), Math.floor(i / 3) % side];
    apart = Math.max(apart, Math.abs(value - picture[(4 * row * painter.size + 4 * column) * 3 + (i % 3)]!));
  });
  expect(apart).toBeLessThanOrEqual(1);
  const stop = () => {
    throw new Error("enough");
  };
  await expect(painter.paint(cases.prompt, square, 0, undefined, stop)).rejects.toThrow("enough");
}, 120_000);
