from typing import Any

from django.db import migrations


def name_the_step(apps: Any, schema_editor: Any) -> None:
    """Whom an escalation tells stands in its target from now on: one rule instead of one for each audience."""
    rules = apps.get_model("notifications", "Rule").objects
    rules.filter(key="sla_escalated", event="sla.escalated", audience="owner").update(audience="escalation")
    rules.filter(key="sla_escalated_manager", event="sla.escalated", audience="owner_manager").delete()


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_pending_events")]

    operations = [migrations.RunPython(name_the_step, migrations.RunPython.noop)]
