"""Downloads data sets from hubs, with clear error messages."""

from __future__ import annotations

import os
from pathlib import Path

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint

SKETCH2POKEMON = "norod78/sketch2pokemon"
"""On Kaggle: a folder `pokemon_pix2pix_dataset` with trainA, trainB, testA, testB."""
POKEMON_BLIP = "svjack/pokemon-blip-captions-en-ja"
"""On Hugging Face, CC BY-NC-SA 4.0: data/train-*.parquet with `image`, `en_text`, `ja_text`."""

OFFLINE = "data=openmoji works without a network"


def download_sketch2pokemon() -> Path:
    """The folder of Kaggle's `norod78/sketch2pokemon`, downloaded unless it has been.

    Raises:
        UserError: kagglehub is not installed, or Kaggle cannot be reached.
    """
    try:
        import kagglehub
    except ImportError:
        raise UserError(
            f"kagglehub is not installed: {hint('hub')}, or set data.root to a copy "
            f"of Kaggle's {SKETCH2POKEMON}; {OFFLINE}"
        ) from None
    try:
        return Path(kagglehub.dataset_download(SKETCH2POKEMON))
    except Exception as error:  # the errors of kagglehub and of requests share no base class
        raise unreachable("Kaggle", SKETCH2POKEMON, error) from None


def download_pokemon_blip() -> Path:
    """The folder of Hugging Face's `svjack/pokemon-blip-captions-en-ja`, downloaded once.

    Raises:
        UserError: the hub cannot be reached, or HF_HUB_OFFLINE is set and there is no copy.
    """
    from huggingface_hub import snapshot_download

    try:
        path = snapshot_download(
            POKEMON_BLIP, repo_type="dataset", allow_patterns=["data/*.parquet", "README.md"]
        )
    except Exception as error:  # the errors of huggingface_hub and of httpx share no base class
        raise unreachable("Hugging Face", POKEMON_BLIP, error) from None
    return Path(path)


def unreachable(hub: str, name: str, error: Exception) -> UserError:
    """The error for a failed download of a data set."""
    offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
    reason = str(error).strip().partition("\n")[0] or "no reason given"
    return UserError(
        f"{hub}: could not download {name}{offline}: {type(error).__name__}: {reason}; "
        f"set data.root to a copy of it; {OFFLINE}"
    )
