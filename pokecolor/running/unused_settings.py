"""Settings that evaluate.py shares with train.py and does not use: to give one is a mistake."""

from __future__ import annotations

from collections.abc import Sequence

from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig

from pokecolor.core.errors import UserError

ANSWER_KEY = "pokecolor.evaluation.answer_key.key.AnswerKey"

OF_TRAINING = (
    "callbacks",
    "logger",
    "data.batch_size",
    "data.random_flip",
    "data.seed",
    "trainer.max_steps",
    "trainer.max_epochs",
    "trainer.accumulate_grad_batches",
    "trainer.gradient_clip_val",
    "trainer.val_check_interval",
    "trainer.check_val_every_n_epoch",
    "trainer.limit_val_batches",
    "trainer.num_sanity_val_steps",
    "trainer.log_every_n_steps",
)
OF_CHECKPOINTS = ("model", "data.eval_batch_size", "data.cache_latents", "data.cache_text")
OF_PIPELINES = ("colorings", "guidance", "clip", "features", "test_set")
OF_GENERATION = (
    "guidance",
    "colorings.look",
    "colorings.steps",
    "colorings.guidance_scale",
    "colorings.image_guidance_scale",
)
OF_DATA_SETS = (
    "caption",
    "guidance",
    "clip",
    "features",
    "colorings.clip",
    "colorings.features",
    "colorings.set_metrics",
    "colorings.find_copies",
    "colorings.template",
)
"""What measures pictures of a data set, and not by an answer key."""


def require_used(config: DictConfig, overrides: Sequence[str]) -> None:
    """Check that what was asked for has a use in this evaluation.

    Null asks for nothing, so that is never a mistake. What an experiment sets is not looked at: it
    is for training, too.

    Args:
        config: of evaluate.py.
        overrides: it was composed with.

    Raises:
        UserError: names all that is of no use.
    """
    unused, what = OF_TRAINING, "a pipeline's pictures are measured"
    if config.ckpt_path or not (config.pipeline or config.images):
        unused, what = unused + OF_PIPELINES, "a model is measured by what it says of itself"
    else:
        unused += OF_CHECKPOINTS
        if config.images:
            unused, what = unused + OF_GENERATION, "another program's images are scored"
        if by_answer_key(config):
            unused, what = unused + OF_DATA_SETS, "pictures are measured by an answer key"
    found = [
        override.input_line
        for override in OverridesParser.create().parse_overrides(list(overrides))
        if override.value() not in (None, "null")
        and _is_within(override.package or override.key_or_group.replace("/", "."), unused)
    ]
    if found:
        raise UserError(f"{' '.join(found)}: not used where {what}; leave it out")


def by_answer_key(config: DictConfig) -> bool:
    """Whether the data are an answer key."""
    return config.data.get("_target_") == ANSWER_KEY


def _is_within(key: str, groups: Sequence[str]) -> bool:
    return any(key == group or key.startswith(f"{group}.") for group in groups)
