"""Writes the report of an audit: a table of the sources, all captions, a picture per source."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from pokecolor.captioning.audit import summarize_audits
from pokecolor.core.bootstrap import bootstrap_interval
from pokecolor.core.colors import EXEMPLARS
from pokecolor.core.images.conversion import grid, letterbox
from pokecolor.core.images.text_panel import text_panel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pokecolor.captioning.audit import CaptionAudit

PICTURED = 24
"""Samples in a source's picture."""
LISTED = 40
"""Samples whose captions the report lists side by side."""
CELL, COLUMNS = 160, 4


@dataclass(frozen=True, eq=False)
class Sample:
    """An image whose captions are audited."""

    id: str
    drawing_id: str
    image: np.ndarray
    """uint8 [height, width, 3]."""
    colors: Mapping[str, float]
    """Basic term => share of its area."""


@dataclass
class SourceAudit:
    """The audit of one caption source."""

    name: str
    findings: list[CaptionAudit]
    """The audit of each sample's caption."""
    bindings: list[float | None] = field(default_factory=list)
    """For each sample whether it preferred the true caption to the swapped one; empty if the source
    cannot score captions."""


HEADER = (
    "source", "captions", "color F1 (95%)", "precision", "recall", "<unk>", "no color",
    "too long", "distinct", "binding (95%)",
)  # fmt: skip


def audit_rows(samples: Sequence[Sample], sources: Sequence[SourceAudit]) -> list[list[str]]:
    """A row for each source, under `HEADER`."""
    drawings = [sample.drawing_id for sample in samples]
    rows = []
    for source in sources:
        audit = summarize_audits(source.findings, drawings)
        rows.append(
            [
                source.name,
                str(audit.count),
                _with_interval(audit.f1, audit.f1_interval),
                *(
                    f"{value:.3f}"
                    for value in (audit.precision, audit.recall, audit.unknown, audit.colorless)
                ),
                f"{audit.too_long:.3f}",
                f"{audit.distinct:.3f}",
                _binding(source.bindings, drawings),
            ]
        )
    return rows


def write_audit(
    folder: Path, title: str, samples: Sequence[Sample], sources: Sequence[SourceAudit]
) -> None:
    """Write `audit.md`, `captions.csv` and `<source>.png`.

    Args:
        folder: target folder; created if needed.
        title: what was audited.
        samples: in order.
        sources: with a finding for each sample.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = [f"# {title}", "", *_markdown_table(audit_rows(samples, sources)), "", *_legend()]
    text += ["", "## Side by side", "", *_side_by_side(samples, sources)]
    (folder / "audit.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    with (folder / "captions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "colors", "source", "caption", "f1"])
        for row, sample in enumerate(samples):
            for source in sources:
                finding = source.findings[row]
                colors = _describe(sample.colors)
                writer.writerow(
                    [sample.id, colors, source.name, finding.caption, f"{finding.f1:.3f}"]
                )
    for source in sources:
        Image.fromarray(_picture(samples, source)).save(folder / f"{source.name}.png")


def _with_interval(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.3f} ({interval[0]:.3f}-{interval[1]:.3f})"


def _binding(bindings: Sequence[float | None], drawings: Sequence[str]) -> str:
    known = [(b, d) for b, d in zip(bindings, drawings, strict=False) if b is not None]
    if not known:
        return "-"
    values, groups = zip(*known, strict=True)
    return _with_interval(sum(values) / len(values), bootstrap_interval(values, groups))


def _markdown_table(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [HEADER, ["---"] * len(HEADER), *rows]
    return [f"| {' | '.join(line)} |".replace("<", "&lt;") for line in lines]


def _legend() -> list[str]:
    return [
        "Precision: the share of the colors said that the image has. Recall: the share of its "
        "colored area whose color is said. Binding: how often a true caption fits better than "
        "itself with two of its colors swapped; 0.5 is chance, and what cannot score captions "
        "has none.",
    ]


def _side_by_side(samples: Sequence[Sample], sources: Sequence[SourceAudit]) -> list[str]:
    lines = []
    for row, sample in enumerate(samples[:LISTED]):
        lines.append(f"- **{sample.id}**: {_describe(sample.colors) or 'no colors'}")
        for source in sources:
            finding = source.findings[row]
            caption = finding.caption.replace("<", "&lt;")
            lines.append(f"  - {source.name} ({finding.f1:.2f}): {caption}")
    return lines


def _describe(colors: Mapping[str, float]) -> str:
    """ "green 62%, white 38%"."""
    largest = sorted(colors.items(), key=lambda item: -item[1])
    return ", ".join(f"{term} {share:.0%}" for term, share in largest)


def _picture(samples: Sequence[Sample], source: SourceAudit) -> np.ndarray:
    """Image, its colors, and the caption of the first samples: uint8 [height, width, 3]."""
    cells = []
    for sample, finding in zip(samples[:PICTURED], source.findings, strict=False):
        image = Image.fromarray(letterbox(Image.fromarray(sample.image), CELL))
        _draw_colors(image, sample.colors)
        words = f"{finding.caption} (F1 {finding.f1:.2f})"
        cells += [np.asarray(image), text_panel(words, CELL)]
    width = 2 * COLUMNS
    return grid([cells[start : start + width] for start in range(0, len(cells), width)])


def _draw_colors(image: Image.Image, colors: Mapping[str, float]) -> None:
    """The shares of the colors as a bar along the bottom."""
    draw, left, total = ImageDraw.Draw(image), 0.0, sum(colors.values())
    for term, share in sorted(colors.items(), key=lambda item: -item[1]):
        right = left + share / total * image.width
        box = (left, image.height - 8, right, image.height)
        draw.rectangle(box, fill=f"#{EXEMPLARS[term][0]}", outline="black")
        left = right
