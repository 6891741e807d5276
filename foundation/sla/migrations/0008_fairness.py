import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('calendars', '0002_rights'),
        ('journal', '0002_rights'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('sla', '0007_due_soon_of_running_clocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FairnessPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fair_share_percent', models.PositiveSmallIntegerField(default=25, help_text='Who takes a promise over with less than this share of its time left is not blamed for a miss within that share.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='fair share in percent')),
            ],
            options={
                'verbose_name': 'fairness',
                'verbose_name_plural': 'fairness',
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Holder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_id', models.BigIntegerField(null=True)),
                ('team_id', models.BigIntegerField(null=True)),
                ('since', models.DateTimeField(verbose_name='since')),
                ('event_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'holder of a clock',
                'verbose_name_plural': 'holders of a clock',
                'db_table': 'sla_holder',
                'ordering': ('pk',),
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='clock',
            options={'default_permissions': ('view',), 'permissions': [('set_due', 'Can set a due time by hand'), ('reset_clock', 'Can begin a promise afresh')], 'verbose_name': 'clock', 'verbose_name_plural': 'clocks'},
        ),
        migrations.AddField(
            model_name='clock',
            name='fair_s',
            field=models.BigIntegerField(null=True, verbose_name='fair time in seconds'),
        ),
        migrations.AddField(
            model_name='clock',
            name='is_due_fixed',
            field=models.BooleanField(db_default=False, default=False, verbose_name='due time set by hand'),
        ),
        migrations.AddField(
            model_name='clock',
            name='is_reset',
            field=models.BooleanField(db_default=False, default=False, verbose_name='begun afresh'),
        ),
        migrations.AddField(
            model_name='clock',
            name='tightened_at',
            field=models.DateTimeField(null=True, verbose_name='tightened at'),
        ),
        migrations.AddField(
            model_name='clock',
            name='tightened_from',
            field=models.DateTimeField(null=True, verbose_name='due before it was tightened'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('stopped_at', None)), fields=['customer_id'], name='sla_clock_customer'),
        ),
        migrations.AddConstraint(
            model_name='fairnesspolicy',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='sla_fairness_one_row'),
        ),
        migrations.AddField(
            model_name='holder',
            name='clock',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holders', to='sla.clock'),
        ),
        AppendOnly('sla_holder'),
    ]
