
import datetime
import django.db.models.deletion
import foundation.journal.models
import foundation.notifications.models
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('journal', '0002_rights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_key', models.CharField(blank=True, max_length=60, verbose_name='rule')),
                ('template_key', models.CharField(blank=True, max_length=60, verbose_name='template')),
                ('template_version', models.PositiveIntegerField(default=0, verbose_name='version of the template')),
                ('channel', models.CharField(max_length=20, verbose_name='channel')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('cancelled', 'Cancelled'), ('suppressed', 'Not wanted')], default='queued', editable=False, max_length=12, verbose_name='state')),
                ('recipient_key', models.CharField(max_length=60, verbose_name="recipient's key")),
                ('to_name', models.CharField(blank=True, max_length=200, verbose_name='recipient')),
                ('to_address', models.CharField(blank=True, max_length=254, verbose_name='address')),
                ('customer_id', models.BigIntegerField(null=True, verbose_name='customer')),
                ('object_id', models.BigIntegerField()),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('subject_line', models.CharField(blank=True, max_length=250, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('message_id', models.CharField(default=foundation.notifications.models.new_message_id, editable=False, max_length=120, unique=True, verbose_name='message ID')),
                ('provider_id', models.CharField(blank=True, max_length=200, verbose_name="provider's ID")),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('strikes', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=foundation.journal.models.ClockTimestamp(), verbose_name='next attempt')),
                ('lease_until', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('created_at', models.DateTimeField(db_default=foundation.journal.models.ClockTimestamp(), verbose_name='created')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('delivered_at', models.DateTimeField(null=True, verbose_name='delivered')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('event', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='journal.event', verbose_name='event')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague addressed')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ('-created_at', '-id'),
                'permissions': [('send_message', 'Can write to customers')],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='MessageAttachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.attachment')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='notifications.message')),
            ],
            options={
                'verbose_name': 'attachment of a message',
                'verbose_name_plural': 'attachments of messages',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, unique=True, verbose_name='key')),
                ('event', models.CharField(max_length=60, verbose_name='event')),
                ('audience', models.CharField(max_length=40, verbose_name='audience')),
                ('template_key', models.CharField(max_length=60, verbose_name='template')),
                ('channels', models.JSONField(default=foundation.notifications.models.default_channels, help_text='In order of preference.', verbose_name='channels')),
                ('every_channel', models.BooleanField(default=False, help_text='Otherwise the first channel by which the recipient can be reached; the inbox always gets its entry.', verbose_name='on every channel')),
                ('condition', models.JSONField(blank=True, default=dict, help_text='Facts that must hold, such as {“mode”: “air”} or {“tier”: [“gold”, “silver”]}. Empty: always.', verbose_name='condition')),
                ('delay', models.DurationField(default=datetime.timedelta(0), verbose_name='wait before sending')),
                ('attach', models.CharField(blank=True, max_length=60, verbose_name='attached papers')),
                ('is_urgent', models.BooleanField(default=False, help_text='Is sent during quiet hours too.', verbose_name='urgent')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'message rule',
                'verbose_name_plural': 'message rules',
                'ordering': ('event', 'key'),
                'constraints': [models.CheckConstraint(condition=models.Q(('delay__gte', datetime.timedelta(0))), name='notifications_rule_waits_forward')],
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='key')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese'), ('zh-hant', 'Traditional Chinese'), ('de', 'German')], max_length=10, verbose_name='language')),
                ('subject', models.CharField(blank=True, help_text='Subject of the email and headline in the inbox.', max_length=200, verbose_name='subject')),
                ('body', models.TextField(blank=True, verbose_name='text of the email')),
                ('sms', models.TextField(blank=True, help_text='Short: every 67 characters of Chinese are one paid part.', verbose_name='text message')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('shipped', models.CharField(blank=True, editable=False, max_length=64)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'message template',
                'verbose_name_plural': 'message templates',
                'ordering': ('key', 'language'),
                'constraints': [models.UniqueConstraint(fields=('key', 'language'), name='notifications_template_once')],
            },
        ),
        migrations.CreateModel(
            name='InboxItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template_key', models.CharField(blank=True, max_length=60)),
                ('topic', models.CharField(blank=True, max_length=120)),
                ('text', models.CharField(max_length=250, verbose_name='text')),
                ('detail', models.TextField(blank=True, verbose_name='detail')),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='link')),
                ('created_at', models.DateTimeField(db_default=foundation.journal.models.ClockTimestamp(), verbose_name='created')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('event', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='journal.event')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbox', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'inbox item',
                'verbose_name_plural': 'inbox items',
                'ordering': ('-created_at', '-id'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['user', '-created_at'], name='notifications_inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notifications_unread')],
                'constraints': [models.UniqueConstraint(fields=('event', 'user', 'template_key'), name='notifications_inbox_once'), models.UniqueConstraint(condition=models.Q(('read_at', None), models.Q(('topic', ''), _negated=True)), fields=('user', 'topic'), name='notifications_one_unread_alert')],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['channel', 'next_attempt_at'], name='notifications_due'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['-created_at'], name='notifications_parked'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['content_type', 'object_id', '-created_at'], name='notifications_subject'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['customer_id', '-created_at'], name='notifications_customer'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('event', 'recipient_key', 'template_key', 'channel'), name='notifications_message_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'cancelled', 'suppressed'))), name='notifications_message_state_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'sending')), models.Q(('state', 'sending'), _negated=True), _connector='OR'), name='notifications_message_lease'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='message_state', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{queued:sending,queued:cancelled,queued:suppressed,queued:failed,sending:queued,sending:sent,sending:delivered,sending:failed,sending:unknown,sending:suppressed,sent:delivered,sent:failed,sent:unknown,unknown:sent,unknown:delivered,unknown:failed,unknown:queued,failed:queued,failed:cancelled,failed:delivered,suppressed:queued}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='283cbf454795846e6fed3ce76e6beedc00a76eec', operation='UPDATE', pgid='pgtrigger_message_state_d4df4', table='notifications_message', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='messageattachment',
            constraint=models.UniqueConstraint(fields=('message', 'attachment'), name='notifications_attached_once'),
        ),
    ]
