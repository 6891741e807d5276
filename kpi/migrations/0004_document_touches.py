from django.db import migrations

# A version of a trade document counts on the day of its check, and once it is checked nobody changes it.
FUNCTION = """
CREATE OR REPLACE FUNCTION kpi_touch_document() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.checked_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('document', OLD.checked_at);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.checked_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('document', NEW.checked_at);
  END IF;
  RETURN NULL;
END $$;
"""
TABLE = "orders_documentversion"
TRIGGERS = {
    "kpi_document_insert": f"AFTER INSERT ON {TABLE} FOR EACH ROW WHEN (NEW.checked_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_document()",
    "kpi_document_update": f"""AFTER UPDATE ON {TABLE} FOR EACH ROW WHEN (
        (OLD.checked_at IS NOT NULL OR NEW.checked_at IS NOT NULL)
        AND (OLD.outcome, OLD.checked_at) IS DISTINCT FROM (NEW.outcome, NEW.checked_at)
        ) EXECUTE FUNCTION kpi_touch_document()""",
    "kpi_document_delete": f"AFTER DELETE ON {TABLE} FOR EACH ROW WHEN (OLD.checked_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_document()",
}


class Migration(migrations.Migration):
    dependencies = [("kpi", "0003_touches"), ("orders", "0003_payments_and_trade_documents")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kpi_touch_document"),
        migrations.RunSQL(
            [f"CREATE OR REPLACE TRIGGER {name} {body}" for name, body in TRIGGERS.items()],
            [f"DROP TRIGGER {name} ON {TABLE}" for name in TRIGGERS],
        ),
    ]
