from django.db import migrations

KEEP = """
INSERT INTO notifications_templateversion (key, language, number, subject, body, sms, origin, saved_at)
SELECT key, language, version, subject, body, sms, CASE WHEN version = 1 THEN 'shipped' ELSE 'edited' END, updated_at
FROM notifications_template ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """What templates say today is the first version that is kept."""

    dependencies = [("notifications", "0006_template_versions")]

    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]
