"""Operations of one kind are put together; nothing is left out, and nothing changes its place."""

from __future__ import annotations

from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.migrating import Together, together


def alone(operations):
    return [one for some in operations for one in (some.operations if isinstance(some, Together) else [some])]


def test_every_migration_keeps_its_operations_in_their_order():
    counts = []
    for migration in MigrationLoader(None).disk_migrations.values():
        found = together(migration.operations)
        assert alone(found) == migration.operations
        counts.append((len(found), len(migration.operations)))
    assert sum(few for few, _all in counts) < sum(every for _few, every in counts) / 2


def steps():
    name = {"name": models.CharField(max_length=9)}
    return [
        CreateModel("House", {"id": models.AutoField(primary_key=True), **name}.items()),
        CreateModel("Room", {"id": models.AutoField(primary_key=True), **name}.items()),
        RunSQL("SELECT 1"),
        AddField("room", "house", models.ForeignKey("some.House", models.CASCADE)),
        AddField("house", "door", models.ForeignKey("some.Room", models.CASCADE, null=True)),
        AddIndex("room", models.Index(fields=["name"], name="room_name")),
        AddConstraint("room", models.UniqueConstraint(fields=["house", "name"], name="room_once")),
    ]


def test_the_state_is_the_same_and_so_are_its_classes():
    one, many = ProjectState(), ProjectState()
    for state in (one, many):
        assert not list(state.apps.get_models())  # from here on classes are kept up to date
    for step in steps():
        step.state_forwards("some", one)
    for step in together(steps()):
        step.state_forwards("some", many)
    assert one == many
    for name in ("House", "Room"):
        first, second = one.apps.get_model("some", name), many.apps.get_model("some", name)
        assert [field.name for field in first._meta.get_fields()] == [field.name for field in second._meta.get_fields()]
        assert [index.name for index in first._meta.indexes] == [index.name for index in second._meta.indexes]
        assert first._meta.constraints == second._meta.constraints
    room = many.apps.get_model("some", "Room")
    assert room._meta.get_field("house").related_model is many.apps.get_model("some", "House")
