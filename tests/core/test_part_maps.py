import torch

from pokecolor.core.colors import TERMS
from pokecolor.core.part_maps import IGNORED, color_targets, map_targets, region_weights
from pokecolor.core.schema import Part

RED, BLUE = (200, 20, 20), (20, 20, 200)


def test_a_map_target_is_what_the_middle_of_a_cell_shows():
    parts = [(Part("eyes", "blue", BLUE, True), Part("hat", "red", RED, True)), ()]
    part_map = torch.zeros(2, 8, 8, dtype=torch.uint8)
    part_map[0, 2, 2] = 1  # the middle of the first cell
    part_map[0, 0:4, 4:8] = 2
    part_map[0, 7, 7] = 1  # a corner of the last
    targets = map_targets(part_map, parts, ["body", "eyes"], (2, 2))
    nothing_known = [[IGNORED, IGNORED], [IGNORED, IGNORED]]
    assert targets.tolist() == [[[2, IGNORED], [0, 0]], nothing_known]


def test_a_color_target_is_what_the_prompt_asks_for():
    parts = [(Part("eyes", "blue", BLUE, True), Part("hat", "red", RED, False)), ()]
    part_map = torch.zeros(2, 4, 4, dtype=torch.uint8)
    part_map[0, :2, :2] = 1
    part_map[0, :2, 2:] = 2
    targets = color_targets(part_map, parts, (2, 2))
    blue = 1 + TERMS.index("blue")
    nothing_known = [[IGNORED, IGNORED], [IGNORED, IGNORED]]
    assert targets.tolist() == [[[blue, IGNORED], [0, 0]], nothing_known]


def test_each_image_has_parts_of_its_own():
    eyes, hat = Part("eyes", "blue", BLUE, True), Part("hat", "red", RED, True)
    part_map = torch.ones(2, 2, 2, dtype=torch.uint8)
    part_map[1, 0, 0] = 2
    targets = map_targets(part_map, [(hat,), (eyes, hat)], ["eyes", "hat"], (2, 2))
    assert targets.tolist() == [[[2, 2], [2, 2]], [[2, 1], [1, 1]]]


def test_regions_count_alike_however_small():
    part_map = torch.zeros(1, 8, 8, dtype=torch.uint8)
    part_map[0, 0, 0] = 1
    part_map[0, 4:, 4:] = 2
    weights = region_weights(part_map, (4, 4))
    # three regions of 1, 16 and 47 of 64 pixels: a pixel of the first weighs 64 / 3, and so on
    assert torch.allclose(weights.mean(), torch.tensor(1.0))
    assert torch.allclose(weights[0, 3, 3], torch.tensor(64 / 16 / 3))
    assert torch.allclose(weights[0, 0, 3], torch.tensor(64 / 47 / 3))
    assert torch.allclose(weights[0, 0, 0], torch.tensor((64 / 1 + 3 * 64 / 47) / 4 / 3))


def test_an_image_without_parts_weighs_its_cells_alike():
    part_map = torch.zeros(2, 8, 8, dtype=torch.uint8)
    part_map[1, 2:4] = 3  # parts 1 and 2 do not show
    weights = region_weights(part_map, (4, 4))
    assert torch.equal(weights[0], torch.ones(4, 4))
    assert torch.allclose(weights[1, 1], torch.full((4,), 64 / 16 / 2))
