/** The value of a REQUEST-STATUS, RFC 5545 §3.8.8.3 and RFC 5546 §3.6. The code is a tuple: 2.10 is not 2.1. */
export interface RequestStatus {
  readonly code: readonly [number, number] | readonly [number, number, number];
  readonly description: string;
  /** The data that gave offence, such as the content line. */
  readonly exception?: string;
}
