"""A digest of a triplet, by which tests pin what a VERSION of a source gives."""

import hashlib

from pokecolor.core.schema import Triplet


def triplet_digest(triplet: Triplet) -> str:
    text = repr((triplet.id, triplet.edit_prompt, [tuple(part) for part in triplet.parts]))
    digest = hashlib.sha256(text.encode())
    for image in (triplet.original_image, triplet.edited_image, triplet.part_map):
        digest.update(image.tobytes())
    return digest.hexdigest()[:16]
