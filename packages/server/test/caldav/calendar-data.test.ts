import { formatCalendar } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { readAskedData, selectData } from "../../src/caldav/calendar-data.ts";
import { component, element, placing, read, series } from "./filtering.ts";

describe("calendar-data", () => {
  const select = (text: string, asked: string): string => {
    const selected = selectData(
      read(text),
      readAskedData(element(`<calendar-data>${asked}</calendar-data>`)),
      placing(text),
    );
    return selected ? formatCalendar(selected) : "too many";
  };
  const lines = (text: string): readonly string[] => text.trimEnd().split("\r\n");

  test("expands a series to Instances in UTC, RFC 4791 §9.6.5", () => {
    const text = series.replace("DTSTART:20270301T090000Z", "DTSTART;TZID=Europe/Berlin:20270301T100000");
    const told = select(text, '<expand start="20270302T000000Z" end="20270312T000000Z"/>');
    expect(told).not.toMatch(/RRULE|TZID|EXDATE/);
    const starts = told
      .split("BEGIN:VEVENT")
      .slice(1)
      .map((one) => {
        const value = (name: string) => new RegExp(`^${name}:(.*)\r$`, "m").exec(one)?.[1];
        return [value("RECURRENCE-ID"), value("DTSTART"), value("SUMMARY")];
      });
    const daily = ["02", "04", "05"].map((day) => [`202703${day}T090000Z`, `202703${day}T090000Z`, "Series"]);
    expect(starts).toEqual([...daily, ["20270303T090000Z", "20270310T090000Z", "Moved"]]);
  });

  test("keeps dates when it expands", () => {
    const text = component("VEVENT", "DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;COUNT=3");
    const told = select(text, '<expand start="20270302T000000Z" end="20270303T000000Z"/>');
    expect(lines(told)).toContain("RECURRENCE-ID;VALUE=DATE:20270302");
    expect(lines(told)).toContain("DTSTART;VALUE=DATE:20270302");
    expect(told.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  });

  test("does not tell Instances without end", () => {
    const text = component("VEVENT", "DTSTART:20270301T000000Z", "RRULE:FREQ=SECONDLY");
    expect(select(text, '<expand start="20270301T000000Z" end="20280301T000000Z"/>')).toBe("too many");
  });

  test("leaves out overrides that say nothing of the range, RFC 4791 §9.6.6", () => {
    const limited = (start: string, end: string) =>
      select(series, `<limit-recurrence-set start="${start}" end="${end}"/>`).includes("SUMMARY:Moved");
    expect(limited("20270303T000000Z", "20270304T000000Z")).toBe(true);
    expect(limited("20270310T000000Z", "20270311T000000Z")).toBe(true);
    expect(limited("20270304T000000Z", "20270306T000000Z")).toBe(false);
  });

  test("leaves out busy time outside of the range, RFC 4791 §9.6.7", () => {
    const text = component(
      "VFREEBUSY",
      "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270302T090000Z/PT1H,20270305T090000Z/PT1H",
      "FREEBUSY:20270309T090000Z/PT1H",
    );
    const told = lines(select(text, '<limit-freebusy-set start="20270305T000000Z" end="20270306T000000Z"/>'));
    expect(told.filter((line) => line.startsWith("FREEBUSY"))).toEqual([
      "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270305T090000Z/PT1H",
    ]);
  });

  test("tells the parts that are asked for, RFC 4791 §9.6.1", () => {
    const asked =
      '<comp name="VCALENDAR"><prop name="VERSION"/><comp name="VEVENT"><prop name="UID"/><prop name="SUMMARY" novalue="yes"/></comp></comp>';
    expect(lines(select(series, asked))).toEqual([
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      ...["BEGIN:VEVENT", "UID:x", "SUMMARY:", "END:VEVENT"],
      ...["BEGIN:VEVENT", "UID:x", "SUMMARY:", "END:VEVENT"],
      "END:VCALENDAR",
    ]);
    expect(select(series, '<comp name="VCALENDAR"><allprop/><allcomp/></comp>')).toBe(
      formatCalendar(read(series).calendar),
    );
  });

  test("is of one format alone", () => {
    for (const attributes of ['content-type="application/calendar+json"', 'version="1.0"']) {
      expect(() => readAskedData(element(`<calendar-data ${attributes}/>`))).toThrow("text/calendar");
    }
  });
});
