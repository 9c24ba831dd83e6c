/** DEC mode 2026, synchronized output: what stands between is shown at once. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/** Bytes of output, and whether a frame ends with them. */
export type Piece = { readonly bytes: Buffer; readonly endsFrame: boolean };

/**
 * Cuts output, as it arrives in chunks, where frames end: at the end of synchronized output, and with a chunk outside of it.
 * No byte is lost or changed.
 */
export function createFrameCutter(): (chunk: Buffer) => readonly Piece[] {
  let isOpen = false;
  /** The end of what came before, in which a sequence may have begun. */
  let before = '';
  return (chunk) => {
    const text = before + chunk.toString('latin1');
    const offset = before.length;
    const pieces: Piece[] = [];
    let from = 0;
    for (let at = 0; ;) {
      const next = text.indexOf(isOpen ? END : BEGIN, at);
      if (next === -1) break;
      at = next + BEGIN.length;
      if (isOpen) {
        pieces.push({ bytes: chunk.subarray(from, at - offset), endsFrame: true });
        from = at - offset;
      }
      isOpen = !isOpen;
    }
    if (from < chunk.length) pieces.push({ bytes: chunk.subarray(from), endsFrame: !isOpen });
    // Shorter than a sequence, so that none is found twice.
    before = text.slice(Math.max(0, text.length - BEGIN.length + 1));
    return pieces;
  };
}
