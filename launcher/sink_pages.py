"""The pages of the local sinks: what was sent, newest first."""

from __future__ import annotations

import datetime
from email.message import EmailMessage
from html import escape
from typing import Any

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"
# A mail's own HTML: shown, but nothing in it runs or loads.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 0 auto;
       max-width: 64rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; overflow-wrap: anywhere; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .8rem; border-radius: .4rem; }
iframe { width: 100%; height: 32rem; border: 1px solid #8884; border-radius: .4rem; background: #fff; }
input { font: inherit; padding: .3rem .5rem; }
"""


def page(title: str, body: str, *, refresh: bool = False) -> str:
    """A whole page."""
    again = '<meta http-equiv="refresh" content="10">' if refresh else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{again}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def moment(seconds: float) -> str:
    """A time in the machine's zone."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def list_page(rows: list[dict[str, Any]], wanted: str) -> str:
    """All messages, newest first."""
    kinds = {"mail": "Mail", "sms": "Text message"}
    lines = [
        f'<tr><td class="time">{moment(row["at"])}</td><td>{kinds[row["kind"]]}</td><td>{escape(row["to"])}</td>'
        f'<td><a href="/{row["kind"]}/{row["name"]}">{escape(row["subject"]) or "(no subject)"}</a></td></tr>'
        for row in rows
    ]
    table = f"<table><thead><tr><th>When<th>What<th>To<th>Subject or text</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    search = (
        f'<form><label>To <input name="to" value="{escape(wanted)}"></label> <button>Filter</button></form>'
        "<p>Nothing here has left this machine.</p>"
    )
    return page("What Kontor sent", search + (table if rows else "<p>No message yet.</p>"), refresh=True)


def _headers(pairs: list[tuple[str, str]]) -> str:
    return "<table>" + "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in pairs) + "</table>"


def sms_page(message: dict[str, Any]) -> str:
    """One text message."""
    pairs = [("To", message["to"]), ("Id", message["id"]), ("Received", moment(message["received_at"]))]
    return page(
        "Text message", f"<p><a href='/'>All messages</a></p>{_headers(pairs)}<pre>{escape(message['text'])}</pre>"
    )


def mail_page(name: str, mail: EmailMessage) -> str:
    """One mail: headers, both bodies, attachments."""
    pairs = [(key, str(value)) for key, value in mail.items() if not key.startswith("X-Envelope-From")]
    body = [f"<p><a href='/'>All messages</a> · <a href='/mail/{name}/source'>Source</a></p>", _headers(pairs)]
    files = [
        f"<li><a href='/mail/{name}/attachment/{number}'>{escape(part.get_filename() or 'attachment')}</a></li>"
        for number, part in enumerate(mail.iter_attachments())
    ]
    if files:
        body.append(f"<h2>Attachments</h2><ul>{''.join(files)}</ul>")
    text = mail.get_body(("plain",))
    if text is not None:
        body.append(f"<h2>Text</h2><pre>{escape(text.get_content())}</pre>")
    if mail.get_body(("html",)) is not None:
        body.append(f"<h2>HTML</h2><iframe sandbox src='/mail/{name}/html' title='HTML body'></iframe>")
    return page(str(mail["Subject"] or "(no subject)"), "".join(body))
