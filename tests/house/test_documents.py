"""The documents tell of all there is: folders, fields, variables, commands, targets."""

import re

from delivery.rules.fields import FIELDS
from tests.house.conftest import APPS, ROOT


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def folders():
    hidden = {"var", "node_modules", "tests", "docs", "requirements"}
    return sorted(
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and path.name not in hidden
    )


def test_the_map_has_a_sentence_for_every_folder():
    text = read("docs/index.md")
    assert [name for name in (*APPS, *folders()) if f"`{name}/`" not in text] == []


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not target.startswith("[")
        and "://" not in target
        and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_target_of_the_makefile_is_told():
    told = read("CONTRIBUTING.md") + read("README.md")
    targets = re.findall(r"^([a-z]+):.*?##", read("Makefile"), flags=re.MULTILINE)
    assert [name for name in targets if f"make {name}" not in told] == []


def test_every_variable_is_told_and_stands_in_the_example():
    settings = read("onboarding/settings.py")
    names = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings))
    names |= set(re.findall(r"env\.read\.\w+\(\s*\"([A-Z_]+)\"", settings))
    names.discard("ANYMAIL_")
    told = read("docs/operations.md")
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []


def test_every_command_is_told():
    told = read("docs/operations.md")
    commands = {
        path.stem
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("[a-z]*.py")
    }
    assert [name for name in sorted(commands) if f"`{name}" not in told] == []


def test_every_decision_is_half_a_page():
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# "), page.name
        assert 60 < len(text.split()) < 400, (page.name, len(text.split()))


def test_every_merge_field_is_told_with_its_meaning():
    rows = re.findall(
        r"^\| `\[(\w+)\]` \| (.+?) \| (.+?) \|", read("docs/merge_fields.md"), re.MULTILINE
    )
    assert rows == [(field.name, field.meaning, field.example) for field in FIELDS.values()]
