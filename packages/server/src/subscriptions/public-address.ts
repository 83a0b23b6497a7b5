import { BlockList, isIP } from "node:net";

/** IPv4 addresses that are nobody's on the internet, by IANA's registry of special-purpose addresses, and multicast. */
const special: readonly (readonly [net: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Of IPv6 only what is given out as global unicast counts, without what in it means something else: an IPv4 address among others. */
const global6 = ["2000::", 3] as const;
const special6: readonly (readonly [net: string, prefix: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const refused = new BlockList();
for (const [net, prefix] of special) refused.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of special6) refused.addSubnet(net, prefix, "ipv6");
const allowed = new BlockList();
allowed.addSubnet(...global6, "ipv6");

/** Tells whether an IP address is one of the internet, and not of this machine, its network, or of nobody. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, "ipv4");
    case 6:
      // With a zone it is of one link.
      return !address.includes("%") && allowed.check(address, "ipv6") && !refused.check(address, "ipv6");
    default:
      return false;
  }
}
