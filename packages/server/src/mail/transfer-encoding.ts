/**
 * Undoes a Content-Transfer-Encoding, RFC 2045 §6. What is not base64 or quoted-printable is returned as it is;
 * `undefined` for an encoding nobody knows. Broken encodings are read as far as they make sense; never throws.
 */
export function decodeTransfer(body: Uint8Array, encoding: string): Uint8Array | undefined {
  switch (encoding.replace(/\(.*/s, "").trim().toLowerCase()) {
    case "base64":
      return decodeBase64(body);
    case "quoted-printable":
      return decodeQuotedPrintable(body);
    case "":
    case "7bit":
    case "8bit":
    case "binary":
      return body;
    default:
      return undefined;
  }
}

const [lineFeed, carriageReturn, equals] = [0x0a, 0x0d, 0x3d];
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sextets = new Int8Array(256).fill(-1);
for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i;

/**
 * Ignores whatever is not of the alphabet; padding ends one run of base64 and begins the next. Not Node's own decoder, which
 * stops at the first padding: programs that encode piece by piece leave some in the middle.
 */
function decodeBase64(body: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(Math.ceil((body.length * 3) / 4));
  let written = 0;
  let bits = 0;
  let count = 0;
  for (const byte of body) {
    if (byte === equals) count = 0;
    const sextet = sextets[byte] ?? -1;
    if (sextet < 0) continue;
    bits = ((bits << 6) | sextet) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded[written++] = bits >> count;
  }
  return decoded.subarray(0, written);
}

function decodeQuotedPrintable(body: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(body.length);
  let written = 0;
  for (let i = 0; i < body.length; ) {
    const byte = body[i] ?? 0;
    if (isBlank(byte)) {
      const end = endOfBlanks(body, i);
      // Space at the end of a line was added on the way.
      if (!isLineEnd(body, end)) {
        decoded.set(body.subarray(i, end), written);
        written += end - i;
      }
      i = end;
      continue;
    }
    if (byte !== equals) {
      decoded[written++] = byte;
      i++;
      continue;
    }
    const [high, low] = [hexDigit(body[i + 1]), hexDigit(body[i + 2])];
    if (high !== undefined && low !== undefined) {
      decoded[written++] = high * 16 + low;
      i += 3;
      continue;
    }
    const end = endOfBlanks(body, i + 1);
    if (isLineEnd(body, end)) {
      i = end + (body[end] === carriageReturn ? 2 : 1);
      continue;
    }
    decoded[written++] = byte;
    i++;
  }
  return decoded.subarray(0, written);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function endOfBlanks(body: Uint8Array, start: number): number {
  let end = start;
  while (isBlank(body[end])) end++;
  return end;
}

function isLineEnd(body: Uint8Array, at: number): boolean {
  return at >= body.length || body[at] === lineFeed || (body[at] === carriageReturn && body[at + 1] === lineFeed);
}

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
