"""Only actions write: nobody else may call what changes a table."""

import ast

WRITING = {
    "save",
    "create",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "asave",
    "acreate",
    "aupdate",
    "adelete",
    "abulk_create",
    "create_user",
    "create_superuser",
    "raw",
}
# `row.groups.set(...)` and its like write the rows in between.
RELATED = {"add", "set", "remove", "clear"}

# Whole files that write although they are no actions, each with its reason.
WRITERS = {
    "core/audit.py": "the only writer of the audit trail",
    "core/ratelimit.py": "counts uses, inside and outside of actions",
    "jobs/queue.py": "the queue is made of rows",
}
# Calls that look like writes and change no table: what is called, and where.
HARMLESS = {
    "update": "a dict, a set or a hash",
    "add": "a set, or an error of a form",
    "set": "a setting or a signal",
    "remove": "a list or a set",
    "clear": "a dict, a list or a cache",
}


def is_action(name):
    parts = name.split("/")
    return "actions" in parts[1:] or parts[1] == "actions.py"


def receiver_of(node):
    """The source of what a method is called on: `Contact.objects.filter(...)`."""
    return ast.unparse(node.func.value)


def is_on_rows(receiver):
    """Whether a call is on a queryset, a manager or a related manager rather than on a value."""
    rows = (".objects", "._default_manager", ".filter(", ".exclude(", "_set.", ".all()")
    return any(mark in receiver for mark in rows)


def is_related(receiver):
    return receiver.rsplit(".", 1)[-1] in {"groups", "user_permissions", "permissions"}


def writes_in(tree):
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, receiver = node.func.attr, receiver_of(node)
        if name in RELATED:
            if is_related(receiver) or is_on_rows(receiver):
                yield node
        elif name in WRITING:
            if receiver.startswith("super()") or receiver.endswith(".session"):
                continue
            if name not in HARMLESS or is_on_rows(receiver):
                yield node


def test_only_actions_write(trees):
    found = [
        f"{name}:{node.lineno} {ast.unparse(node.func)}"
        for name, tree in trees.items()
        if not is_action(name) and name not in WRITERS
        for node in writes_in(tree)
    ]
    assert found == []


def test_only_actions_write_with_sql(trees):
    """Statements that change rows stand in actions too; a queryset may read with SQL."""
    verbs = ("INSERT ", "UPDATE ", "DELETE ", "COPY ", "TRUNCATE ")
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees.items()
        if not is_action(name) and name not in WRITERS
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lstrip().startswith(verbs)
    ]
    assert found == []


def test_the_exceptions_exist_and_write(trees):
    idle = [name for name in WRITERS if not list(writes_in(trees[name]))]
    assert idle == []


def test_nobody_hears_of_rows_by_model_signals(trees):
    """What happens to a row is called by name; the one exception keeps roles after `migrate`."""
    names = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.alias | ast.Attribute)
        and getattr(node, "id", getattr(node, "name", getattr(node, "attr", ""))) in names
    ]
    assert found == []
