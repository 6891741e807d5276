"""Settings that promises rest on."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys

import pytest
from django.conf import settings

from config.celery import app
from config.schedule import SCHEDULE
from launcher.home import ROOT, source_files

PYTHON = [path for path in source_files(".py") if "__pycache__" not in path.parts]
LONGEST_COUNTDOWN_S = 300
SENDING = {"apply_async", "send_task", "retry", "signature", "subtask", "s", "si", "set", "delay"}
HOUSE = {"config", "foundation", "catalog", "crm", "orders", "logistics", "aftersales", "kpi", "portal"}
# Tasks that may be asked for again after their process was killed, because a second run changes nothing.
IDEMPOTENT: set[str] = set()


def in_production(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as a real installation would, with nothing of ours in the environment."""
    foreign = ("KONTOR_", "SECRET_KEY", "DEBUG", "DJANGO_")
    env = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    env |= {
        "KONTOR_ORIGIN": "https://kontor.example",
        "SECRET_KEY": "a1b2c3d4" * 8,
        "JOURNAL_SEAL_KEY": "e5f6g7h8" * 8,
    } | environment
    argv = [sys.executable, "manage.py", *arguments]
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_deployment_check_is_clean():
    done = in_production("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_production_refuses_to_start_without_a_key(tmp_path):
    done = in_production("check", SECRET_KEY="", KONTOR_VAR=str(tmp_path))
    assert done.returncode != 0
    assert "SECRET_KEY is empty" in done.stderr


def test_a_switch_that_is_neither_true_nor_false_stops_the_start():
    done = in_production("check", DEBUG="yes")
    assert done.returncode != 0
    assert "use true or false" in done.stderr


def test_tasks_survive_a_worker_and_are_never_hoarded():
    conf = app.conf
    assert conf.task_acks_late is True
    assert conf.worker_prefetch_multiplier == 1
    assert not conf.task_reject_on_worker_lost  # only idempotent tasks may ask for it themselves
    assert conf.worker_soft_shutdown_timeout > 0
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    assert conf.task_serializer == "json"
    assert conf.accept_content == ["json"]
    assert conf.task_ignore_result is True


def test_the_visibility_timeout_stands_in_all_three_places_and_exceeds_the_longest_task():
    conf = app.conf
    values = {
        conf.broker_transport_options["visibility_timeout"],
        conf.result_backend_transport_options["visibility_timeout"],
        conf.visibility_timeout if "visibility_timeout" in conf else settings.CELERY_VISIBILITY_TIMEOUT,
    }
    assert len(values) == 1
    assert min(values) > conf.task_time_limit


def test_no_message_waits_in_the_broker_longer_than_five_minutes():
    """Redis redelivers what waits longer; deadlines live in the database."""
    found = [f"{path}:{line}" for path in PYTHON for line in waiting_calls(path.read_text(encoding="utf-8"))]
    assert found == []


def waiting_calls(source: str) -> list[int]:
    """Lines that send a task for later: any `eta`, and a `countdown` that is not plainly short."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for word in node.keywords:
            value = getattr(word.value, "value", None)
            is_short = isinstance(value, int | float) and value <= LONGEST_COUNTDOWN_S
            # The models' own field of the name eta (a shipment's expected arrival) is no option of a task.
            if (word.arg == "eta" and name in SENDING) or (word.arg == "countdown" and not is_short):
                found.append(node.lineno)
    return found


def test_a_message_for_later_is_found_wherever_it_is_sent():
    assert waiting_calls("task.apply_async(\n    args=[1],\n    eta=tomorrow,\n)") == [1]
    assert waiting_calls("raise self.retry(exc=e, countdown=301)\napp.send_task('x', countdown=delay)") == [1, 2]
    assert waiting_calls("task.apply_async(countdown=300)\ndeliver(shipment, eta=arrival)") == []


def test_every_task_keeps_what_the_house_has_settled():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if name.partition(".")[0] in HOUSE]
    assert {entry["task"] for entry in SCHEDULE.values()} <= {task.name for task in ours}
    for task in ours:
        assert task.acks_late, task.name
        assert task.ignore_result, task.name
        assert not task.reject_on_worker_lost or task.name in IDEMPOTENT, task.name
        assert (task.time_limit or app.conf.task_time_limit) < app.conf.broker_transport_options["visibility_timeout"]
        assert task.serializer == "json", task.name


@pytest.mark.parametrize("name", sorted(SCHEDULE))
def test_what_beat_rings_is_a_task_and_an_unheard_ring_is_dropped(name):
    entry = SCHEDULE[name]
    module, _dot, function = entry["task"].rpartition(".")
    assert getattr(importlib.import_module(module), function).name == entry["task"]
    assert entry["options"]["expires"] <= entry["schedule"] <= LONGEST_COUNTDOWN_S or "expires" in entry["options"]


def test_cookies_are_tied_to_the_host_outside_of_a_laptop():
    done = in_production(
        "shell",
        "--no-imports",
        "-c",
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)",
    )
    assert done.stdout.split() == ["__Host-session", "__Host-csrf"], done.stderr
