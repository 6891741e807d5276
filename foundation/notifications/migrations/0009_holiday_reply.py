from django.db import migrations

# Only a rule that still asks what it was shipped with: an administrator's own condition stays as it is.
NARROW = """
UPDATE notifications_rule SET condition = condition || '{"on_holiday": false}'
WHERE key = 'inquiry.received.closed' AND condition = '{"out_of_hours": true, "channel": ["web", "email", "chat", "platform"]}'
"""


class Migration(migrations.Migration):
    """On holidays a reply of its own says when we are back: the one for closed evenings and weekends leaves them to it."""

    dependencies = [("notifications", "0008_oversee_messages")]

    operations = [migrations.RunSQL(NARROW, migrations.RunSQL.noop)]
