"""The index behind `search`: trigrams of `search_text`, in the way of each database.

On SQLite it is a table of its own, kept in step by triggers. A later migration that makes SQLite
rebuild a table (altering or removing a column does) drops its triggers: end it with `add_index`.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Upper

TABLES = ("contacts_customer", "contacts_contact")

POSTGRESQL = """
CREATE INDEX {table}_search ON {table} USING gin (search_text gin_trgm_ops)
"""

SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS {table}_search USING fts5(
    search_text, content='{table}', content_rowid='id', tokenize='trigram case_sensitive 1'
);
INSERT INTO {table}_search({table}_search) VALUES ('rebuild');
CREATE TRIGGER IF NOT EXISTS {table}_search_add AFTER INSERT ON {table} BEGIN
    INSERT INTO {table}_search(rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER IF NOT EXISTS {table}_search_remove AFTER DELETE ON {table} BEGIN
    INSERT INTO {table}_search({table}_search, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
END;
CREATE TRIGGER IF NOT EXISTS {table}_search_change AFTER UPDATE OF search_text ON {table}
WHEN old.search_text IS NOT new.search_text BEGIN
    INSERT INTO {table}_search({table}_search, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
    INSERT INTO {table}_search(rowid, search_text) VALUES (new.id, new.search_text);
END;
"""

GONE = """
DROP TRIGGER IF EXISTS {table}_search_add;
DROP TRIGGER IF EXISTS {table}_search_remove;
DROP TRIGGER IF EXISTS {table}_search_change;
DROP TABLE IF EXISTS {table}_search;
"""


def add_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table in TABLES:
            schema_editor.execute(POSTGRESQL.format(table=table))
    else:
        _run_each(schema_editor, SQLITE)


def remove_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX {table}_search")
    else:
        _run_each(schema_editor, GONE)


def _run_each(schema_editor: BaseDatabaseSchemaEditor, script: str) -> None:
    """This will run a script's statements: one a call, since the module takes no more."""
    for table in TABLES:
        statement = ""
        for line in script.format(table=table).strip().splitlines():
            statement += line + "\n"
            inside = "TRIGGER" in statement and "BEGIN" in statement
            if line.endswith("END;") or (line.endswith(";") and not inside):
                schema_editor.execute(statement)
                statement = ""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="customer", name="contacts_customer_rep"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["sales_rep_name", "id"], name="contacts_customer_repname"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(Upper("sales_rep_email"), name="contacts_customer_repmail"),
        ),
        migrations.RunPython(add_index, remove_index),
    ]
