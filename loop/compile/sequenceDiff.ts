/** A piece of a text, and whether it stayed, came or went. */
export interface DiffPart {
  readonly op: 'same' | 'add' | 'del';
  readonly text: string;
}

/** What stayed, went and came from one list of pieces to another, by longest common subsequence: quadratic in their lengths. */
export function sequenceDiff(a: readonly string[], b: readonly string[]): DiffPart[] {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      parts.push({ op: 'same', text: x });
      i++;
      j++;
    } else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1))) {
      parts.push({ op: 'del', text: x });
      i++;
    } else if (y !== undefined) {
      parts.push({ op: 'add', text: y });
      j++;
    }
  }
  return parts;
}
