from django.db import migrations

# By the wall clock: a clock in working hours finds its exact moment with its next event.
FILL = """
UPDATE sla_clock SET soon_at = due_at - greatest(interval '4 hours', make_interval(secs => target_s / 4))
WHERE stopped_at IS NULL AND due_at IS NOT NULL AND soon_at IS NULL
"""


class Migration(migrations.Migration):
    """Promises that run already are due soon, too."""

    dependencies = [("sla", "0006_due_soon")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
