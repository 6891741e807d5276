"""The rules of the specification, each with a case whose answer was worked out by hand (`cases.json`)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

FILE = Path(__file__).with_name("cases.json")
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """What `manage.py sla_replay` prints for the file as it lies there, by case."""
    out = io.StringIO()
    call_command("sla_replay", str(FILE), stdout=out)
    return {answer["id"]: answer for answer in json.loads(out.getvalue())}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_engine_answers_as_worked_by_hand(case: dict[str, Any], answers: dict[str, dict[str, Any]]) -> None:
    answer, expected = answers[case["id"]], case["expected"]
    if "error" in expected:
        assert answer.keys() == {"id", "error"}
        assert expected["error"] in answer["error"]
    else:
        assert answer == {"id": case["id"], **expected}


def test_every_case_shows_its_working_and_has_a_name_of_its_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 80
    assert all(case["comment"] for case in CASES)
