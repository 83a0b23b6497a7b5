import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A mail in a folder of the server. */
export interface StoredMail {
  uid: number;
  readonly text: string;
  readonly flags: Set<string>;
}

/** How a server of a test behaves; all of it can be changed while it runs. */
export interface ImapBehaviour {
  capabilities: string[];
  uidValidity: number;
  /** What stands between folders; other signs may not be in their names. */
  delimiter: string;
  /** Whether it keeps flags of a client's making. */
  keepsKeywords: boolean;
  /** What it says to a login: nothing lets everybody in. */
  loginRefusal: string | undefined;
  /** Called before a command is done, of which it is told the name and the rest; the answer takes the place of doing it. */
  before: (name: string, rest: string) => Promise<Fate> | Fate;
}

/** What becomes of a command instead: the connection breaks, it is refused, or it is said to be done. */
export type Fate = "break" | "refuse" | "pretend" | undefined;

/** An IMAP server of one user, in memory: as much of RFC 3501 as a program needs that reads mail and moves it. */
export interface ImapServer extends ImapBehaviour {
  readonly port: number;
  /** Folders by path, each with its mails. */
  readonly folders: Map<string, StoredMail[]>;
  /** All that clients have said, without tags. */
  readonly said: string[];
  readonly connections: () => number;
  /** Puts a mail into INBOX and tells who waits. */
  deliver(text: string, ...flags: readonly string[]): void;
  /** Gives all mails of INBOX other UIDs and forgets their flags, as a server does that was restored. */
  renumber(): void;
  close(): Promise<void>;
}

interface Session {
  readonly socket: Socket;
  selected: string | undefined;
  idleTag: string | undefined;
  /** How many mails of its folder it was told of. */
  told: number;
}

/** Starts a server on loopback that can do what most can. */
export async function startImapServer(behaviour: Partial<ImapBehaviour> = {}): Promise<ImapServer> {
  const sessions = new Set<Session>();
  const folders = new Map<string, StoredMail[]>([["INBOX", []]]);
  let lastUid = 0;
  const listener = createServer({ noDelay: true }, (socket) => {
    const session: Session = { socket, selected: undefined, idleTag: undefined, told: 0 };
    sessions.add(session);
    socket.on("close", () => sessions.delete(session));
    socket.on("error", () => {});
    const lines: string[] = [];
    let busy = false;
    const work = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      for (let line = lines.shift(); line !== undefined; line = lines.shift()) await answer(server, session, line);
      busy = false;
    };
    createInterface({ input: socket }).on("line", (line) => {
      lines.push(line);
      void work();
    });
    socket.write(`* OK [CAPABILITY ${server.capabilities.join(" ")}] ready\r\n`);
  });
  const server: ImapServer = {
    capabilities: ["IMAP4rev1", "IDLE", "MOVE", "UIDPLUS", "NAMESPACE"],
    uidValidity: 1,
    delimiter: "/",
    keepsKeywords: true,
    loginRefusal: undefined,
    before: () => undefined,
    ...behaviour,
    folders,
    said: [],
    port: 0,
    connections: () => sessions.size,
    deliver(text, ...flags) {
      inboxOf(folders).push({ uid: ++lastUid, text, flags: new Set(flags) });
      for (const session of sessions) if (session.idleTag !== undefined) tellSize(server, session);
    },
    renumber() {
      server.uidValidity++;
      for (const mail of inboxOf(folders)) {
        mail.uid = ++lastUid;
        mail.flags.clear();
      }
    },
    close: () =>
      new Promise((done) => {
        listener.close(() => done());
        for (const { socket } of sessions) socket.destroy();
      }),
  };
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  return Object.assign(server, { port: typeof address === "object" && address ? address.port : 0 });
}

function inboxOf(folders: Map<string, StoredMail[]>): StoredMail[] {
  return folders.get("INBOX") ?? [];
}

function tellSize({ folders }: ImapServer, session: Session): void {
  const count = folders.get(session.selected ?? "")?.length ?? 0;
  if (count > session.told) session.socket.write(`* ${count} EXISTS\r\n`);
  session.told = count;
}

