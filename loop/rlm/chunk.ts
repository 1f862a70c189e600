/** Where a text is cut: characters `start` up to `end`. */
export interface Cut {
  readonly start: number;
  readonly end: number;
}

// A chunk may give up this share of its length to end where a line, a sentence or a word does.
const GIVE = 0.25;
const BORDERS = [/\n(?=[^\n]*$)/, /[.!?]\s(?=[^.!?]*$)/, /\s(?=\S*$)/];

/**
 * Cuts a text of `length` characters into chunks of at most `size`, each starting `overlap` characters before the end of the
 * one before. Every character is in a chunk. Chunks end at the end of a line, else of a sentence, else of a word, where
 * there is one near, and never between the halves of a surrogate pair.
 */
export function cutText(text: string, size: number, overlap: number): Cut[] {
  const cuts: Cut[] = [];
  let end = 0;
  for (let start = 0; end < text.length; ) {
    end = endOf(text, start, size);
    cuts.push({ start, end });
    // Always forward: the overlap is at most half of the chunk, and gives way where the next chunk would then hold nothing new.
    const next = wholePair(text, end - Math.min(overlap, (end - start) >> 1));
    start = next > start && endOf(text, next, size) > end ? next : end;
  }
  return cuts;
}

function endOf(text: string, start: number, size: number): number {
  const most = start + size;
  if (most >= text.length) return text.length;
  const from = most - Math.floor((most - start) * GIVE);
  const tail = text.slice(from, most);
  for (const border of BORDERS) {
    const found = border.exec(tail);
    if (found) return from + found.index + found[0].length;
  }
  const end = wholePair(text, most);
  return end > start ? end : most + 1;
}

/** One unit earlier where the cut would part a surrogate pair. */
function wholePair(text: string, at: number): number {
  const isLow = /[\uDC00-\uDFFF]/.test(text.charAt(at));
  return isLow && /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
