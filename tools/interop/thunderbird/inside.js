// Runs in Thunderbird's main window, by its own modules and the functions its menus and dialogs call. program.ts sends it for each call:
// the name of one of `functions`, its arguments, and whom to tell.
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { CalAttendee } = ChromeUtils.importESModule("resource:///modules/CalAttendee.sys.mjs");
const { CalEvent } = ChromeUtils.importESModule("resource:///modules/CalEvent.sys.mjs");
const { CalTodo } = ChromeUtils.importESModule("resource:///modules/CalTodo.sys.mjs");
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");

const sleep = (millis) => new Promise((done) => setTimeout(done, millis));

async function waitFor(what, find) {
  for (let tries = 0; tries < 300; tries++) {
    const found = await find();
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`waited for ${what}`);
}

function calendarNamed(name) {
  const found = cal.manager.getCalendars().find((one) => one.type === "caldav" && one.name === name);
  if (!found) throw new Error(`no calendar ${name}`);
  return found;
}

async function itemIn(name, uid) {
  const item = await calendarNamed(name).getItem(uid);
  if (!item) throw new Error(`no ${uid} in ${name}`);
  return item;
}

/** `Z` is UTC, a date a date; what else there is is Berlin's. */
function timeOf(text) {
  const time = cal.createDateTime(text);
  if (!text.endsWith("Z") && !time.isDate) time.timezone = cal.timezoneService.getTimezone("Europe/Berlin");
  return time;
}

function described(item) {
  return {
    title: item.title,
    start: (item.startDate ?? item.entryDate)?.getInTimezone(cal.dtz.UTC).icalString ?? null,
    zone: item.startDate?.timezone.tzid ?? null,
    status: item.status ?? null,
    sequence: Number(item.getProperty("SEQUENCE") ?? 0),
    organizer: item.organizer?.id ?? null,
    attendees: Object.fromEntries(item.getAttendees().map((one) => [one.id, one.participationStatus])),
    isInvitation: cal.itip.isInvitation(item),
    isOpen: cal.itip.isOpenInvitation(item),
    isCompleted: item.isCompleted ?? false,
    exceptions: item.recurrenceInfo?.getExceptionIds().map((id) => id.getInTimezone(cal.dtz.UTC).icalString) ?? [],
    text: cal.item.serialize(item),
  };
}

/** What the window saves with an event that has guests. */
function fill(item, calendar, { title, start, end, location, guests }) {
  if (title !== undefined) item.title = title;
  if (start !== undefined) item.startDate = timeOf(start);
  if (end !== undefined) item.endDate = timeOf(end);
  if (location !== undefined) item.setProperty("LOCATION", location);
  if (guests === undefined) return;
  item.organizer = cal.itip.createOrganizer(calendar);
  const present = new Map(item.getAttendees().map((one) => [one.id, one.clone()]));
  item.removeAllAttendees();
  for (const address of guests) {
    const guest = present.get(`mailto:${address}`) ?? new CalAttendee();
    guest.id = `mailto:${address}`;
    guest.role ??= "REQ-PARTICIPANT";
    guest.participationStatus ??= "NEEDS-ACTION";
    guest.rsvp = "TRUE";
    item.addAttendee(guest);
  }
  item.setProperty("X-MOZ-SEND-INVITATIONS", "TRUE");
}

const automatically = { responseMode: Ci.calIItipItem.AUTO };

