from django.db import migrations

# As the triggers of visits do: the moment at which an inquiry was won or lost, before and after a change that may move the figure.
FUNCTION = """
CREATE OR REPLACE FUNCTION kpi_touch_inquiry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.closed_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('inquiry_closed', OLD.closed_at);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.closed_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('inquiry_closed', NEW.closed_at);
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGERS = {
    "kpi_inquiry_insert": "AFTER INSERT ON crm_inquiry FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_inquiry()",
    "kpi_inquiry_update": """AFTER UPDATE ON crm_inquiry FOR EACH ROW WHEN (
        (OLD.closed_at, OLD.status, OLD.outcome) IS DISTINCT FROM (NEW.closed_at, NEW.status, NEW.outcome)
        ) EXECUTE FUNCTION kpi_touch_inquiry()""",
    "kpi_inquiry_delete": "AFTER DELETE ON crm_inquiry FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_inquiry()",
}


class Migration(migrations.Migration):
    """The roll-up of inquiries won hears of every one that was closed or opened again."""

    dependencies = [("kpi", "0008_pareto"), ("crm", "0014_customer_page")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kpi_touch_inquiry"),
        migrations.RunSQL(
            [f"CREATE OR REPLACE TRIGGER {name} {body}" for name, body in TRIGGERS.items()],
            [f"DROP TRIGGER {name} ON crm_inquiry" for name in TRIGGERS],
        ),
    ]
