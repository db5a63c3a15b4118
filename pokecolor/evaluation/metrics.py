"""All metrics of reports, in their order: a new one is a file and a line here."""

from __future__ import annotations

from pokecolor.evaluation.answer_key_metrics import (
    AllRight,
    Background,
    EveryBackgroundPoint,
    FirstPart,
    LinesKept,
    OtherParts,
    Parts,
)
from pokecolor.evaluation.background import WhiteBackground
from pokecolor.evaluation.clip_score import ClipImageSimilarity, ClipScore
from pokecolor.evaluation.colorfulness import Colorfulness
from pokecolor.evaluation.directional_similarity import DirectionalSimilarity
from pokecolor.evaluation.fid import FrechetDistance
from pokecolor.evaluation.fidelity import Psnr, Ssim
from pokecolor.evaluation.kid import KernelDistance
from pokecolor.evaluation.leak import Leak, LeakToNamed
from pokecolor.evaluation.line_f1 import LineF1
from pokecolor.evaluation.metric import ImageMetric
from pokecolor.evaluation.neighbor import NeighborSimilarity
from pokecolor.evaluation.prompt_color import MainColor, PromptColorF1
from pokecolor.evaluation.region_color import MainRegionColor, RegionColor, RegionColorDistance

METRICS: tuple[type[ImageMetric], ...] = (
    RegionColor,
    MainRegionColor,
    RegionColorDistance,
    Leak,
    LeakToNamed,
    PromptColorF1,
    MainColor,
    LineF1,
    WhiteBackground,
    ClipScore,
    ClipImageSimilarity,
    DirectionalSimilarity,
    FrechetDistance,
    KernelDistance,
    Psnr,
    Ssim,
    Colorfulness,
    NeighborSimilarity,
)
ANSWER_KEY_METRICS: tuple[type[ImageMetric], ...] = (
    Parts,
    FirstPart,
    OtherParts,
    AllRight,
    Background,
    EveryBackgroundPoint,
    LinesKept,
)
"""Those of reports on an answer key, which have no others."""
SET_METRICS = (FrechetDistance, KernelDistance)
"""Those that are taken of all images together."""