const functions = {
  async waitForWindow() {
    // Marionette keeps passwords from being saved.
    Services.prefs.setBoolPref("signon.rememberSignons", true);
    await waitFor("the window", () => window.doTransaction && window.calendarsLoaded !== false && cal.manager);
  },

  /** What the window for a new calendar does with a name, a password and a place. */
  async find(user, password, location) {
    const found = await cal.provider.detection.detect(user, password, location, true, [], {});
    window.foundCalendars = [...found].flatMap(([provider, calendars]) =>
      provider.type === "caldav" ? calendars : [],
    );
    return window.foundCalendars.map((one) => ({
      name: one.name,
      url: one.uri.spec,
      color: one.getProperty("color"),
      readOnly: one.readOnly,
    }));
  },

  async findInVain(user, password, location) {
    return functions.find(user, password, location).then(
      () => "found",
      (error) => error.name,
    );
  },

  async subscribe() {
    const known = new Set(cal.manager.getCalendars().map((one) => one.uri.spec));
    for (const calendar of window.foundCalendars) {
      if (known.has(calendar.uri.spec)) continue;
      calendar.setProperty("imip.identity.key", "id1");
      calendar.setProperty("cache.enabled", true);
      cal.manager.registerCalendar(calendar);
    }
    for (const { name } of window.foundCalendars) await functions.refresh(name);
  },

  async refresh(name) {
    const calendar = calendarNamed(name);
    await (calendar.wrappedJSObject ?? calendar).refresh();
    const inner = calendar.getProperty("cache.uncachedCalendar").wrappedJSObject;
    await waitFor(`the first look at ${name}`, () => inner.checkedServerInfo || inner.mDisabledByDavError);
    return {
      isReadOnly: calendar.readOnly,
      isBroken: inner.mDisabledByDavError,
      schedulesItself: inner.hasAutoScheduling,
      syncs: inner.mHasWebdavSyncSupport,
      addresses: [...inner.calendarUserAddresses],
      inbox: inner.inboxUrl?.pathQueryRef ?? null,
      outbox: inner.outboxUrl?.pathQueryRef ?? null,
      components: [...inner.supportedItemTypes],
    };
  },

  async list(name) {
    const all = calendarNamed(name).getItems(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
    return (await cal.iterate.streamToArray(all)).map((item) => item.id);
  },

  async look(name, uid) {
    const item = await calendarNamed(name).getItem(uid);
    return item ? described(item) : null;
  },

  /** As if the server had told it another state. */
  async rememberState(name, token) {
    calendarNamed(name).getProperty("cache.uncachedCalendar").wrappedJSObject.mWebdavSyncToken = token;
  },

  /** The list its status bar counts. */
  async invitations() {
    const items = await cal.iterate.streamToArray(window.getInvitationsManager().getInvitations());
    return items.map((item) => item.id);
  },

  /** The menu of an event that answers it, for all of a series or for one of its Instances. */
  async answer(name, uid, partstat, recurrenceId) {
    const parent = await itemIn(name, uid);
    const item = recurrenceId ? parent.recurrenceInfo.getOccurrenceFor(timeOf(recurrenceId)) : parent;
    const target = document.createXULElement("menuitem");
    target.setAttribute("respvalue", partstat);
    target.setAttribute("respmode", "AUTO");
    target.setAttribute("scope", recurrenceId ? "this-occurrence" : "all-occurrences");
    const isAnswered = (one) => cal.itip.getInvitedAttendee(one)?.participationStatus === partstat;
    window.setContextPartstat(target, [item]);
    await waitFor("the answer", async () => {
      const now = await itemIn(name, uid);
      return isAnswered(recurrenceId ? now.recurrenceInfo.getOccurrenceFor(timeOf(recurrenceId)) : now);
    });
  },

  async add(name, fields) {
    const calendar = calendarNamed(name);
    const item = new CalEvent();
    item.id = cal.getUUID();
    item.calendar = calendar;
    fill(item, calendar, fields);
    if (fields.rule) {
      const { CalRecurrenceInfo } = ChromeUtils.importESModule("resource:///modules/CalRecurrenceInfo.sys.mjs");
      item.recurrenceInfo = new CalRecurrenceInfo(item);
      const rule = cal.createRecurrenceRule();
      rule.icalString = `RRULE:${fields.rule}`;
      item.recurrenceInfo.appendRecurrenceItem(rule);
    }
    await window.doTransaction("add", item, calendar, null, null, automatically);
    return item.id;
  },

  async change(name, uid, fields) {
    const old = await itemIn(name, uid);
    const item = old.clone();
    fill(item, old.calendar, fields);
    await window.doTransaction("modify", item, old.calendar, old, null, automatically);
  },

  /** Takes one Instance out of a series. */
  async removeInstance(name, uid, recurrenceId) {
    const old = await itemIn(name, uid);
    const item = old.clone();
    item.recurrenceInfo.removeOccurrenceAt(timeOf(recurrenceId));
    await window.doTransaction("modify", item, old.calendar, old, null, automatically);
  },

  /** Moves one Instance of a series. */
  async changeInstance(name, uid, recurrenceId, fields) {
    const parent = await itemIn(name, uid);
    const old = parent.recurrenceInfo.getOccurrenceFor(timeOf(recurrenceId));
    const item = old.clone();
    fill(item, old.calendar, fields);
    await window.doTransaction("modify", item, old.calendar, old, null, automatically);
  },

  async remove(name, uid) {
    const item = await itemIn(name, uid);
    await window.doTransaction("delete", item, item.calendar, null, null, automatically);
  },

  /** What the window does where another calendar was chosen in it. */
  async moveTo(from, to, uid) {
    const old = await itemIn(from, uid);
    const item = old.clone();
    const target = calendarNamed(to);
    item.calendar = target;
    await window.doTransaction("modify", item, target, old, null, automatically);
  },

  /** An alarm that its user closes: noted in the event, for other machines. */
  async dismissAlarm(name, uid) {
    const old = await itemIn(name, uid);
    const item = old.clone();
    item.alarmLastAck = cal.dtz.now().getInTimezone(cal.dtz.UTC);
    await old.calendar.modifyItem(item, old);
  },

  async addTask(name, { title, due }) {
    const calendar = calendarNamed(name);
    const item = new CalTodo();
    item.id = cal.getUUID();
    item.title = title;
    item.dueDate = timeOf(due);
    item.calendar = calendar;
    await window.doTransaction("add", item, calendar, null, null, automatically);
    return item.id;
  },

  async completeTask(name, uid) {
    const old = await itemIn(name, uid);
    const item = old.clone();
    item.isCompleted = true;
    await window.doTransaction("modify", item, old.calendar, old, null, automatically);
  },

  /** Answers the question whether its own version is to be kept over the server's, which is asked where that has changed meanwhile. */
  async keepOwnVersions() {
    window.questions = [];
    Object.defineProperty(cal.provider, "promptOverwrite", {
      value: (mode, item) => window.questions.push(`${mode} ${item.id}`) > 0,
    });
  },

  async questions() {
    return window.questions;
  },

  /** What the window for guests shows of somebody's time. */
  async busy(address, from, to) {
    const intervals = await new Promise((done) =>
      cal.freeBusyService.getFreeBusyIntervals(
        `MAILTO:${address}`,
        timeOf(from),
        timeOf(to),
        Ci.calIFreeBusyInterval.BUSY_ALL,
        {
          onResult: (operation, result) => {
            if (!operation?.isPending) done(result);
          },
        },
      ),
    );
    const words = {
      [Ci.calIFreeBusyInterval.BUSY]: "BUSY",
      [Ci.calIFreeBusyInterval.FREE]: "FREE",
      [Ci.calIFreeBusyInterval.UNKNOWN]: "UNKNOWN",
      [Ci.calIFreeBusyInterval.BUSY_TENTATIVE]: "BUSY-TENTATIVE",
    };
    const utc = (time) => time.getInTimezone(cal.dtz.UTC).icalString;
    return (intervals ?? []).map(
      ({ freeBusyType, interval }) =>
        `${words[freeBusyType] ?? freeBusyType} ${utc(interval.start)}/${utc(interval.end)}`,
    );
  },
};

// biome-ignore lint/complexity/noArguments: the text is the body of a function of Marionette's.
const [name, args, done] = arguments;
functions[name](...args).then(
  (value) => done({ value: value ?? null }),
  (error) => done({ error: `${error?.message ?? error}\n${error?.stack ?? ""}` }),
);
