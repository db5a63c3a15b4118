"""Loads and checks single components of a model, from a folder in diffusers layout or the hub."""

from __future__ import annotations

import itertools
import json
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from safetensors import SafetensorError

from pokecolor.core.errors import UserError
from pokecolor.model_files.architecture import SUPPORTED, require_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from transformers import CLIPTokenizer

log = logging.getLogger(__name__)

PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
"""Extensions of pickled weights."""

FAILURES = (
    OSError, ValueError, RuntimeError, TypeError, KeyError, AttributeError, SafetensorError,
)  # fmt: skip
"""Exceptions of libraries for damaged or wrong files."""


def read_model(
    kind: type,
    root: str,
    part: str,
    revision: str | None = None,
    extra_inputs: Mapping[str, str] | None = None,
) -> Any:
    """Read a part with weights in float32, and check that no tensor is missing or left over.

    Only safetensors are read. If a folder has no plain weights, those of a variant are read.

    Args:
        kind: the class of the part, of diffusers or transformers.
        root: a folder, or a hub id.
        part: its folder in it.
        revision: branch, tag or commit on the hub.
        extra_inputs: see `require_kind`.

    Raises:
        UserError: it is missing, incomplete, pickled, or has another architecture.
    """
    import torch

    where = _require_folder(root, part)
    config = _read_config(root, part, revision)
    require_kind(config, kind.__name__, where, extra_inputs)
    variants: tuple[str | None, ...] = (None, "fp16")  # that the hub may have
    if Path(root).is_dir():
        variants = (find_variant(Path(root) / part, _stem(kind)),)
    for variant in variants:
        try:
            model, info = kind.from_pretrained(
                root,
                subfolder=part,
                revision=revision,
                variant=variant,
                # float32 whatever the files hold: training keeps full weights, and autocast
                # rounds them
                dtype=torch.float32,
                use_safetensors=True,
                ignore_mismatched_sizes=True,  # checked below
                output_loading_info=True,
                **_attention(kind, "sdpa"),
            )
        except Exception as error:
            if variant is None and len(variants) > 1 and isinstance(error, OSError):
                continue
            raise_read_error(error, root, where)
        if variant is not None:
            log.warning("%s: its weights of the variant %s are read, it has no plain ones",
                        where, variant)  # fmt: skip
        tensors = itertools.chain(model.named_parameters(), model.named_buffers())
        unread = {name for name, tensor in tensors if tensor.is_meta}
        require_whole(
            unread.union(info["missing_keys"]),
            info["unexpected_keys"],
            info["mismatched_keys"],
            where,
        )
        return model
    raise AssertionError("the last variant returns or raises")


def read_whole_model(
    kind: type, checkpoint: str, revision: str | None, attention: Literal["sdpa", "eager"]
) -> Any:
    """A model of transformers that is no part of a pipeline, with every tensor that it needs.

    Only safetensors are read. Tensors of other uses of the same weights may lie beside.

    Args:
        kind: its class.
        checkpoint: a folder in transformers' layout, or a hub id.
        revision: branch, tag or commit on the hub.
            attention: transformers' attention implementation.

        Raises:
            UserError: it is incomplete.
            FAILURES: it is missing, or cannot be read.
    """
    model, info = kind.from_pretrained(
        checkpoint,
        revision=revision,
        use_safetensors=True,
        ignore_mismatched_sizes=True,  # checked below
        output_loading_info=True,
        **_attention(kind, attention),
    )
    require_whole(info["missing_keys"], (), info["mismatched_keys"], checkpoint)
    return model


def read_tokenizer(root: str, part: str, revision: str | None = None) -> CLIPTokenizer:
    """A tokenizer with its vocabulary.

    Raises:
        UserError: it is not there, or has no vocabulary or no merges.
    """
    from transformers import CLIPTokenizer

    where = _require_folder(root, part)
    folder = Path(root) / part
    if Path(root).is_dir() and not (folder / "tokenizer.json").is_file():
        # without merges every word would be split into letters
        if missing := [n for n in ("vocab.json", "merges.txt") if not (folder / n).is_file()]:
            raise UserError(
                f"{where}: no tokenizer.json, and no {' and no '.join(missing)}; copy the whole "
                "folder again"
            )
    try:
        tokenizer = CLIPTokenizer.from_pretrained(root, subfolder=part, revision=revision)
    except Exception as error:
        raise_read_error(error, root, where)
    if len(tokenizer) <= len(tokenizer.all_special_tokens):
        raise UserError(f"{where}: its vocabulary is empty; copy the whole folder again")
    return tokenizer


def read_scheduler(kind: type, root: str, part: str, revision: str | None = None) -> Any:
    """A noise schedule, of a class of diffusers' schedulers.

    Raises:
        UserError: it is not there, or cannot be read.
    """
    where = _require_folder(root, part)
    try:
        return kind.from_pretrained(root, subfolder=part, revision=revision)
    except Exception as error:
        raise_read_error(error, root, where)


