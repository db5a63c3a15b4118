/** Runs a model's four graphs in ONNX Runtime Web, as pokecolor/coloring/engines/onnx_engine.py does. */

import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-common";
import { DPMSolver, parseSchedule, type Schedule } from "./dpm_solver";
import { rint } from "../rounding";
import { seededNoise } from "./noise";
import { Tokenizer, type TokenizerFile } from "./tokenizer";

/** Of ONNX Runtime: its builds for Node and for browsers are different modules. */
export interface Runtime {
  InferenceSession: typeof InferenceSession;
  Tensor: TensorConstructor;
}

export interface Sampling {
  steps: number;
  guidance: number;
  image_guidance: number;
}

/** Reads a file of the model's folder. */
export type Read = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

const GRAPHS = {
  text_encoder: { graph: "text_encoder/model.onnx", weights: "text_encoder/model.safetensors" },
  vae_encoder: { graph: "vae/encoder.onnx", weights: "vae/diffusion_pytorch_model.safetensors" },
  vae_decoder: { graph: "vae/decoder.onnx", weights: "vae/diffusion_pytorch_model.safetensors" },
  unet: { graph: "unet/model.onnx", weights: "unet/diffusion_pytorch_model.safetensors" },
} as const;

/** All that the painter reads of a folder that `pokecolor export --format onnx` writes. */
export const FILES = [
  ...new Set(Object.values(GRAPHS).flatMap((each) => [each.graph, each.weights])),
  "tokenizer/tokenizer.json",
  "tokenizer/tokenizer_config.json",
  "scheduler/scheduler_config.json",
  "sampling.json",
];

type Sessions = Record<keyof typeof GRAPHS, InferenceSession>;

export class Painter {
  private constructor(
    private readonly runtime: Runtime,
    private readonly sessions: Sessions,
    private readonly tokenizer: Tokenizer,
    private readonly schedule: Schedule,
    /** The settings that the model has by itself. */
    readonly sampling: Sampling,
    /** Side of the model's square, in pixels. */
    readonly size: number,
  ) {}

  /** Read a model; `on` hears of each graph that is ready, as a share from 0 to 1. */
  static async open(runtime: Runtime, read: Read, on?: (done: number) => void): Promise<Painter> {
    const text = async (path: string) => new TextDecoder().decode(await read(path));
    const json = async <T>(path: string) => JSON.parse(await text(path)) as T;
    const sessions = {} as Sessions;
    const names = Object.keys(GRAPHS) as (keyof typeof GRAPHS)[];
    for (const [number, name] of names.entries()) {
      const { graph, weights } = GRAPHS[name];
      const [model, data] = await Promise.all([read(graph), read(weights)]);
      sessions[name] = await runtime.InferenceSession.create(model, {
        externalData: [{ path: weights.split("/").pop()!, data }],
        executionProviders: ["wasm"],
        // weights in another layout: time to read a model, and no picture is faster by it; threads
        // that wait in a loop: they take the time of those that work where cores are few
        extra: { session: { disable_prepacking: "1", intra_op: { allow_spinning: "0" } } },
      });
      on?.((number + 1) / names.length);
    }
    const [file, config, schedule, sampling] = await Promise.all([
      json<TokenizerFile>("tokenizer/tokenizer.json"),
      json<{ pad_token: string | { content: string } }>("tokenizer/tokenizer_config.json"),
      text("scheduler/scheduler_config.json").then(parseSchedule),
      json<Sampling>("sampling.json"),
    ]);
    DPMSolver.of(schedule, sampling.steps);
    const padding = typeof config.pad_token === "string" ? config.pad_token : config.pad_token.content;
    const tokenizer = new Tokenizer(file, padding, lastSide(sessions.text_encoder));
    return new Painter(runtime, sessions, tokenizer, schedule, sampling, lastSide(sessions.vae_encoder));
  }

