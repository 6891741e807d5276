from django.db import migrations

# As the triggers of visits do: the moment of a decision and the day of a dispatch, before and after a change that may move the figures.
FUNCTION = """
CREATE OR REPLACE FUNCTION kpi_touch_sample() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF OLD.decided_at IS NOT NULL THEN INSERT INTO kpi_touch (source, moment) VALUES ('sample_decided', OLD.decided_at); END IF;
    IF OLD.sent_on IS NOT NULL THEN INSERT INTO kpi_touch (source, day) VALUES ('sample_sent', OLD.sent_on); END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF NEW.decided_at IS NOT NULL THEN INSERT INTO kpi_touch (source, moment) VALUES ('sample_decided', NEW.decided_at); END IF;
    IF NEW.sent_on IS NOT NULL THEN INSERT INTO kpi_touch (source, day) VALUES ('sample_sent', NEW.sent_on); END IF;
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGERS = {
    "kpi_sample_insert": "AFTER INSERT ON crm_sample FOR EACH ROW WHEN (NEW.decided_at IS NOT NULL OR NEW.sent_on IS NOT NULL) EXECUTE FUNCTION kpi_touch_sample()",
    "kpi_sample_update": """AFTER UPDATE ON crm_sample FOR EACH ROW WHEN (
        (OLD.decided_at, OLD.sent_on, OLD.days_to_send, OLD.status)
        IS DISTINCT FROM (NEW.decided_at, NEW.sent_on, NEW.days_to_send, NEW.status)
        ) EXECUTE FUNCTION kpi_touch_sample()""",
    "kpi_sample_delete": "AFTER DELETE ON crm_sample FOR EACH ROW EXECUTE FUNCTION kpi_touch_sample()",
}


class Migration(migrations.Migration):
    """The roll-ups of samples hear of every dispatch and decision."""

    dependencies = [("kpi", "0006_touches_of_cadence"), ("crm", "0011_samples")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kpi_touch_sample"),
        migrations.RunSQL(
            [f"CREATE OR REPLACE TRIGGER {name} {body}" for name, body in TRIGGERS.items()],
            [f"DROP TRIGGER {name} ON crm_sample" for name in TRIGGERS],
        ),
    ]
