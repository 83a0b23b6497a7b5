import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Marionette, openMarionette } from "./marionette.ts";

/** Thunderbird, with a profile of its own and no screen. */
export interface Thunderbird {
  /** Calls a function of inside.js, in its main window. */
  call<Value>(name: string, ...args: readonly unknown[]): Promise<Value>;
  /** What it has written to its terminal. */
  said(): string;
  close(): Promise<void>;
}

const program = "/usr/lib/thunderbird/thunderbird";
const startMillis = 120_000;
const stopMillis = 15_000;
const maxOutput = 1_000_000;

/** Tells which Thunderbird is here; `undefined` where none is. */
export function thunderbirdVersion(): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Starts Thunderbird for the owner of a mail address. It asks no mail server for anything. */
export async function startThunderbird(address: string, name: string): Promise<Thunderbird> {
  const home = await mkdtemp(join(tmpdir(), "parley-thunderbird-"));
  const profile = join(home, "profile");
  await mkdir(profile);
  await writeFile(join(profile, "user.js"), preferences(address, name));
  const args = ["--headless", "--marionette", "-remote-allow-system-access", "--no-remote", "--profile", profile];
  const env = { HOME: home, PATH: "/usr/bin:/bin", LANG: "C.UTF-8", TZ: "Europe/Berlin", MOZ_HEADLESS: "1" };
  const child = spawn(program, args, { cwd: home, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      said = `${said}${text}`.slice(-maxOutput);
    });
  }
  const remove = async (): Promise<void> => {
    await Promise.race([ended, sleep(stopMillis, undefined, { ref: false })]);
    child.kill("SIGKILL");
    await ended;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const marionette = await openMarionette(await readPort(profile, () => child.exitCode !== null));
    const inside = await readFile(new URL("inside.js", import.meta.url), "utf8");
    const call = <Value>(called: string, ...given: readonly unknown[]): Promise<Value> =>
      callInside(marionette, inside, called, given);
    await call("waitForWindow");
    return {
      call,
      said: () => said,
      async close() {
        await marionette.quit().catch(() => undefined);
        await remove();
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    await remove();
    throw error;
  }
}

async function callInside<Value>(
  marionette: Marionette,
  inside: string,
  name: string,
  args: readonly unknown[],
): Promise<Value> {
  const answer = (await marionette.runScript(inside, [name, args])) as
    | { readonly value: Value }
    | { readonly error: string };
  if ("error" in answer) throw new Error(`${name}: ${answer.error}`);
  return answer.value;
}

/** Thunderbird writes the port it has chosen into its profile. */
async function readPort(profile: string, hasEnded: () => boolean): Promise<number> {
  const until = Date.now() + startMillis;
  while (Date.now() < until && !hasEnded()) {
    const port = await readFile(join(profile, "MarionetteActivePort"), "utf8").catch(() => "");
    if (port !== "") return Number(port);
    await sleep(100);
  }
  throw new Error("Thunderbird does not start");
}

/** One mail account, which is never signed in to, for who its owner is; nothing fetched, nothing told to anybody. */
function preferences(address: string, name: string): string {
  const [user = "", domain = ""] = address.split("@");
  const chosen: Readonly<Record<string, string | number | boolean>> = {
    "marionette.port": 0,
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.account.account1.server": "server1",
    "mail.account.account1.identities": "id1",
    "mail.identity.id1.useremail": address,
    "mail.identity.id1.fullName": name,
    "mail.identity.id1.valid": true,
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": domain,
    "mail.server.server1.userName": user,
    "mail.server.server1.name": address,
    "mail.server.server1.login_at_startup": false,
    "mail.server.server1.check_new_mail": false,
    "calendar.timezone.local": "Europe/Berlin",
    "calendar.timezone.useSystemTimezone": false,
    // Only when it is told to.
    "calendar.autorefresh.enabled": false,
    "calendar.invitations.autorefresh.enabled": false,
    "app.update.enabled": false,
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionEnabled": false,
    "toolkit.telemetry.enabled": false,
    "extensions.update.enabled": false,
    "mail.provider.suppress_dialog_on_startup": true,
    "mail.spotlight.firstRunDone": true,
    "mail.shell.checkDefaultClient": false,
    "mail.rights.version": 1,
    "mailnews.start_page.enabled": false,
    "mailnews.start_page_override.mstone": "ignore",
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
  };
  const lines = Object.entries(chosen).map(
    ([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`,
  );
  return `${lines.join("\n")}\n`;
}
