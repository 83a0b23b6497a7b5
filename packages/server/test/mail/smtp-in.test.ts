import { createTransport } from "nodemailer";
import { afterEach, describe, expect, test } from "vitest";
import { type DeliveryReply, startMailServer } from "../../src/mail/doors/mail-server.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(answers: readonly DeliveryReply[] | Error, maxBytes?: number) {
  let deliveries = 0;
  const server = await startMailServer({
    protocol: "smtp",
    host: "127.0.0.1",
    port: 0,
    ...(maxBytes !== undefined && { maxBytes }),
    acceptRecipient: async (address) => !address.startsWith("nobody"),
    deliver: async () => {
      deliveries++;
      if (answers instanceof Error) throw answers;
      return answers;
    },
    logger: { info: () => {}, error: () => {} },
  });
  closing.push(() => server.close());
  const transport = createTransport({ host: "127.0.0.1", port: server.port, ignoreTLS: true });
  closing.unshift(() => transport.close());
  const send = async (to: readonly string[], text = "x") => {
    try {
      const { response, rejected } = await transport.sendMail({
        envelope: { from: "x@else.test", to: [...to] },
        raw: text,
      });
      return { response, rejected };
    } catch (error) {
      return { response: (error as { response?: string }).response ?? String(error), rejected: [] };
    }
  };
  return { send, deliveries: () => deliveries };
}

const kept = { code: 250, text: "2.6.0 Kept" };
const full = { code: 452, text: "4.2.2 Full" };
const gone = { code: 550, text: "5.1.1 No such person here" };
const tryAgain = "451 4.3.0 Not kept for all; try again";

// One answer for all: whoever is told 250 forgets the mail, so it must hold for each of them.
describe("the one answer to a mail for several", () => {
  test.each<[string, readonly DeliveryReply[] | Error, string]>([
    ["all have it", [kept, kept], "250 2.6.0 Kept"],
    ["one could not be served", [kept, full], tryAgain],
    ["the first could not be served", [full, kept], tryAgain],
    ["one is gone since they were accepted", [kept, gone], tryAgain],
    ["all are gone since", [gone, gone], "550 5.1.1 No such person here"],
    ["none could be served", [full, full], "452 4.2.2 Full"],
    ["it could not be kept", new Error("disk full"), "451 4.3.0 Not kept; try again"],
    ["there is an answer too few", [kept], "451 4.3.0 Not kept; try again"],
  ])("%s", async (_, answers, expected) => {
    const { send } = await open(answers);
    expect((await send(["ann@example.test", "ben@example.test"])).response).toBe(expected);
  });
});

test("who is nobody here is refused by themselves", async () => {
  const { send } = await open([kept]);
  expect(await send(["nobody@example.test", "ann@example.test"])).toEqual({
    response: "250 2.6.0 Kept",
    rejected: ["nobody@example.test"],
  });
});

test("a mail over the bound is refused and not handed on", async () => {
  const { send, deliveries } = await open([kept], 1_000);
  expect((await send(["ann@example.test"], "x".repeat(2_000))).response).toMatch(/^552 /);
  expect(deliveries()).toBe(0);
});
