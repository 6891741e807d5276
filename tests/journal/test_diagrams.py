"""The diagrams of the READMEs show the machines of the code."""

from __future__ import annotations

from django.core.management import call_command

from aftersales.models import Survey
from foundation.journal.management.commands.draw_machines import BLOCK, diagram


def test_every_diagram_is_made_from_the_code() -> None:
    call_command("draw_machines", check=True)


def test_a_diagram_lists_every_step() -> None:
    assert diagram(Survey) == "stateDiagram-v2\n    [*] --> requested\n    requested --> answered: answer"
    assert BLOCK.search("<!-- machine a.B -->\n```mermaid\nx\n```")
