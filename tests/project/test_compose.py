"""The production shape, as far as it can be read without Docker."""

from __future__ import annotations

import re

import yaml

from launcher.home import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_only_the_container_that_migrates_knows_the_owner():
    knowing = {name for name, service in SERVICES.items() if "OWNER_PASSWORD" in str(service)}
    assert knowing == {"setup", "postgres"}
    for name in ("web", "worker", "beat"):
        assert "kontor_app:" in SERVICES[name]["environment"]["DATABASE_URL"]
        assert "DATABASE_OWNER_URL" not in SERVICES[name]["environment"]


def test_nothing_serves_before_the_tables_are_there():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["setup"]["condition"] == "service_completed_successfully"


def test_the_servers_cannot_be_reached_from_outside():
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
    assert "noeviction" in SERVICES["redis"]["command"]
    assert "--requirepass" in SERVICES["redis"]["command"]


def test_the_containers_get_longer_to_stop_than_the_programs_take():
    assert SERVICES["web"]["stop_grace_period"] == "40s"  # gunicorn: 30 s
    assert SERVICES["worker"]["stop_grace_period"] == "70s"  # a warm shutdown: 60 s


def test_every_variable_of_the_compose_file_is_in_the_example():
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / "docker/example.env").read_text(), re.MULTILINE))
    assert wanted == given


def test_the_image_installs_from_the_hashed_lock_and_runs_as_nobody_special():
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    assert re.search(r"^USER kontor$", text, re.MULTILINE)
    for path in re.findall(r"python (docker/\S+\.py|manage\.py)", text):
        assert (ROOT / path).exists()
