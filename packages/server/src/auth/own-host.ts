const loopback = /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])$/i;

/**
 * Tells whether a Host header names this machine, or the name the server listens at. Where no password is asked, a name is the only fence: a
 * foreign page whose name is turned to this machine (DNS rebinding) would count as ours.
 */
export function isOwnHost(header: string | undefined, host: string): boolean {
  const name = (header ?? "").replace(/:\d+$/, "");
  return loopback.test(name) || name === host;
}
