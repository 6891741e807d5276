from django.db import migrations

# As the triggers of surveys do: the moment by which a visit counts, before and after a change that may move the figure.
FUNCTION = """
CREATE OR REPLACE FUNCTION kpi_touch_visit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.planned_start IS NOT NULL AND (OLD.arrived_at IS NOT NULL OR OLD.status = 'missed') THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('visit', OLD.planned_start);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.planned_start IS NOT NULL AND (NEW.arrived_at IS NOT NULL OR NEW.status = 'missed') THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('visit', NEW.planned_start);
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGERS = {
    "kpi_visit_insert": "AFTER INSERT ON crm_visit FOR EACH ROW WHEN (NEW.arrived_at IS NOT NULL OR NEW.status = 'missed') EXECUTE FUNCTION kpi_touch_visit()",
    "kpi_visit_update": """AFTER UPDATE ON crm_visit FOR EACH ROW WHEN (
        (OLD.planned_start, OLD.arrive_by, OLD.arrived_at, OLD.status, OLD.missed_by)
        IS DISTINCT FROM (NEW.planned_start, NEW.arrive_by, NEW.arrived_at, NEW.status, NEW.missed_by)
        ) EXECUTE FUNCTION kpi_touch_visit()""",
    "kpi_visit_delete": "AFTER DELETE ON crm_visit FOR EACH ROW EXECUTE FUNCTION kpi_touch_visit()",
}


class Migration(migrations.Migration):
    """The roll-up of punctuality hears of every change to a visit."""

    dependencies = [("kpi", "0004_document_touches"), ("crm", "0006_visits")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kpi_touch_visit"),
        migrations.RunSQL(
            [f"CREATE OR REPLACE TRIGGER {name} {body}" for name, body in TRIGGERS.items()],
            [f"DROP TRIGGER {name} ON crm_visit" for name in TRIGGERS],
        ),
    ]
