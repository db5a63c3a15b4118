/**
 * DPM-Solver++ (Lu et al. 2022, algorithm 2), second-order multistep, as
 * pokecolor/coloring/engines/dpm_solver.py has it.
 */

import { rint } from "../rounding";

export interface Schedule {
  _class_name: string;
  algorithm_type: string;
  solver_order: number;
  solver_type: string;
  final_sigmas_type: string;
  prediction_type: string;
  beta_start: number;
  beta_end: number;
  beta_schedule: string;
  num_train_timesteps: number;
  timestep_spacing: string;
  steps_offset?: number;
  rescale_betas_zero_snr?: boolean;
  [other: string]: unknown;
}

const SUPPORTED: Record<string, unknown[]> = {
  _class_name: ["DPMSolverMultistepScheduler"],
  algorithm_type: ["dpmsolver++"],
  solver_order: [2],
  solver_type: ["midpoint"],
  final_sigmas_type: ["zero"],
  prediction_type: ["epsilon", "v_prediction"],
  beta_schedule: ["linear", "scaled_linear"],
  timestep_spacing: ["linspace", "leading", "trailing"],
  trained_betas: [null],
  variance_type: [null],
  lambda_min_clipped: ["-Infinity"],
  thresholding: [false],
  use_karras_sigmas: [false],
  use_exponential_sigmas: [false],
  use_beta_sigmas: [false],
  use_lu_lambdas: [false],
  use_flow_sigmas: [false],
  use_dynamic_shifting: [false],
};

/** Reads a `scheduler_config.json`, in which Python writes an infinity that JSON does not know. */
export function parseSchedule(text: string): Schedule {
  return JSON.parse(text.replace(/:\s*-Infinity\b/g, ': "-Infinity"')) as Schedule;
}

/** What the model says of a step, a timestep and noisy latents; of their shape. */
export type Predict = (step: number, timestep: number, sample: Float32Array) => Promise<Float32Array>;

export class DPMSolver {
  private constructor(
    readonly timesteps: number[],
    /** sigma / alpha of each timestep, and 0. */
    readonly levels: Float32Array,
    private readonly predictsV: boolean,
  ) {}

  /** The solver that a `scheduler_config.json` describes. Throws where it is another. */
  static of(config: Schedule, steps: number): DPMSolver {
    for (const [name, known] of Object.entries(SUPPORTED)) {
      if (name in config && !known.includes(config[name])) {
        throw new Error(`scheduler_config.json: ${name} is ${String(config[name])}, which is not known`);
      }
    }
    const kept = signalPower(config);
    const timesteps = spaced(config, steps);
    const levels = timesteps.map((at) => Math.sqrt((1 - kept[at]!) / kept[at]!));
    return new DPMSolver(
      timesteps,
      Float32Array.from([...levels, 0]),
      config.prediction_type === "v_prediction",
    );
  }

  /** From standard normal noise to latents. The first step and the last one are of first order. */
  async solve(noise: Float32Array, predict: Predict): Promise<Float32Array<ArrayBuffer>> {
    const { levels, timesteps } = this;
    let sample = Float32Array.from(noise);
    let before = sample;
    const alphas = levels.map((level) => 1 / Math.sqrt(level ** 2 + 1));
    for (let step = 0; step < timesteps.length; step++) {
      const found = await predict(step, timesteps[step]!, sample);
      const [level, following] = [levels[step]!, levels[step + 1]!];
      const alpha = alphas[step]!;
      const sigma = level * alpha;
      const clean = sample.map((x, i) =>
        this.predictsV ? alpha * x - sigma * found[i]! : (x - sigma * found[i]!) / alpha,
      );
      const ratio = following / level; // exp(-h), with h the step in log(alpha / sigma)
      const multistep = step > 0 && step < timesteps.length - 1;
      const slope = multistep ? Math.log(level / following) / Math.log(levels[step - 1]! / level) / 2 : 0;
      const scale = (following * alphas[step + 1]!) / sigma;
      const gain = alphas[step + 1]! * (ratio - 1);
      sample = sample.map((x, i) => scale * x - gain * (clean[i]! + slope * (clean[i]! - before[i]!)));
      before = clean;
    }
    return sample;
  }
}

/** alpha**2 of each timestep of training. */
function signalPower(config: Schedule): Float32Array {
  const count = config.num_train_timesteps;
  const root = config.beta_schedule === "scaled_linear";
  const [start, end] = [config.beta_start, config.beta_end].map((beta) => (root ? Math.sqrt(beta) : beta));
  const kept = new Float32Array(count);
  let product = 1;
  for (let i = 0; i < count; i++) {
    const value = Math.fround(start! + ((end! - start!) * i) / (count - 1));
    const beta = root ? Math.fround(value * value) : value;
    product = Math.fround(product * Math.fround(1 - beta));
    kept[i] = product;
  }
  if (config.rescale_betas_zero_snr) {
    // Lin et al. 2024, algorithm 1
    const roots = kept.map(Math.sqrt);
    const [first, last] = [roots[0]!, roots[count - 1]!];
    for (let i = 0; i < count; i++) kept[i] = ((roots[i]! - last) * (first / (first - last))) ** 2;
    kept[count - 1] = 2 ** -24;
  }
  return kept;
}

/** As in Lin et al. 2024, table 2: falling. */
function spaced(config: Schedule, steps: number): number[] {
  const count = config.num_train_timesteps;
  const numbers = Array.from({ length: steps + 1 }, (_, i) => i);
  if (config.timestep_spacing === "trailing") {
    return numbers.slice(0, steps).map((i) => rint(count - (i * count) / steps) - 1);
  }
  const found =
    config.timestep_spacing === "leading"
      ? numbers.map((i) => i * Math.floor(count / (steps + 1)) + (config.steps_offset ?? 0))
      : numbers.map((i) => rint((i * (count - 1)) / steps));
  return found.slice(1).reverse();
}
