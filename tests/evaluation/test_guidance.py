from pokecolor.evaluation.guidance import GuidanceCurves


def test_each_pair_of_scales_has_the_mean_score_of_its_pictures():
    tried = {
        (1.0, 1.5): [0.0, 0.5], (1.0, 2.0): [1.0, None], (3.0, 1.5): [None, None],
        (3.0, 2.0): [1.0, 1.0],
    }  # fmt: skip
    curves = GuidanceCurves([1.0, 3.0], [1.5, 2.0], count=2)
    assert [tuple(pair.values()) for pair in curves.pairs] == list(tried)
    assert curves.table(tried) == [[0.25, 1.0], [None, 1.0]]
    assert curves.table({}) == [[None, None], [None, None]]
