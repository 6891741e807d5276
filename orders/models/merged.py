"""What is agreed stays as it was agreed, also with whom: unless that customer has become a part of another."""

from __future__ import annotations

from typing import Any

import pgtrigger


def locked_but_for_merges(name: str, condition: Any) -> pgtrigger.Trigger:
    """Refuse changes that meet the condition, as `pgtrigger.Protect` does, but let a row follow a merge of customers, and back.

    Nothing but the customer may differ then, and the database looks itself whether one of the two is the other's stub.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=condition,
        func="""
            IF (to_jsonb(NEW) - 'customer_id') = (to_jsonb(OLD) - 'customer_id') AND EXISTS (
                SELECT FROM crm_customer c WHERE (c.id = OLD.customer_id AND c.merged_into_id = NEW.customer_id)
                    OR (c.id = NEW.customer_id AND c.merged_into_id = OLD.customer_id)
            ) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
        """,
    )
