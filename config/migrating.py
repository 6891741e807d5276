"""Migrations by the handful: what Django draws anew after every single operation, it draws once for several of a kind.

After each operation Django makes new historical classes of the model and of all that lead to it, which are most of ours:
nine tenths of the time that a new database takes. Operations of one kind that stand together do not need to see each
other's classes, so they share one drawing. What the database is told stays the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

KINDS: tuple[tuple[type[Operation], ...], ...] = ((CreateModel,), (AddField,), (AddIndex, AddConstraint, AddTrigger))


class Together(Operation):
    """Operations of one kind, each told to the database as it would be alone."""

    reversible = False

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """All changes, then one drawing of the classes that they touch, where there are classes already."""
        drawn = state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)
        if drawn is not None:
            state.__dict__["apps"] = drawn
            state.reload_models(sorted({(app_label, _model_of(one)) for one in self.operations}))

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """One after the other."""
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What they do, in Django's words."""
        return "; ".join(one.describe() for one in self.operations)


def _model_of(operation: Any) -> str:
    name: str = operation.name if isinstance(operation, CreateModel) else operation.model_name
    return name.lower()


def _kind(operation: Operation) -> int:
    return next((number for number, kinds in enumerate(KINDS) if type(operation) in kinds), -1)


def together(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations, those of one kind that follow each other as one."""
    found: list[Operation] = []
    for kind, some in groupby(operations, _kind):
        members = list(some)
        found += [Together(members)] if kind >= 0 and len(members) > 1 else members
    return found


class Executor(MigrationExecutor):
    """Django's own, with fewer drawings on the way forward."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Put operations together unless Django wants to look at them one by one."""
        if not fake and not fake_initial:
            vars(migration)["operations"] = together(migration.operations)
        return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
