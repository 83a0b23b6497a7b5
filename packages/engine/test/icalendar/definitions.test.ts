import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { componentDefinitions, everywhere } from "../../src/icalendar/definitions/components.ts";
import { parameterDefinitions } from "../../src/icalendar/definitions/parameters.ts";
import { propertyDefinitions } from "../../src/icalendar/definitions/properties.ts";
import {
  cardinalityOf,
  definitionOf,
  exclusivePropertiesOf,
  makeParameter,
  type Property,
  parameterDefinitionOf,
  valueTypeOf,
} from "../../src/icalendar/index.ts";

const texts = new URL("../../../../../shared/rfc/", import.meta.url).pathname;

describe("definitions", () => {
  test.each([
    ["DTSTART", undefined, "DATE-TIME"],
    ["DTSTART", "date", "DATE"],
    ["DTSTART", " ", "DATE-TIME"],
    ["ATTENDEE", undefined, "CAL-ADDRESS"],
    ["CONFERENCE", undefined, undefined],
    ["CONFERENCE", "URI", "URI"],
    ["X-A", undefined, undefined],
    ["X-A", "X-Own", "X-OWN"],
    ["constructor", undefined, undefined],
  ])("%s with VALUE %s is of the type %s", (name, type, expected) => {
    const parameters = type === undefined ? [] : [makeParameter("VALUE", [type])];
    const property: Property = { name, parameters, value: "" };
    expect(valueTypeOf(property)).toBe(expected);
  });

  test.each([
    ["VEVENT", "UID", "1"],
    ["VEVENT", "DTSTART", "0-1"],
    ["VEVENT", "RRULE", "0+"],
    ["VEVENT", "CONCEPT", "0+"],
    ["VEVENT", "DUE", undefined],
    ["DAYLIGHT", "TZOFFSETTO", "1"],
    ["X-OWN", "UID", undefined],
    ["__proto__", "UID", undefined],
  ])("%s holds %s %s times", (component, property, expected) => {
    expect(cardinalityOf(component, property)).toBe(expected);
  });

  test("name what excludes each other and what is meant by absence", () => {
    expect(exclusivePropertiesOf("VTODO")).toEqual(["DUE", "DURATION"]);
    expect(exclusivePropertiesOf("VJOURNAL")).toEqual([]);
    expect(exclusivePropertiesOf("toString")).toEqual([]);
    expect(definitionOf("TRANSP")?.absent).toBe("OPAQUE");
    expect(definitionOf("toString")).toBeUndefined();
    expect(parameterDefinitionOf("PARTSTAT")?.absent).toBe("NEEDS-ACTION");
    expect(parameterDefinitionOf("valueOf")).toBeUndefined();
  });

  test("speak of properties that are defined, of each in one place of a component", () => {
    for (const [name, { one = "", atMostOne = "", any = "", notBoth = "" }] of Object.entries(componentDefinitions)) {
      const all = `${one} ${atMostOne} ${any} ${everywhere}`.split(" ").filter((each) => each !== "");
      expect(new Set(all).size, name).toBe(all.length);
      expect(all.filter((each) => !definitionOf(each))).toEqual([]);
      for (const each of notBoth.split(" ")) if (each) expect(cardinalityOf(name, each)).toBe("0-1");
    }
    for (const { values, absent } of Object.values(parameterDefinitions)) {
      if (values && absent) expect(values.split(" ")).toContain(absent);
    }
  });
});

/** The text of an RFC without what stands between two pages. */
function textOf(rfc: string): string {
  return readFileSync(`${texts}rfc${rfc}.txt`, "utf8").replace(/\n+[A-Z][^\n]*\[Page \d+\]\n\f?\n?RFC[^\n]*\n+/g, "\n");
}