  /**
   * Paint one picture (Brooks et al. 2023, eq. 3).
   *
   * `prompt` is in words that the tokenizer knows, `square` line art, RGB [size, size, 3]. After
   * each step `on` hears the share that is done; what it throws ends the painting. The answer is RGB
   * [size, size, 3], or null where the model's answer is not finite.
   */
  async paint(
    prompt: string,
    square: Uint8Array,
    seed: number,
    sampling: Sampling = this.sampling,
    on?: (done: number) => void | Promise<void>,
  ): Promise<Uint8Array | null> {
    const latents = await this.latents(prompt, square, seed, sampling, on);
    await on?.(1);
    const painted = await this.run("vae_decoder", { latent_sample: latents });
    const plane = this.size ** 2;
    const picture = new Uint8Array(3 * plane);
    for (let i = 0; i < painted.length; i++) {
      if (!Number.isFinite(painted[i])) return null;
      const light = Math.min(1, Math.max(0, Math.fround(painted[i]! / 2 + 0.5)));
      picture[(i % plane) * 3 + Math.floor(i / plane)] = rint(Math.fround(255 * light));
    }
    return picture;
  }

  /** What is painted, before it is decoded. */
  async latents(
    prompt: string,
    square: Uint8Array,
    seed: number,
    sampling: Sampling = this.sampling,
    on?: (done: number) => void | Promise<void>,
  ): Promise<Tensor> {
    const guided = sampling.guidance > 1 && sampling.image_guidance >= 1;
    const [text, drawn] = await this.conditions(prompt, square, guided);
    const [channels, side] = [drawn.dims[1]!, drawn.dims[2]!];
    const one = channels * side * side;
    const branches = guided ? 3 : 1;
    const solver = DPMSolver.of(this.schedule, sampling.steps);
    const latents = await solver.solve(seededNoise(seed, one), async (step, timestep, noisy) => {
      if (step) await on?.(step / sampling.steps);
      const sample = new Float32Array(2 * branches * one);
      for (let branch = 0; branch < branches; branch++) {
        sample.set(noisy, 2 * branch * one);
        // text and image, image alone, neither
        if (branch < 2) sample.set(drawn.data as Float32Array, (2 * branch + 1) * one);
      }
      const found = await this.run("unet", {
        sample: this.floats(sample, [branches, 2 * channels, side, side]),
        timestep: new this.runtime.Tensor("int64", BigInt64Array.of(BigInt(timestep)), [1]),
        encoder_hidden_states: text,
      });
      if (!guided) return found;
      return found.slice(0, one).map((both, i) => {
        const [image, neither] = [found[one + i]!, found[2 * one + i]!];
        return neither + sampling.guidance * (both - image) + sampling.image_guidance * (image - neither);
      });
    });
    return this.floats(latents, [1, channels, side, side]);
  }

  /** The text's embedding, for each branch of guidance, and the encoded line art. */
  private async conditions(prompt: string, square: Uint8Array, guided: boolean): Promise<[Tensor, Tensor]> {
    const ids = [prompt, ...(guided ? [""] : [])].flatMap((text) => this.tokenizer.encode(text));
    const length = this.tokenizer.length;
    const texts = await this.sessions.text_encoder.run({
      input_ids: new this.runtime.Tensor("int64", BigInt64Array.from(ids, BigInt), [ids.length / length, length]),
    });
    let text = Object.values(texts)[0]!;
    if (guided) {
      const [data, dims] = [text.data as Float32Array, text.dims];
      const three = new Float32Array((data.length / 2) * 3);
      three.set(data);
      three.set(data.subarray(data.length / 2), data.length);
      text = this.floats(three, [3, dims[1]!, dims[2]!]);
    }
    const plane = this.size ** 2;
    const pixels = new Float32Array(3 * plane);
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * Math.fround(square[(i % plane) * 3 + Math.floor(i / plane)]! / 255) - 1;
    }
    const found = await this.sessions.vae_encoder.run({
      sample: this.floats(pixels, [1, 3, this.size, this.size]),
    });
    return [text, Object.values(found)[0]!];
  }

  private floats(data: Float32Array<ArrayBuffer>, shape: number[]): Tensor {
    return new this.runtime.Tensor("float32", data, shape);
  }

  private async run(graph: keyof Sessions, inputs: Record<string, Tensor>): Promise<Float32Array> {
    const found = await this.sessions[graph].run(inputs);
    return Object.values(found)[0]!.data as Float32Array;
  }
}

/** The length of the last axis of what a graph takes first. */
function lastSide(session: InferenceSession): number {
  const input = session.inputMetadata[0]!;
  if (!input.isTensor) throw new Error("a graph takes something else than tensors");
  return Number(input.shape.at(-1));
}
