from types import SimpleNamespace

from pokecolor.evaluation import guidance
from pokecolor.evaluation.guidance import GuidanceCurves


def test_each_pair_of_scales_has_the_mean_score_of_its_pictures(monkeypatch):
    scores = {(1.0, 1.5): [0.0, 0.5], (1.0, 2.0): [1.0, None], (3.0, 1.5): [None, None],
              (3.0, 2.0): [1.0, 1.0]}  # fmt: skip
    monkeypatch.setattr(guidance, "Case", lambda _, score: SimpleNamespace(score=score))
    cases = [SimpleNamespace(drawing=SimpleNamespace(prompt=f"prompt {i}")) for i in range(3)]

    def color(drawings, prompts, guidance_scale, image_guidance_scale):
        assert prompts == ["prompt 0", "prompt 1"]
        return scores[guidance_scale, image_guidance_scale]

    rows = GuidanceCurves([1.0, 3.0], [1.5, 2.0], count=2).measure(cases, color)
    assert rows == [[0.25, 1.0], [None, 1.0]]