describe.skipIf(!existsSync(texts))(`the texts of the standards in ${texts} (skipped where they are not)`, () => {
  const type = Object.values(propertyDefinitions).flatMap(({ types }) => types);
  const typeForm = new RegExp(`(?<![A-Z-])(?:${[...new Set(type)].join("|")})(?![A-Z-])`, "g");

  test.each(["5545", "7953", "7986", "9073", "9074", "9253"])("RFC %s gives each property these types", (rfc) => {
    const text = textOf(rfc);
    const defined = [...text.matchAll(/Property [Nn]ame: {2}([A-Z-]{2,})\n/g)];
    expect(defined.length).toBeGreaterThan(0);
    for (const match of defined) {
      const name = match[1] ?? "";
      const paragraph = /Value [Tt]ype:([\s\S]*?)\n\n/.exec(text.slice(match.index))?.[1] ?? "";
      // RFC 9253 lists the types of RELATED-TO without order; RFC 5545 had given it the default.
      const types = new Set(paragraph.match(typeForm));
      const stated = rfc === "5545" && name === "RELATED-TO" ? ["TEXT", "UID", "URI"] : [...types];
      const definition = definitionOf(name);
      if (name === "RELATED-TO") expect(definition?.types).toEqual(stated.toSorted());
      else expect(definition?.types, name).toEqual(stated);
      const none = /no default/.test(paragraph) || name === "LINK";
      expect(definition?.needsType === true, name).toBe(none);
    }
  });

  test.each(["5545", "6638", "7986", "9073", "9253"])("RFC %s names these parameters", (rfc) => {
    const names = [...textOf(rfc).matchAll(/Parameter [Nn]ame: {2}([A-Z-]{2,})\n/g)].map((match) => match[1] ?? "");
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !parameterDefinitionOf(name))).toEqual([]);
  });

  test.each([
    ["5545", "calprops", "VCALENDAR", []],
    ["7986", "calprops", "VCALENDAR", []],
    ["5545", "eventprop", "VEVENT", []],
    ["7986", "eventprop", "VEVENT", []],
    ["5545", "todoprop", "VTODO", []],
    ["7986", "todoprop", "VTODO", []],
    ["5545", "jourprop", "VJOURNAL", []],
    ["7986", "jourprop", "VJOURNAL", []],
    ["5545", "fbprop", "VFREEBUSY", []],
    ["5545", "tzprop", "STANDARD", []],
    ["7953", "availabilityprop", "VAVAILABILITY", []],
    ["7953", "availableprop", "AVAILABLE", []],
    // RFC 9073 names two productions nobody defined; its errata take them away.
    ["9073", "partprop", "PARTICIPANT", ["strucloc", "strucres"]],
    ["9073", "locprop", "VLOCATION", []],
    ["9073", "resprop", "VRESOURCE", []],
  ])("RFC %s, %s: how often each property stands in %s", (rfc, production, component, gone) => {
    const rows = grammarOf(textOf(rfc), production).filter(([word]) => !gone.some((each) => each === word));
    expect(rows.length).toBeGreaterThan(1);
    for (const [word, expected] of rows) {
      const name = productionNames[word] ?? word.toUpperCase();
      expect([name, cardinalityOf(component, name)]).toEqual([name, expected]);
    }
  });
});

/** Reads a production such as `eventprop`: each of its words, and how often the comment before it lets it occur. */
function grammarOf(text: string, production: string): readonly (readonly [string, string])[] {
  const body = new RegExp(`^ +${production} +=\\/? *\\*\\(([\\s\\S]*?)^ +\\)`, "m").exec(text)?.[1] ?? "";
  const rows: (readonly [string, string])[] = [];
  let comment = "";
  let isFresh = true;
  for (const line of body.split("\n").map((each) => each.trim())) {
    if (line.startsWith(";")) {
      comment = isFresh ? comment + line : line;
      isFresh = true;
    } else if (line !== "") {
      const often = /MAY occur more|SHOULD NOT/i.test(comment) ? "0+" : /REQUIRED(?! if)/.test(comment) ? "1" : "0-1";
      for (const word of line.match(/[a-z-]+/g) ?? []) if (!/^(?:x|iana)-prop$/.test(word)) rows.push([word, often]);
      isFresh = false;
    }
  }
  return rows;
}

/** What the grammars call properties, where it is not their name. */
const productionNames: Readonly<Record<string, string>> = {
  "last-mod": "LAST-MODIFIED",
  seq: "SEQUENCE",
  recurid: "RECURRENCE-ID",
  rstatus: "REQUEST-STATUS",
  related: "RELATED-TO",
  percent: "PERCENT-COMPLETE",
  refresh: "REFRESH-INTERVAL",
  participanttype: "PARTICIPANT-TYPE",
  calendaraddress: "CALENDAR-ADDRESS",
  styleddescription: "STYLED-DESCRIPTION",
  sdataprop: "STRUCTURED-DATA",
  loctype: "LOCATION-TYPE",
  restype: "RESOURCE-TYPE",
};
