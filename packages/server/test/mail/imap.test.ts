import { parseAddress } from "@parley/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { eventually, folders, invitation, letter, type MailboxWorld, openWorld, subjectsIn } from "./imap-world.ts";

let world: MailboxWorld;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe("a mailbox is read", () => {
  test("what is there and what comes is taken in, then moved to folders that are made", async () => {
    const server = await world.serve();
    server.deliver(invitation("first"));
    server.deliver(letter("private"));
    const keptAtMove: number[] = [];
    server.before = async (name) => {
      if (name === "UID MOVE") keptAtMove.push((await world.rows()).length);
      return undefined;
    };
    world.read(server, { ...folders, pollSeconds: 600 });
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["first"]);
    await eventually(() => server.said.at(-1)).toBe("IDLE");
    server.deliver(invitation("second"));
    server.deliver(invitation("nobody", ["To: nobody@example.test"]));
    server.deliver(invitation("unreadable").replace("BEGIN:VEVENT", "BEGIN:NOTHING"));
    await eventually(() => subjectsIn(server, folders.failed)).toEqual(["nobody", "unreadable"]);
    expect(subjectsIn(server, folders.handled)).toEqual(["first", "second"]);
    // What asks nothing of a calendar is somebody's mail: it stays, and is nobody's business here.
    expect(subjectsIn(server, "INBOX")).toEqual(["private"]);
    expect((await world.rows()).map(({ subject }) => subject)).toEqual(["unreadable", "second", "first"]);
    // A mail is moved when its verdict is on the disk, and not before.
    expect(keptAtMove).toEqual([1, 2, 2, 3]);
  });

  test("without folders it stays, and is marked; nothing is read twice", async () => {
    const server = await world.serve();
    server.deliver(invitation("first"), "\\Seen");
    server.deliver(letter("private"));
    server.deliver(invitation("nobody", ["To: nobody@example.test"]));
    server.deliver(invitation("thrown away"), "\\Deleted");
    const mailbox = world.read(server);
    const flags = () => [...(server.folders.get("INBOX") ?? [])].map((mail) => [...mail.flags].join(" "));
    await eventually(flags).toEqual(["\\Seen ParleyDone", "ParleyDone", "ParleyDone ParleyFailed", "\\Deleted"]);
    await mailbox.stop();
    const fetched = server.said.filter((said) => said.includes("BODY")).length;
    world.read(server);
    await eventually(() => server.said.filter((said) => said.startsWith("UID SEARCH")).length).toBeGreaterThan(3);
    expect(server.said.filter((said) => said.includes("BODY")).length).toBe(fetched);
    expect((await world.rows()).map(({ subject }) => subject)).toEqual(["first"]);
  });

  test("of a server that keeps no marks each mail is read once while it runs, and is one however often it is read", async () => {
    const server = await world.serve({ keepsKeywords: false });
    server.deliver(invitation("first"));
    const mailbox = world.read(server);
    const fetched = () => server.said.filter((said) => said.includes("BODY")).length;
    const looked = () => server.said.filter((said) => said.startsWith("UID SEARCH")).length;
    await eventually(looked).toBeGreaterThan(3);
    expect(fetched()).toBe(1);
    await mailbox.stop();
    world.read(server);
    await eventually(fetched).toBe(2);
    await eventually(looked).toBeGreaterThan(6);
    expect(await world.rows()).toHaveLength(1);
  });

  test("with an owner it is theirs, whomever it names", async () => {
    const server = await world.serve();
    server.deliver(invitation("owned", ["To: list@lists.test"]));
    world.read(server, { ...folders, owner: "ann@example.test" });
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["owned"]);
    expect(await world.rows()).toMatchObject([{ to: ["ann@example.test"], verdict: "undecided" }]);
  });

  test("folders are found and made where another sign than / stands between them", async () => {
    const server = await world.serve({ delimiter: ".", capabilities: ["IMAP4rev1", "NAMESPACE"] });
    server.folders.set("INBOX.Calendar", server.folders.get("INBOX") ?? []);
    server.deliver(invitation("first"));
    world.read(server, { ...folders, mailbox: "INBOX/Calendar" });
    await eventually(() => subjectsIn(server, "Parley.Handled")).toEqual(["first"]);
  });

  test("mail of several people in one mailbox finds each", async () => {
    const ben = await addPerson(world.store, { name: "Ben", addresses: ["ben@example.test"], timezone: "UTC" });
    const server = await world.serve();
    server.deliver(invitation("for ben", ["Delivered-To: ben+x@example.test", "To: ann@example.test"]));
    server.deliver(invitation("for both", ["To: ann@example.test, ben@example.test"]));
    world.read(server, folders);
    await eventually(() => subjectsIn(server, folders.handled)).toEqual(["for ben", "for both"]);
    const bens = await world.store.read((transaction) => transaction.ledger.list(ben.id, { limit: 9 }));
    expect(bens.map(({ subject }) => subject)).toEqual(["for both", "for ben"]);
    expect((await world.rows()).map(({ subject }) => subject)).toEqual(["for both"]);
  });
});

