import math

import numpy as np
import pytest
from metric_cases import case, computed
from scipy import ndimage

from pokecolor.evaluation.metrics.fidelity import MAX_PSNR, psnr, ssim


def noise(seed=0, size=(24, 30)):
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)


def reference_ssim(a, b):
    """By scipy's filters, the image mirrored at its border."""
    a, b = a.astype(float), b.astype(float)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def blur(values):
        # a window of 11 x 11
        return ndimage.gaussian_filter(values, 1.5, mode="mirror", radius=5, axes=(0, 1))

    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma**2, blur(b * b) - mb**2, blur(a * b) - ma * mb
    found = (2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))
    return found.mean()


def test_psnr_of_a_constant_error_is_known():
    target = np.full((8, 8, 3), 100, np.uint8)
    assert psnr(target + np.uint8(5), target) == pytest.approx(20 * math.log10(255 / 5), rel=1e-5)


def test_psnr_agrees_with_its_formula():
    error = (noise(0).astype(float) - noise(1)) ** 2
    assert psnr(noise(0), noise(1)) == pytest.approx(10 * math.log10(255**2 / error.mean()))


def test_equal_pictures_have_a_number_and_not_infinity():
    target = noise()
    almost = target.copy()
    almost[0, 0, 0] ^= 1
    assert (
        psnr(target, target) == psnr(almost, target) == MAX_PSNR == pytest.approx(58.92, abs=0.01)
    )
    assert ssim(target, target) == pytest.approx(1)


def test_ssim_agrees_with_scipys_filters():
    target = noise(0)
    blurred = ndimage.gaussian_filter(target, 1.0, axes=(0, 1))
    for image in (noise(1), blurred, 255 - target):
        assert ssim(image, target) == pytest.approx(reference_ssim(image, target), abs=2e-4)
    assert ssim(255 - target, target) < 0 < ssim(blurred, target)


def test_a_picture_smaller_than_the_window_has_no_ssim():
    tiny = noise(size=(10, 40))
    assert ssim(tiny, tiny) is None


def test_the_metrics_are_means_over_pictures():
    pairs = [(noise(0), noise(1)), (noise(2, (16, 16)), noise(3, (16, 16)))]
    cases = [case(image, target, target) for image, target in pairs]
    for metric, function in (("psnr", psnr), ("ssim", ssim)):
        expected = sum(function(*pair) for pair in pairs) / 2
        assert computed(metric, cases[:1], cases[1:]).value == pytest.approx(expected)
