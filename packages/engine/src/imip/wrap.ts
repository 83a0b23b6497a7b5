/** Counts the columns of a text as a terminal or a mail program with fixed letters shows it: wide characters take two, marks none. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** Fills a text up with blanks to a number of columns. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/**
 * Breaks a line where it is wider than `columns`: at blanks, and between wide characters, but not before a mark that ends something
 * nor after one that begins it. A word that is wider by itself, such as an address of the web, stays whole. What `quote` marks is
 * marked in each line. All lines but the first begin with `hang`.
 */
export function wrap(line: string, columns: number, hang = ""): readonly string[] {
  if (displayWidth(line) <= columns) return [line];
  const lines: string[] = [];
  let current = "";
  let width = 0;
  for (const [piece, blanks = "", word = ""] of line.replace(/ +$/, "").matchAll(pieces)) {
    const added = displayWidth(piece);
    if (current !== "" && width + added > columns) {
      lines.push(current);
      current = word;
      width = hang.length + added - blanks.length;
      continue;
    }
    current += piece;
    width += added;
  }
  return closeEach([...lines, current]).map((each, index) => (index === 0 ? each : hang + each));
}

/** An isolate ends with its line: it is closed there and begun again in the next one. */
function closeEach(lines: readonly string[]): readonly string[] {
  let open = 0;
  return lines.map((line) => {
    const begun = "\u2068".repeat(open);
    open += countOf(line, "\u2068") - countOf(line, "\u2069");
    return `${begun}${line}${"\u2069".repeat(Math.max(0, open))}`;
  });
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}

const zeroWidth = /[\p{M}\p{Cf}]/u;
const wideCharacters =
  "\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6" +
  "\\u{1f300}-\\u{1faff}\\u{20000}-\\u{3fffd}";
const wide = new RegExp(`[${wideCharacters}]`, "u");
const opening = "「『（〈《【〔［｛";
const closing = "」』）〉》】〕］｝、。，．・：；？！ー～〜々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";
const narrow = `[${opening}]{0,8}[^ ${wideCharacters}]+[${closing}]{0,8}`;
const single = `[${opening}\\p{Cf}]{0,8}[${wideCharacters}][${closing}\\p{M}\\p{Cf}]{0,8}`;
/** Blanks, and what is not broken after them: a wide character with its marks, or other characters up to a blank or a wide one. */
const pieces = new RegExp(`( *)(${narrow}|${single})`, "gu");
