"""Files are short and finished, name no package index and no folder of somebody's machine."""

import re
import subprocess

import pytest

from tests.house.conftest import APPS, ROOT, name_of, python_files

LONGEST_FILE = 400
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "common"}
# Split, so that this file does not find itself.
INDEXES = ("pypi" + ".org", "pythonhosted" + ".org", "--index" + "-url", "--extra-index" + "-url")
MACHINE_PATHS = re.compile(r"(?<![\w./-])/(home|Users|root|work|workspace|mnt)/[\w.-]+")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
# Kept byte for byte as other programs wrote them, or written by another program.
NOT_OURS = ("tests/data/", "sample/", "requirements/", "LICENSE")
PICTURES = (".png", ".ico", ".woff2", ".xlsx", ".xls")


def committed():
    """What git would carry: tracked files, and new ones that are not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    names = sorted({name for name in done.stdout.split("\0") if name})
    return [name for name in names if (ROOT / name).is_file()]


def lines_of(names):
    for name in names:
        if name.startswith(NOT_OURS) or name.endswith(PICTURES):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{name}:{number}", line


def test_no_python_file_is_longer_than_400_lines():
    long = {
        name_of(path): count
        for path in python_files(*APPS, "tests", "benchmarks", "docs")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_file_is_called_after_nothing_in_particular():
    names = [name_of(path) for path in python_files(*APPS) if path.stem in FORBIDDEN_NAMES]
    assert names == []


def test_init_files_are_empty():
    filled = [
        name_of(path)
        for path in python_files(*APPS)
        if path.name == "__init__.py" and path.read_text(encoding="utf-8").strip()
    ]
    # Django looks for tables in one place, Celery for its app: `celery -A onboarding`.
    assert sorted(filled) == ["contacts/models/__init__.py", "onboarding/__init__.py"]


def test_no_file_names_a_package_index():
    found = [
        f"{name}:{number}"
        for name in committed()
        if not name.endswith(PICTURES) and name != "tests/house/test_files.py"
        for number, line in enumerate(
            (ROOT / name).read_bytes().decode("utf-8", "replace").splitlines(), start=1
        )
        if any(index in line for index in INDEXES)
    ]
    assert found == []


def test_pins_are_hashed_and_name_no_address():
    for name in ("base", "dev", "uv"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[.*?\])?==\S+", text, flags=re.MULTILINE)
        assert pins, name
        assert "://" not in text, name
        assert text.count("--hash=sha256:") >= len(pins), name


def test_no_file_names_a_folder_of_one_machine():
    found = [f"{at} {line.strip()}" for at, line in lines_of(committed())]
    assert [line for line in found if MACHINE_PATHS.search(line)] == []


def test_nothing_is_left_to_do():
    assert [at for at, line in lines_of(committed()) if UNFINISHED.search(line)] == []
