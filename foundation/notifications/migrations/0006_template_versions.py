import django.db.models.deletion
import foundation.journal.models
from django.conf import settings
from django.db import migrations, models

from foundation.journal.grants import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0005_overtaken_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='key')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('body', models.TextField(blank=True, verbose_name='text of the email')),
                ('sms', models.TextField(blank=True, verbose_name='text message')),
                ('origin', models.CharField(choices=[('shipped', 'came with the house'), ('edited', 'edited'), ('restored', 'earlier words put back'), ('reset', 'shipped words put back')], default='edited', max_length=10, verbose_name='origin')),
                ('saved_at', models.DateTimeField(db_default=foundation.journal.models.ClockTimestamp(), verbose_name='saved')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by')),
            ],
            options={
                'verbose_name': 'version of a template',
                'verbose_name_plural': 'versions of templates',
                'ordering': ('key', 'language', '-number'),
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('key', 'language', 'number'), name='notifications_version_once'), models.CheckConstraint(condition=models.Q(('origin__in', ['shipped', 'edited', 'restored', 'reset'])), name='notifications_version_origin_known')],
            },
        ),
        AppendOnly("notifications_templateversion"),
    ]
