"""Answers cases, one line of JSON each, by python-dateutil. Run by oracle-process.ts."""

import json
import signal
import sys
from datetime import datetime, timezone
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

SECONDS = 0.12


class Cut(BaseException):
    """Not an Exception, so that no library catches it."""


class Watch:
    """Whether a case is being answered: an alarm that comes after its end means nothing."""

    armed = False


def cut(_signal, _frame):
    if Watch.armed:
        raise Cut


def answer(case):
    zone = {"zoned": ZoneInfo(case["zone"]) if case["zone"] else None, "utc": timezone.utc}.get(case["kind"])
    start = datetime.strptime(case["start"], "%Y%m%d" if case["kind"] == "date" else "%Y%m%dT%H%M%S")
    rule = rrulestr(case["rule"], dtstart=start.replace(tzinfo=zone))
    found = islice(rule, case["take"])
    # A naive time is asked for in UTC, where it is what it is.
    return [int((each if zone else each.replace(tzinfo=timezone.utc)).timestamp()) for each in found]


signal.signal(signal.SIGALRM, cut)
for line in sys.stdin:
    try:
        Watch.armed = True
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        reply = {"kind": "instances", "instances": answer(json.loads(line))}
        Watch.armed = False
    except Cut:
        reply = {"kind": "cut"}
    except Exception as error:
        reply = {"kind": "error", "detail": repr(error)}
    Watch.armed = False
    signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()
