import { parseMailbox } from "@parley/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { warnOfDomain, warnOfName } from "../../src/mail/authenticity/look-alikes.ts";

function from(text: string) {
  const address = parseMailbox(text);
  if (!address) throw new Error(`${text} is no address`);
  return address;
}

describe("names that are addresses", () => {
  test.each([
    ["Ann", false],
    ["ann@example.test", false],
    ["ANN@Example.Test", false],
    ["Ann (boss@example.test)", true],
    ["boss@example.test via the list", true],
    ["“boss@example.test”", true],
    ["Ann @ work", false],
    [undefined, false],
  ])("%s", (name, want) => expect(warnOfName(from("ann@example.test"), name)).toHaveLength(want ? 1 : 0));
});

describe("domains like others", () => {
  const known = ["example.test", "ann@partner-company.test", "b@mail.house.example"];

  test.each([
    ["one the reader knows", "a@example.test", ""],
    ["one like no other", "a@elsewhere.test", ""],
    ["one letter other", "a@exarnple.test", "looks the same"],
    ["a digit for a letter", "a@examp1e.test", "looks the same"],
    ["a Cyrillic letter", "a@ex\u0430mple.test", "looks the same"],
    ["the same as punycode", "a@xn--exmple-4nf.test", "looks the same"],
    ["an accent", "a@exámple.test", "looks the same"],
    ["one letter less", "a@partner-compny.test", "is nearly"],
    ["one letter more", "a@partner-companys.test", "is nearly"],
    ["two letters exchanged", "a@partner-comapny.test", "is nearly"],
    ["two letters other", "a@partner-kompanie.test", ""],
    ["another ending", "a@example.tests", "is nearly"],
    ["another machine of one house", "a@mall.house.example", ""],
    ["Latin and Cyrillic mixed, like nothing known", "a@p\u0430ypal.test", "mixes letters"],
    ["a word of Cyrillic letters that looks Latin", "a@\u0440\u0430\u0443.test", "has no Latin letters"],
    ["a Cyrillic word", "a@пример.test", ""],
    ["a Japanese one", "a@例え.test", ""],
    ["a German one", "a@münchen.test", ""],
  ])("%s", (_, address, want) => {
    const warnings = warnOfDomain(from(address), known);
    if (want === "") expect(warnings).toEqual([]);
    else expect(warnings.join()).toContain(want);
  });

  test("no more of those the reader knows are looked at than a thousand", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `x${index}.of-no-likeness.test`);
    expect(warnOfDomain(from("a@examp1e.test"), [...many, "example.test"])).toEqual([]);
    expect(warnOfDomain(from("a@examp1e.test"), [...many.slice(1), "example.test"])).toHaveLength(1);
  });

  test("whatever the domain and what is known: at most one short line, and none of what is known", () => {
    const domain = fc.string({
      unit: fc.constantFrom(..."abrnm01-.\u0430\u0435\u03bfé例"),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(domain, fc.array(domain, { maxLength: 5 }), (one, others) => {
        const address = parseMailbox(`a@${one}`);
        fc.pre(address !== undefined);
        const warnings = warnOfDomain(address, others);
        expect(warnings.length).toBeLessThan(2);
        expect(warnings.join("").length).toBeLessThan(300);
        expect(warnings.join("")).not.toMatch(/[\r\n]/);
        expect(warnOfDomain(address, [...others, address])).toEqual([]);
      }),
    );
  });
});