async function answer(server: ImapServer, session: Session, line: string): Promise<void> {
  const { socket } = session;
  if (session.idleTag !== undefined) {
    socket.write(`${session.idleTag} OK idled\r\n`);
    session.idleTag = undefined;
    return;
  }
  const [, tag = "*", said = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
  server.said.push(said);
  const [, name = "", rest = ""] = /^((?:UID )?\S+) ?(.*)$/i.exec(said) ?? [];
  const fate = await server.before(name.toUpperCase(), rest);
  if (fate === "break") return void socket.destroy();
  const result = fate === undefined ? perform(server, session, name.toUpperCase(), rest) : answers[fate];
  if (result === "idle") {
    session.idleTag = tag;
    socket.write("+ idling\r\n");
    tellSize(server, session);
    return;
  }
  socket.write(`${tag} ${result}\r\n`);
  if (name.toUpperCase() === "LOGOUT") socket.end();
}

const answers = { refuse: "NO not now", pretend: "OK done" };

/** Does a command: writes what is untagged, and gives what is tagged. */
function perform(server: ImapServer, session: Session, name: string, rest: string): string {
  const { socket } = session;
  const { folders } = server;
  switch (name) {
    case "CAPABILITY":
      socket.write(`* CAPABILITY ${server.capabilities.join(" ")}\r\n`);
      return "OK done";
    case "LOGIN":
      return server.loginRefusal === undefined ? "OK welcome" : `NO ${server.loginRefusal}`;
    case "NAMESPACE":
      socket.write(`* NAMESPACE (("" "${server.delimiter}")) NIL NIL\r\n`);
      return "OK done";
    case "LIST":
    case "LSUB":
      if (rest === '"" ""') {
        socket.write(`* LIST (\\Noselect) "${server.delimiter}" ""\r\n`);
        return "OK done";
      }
      for (const path of folders.keys()) socket.write(`* ${name} () "${server.delimiter}" "${path}"\r\n`);
      return "OK done";
    case "STATUS": {
      const folder = folders.get(wordOf(rest));
      if (!folder) return "NO [NONEXISTENT] there is no such folder";
      socket.write(`* STATUS "${wordOf(rest)}" (MESSAGES ${folder.length})\r\n`);
      return "OK done";
    }
    case "CREATE":
      if (server.delimiter !== "/" && wordOf(rest).includes("/")) return "NO [CANNOT] not in a name";
      if (folders.has(wordOf(rest))) return "NO [ALREADYEXISTS] it is there";
      folders.set(wordOf(rest), []);
      return "OK done";
    case "SELECT":
      return select(server, session, wordOf(rest));
    case "IDLE":
      return "idle";
    case "UID SEARCH":
    case "UID FETCH":
    case "UID STORE":
    case "UID COPY":
    case "UID MOVE":
    case "UID EXPUNGE":
    case "EXPUNGE":
      return onMails(server, session, name, rest);
    default:
      return "OK done";
  }
}

function select(server: ImapServer, session: Session, path: string): string {
  const folder = server.folders.get(path);
  if (!folder) return "NO [NONEXISTENT] there is no such folder";
  session.selected = path;
  session.told = folder.length;
  const kept = server.keepsKeywords ? "\\Deleted \\Seen \\*" : "\\Deleted \\Seen";
  session.socket.write(
    `* FLAGS (\\Deleted \\Seen)\r\n* OK [PERMANENTFLAGS (${kept})] kept\r\n* ${folder.length} EXISTS\r\n` +
      `* OK [UIDVALIDITY ${server.uidValidity}] valid\r\n* OK [UIDNEXT 999999] next\r\n`,
  );
  return "OK [READ-WRITE] selected";
}

function onMails(server: ImapServer, session: Session, name: string, rest: string): string {
  const folder = server.folders.get(session.selected ?? "") ?? [];
  const [set = "", ...more] = rest.split(" ");
  const meant = folder.filter(({ uid }) => set.split(",").some((part) => isIn(uid, part)));
  const target = server.folders.get(wordOf(more.join(" ")));
  switch (name) {
    case "UID SEARCH": {
      const keyword = /UNKEYWORD (\S+)/i.exec(rest)?.[1] ?? "";
      const found = folder.filter(({ flags }) => !flags.has("\\Deleted") && !flags.has(keyword));
      session.socket.write(`* SEARCH ${found.map(({ uid }) => uid).join(" ")}\r\n`);
      return "OK done";
    }
    case "UID FETCH":
      for (const mail of meant) tell(session.socket, folder.indexOf(mail) + 1, mail, rest.includes("BODY"));
      return "OK done";
    case "UID STORE":
      for (const { flags } of meant) {
        for (const flag of /\(([^)]*)\)/.exec(rest)?.[1]?.split(" ") ?? []) flags.add(flag);
      }
      return "OK done";
    case "UID COPY":
    case "UID MOVE":
      if (!target) return "NO [TRYCREATE] there is no such folder";
      for (const mail of meant) target.push({ ...mail, flags: new Set(mail.flags) });
      if (name === "UID MOVE") remove(session, folder, meant);
      return "OK done";
    case "UID EXPUNGE":
      remove(
        session,
        folder,
        meant.filter(({ flags }) => flags.has("\\Deleted")),
      );
      return "OK done";
    default:
      remove(
        session,
        folder,
        folder.filter(({ flags }) => flags.has("\\Deleted")),
      );
      return "OK done";
  }
}

function tell(socket: Socket, number: number, { uid, text, flags }: StoredMail, whole: boolean): void {
  const bytes = Buffer.from(text);
  socket.write(`* ${number} FETCH (UID ${uid} RFC822.SIZE ${bytes.length} FLAGS (${[...flags].join(" ")})`);
  if (whole) {
    socket.write(` BODY[] {${bytes.length}}\r\n`);
    socket.write(bytes);
  }
  socket.write(")\r\n");
}

function remove(session: Session, folder: StoredMail[], mails: readonly StoredMail[]): void {
  for (const mail of mails) {
    const index = folder.indexOf(mail);
    folder.splice(index, 1);
    session.socket.write(`* ${index + 1} EXPUNGE\r\n`);
    session.told = folder.length;
  }
}

function isIn(uid: number, part: string): boolean {
  const [first = "", last = first] = part.split(":");
  return uid >= Number(first) && (last === "*" || uid <= Number(last));
}

/** The first word, which may be quoted. */
function wordOf(text: string): string {
  return (
    /^"([^"]*)"|^(\S+)/
      .exec(text)
      ?.slice(1)
      .find((word) => word !== undefined) ?? ""
  );
}
