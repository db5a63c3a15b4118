"""How near do extracted sketches come to the real ones of Sketch2Pokemon?

python experiments/sketch_extraction/compare.py ../shared/sketch2pokemon

The styles' parameters were chosen on every second pair, beginning with the first; the figures to
believe are those of the other half.
"""

import argparse

import numpy as np
from scipy import ndimage

from pokecolor.sources.pokemon.sketch2pokemon import Sketch2PokemonSource
from pokecolor.sources.sketch_extraction import edges, xdog

SQUARE = np.ones((3, 3), bool)
STYLES = {
    "xdog": xdog,
    "edges": edges,
    "edges, none doubled": lambda image: edges(image, doubled=0.0),
    "edges, all doubled": lambda image: edges(image, doubled=1.0),
}


def line_scores(predicted: np.ndarray, true: np.ndarray) -> tuple[float, float, float]:
    """F1, precision and recall of ink, bool [height, width], within one pixel."""
    precision = (predicted & ndimage.binary_dilation(true, SQUARE)).sum() / predicted.sum()
    recall = (true & ndimage.binary_dilation(predicted, SQUARE)).sum() / true.sum()
    return 2 * precision * recall / (precision + recall), precision, recall


def gaps(ink: np.ndarray) -> float:
    """The gaps of a pixel or two between strokes, as of doubled lines, per pixel of ink."""
    closed = ndimage.binary_closing(np.pad(ink, 2), SQUARE)[2:-2, 2:-2]
    return (closed & ~ink).sum() / ink.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", help="the folder with testA and testB")
    source = Sketch2PokemonSource(parser.parse_args().root, size=256)
    triplets = [next(source.triplets(drawing_id)) for drawing_id in source.drawings()]
    for half, chosen in (("chosen on", triplets[::2]), ("held out", triplets[1::2])):
        true = [triplet.original_image[..., 0] < 128 for triplet in chosen]
        print(f"{half}: {len(chosen)} pairs; gaps of the real sketches {mean(map(gaps, true)):.3f}")
        for name, style in STYLES.items():
            drawn = [style(triplet.edited_image)[..., 0] < 128 for triplet in chosen]
            f1, precision, recall = np.mean(list(map(line_scores, drawn, true)), axis=0)
            ink = np.mean(drawn) / np.mean(true)
            print(
                f"  {name:20} F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}  "
                f"ink {ink:.2f} times the real  gaps {mean(map(gaps, drawn)):.3f}"
            )


def mean(values) -> float:
    return float(np.mean(list(values)))


if __name__ == "__main__":
    main()
