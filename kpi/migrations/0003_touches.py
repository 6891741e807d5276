from django.db import migrations

# A change notes, in its own transaction, what it may move in the figures. The conditions leave out what moves nothing;
# a note too many costs one count of one day, a note too few a wrong figure.
# Deliveries travel in many rows a statement, so they are noted by statement; the others are rare.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION kpi_touch_deliveries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO kpi_touch (source, day, ref) SELECT DISTINCT 'delivery', delivered_on, order_line_id FROM come;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO kpi_touch (source, day, ref) SELECT DISTINCT 'delivery', delivered_on, order_line_id FROM gone;
  ELSE
    INSERT INTO kpi_touch (source, day, ref)
    SELECT DISTINCT 'delivery', moved.day, moved.order_line_id
    FROM gone JOIN come USING (id)
    CROSS JOIN LATERAL (VALUES (gone.delivered_on, gone.order_line_id), (come.delivered_on, come.order_line_id)) AS moved (day, order_line_id)
    WHERE (gone.shipment_id, gone.order_line_id, gone.quantity, gone.promised_on, gone.delivered_on)
      IS DISTINCT FROM (come.shipment_id, come.order_line_id, come.quantity, come.promised_on, come.delivered_on);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION kpi_touch_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO kpi_touch (source, ref) VALUES (TG_ARGV[0], NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION kpi_touch_clock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.stopped_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('clock.' || OLD.metric, OLD.stopped_at);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.stopped_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('clock.' || NEW.metric, NEW.stopped_at);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION kpi_touch_survey() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.answered_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('survey', OLD.answered_at);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.answered_at IS NOT NULL THEN
    INSERT INTO kpi_touch (source, moment) VALUES ('survey', NEW.answered_at);
  END IF;
  RETURN NULL;
END $$;
"""

TRIGGERS = {
    "kpi_delivery_insert": "AFTER INSERT ON logistics_shipmentline REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION kpi_touch_deliveries()",
    "kpi_delivery_update": "AFTER UPDATE ON logistics_shipmentline REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION kpi_touch_deliveries()",
    "kpi_delivery_delete": "AFTER DELETE ON logistics_shipmentline REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION kpi_touch_deliveries()",
    "kpi_shipment_cancelled": "AFTER UPDATE ON logistics_shipment FOR EACH ROW WHEN ((OLD.status = 'cancelled') <> (NEW.status = 'cancelled')) EXECUTE FUNCTION kpi_touch_record('shipment')",
    "kpi_orderline_quantity": "AFTER UPDATE ON orders_orderline FOR EACH ROW WHEN (OLD.quantity IS DISTINCT FROM NEW.quantity) EXECUTE FUNCTION kpi_touch_record('delivery')",
    "kpi_clock_insert": "AFTER INSERT ON sla_clock FOR EACH ROW WHEN (NEW.stopped_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_clock()",
    "kpi_clock_update": """AFTER UPDATE ON sla_clock FOR EACH ROW WHEN (
        (OLD.stopped_at IS NOT NULL OR NEW.stopped_at IS NOT NULL)
        AND (OLD.metric, OLD.stopped_at, OLD.breached_at, OLD.consumed_s, OLD.calendar_version_id)
        IS DISTINCT FROM (NEW.metric, NEW.stopped_at, NEW.breached_at, NEW.consumed_s, NEW.calendar_version_id)
        ) EXECUTE FUNCTION kpi_touch_clock()""",
    "kpi_clock_delete": "AFTER DELETE ON sla_clock FOR EACH ROW WHEN (OLD.stopped_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_clock()",
    "kpi_survey_insert": "AFTER INSERT ON aftersales_survey FOR EACH ROW WHEN (NEW.answered_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_survey()",
    "kpi_survey_update": """AFTER UPDATE ON aftersales_survey FOR EACH ROW WHEN (
        (OLD.answered_at IS NOT NULL OR NEW.answered_at IS NOT NULL)
        AND (OLD.status, OLD.answered_at, OLD.score) IS DISTINCT FROM (NEW.status, NEW.answered_at, NEW.score)
        ) EXECUTE FUNCTION kpi_touch_survey()""",
    "kpi_survey_delete": "AFTER DELETE ON aftersales_survey FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION kpi_touch_survey()",
}
TABLE_OF = {name: body.split(" ON ")[1].split()[0] for name, body in TRIGGERS.items()}


class Migration(migrations.Migration):
    """Triggers, since a roll-up must also hear of imports, corrections by hand and removals, which announce nothing."""

    dependencies = [
        ("kpi", "0002_rollups"),
        ("aftersales", "0001_initial"),
        ("logistics", "0001_initial"),
        ("orders", "0001_initial"),
        ("sla", "0001_clocks"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION kpi_touch_deliveries, kpi_touch_record, kpi_touch_clock, kpi_touch_survey",
        ),
        migrations.RunSQL(
            [f"CREATE OR REPLACE TRIGGER {name} {body}" for name, body in TRIGGERS.items()],
            [f"DROP TRIGGER {name} ON {table}" for name, table in TABLE_OF.items()],
        ),
    ]
