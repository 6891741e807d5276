from django.db import migrations

# As the triggers of visits do: the moment of a touch that had a day, before and after a change that may move the figure.
FUNCTION = """
CREATE OR REPLACE FUNCTION kpi_touch_cadence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.due_on IS NOT NULL AND OLD.undone_at IS NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('cadence', OLD.at);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.due_on IS NOT NULL AND NEW.undone_at IS NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('cadence', NEW.at);
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGERS = {
    "kpi_cadence_insert": "AFTER INSERT ON crm_customertouch FOR EACH ROW WHEN (NEW.due_on IS NOT NULL) EXECUTE FUNCTION kpi_touch_cadence()",
    "kpi_cadence_update": """AFTER UPDATE ON crm_customertouch FOR EACH ROW WHEN (
        (OLD.at, OLD.due_on, OLD.is_on_time, OLD.undone_at) IS DISTINCT FROM (NEW.at, NEW.due_on, NEW.is_on_time, NEW.undone_at)
        ) EXECUTE FUNCTION kpi_touch_cadence()""",
    "kpi_cadence_delete": "AFTER DELETE ON crm_customertouch FOR EACH ROW EXECUTE FUNCTION kpi_touch_cadence()",
}


class Migration(migrations.Migration):
    """The roll-up of the touch cadence hears of every touch."""

    dependencies = [("kpi", "0005_touches_of_visits"), ("crm", "0008_touch_cadence")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kpi_touch_cadence"),
        migrations.RunSQL(
            [f"CREATE OR REPLACE TRIGGER {name} {body}" for name, body in TRIGGERS.items()],
            [f"DROP TRIGGER {name} ON crm_customertouch" for name in TRIGGERS],
        ),
    ]
