"""Reads VTIMEZONEs with other programs: {program: [[text, [instant, ...]], ...]} in, the offsets in the places out, as JSON.

libical is asked through its C interface. A program this machine does not have is left out.
"""

import ctypes
import ctypes.util
import datetime
import json
import sys


class IcalTime(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in "year month day hour minute second is_date is_daylight".split()]
    _fields_.append(("zone", ctypes.c_void_p))


def with_libical(zones):
    name = ctypes.util.find_library("ical")
    if name is None:
        return None
    ical = ctypes.CDLL(name)
    ical.icalparser_parse_string.restype = ctypes.c_void_p
    ical.icaltimezone_new.restype = ctypes.c_void_p
    ical.icaltimezone_set_component.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    ical.icaltimezone_get_utc_offset_of_utc_time.argtypes = [ctypes.c_void_p] * 3
    found = []
    for text, instants in zones:
        zone = ical.icaltimezone_new()
        if not ical.icaltimezone_set_component(zone, ical.icalparser_parse_string(text.encode())):
            found.append(None)
            continue
        found.append([libical_offset(ical, zone, instant) for instant in instants])
    return found


def libical_offset(ical, zone, instant):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=instant)
    asked = IcalTime(time.year, time.month, time.day, time.hour, time.minute, time.second, 0, 0, None)
    return ical.icaltimezone_get_utc_offset_of_utc_time(zone, ctypes.byref(asked), None)


def with_python(zones):
    try:
        from icalendar import Timezone
    except ImportError:
        return None
    found = []
    for text, instants in zones:
        zone = Timezone.from_ical(text).to_tz()
        times = (datetime.datetime.fromtimestamp(instant, zone) for instant in instants)
        found.append([int(time.utcoffset().total_seconds()) for time in times])
    return found


asked = json.load(sys.stdin)
answers = {"libical": with_libical(asked["libical"]), "python3-icalendar": with_python(asked["python3-icalendar"])}
json.dump({name: answer for name, answer in answers.items() if answer is not None}, sys.stdout)
