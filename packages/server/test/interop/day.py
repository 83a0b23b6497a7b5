"""Ben's day, by python3-caldav. Arguments: what he does; the environment says where, and by which password. What he sees is written as JSON."""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

import caldav

client = caldav.DAVClient(
    url=os.environ["URL"], username=os.environ["ADDRESS"], password=os.environ["SECRET"]
)
principal = client.principal()
calendar = next(one for one in principal.calendars() if one.get_display_name() == "Calendar")
march = datetime(2027, 3, 1, tzinfo=timezone.utc)


def seen(event):
    part = event.icalendar_component
    attendees = part.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    return {
        "uid": str(part["UID"]),
        "summary": str(part.get("SUMMARY", "")),
        "start": part["DTSTART"].dt.astimezone(timezone.utc).isoformat(),
        "status": str(part.get("STATUS", "")),
        "answers": {str(one).lower(): one.params.get("PARTSTAT", "") for one in attendees},
    }


def discover():
    return {
        "principal": principal.url.path,
        "home": principal.calendar_home_set.url.path,
        "addresses": principal.calendar_user_address_set(),
        "inbox": principal.schedule_inbox().url.path,
        "outbox": principal.schedule_outbox().url.path,
        "scheduling": client.check_scheduling_support(),
        "components": sorted(calendar.get_supported_components()),
    }


def work():
    """Makes, changes, finds and removes, in a calendar of its own."""
    own = principal.make_calendar(name="Workshop", supported_calendar_component_set=["VEVENT"])
    assert "Workshop" in [one.get_display_name() for one in principal.calendars()]
    once = own.save_event(dtstart=march, dtend=march + timedelta(hours=1), summary="Once")
    own.save_event(
        dtstart=march + timedelta(days=1),
        dtend=march + timedelta(days=1, hours=1),
        summary="Daily",
        rrule={"FREQ": ["DAILY"], "COUNT": [5]},
    )
    known = own.objects(load_objects=True)
    assert len(list(known)) == 2, list(known)
    found = own.search(start=march, end=march + timedelta(days=4), event=True, expand=True)
    starts = sorted(part["DTSTART"].dt.isoformat() for one in found for part in one.icalendar_instance.walk("VEVENT"))
    once.icalendar_component["SUMMARY"] = "Once more"
    once.save()
    (changed, removed) = known.sync()
    assert ([one.icalendar_component["SUMMARY"] for one in changed], removed) == (["Once more"], [])
    assert own.event_by_uid(str(once.icalendar_component["UID"])).icalendar_component["SUMMARY"] == "Once more"
    once.delete()
    (changed, removed) = known.sync()
    assert (changed, [one.url for one in removed]) == ([], [once.url])
    left = [str(one.icalendar_component["SUMMARY"]) for one in own.events()]
    own.set_properties([caldav.elements.dav.DisplayName("Renamed")])
    renamed = own.get_display_name()
    own.delete()
    assert [one for one in principal.calendars() if one.url == own.url] == []
    return {"starts": starts, "left": left, "renamed": renamed}


def tasks():
    own = principal.make_calendar(name="Tasks", supported_calendar_component_set=["VTODO"])
    own.save_todo(summary="Buy milk", due=march)
    done = own.save_todo(summary="Write tests")
    done.complete()
    refused = False
    try:
        own.save_event(dtstart=march, summary="No task")
    except caldav.lib.error.DAVError:
        refused = True
    open_tasks = [str(one.icalendar_component["SUMMARY"]) for one in own.todos()]
    return {"open": open_tasks, "all": len(own.todos(include_completed=True)), "refused": refused}


def alone():
    """What needs nobody else."""
    return {"discovered": discover(), "worked": work(), "tasks": tasks()}


def look():
    items = list(principal.schedule_inbox().get_items())
    methods = [str(one.icalendar_instance["METHOD"]) for one in items]
    return {"events": [seen(one) for one in calendar.events()], "inbox": methods}


def accept():
    """The way of the library: by the message in the inbox, which is removed then."""
    (message,) = [one for one in principal.schedule_inbox().get_items() if one.is_invite_request()]
    message.accept_invite(calendar=calendar)
    message.delete()
    return look()


def invite():
    """Invites Ann and somebody elsewhere."""
    text = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//example//day//EN",
            "BEGIN:VEVENT",
            "UID:lunch",
            "DTSTAMP:20270301T080000Z",
            "DTSTART:20270312T110000Z",
            "DTEND:20270312T120000Z",
            "SUMMARY:Lunch",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    calendar.save_with_invites(text, ["ann@example.test", ("Clara Cook", "clara@partner.test")])
    return look()


def busy():
    """When people are busy: by the outbox, and by a calendar."""
    answers = []
    post = client.post
    # The library reads these answers as if they were a multistatus, which they are not.
    client.post = lambda *args, **named: answers.append(post(*args, **named)) or answers[-1]
    people = ["ann@example.test", "clara@partner.test", "nobody@example.test"]
    principal.freebusy_request(march, march + timedelta(days=30), people)
    told = {}
    for response in answers[0].tree.iter("{urn:ietf:params:xml:ns:caldav}response"):
        status = response.findtext("{urn:ietf:params:xml:ns:caldav}request-status")
        data = response.findtext("{urn:ietf:params:xml:ns:caldav}calendar-data")
        told[response.findtext(".//{DAV:}href")] = [status, periods(data) if data else []]
    return {"people": told, "own": periods(calendar.freebusy_request(march, march + timedelta(days=30)).data)}


def periods(data):
    # Not by the icalendar library: Debian's does not know lists of periods.
    lines = data.replace("\r", "").replace("\n ", "").split("\n")
    written = [line.split(":", 1)[1] for line in lines if line.startswith("FREEBUSY")]
    return [period for one in written for period in one.split(",")]


print(json.dumps(globals()[sys.argv[1]]()))
