"""Ships `conf/`, which lies beside the package, within it; the rest is in setup.cfg."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["pokecolor*"]), "pokecolor.conf"],
    package_dir={"pokecolor.conf": "conf"},
    package_data={"pokecolor.conf": ["**/*.yaml"]},
)
