"""The doctor, and the shape of the code."""

from __future__ import annotations

import ast
import json
import re

import pytest
from django.core.management import call_command

from config import doctor
from launcher.home import ROOT, source_files

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 450, 60, 200
OURS = [*source_files(".py"), *(ROOT / "launcher").glob("*.py")]
OWN_CODE = [path for path in OURS if not {"migrations", "__pycache__"} & set(path.parts)]


@pytest.mark.django_db
def test_the_doctor_names_what_is_wrong_and_exits_with_one(monkeypatch, capsys):
    monkeypatch.setattr(
        doctor, "CHECKS", {"rights": doctor._rights, "sick": lambda: (False, "take this"), "dead": lambda: 1 / 0}
    )
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True)
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert said["rights"] == {"well": True, "text": "the application owns no table and cannot change the journal"}
    assert said["sick"] == {"well": False, "text": "take this"}
    assert said["dead"] == {"well": False, "text": "division by zero"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "roles and rights", "migrations", "deadlines", "messages", "disk"])
def test_a_fresh_house_is_well(name):
    well, text = doctor.CHECKS[name]()
    assert well, text


def test_files_and_functions_stay_small_enough_to_read():
    found = []
    for path in OWN_CODE:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE:
            found.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert found == []


def test_templates_stay_short_and_carry_no_inline_script_or_style():
    found = []
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    )
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_TEMPLATE:
            found.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        if path.name != "email.html" and (hit := inline.search(text)):
            found.append(f"{path.relative_to(ROOT)}: {hit[0]!r}")
    assert found == []


def test_the_locks_carry_hashes_and_name_no_host():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+.*\\$", text, re.MULTILINE | re.IGNORECASE)
        wanted = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pinned) == len(wanted) > 5, path
        assert not re.search(r"https?://|file://|find-links|index-url|trusted-host", text), path


def test_what_is_wanted_is_what_is_locked():
    """A package added to a .in file and not locked would be missing on every fresh machine."""
    for name in ("base", "embedded", "dev"):
        folder = ROOT / "requirements"
        rows = [row.split("#")[0].strip() for row in (folder / f"{name}.in").read_text().splitlines()]
        locked = (folder / f"{name}.txt").read_text().lower().replace("_", "-")
        for row in filter(None, rows):
            wanted = re.sub(r"\[.*?\]", "", row.split(";")[0]).strip().lower().replace("_", "-")
            assert f"\n{wanted} " in locked, f"{row}: run requirements/lock"
