"""Settings that promises rest on."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from config.schedule import SCHEDULE
from launcher.home import ROOT, source_files

PYTHON = [path for path in source_files(".py") if "__pycache__" not in path.parts]
LONGEST_COUNTDOWN_S = 300


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
    found = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for word in node.keywords:
                if word.arg == "eta":
                    found.append(f"{path}:{node.lineno} eta")
                elif word.arg == "countdown" and not (
                    isinstance(word.value, ast.Constant) and word.value.value <= LONGEST_COUNTDOWN_S
                ):
                    found.append(f"{path}:{node.lineno} countdown")
    # The models' own field of that name (a shipment's expected arrival) is no task option.
    assert [row for row in found if not _is_field(row)] == []


def _is_field(row: str) -> bool:
    file, _sep, rest = row.partition(":")
    line = Path(file).read_text(encoding="utf-8").splitlines()[int(rest.split()[0]) - 1]
    return row.endswith(" eta") and not any(
        word in line for word in ("apply_async", "send_task", "retry(", "signature")
    )


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
