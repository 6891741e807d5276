from django.db import migrations

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):
    """Answers, attempts and consents may be read and added by the application, and nothing else."""

    dependencies = [("crm", "0004_questionnaires_and_calls")]

    operations = [
        AppendOnly("crm_response"),
        AppendOnly("crm_answer"),
        AppendOnly("crm_callattempt"),
        AppendOnly("crm_visitconsent"),
    ]
