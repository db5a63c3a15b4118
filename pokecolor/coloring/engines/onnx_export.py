"""Exports a pipeline with ONNX graphs; needs PyTorch and the package onnx."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx
import onnxruntime
import torch
from diffusers.models.attention_processor import AttnProcessor2_0
from onnx import TensorProto, helper
from torch import Tensor, nn

from pokecolor.coloring.engines.dpm_solver import require_supported
from pokecolor.coloring.engines.graphs import GRAPHS, HEADER, header_digest, weights_of
from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from diffusers import StableDiffusionInstructPix2PixPipeline

OPSET = 17
BATCH = "batch"
PREFIX = "model."
"""Prefix of the names of weights in the wrapper classes below."""


def write_onnx(pipeline: StableDiffusionInstructPix2PixPipeline, folder: Path) -> None:
    """Save a pipeline in float16, with the graphs of `graphs.GRAPHS`.

    Args:
        pipeline: a pipeline on the CPU; it is in float16 afterwards.
        folder: target folder; created if needed.

    Raises:
        UserError: its scheduler is not supported, or a weight is too large for float16.
    """
    schedule = {**pipeline.scheduler.config, "_class_name": type(pipeline.scheduler).__name__}
    require_supported(schedule, str(folder))
    parts = ("unet", "vae", "text_encoder")
    for part in parts:
        weights = getattr(pipeline, part).state_dict().values()
        largest = max(float(each.abs().max()) for each in weights)
        if not largest <= torch.finfo(torch.float16).max:
            raise UserError(f"{folder}: not written; weights of {part} are too large for float16")
    with tempfile.TemporaryDirectory() as scratch:
        traced = {name: trace(pipeline, name, Path(scratch)) for name in GRAPHS}
    for part in parts:
        getattr(pipeline, part).to(torch.float16)
    pipeline.save_pretrained(folder, safe_serialization=True, max_shard_size="100GB")
    for name, graph in traced.items():
        _write(graph, folder / GRAPHS[name])


def write_graphs(pipeline: StableDiffusionInstructPix2PixPipeline, folder: Path) -> None:
    """Write only the graphs, into a folder with the pipeline's float16 weights."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, path in GRAPHS.items():
            _write(trace(pipeline, name, Path(scratch)), folder / path)


class _Encoder(nn.Module):
    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.model = vae

    def forward(self, sample: Tensor) -> Tensor:
        return self.model.encode(sample).latent_dist.mode()


class _Decoder(nn.Module):
    def __init__(self, vae: nn.Module) -> None:
        super().__init__()
        self.model = vae

    def forward(self, latents: Tensor) -> Tensor:
        return self.model.decode(latents / self.model.config.scaling_factor).sample


class _First(nn.Module):
    """Returns the first of a model's outputs."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.model(*inputs, return_dict=False)[0]


def trace(
    pipeline: StableDiffusionInstructPix2PixPipeline, name: str, scratch: Path
) -> onnx.ModelProto:
    """Trace one of `graphs.GRAPHS`; its weights are inputs still."""
    kind, inputs, output = _call(pipeline, name)
    path = scratch / f"{name}.onnx"
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every Python number
        torch.onnx.export(
            kind.eval(),
            tuple(inputs.values()),
            path,
            dynamo=False,
            opset_version=OPSET,
            export_params=False,
            do_constant_folding=False,  # weights stay as they are in their file
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes={axis: {0: BATCH} for axis in (*inputs, output) if axis != "timestep"},
        )
        shape = kind(*inputs.values()).shape
    model = _simplify(path)
    answer = helper.make_tensor_value_info(output, TensorProto.FLOAT, [BATCH, *shape[1:]])
    model.graph.output[0].CopyFrom(answer)
    return model


def _simplify(path: Path) -> onnx.ModelProto:
    """Fold nodes that depend on fixed sizes only: half of them. Uses only standard ONNX
    operators.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path.with_suffix(".simple.onnx"))
    onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    model = onnx.load(options.optimized_model_filepath)
    used = [each for each in model.opset_import if not each.domain]
    model.ClearField("opset_import")
    model.opset_import.extend(used)
    return model


def _call(
    pipeline: StableDiffusionInstructPix2PixPipeline, name: str
) -> tuple[nn.Module, dict[str, Tensor], str]:
    """The module to trace, its inputs by name, and the name of its output."""
    vae, unet, text = pipeline.vae, pipeline.unet, pipeline.text_encoder
    side, channels = unet.config.sample_size, vae.config.latent_channels
    latents = torch.randn(2, channels, side, side)
    tokens = pipeline.tokenizer.model_max_length
    if name == "text_encoder":
        return _First(text), {"input_ids": torch.ones(2, tokens).long()}, "last_hidden_state"
    if name == "vae_encoder":
        size = side * pipeline.vae_scale_factor
        return _Encoder(vae), {"sample": torch.randn(2, 3, size, size)}, "latent_sample"
    if name == "vae_decoder":
        return _Decoder(vae), {"latent_sample": latents}, "sample"
    unet.set_attn_processor(AttnProcessor2_0())  # other processors give twice as many nodes
    inputs = {
        "sample": torch.cat([latents, latents], dim=1),
        "timestep": torch.tensor([1]),
        "encoder_hidden_states": torch.randn(2, tokens, text.config.hidden_size),
    }
    return _First(unet), inputs, "out_sample"


def _write(model: onnx.ModelProto, path: Path) -> None:
    """Make a graph refer to the weights beside it, and write it."""
    weights = weights_of(path)
    tensors, start = _read_header(weights)
    graph = model.graph
    casts, inputs = [], []
    for given in graph.input:
        key = given.name.removeprefix(PREFIX)
        if key == given.name:
            inputs.append(given)
            continue
        first, end = tensors[key]["data_offsets"]
        stored = TensorProto(name=key, data_type=TensorProto.FLOAT16, dims=tensors[key]["shape"])
        stored.data_location = TensorProto.EXTERNAL
        where = {"location": weights.name, "offset": start + first, "length": end - first}
        for name, value in where.items():
            stored.external_data.add(key=name, value=str(value))
        graph.initializer.append(stored)
        casts.append(helper.make_node("Cast", [key], [given.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    _shorten(nodes, {each.name for each in (*graph.initializer, *inputs, *graph.output)})
    for field, values in (("input", inputs), ("node", nodes), ("value_info", [])):
        graph.ClearField(field)
        getattr(graph, field).extend(values)
    helper.set_model_props(model, {HEADER: header_digest(weights)})
    onnx.save(model, path)


def _shorten(nodes: list[onnx.NodeProto], kept: set[str]) -> None:
    """Shorten internal names of a graph, which are two thirds of its size."""
    short: dict[str, str] = {}
    for node in nodes:
        node.ClearField("name")
        node.ClearField("doc_string")
        node.input[:] = [short.get(name, name) for name in node.input]
        for name in set(node.output) - kept:
            short[name] = f"v{len(short)}"
        node.output[:] = [short.get(name, name) for name in node.output]


def _read_header(weights: Path) -> tuple[dict[str, Any], int]:
    """The header of a safetensors file (positions of tensors), and the offset of the first
    tensor.
    """
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length)), 8 + length
