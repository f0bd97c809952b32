"""Imports, foreign keys, names of models and migrations go down the story, never up."""

import ast
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tests.house.conftest import APPS, ROOT


def goes_up(floors, of, to):
    """Whether `of` may not know `to`: it stands above, or beside it on the same floor."""
    return of != to and floors[to] >= floors[of]


def test_imports_keep_every_contract():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_app_stands_on_a_floor(floors):
    assert sorted(floors) == sorted(APPS)


def test_foreign_keys_go_down(floors):
    keys = {
        (model._meta.app_label, field.related_model._meta.app_label, str(field))
        for model in apps.get_models()
        if model._meta.app_label in floors
        for field in model._meta.get_fields(include_hidden=True)
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and not field.auto_created
        and field.related_model._meta.app_label in floors
    }
    assert [name for of, to, name in sorted(keys) if goes_up(floors, of, to)] == []


def test_the_audit_trail_outlives_what_it_names():
    entry = apps.get_model("core.AuditEntry")
    assert [field.name for field in entry._meta.get_fields() if field.is_relation] == []


def test_names_of_models_in_strings_go_down(floors, trees):
    models = {model._meta.label for model in apps.get_models()}
    found = [
        f"{name}:{node.lineno} {node.value}"
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and node.value in models
        and node.value.split(".")[0] in floors
        and goes_up(floors, name.split("/")[0], node.value.split(".")[0])
    ]
    # A setting, not a reference: Django itself asks for the name of the user model.
    assert [line for line in found if not line.startswith("onboarding/settings.py")] == []


def test_migrations_depend_downwards(floors):
    graph = MigrationLoader(None).disk_migrations
    found = [
        f"{app}.{name} needs {parent[0]}"
        for (app, name), migration in graph.items()
        if app in floors
        for parent in migration.dependencies
        if parent[0] in floors and goes_up(floors, app, parent[0])
    ]
    assert found == []
