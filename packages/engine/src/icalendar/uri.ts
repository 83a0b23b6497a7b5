/**
 * Reads a URI or a CAL-ADDRESS, RFC 5545 §3.3.13 and §3.3.3, without the blanks around it. `undefined` for text without a scheme,
 * or with blanks or controls inside. What a CAL-ADDRESS names is read by `parseAddress`, which takes more.
 */
export function parseUri(text: string): string | undefined {
  const trimmed = text.trim();
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\u0000-\u0020\u007f]*$/.test(trimmed) ? trimmed : undefined;
}
