
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rule',
            name='condition',
            field=models.JSONField(blank=True, default=dict, help_text='Facts that must hold, such as {"mode": "air"} or {"tier": ["gold", "silver"]}. Empty: always.', verbose_name='condition'),
        ),
        migrations.AlterField(
            model_name='rule',
            name='key',
            field=models.CharField(max_length=60, unique=True, verbose_name='key'),
        ),
    ]
