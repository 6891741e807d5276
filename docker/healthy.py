"""Asks the web server in this container whether it is well; exits with 1 when it is not."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

host = urlsplit(os.environ.get("KONTOR_ORIGIN", "http://127.0.0.1:8000")).netloc
request = urllib.request.Request("http://127.0.0.1:8000/health", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(str(error))
