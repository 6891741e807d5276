"""A roll-up, kept in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aftersales.defaults import load as load_aftersales
from kpi.services import rebuild_figures


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def counted() -> None:
    """The roll-up is in use."""
    load_aftersales()
    rebuild_figures()
