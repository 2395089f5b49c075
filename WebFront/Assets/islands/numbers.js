// Numbers as people type and paste them, in French and in English: the same rules as WebFront/Words/TypedNumbers.cs, and the same tests.

/** The value, null for an empty text, undefined for what isn't a number. `decimals` is how many are allowed. */
export function parseNumber(text, decimals) {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (trimmed.length > 40) return undefined;
  const bare = trimmed.replace(/[\s\u00A0\u202F'’€$£+]/g, '').replace('\u2212', '-');
  if (!/^-?[\d.,]+$/.test(bare)) return undefined;
  const comma = bare.lastIndexOf(',');
  const point = bare.lastIndexOf('.');
  const last = Math.max(comma, point);
  let separator = -1;
  if (last >= 0) {
    const after = bare.length - last - 1;
    const several = bare.split(bare[last]).length > 2;
    if (comma >= 0 && point >= 0 ? !several : !several && !(decimals !== 3 && after === 3)) separator = last;
    else if (several && after !== 3) return undefined;
  }
  const digits = separator < 0 ? bare.replace(/[.,]/g, '') : `${bare.slice(0, separator).replace(/[.,]/g, '')}.${bare.slice(separator + 1)}`;
  if (!/\d/.test(digits)) return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value) || value < 0 || Math.abs(value) > 1e12) return undefined;
  const scaled = value * 10 ** decimals;
  return Math.abs(scaled - Math.round(scaled)) < 1e-6 ? Math.round(scaled) / 10 ** decimals : undefined;
}

/** Rows and columns of what a spreadsheet puts on the clipboard. */
export function parseBlock(text) {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => line.split('\t'));
}
