import { existsSync } from "node:fs";
import { join } from "node:path";

/** What tests can use and a machine may lack, and what is then skipped. */
const wanted: readonly { readonly places: readonly string[]; readonly skipped: string }[] = [
  { places: ["../shared/corpus"], skipped: "reading real messages of other products (../shared/corpus)" },
  {
    places: ["../shared/rfc"],
    skipped: "comparing our definitions with the texts of the standards (../shared/rfc)",
  },
  {
    places: ["../shared/requirements"],
    skipped: "comparing our tables with a second transcription (../shared/requirements)",
  },
  {
    places: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    skipped: "the web page in a browser (Chromium)",
  },
  { places: ["/usr/lib/postgresql"], skipped: "the store on PostgreSQL (Debian: postgresql)" },
  { places: ["/usr/sbin/postfix"], skipped: "exchanging mail through Postfix (Debian: postfix; as root)" },
  {
    places: ["/usr/lib/dovecot/imap", "/usr/lib/cyrus/bin/imapd"],
    skipped: "reading mailboxes of a real server (Debian: dovecot-imapd, dovecot-lmtpd; as root)",
  },
  ...[
    ["litmus", "/usr/bin/litmus"],
    ["cadaver", "/usr/bin/cadaver"],
    ["vdirsyncer", "/usr/bin/vdirsyncer"],
    ["khal", "/usr/bin/khal"],
    ["python3-caldav", "/usr/lib/python3/dist-packages/caldav/__init__.py"],
  ].map(([name, place = ""]) => ({ places: [place], skipped: `CalDAV with ${name} (Debian: ${name})` })),
  { places: ["/usr/bin/strace"], skipped: "killing a server at one call of the system (Debian: strace)" },
  { places: ["packages/web/dist/index.html"], skipped: "the web page in a browser (npm run build makes it)" },
  { places: ["/usr/bin/zdump"], skipped: "comparing time zones with zdump (Debian: libc-bin)" },
  { places: ["/usr/bin/openssl"], skipped: "S/MIME signatures that OpenSSL makes (Debian: openssl)" },
  { places: ["/usr/bin/python3"], skipped: "reading our mails with Python (Debian: python3)" },
];

/** Says once, before the tests, which of them will be skipped on this machine. */
export function setup(): void {
  for (const { places, skipped } of wanted) {
    if (!places.some((place) => existsSync(join(place.startsWith("/") ? "/" : process.cwd(), place)))) {
      process.stdout.write(`SKIPPED on this machine: ${skipped}\n`);
    }
  }
}