def find_variant(folder: Path, stem: str) -> str | None:
    """The variant of the weights in a part's folder to read; None for the plain weights.

    Args:
        folder: folder of the part.
        stem: file name of the weights: "diffusion_pytorch_model" or "model".

    Raises:
        UserError: no weights, only pickled ones, two plain sets, or several variants but no fp16.
    """
    names = sorted(path.name for path in folder.iterdir())
    plain = {f"{stem}.safetensors", f"{stem}.safetensors.index.json"}.intersection(names)
    if len(plain) == 2:
        raise UserError(f"{folder}: both {' and '.join(sorted(plain))} are there; move one away")
    if plain:
        return None
    one_file = rf"{re.escape(stem)}\.(\w+)\.safetensors"
    several = rf"{re.escape(stem)}\.safetensors\.index\.(\w+)\.json"
    found = (re.fullmatch(f"{one_file}|{several}", name) for name in names)
    variants = sorted({match[1] or match[2] for match in found if match})
    if "fp16" in variants:
        return "fp16"
    if len(variants) == 1:
        return variants[0]
    if variants:
        raise UserError(
            f"{folder}: no {stem}.safetensors, but variants of it ({', '.join(variants)}); rename "
            "the one to read"
        )
    if pickled := [name for name in names if name.endswith(PICKLES)]:
        raise UserError(
            f"{folder}: its weights are pickled ({pickled[0]}), and a pickle can run code; get or "
            f"convert them as safetensors ({stem}.safetensors)"
        )
    raise UserError(f"{folder}: no weights in it ({stem}.safetensors); copy the whole folder again")


def require_whole(
    missing: Iterable[str], unexpected: Iterable[str], mismatched: Iterable[Any], where: str
) -> None:
    """Check that the tensors fit the architecture.

    Args:
        missing: names of tensors that the files lack.
        unexpected: names of tensors that the model lacks.
        mismatched: names, or tuples that begin with a name, of tensors with another shape.
        where: name of the part in the message.

    Raises:
        UserError: any tensor is missing, unexpected or mismatched.
    """
    wrong_shape = [entry if isinstance(entry, str) else entry[0] for entry in mismatched]
    wrong = [
        f"{len(names)} {'tensor is' if len(names) == 1 else 'tensors are'} {what} "
        f"(such as {min(names)})"
        for what, names in (
            ("missing", set(missing)),
            ("unexpected", set(unexpected)),
            ("of another shape than config.json says", set(wrong_shape)),
        )
        if names
    ]
    if wrong:
        raise UserError(
            f"{where}: {', '.join(wrong)}; the weights are damaged or another model's: get them "
            "again"
        )


def _of_diffusers(kind: type) -> bool:
    return kind.__module__.startswith("diffusers")


def _stem(kind: type) -> str:
    return "diffusion_pytorch_model" if _of_diffusers(kind) else "model"


def _attention(kind: type, name: str) -> dict[str, str]:
    """Arguments that prevent transformers from downloading the kernel that a config.json names."""
    return {} if _of_diffusers(kind) else {"attn_implementation": name}


def _require_folder(root: str, part: str) -> str:
    """The name of a part in messages; raises if a local folder lacks it."""
    if not Path(root).is_dir():
        return f"{root}: {part}"
    if not (Path(root) / part).is_dir():
        others = {"transformer", "prior", "text_encoder_2", "text_encoder_3"}
        found = sorted(others & {path.name for path in Path(root).iterdir()})
        hint = f" ({found[0]}/ is there: another architecture; {SUPPORTED})" if found else ""
        raise UserError(
            f"{root}: has no folder {part}/; a checkpoint in diffusers layout has one{hint}"
        )
    return f"{root}/{part}"


def _read_config(root: str, part: str, revision: str | None) -> dict[str, Any]:
    """The part's `config.json`.

    Raises:
        UserError: there is none.
    """
    path = Path(root) / part / "config.json"
    try:
        if not Path(root).is_dir():
            from huggingface_hub import hf_hub_download

            path = Path(hf_hub_download(root, f"{part}/config.json", revision=revision))
        config = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(config, dict):
            raise ValueError(f"{path.name} is no JSON object")
    except Exception as error:
        raise_read_error(error, root, _require_folder(root, part))
    return config


def raise_read_error(error: Exception, root: str, where: str) -> NoReturn:
    """Convert a library's error while reading a part to a `UserError` if the files are the cause.

    Args:
        error: the library's error.
        root: a folder, or a hub id.
        where: name of the part in the message.

    Raises:
        UserError: the files or the hub are the cause.
        Exception: `error` itself otherwise.
    """
    if not isinstance(error, FAILURES) or "DefaultCPUAllocator" in str(error):
        raise error
    reason = " ".join(str(error).split())[:160] or type(error).__name__
    if Path(root).is_dir():
        raise UserError(f"{where}: cannot be read ({reason})") from error
    raise UserError(
        f"{where}: no folder {root} here, not in the local hub cache, and the model hub did not "
        f"give it; go online, or use model=mini, which works offline ({reason})"
    ) from error