test("of two nodes one reads, and when it stops the other goes on at once", async () => {
  const server = await world.serve();
  const first = world.read(server, folders);
  await eventually(() => server.connections()).toBe(1);
  world.read(server, folders);
  server.deliver(invitation("one"));
  await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one"]);
  await new Promise((done) => setTimeout(done, 250));
  expect(server.said.filter((said) => said.startsWith("LOGIN"))).toHaveLength(1);
  await first.stop();
  server.deliver(invitation("two"));
  await eventually(() => subjectsIn(server, folders.handled)).toEqual(["one", "two"]);
  expect(server.said.filter((said) => said.startsWith("LOGIN"))).toHaveLength(2);
});

test("stopping says goodbye and leaves nothing open", async () => {
  const server = await world.serve();
  const mailbox = world.read(server, { ...folders, pollSeconds: 600 });
  await eventually(() => server.said.at(-1)).toBe("IDLE");
  await mailbox.stop();
  expect(server.said.at(-1)).toBe("LOGOUT");
  await eventually(() => server.connections()).toBe(0);
  const [job] = await world.store.read((transaction) => transaction.jobs.list());
  expect(job).toMatchObject({ name: "imap test", leasedUntil: 0 });
});

describe("how sure we are who sent it", () => {
  const results = (id: string) => `Authentication-Results: ${id}; dmarc=pass header.from=outside.test`;
  const header = (...lines: string[]) => [...lines, "To: ann@example.test"];
  test.each([
    ["that the relay checks all says nothing of a mailbox", header(), {}, "weak"],
    ["its server leaves in what a stranger writes under our relay's id", header(results("mx.test")), {}, "weak"],
    ["also where it has ids of its own", header(results("mx.test")), { authservIds: ["imap.test"] }, "weak"],
    ["those alone count", header(results("imap.test")), { authservIds: ["IMAP.test"] }, "relayed"],
    [
      "headers that name us prove nothing",
      header("Delivered-To: ann@example.test", "Return-Path: <olaf@outside.test>"),
      {},
      "weak",
    ],
  ])("%s", async (_, lines, settings, strength) => {
    const server = await world.serve();
    server.deliver(invitation("one", lines));
    world.read(server, { ...folders, ...settings });
    await eventually(async () => (await world.rows()).length).toBe(1);
    expect((await world.rows())[0]?.evidence).toMatchObject({ strength, relation: "stranger" });
  });
});

test("reports are taken of our own mails alone: others are their reader's", async () => {
  const messageId = "<ours@example.test>";
  const olaf = parseAddress("olaf@outside.test");
  if (!olaf) throw new Error("no address");
  await world.store.write(async (transaction) => {
    const payload = await transaction.ledger.putSource(new TextEncoder().encode("{}"));
    const sent = await transaction.ledger.add({
      ...{
        principal: world.ann.id,
        at: 0,
        direction: "out",
        method: "REQUEST",
        uid: "u",
        subject: "",
        from: world.ann.address,
        to: [olaf],
      },
      ...{ verdict: "sent", rule: "", reason: "", changes: [], violations: [] },
    });
    const delivery = {
      message: sent.id,
      principal: world.ann.id,
      uid: "u",
      recipient: olaf,
      due: 0,
      payload,
      messageId,
    };
    await transaction.deliveries.enqueue([delivery], 0);
    const [claimed] = await transaction.deliveries.claim(1, 2, 1);
    await transaction.deliveries.settle(claimed?.id ?? "", { state: "handed-over", due: 0, detail: "" });
  });
  const report = (about: string) =>
    [
      "From: MAILER-DAEMON@mx.test",
      "To: ann@example.test",
      `Subject: about ${about}`,
      "MIME-Version: 1.0",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.test",
      "",
      "Final-Recipient: utf-8; olaf@outside.test",
      "Action: failed",
      "Status: 5.1.1",
      "",
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: ${about}`,
      "",
      "--b--",
      "",
    ].join("\r\n");
  const server = await world.serve();
  server.deliver(report("<holiday@example.test>"));
  server.deliver(report(messageId));
  world.read(server, folders);
  await eventually(() => subjectsIn(server, folders.handled)).toEqual([`about ${messageId}`]);
  expect(subjectsIn(server, "INBOX")).toEqual(["about <holiday@example.test>"]);
  const delivery = await world.store.read((transaction) => transaction.deliveries.byMessageId(world.ann.id, messageId));
  expect(delivery?.state).toBe("bounced");
});
