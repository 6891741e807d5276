"""Texts that have broken forms elsewhere: our own, of the kinds that lists of naughty strings collect."""

NAUGHTY = [
    "undefined", "NULL", "None", "true", "0", "1/0", "-1", "1e999", "NaN", "Infinity", "0x7fffffff", "9" * 300, "1,000.00", "００１",
    "\\", "\\\\", "'", "''", '"', "`", "--", "/*", "*/", "%", "%s%s%s%n", "%d", "{0}", "{{ 7*7 }}", "{% debug %}", "${7*7}", "#{1}",
    "{name.__class__}", "{number:>99999}", "<", ">", "&", "&amp;", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>", "javascript:alert(1)", "' OR 1=1 --", "'; DROP TABLE crm_inquiry; --", "\u202eevil", "\u200b",
    "\ufeff", "\u2028", "\u0085", "a\u0301" * 60, "ﷺ" * 30, "👩‍👩‍👧‍👦🏳️‍🌈", "田中さんにあげて下さい", "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀", "שלום", "مرحبا",
    "Ω≈ç√∫", "ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤", "\ud7ff\ue000", "a\r\nBcc: all@example.com", "a\tb", "\x00", "\x1b[31m", "\x7f",
    "../../../etc/passwd", "C:\\con", "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "http://a/%%30%30", "a@b@c", "x" * 5000, " ", "\n\n\n",
]  # fmt: skip
