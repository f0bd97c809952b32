from typing import Any

from django.db import migrations


def make_the_row(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401 - historical models
    apps.get_model("core", "Configuration").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(make_the_row, migrations.RunPython.noop)]
