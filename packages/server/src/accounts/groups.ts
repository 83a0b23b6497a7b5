import { parseAddress } from "@parley/engine";
import { maxGroupDepth } from "../store/members.ts";
import type { MemberProblem, Principal, ReadTransaction, Store } from "../store/store.ts";

/** Makes people and other groups members of a group; throws with a sentence for the operator where one cannot be. */
export function addMembers(store: Store, group: string, members: readonly string[]): Promise<void> {
  return store.write(async (transaction) => {
    const to = await requireGroup(transaction, group);
    for (const text of members) {
      const member = await requireMember(transaction, text);
      const problem = await transaction.principals.addMember(to.id, member.id);
      if (problem) throw new Error(sentences[problem](to, member));
    }
  });
}

/** Takes members out of a group; throws with a sentence for the operator where one is none. */
export function removeMembers(store: Store, group: string, members: readonly string[]): Promise<void> {
  return store.write(async (transaction) => {
    const from = await requireGroup(transaction, group);
    for (const text of members) {
      const member = await requireMember(transaction, text);
      if (await transaction.principals.removeMember(from.id, member.id)) continue;
      throw new Error(`${member.address} is no member of ${from.address}`);
    }
  });
}

/** Finds a group by any address of its; throws with a sentence for the operator where it is none. */
export async function requireGroup(transaction: ReadTransaction, text: string): Promise<Principal> {
  const address = parseAddress(text);
  const group = address && (await transaction.principals.byAddress(address));
  if (group?.kind !== "group") throw new Error(`${text} is no group here`);
  return group;
}

async function requireMember(transaction: ReadTransaction, text: string): Promise<Principal> {
  const address = parseAddress(text);
  const member = address && (await transaction.principals.byAddress(address));
  if (!member) throw new Error(`${text} is nobody here`);
  // An invitation to a group is for people: nobody wants all its rooms at once.
  if (member.kind === "person" || member.kind === "group") return member;
  throw new Error(`${member.address} is a ${member.kind}: members are people and groups`);
}

const sentences: Readonly<Record<MemberProblem, (group: Principal, member: Principal) => string>> = {
  cycle: ({ address }, member) => `${address} would be a member of itself by way of ${member.address}`,
  depth: ({ address }, member) => `${member.address} in ${address} makes more than ${maxGroupDepth} groups in groups`,
};
