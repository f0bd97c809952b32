"""The repository as house tests see it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
APPS = tuple(PROJECT["tool"]["importlinter"]["root_packages"])


def python_files(*folders: str) -> Iterator[Path]:
    """Every Python file of the folders that somebody wrote by hand."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def trees() -> dict[str, ast.Module]:
    """Every file of the product, parsed once."""
    return {
        name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in python_files(*APPS)
    }


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """Every page and part of a page."""
    return {
        name_of(path): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def floors() -> dict[str, int]:
    """By app: its floor in the house. Apps of one floor must not know each other."""
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    return {
        app.strip(): floor
        for floor, layer in enumerate(reversed(layers))
        for app in layer.split("|")
    }
