import { dav, type XmlElement, xml } from "./xml.ts";

/**
 * Thrown where a request is not done: the status, and where a standard names it, the precondition or postcondition that failed
 * (RFC 4918 §16).
 */
export class DavRefusal extends Error {
  readonly status: number;
  readonly condition: XmlElement | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: { readonly condition?: XmlElement; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.condition = options.condition;
    this.headers = options.headers ?? {};
  }
}

/** Makes what says that there is nothing, for somebody who may not know either. */
export function notFound(): DavRefusal {
  return new DavRefusal(404, "There is nothing here.");
}

/** Makes what says that an answer would be more than is told at once, RFC 3744 §9.4 and RFC 4791 §7.8. */
export function tooMuch(message: string): DavRefusal {
  return new DavRefusal(507, message, { condition: xml(dav("number-of-matches-within-limits")) });
}
