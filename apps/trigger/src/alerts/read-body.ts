/** How much more than what is taken is read and dropped, so that the sender comes to hear why. */
const patience = 4;

/** The body, up to `most` bytes; undefined for a longer one, which is read on for a while and dropped. */
export async function readBody(body: ReadableStream<Uint8Array> | null, most: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length <= most) pieces.push(piece);
    else pieces.length = 0;
    if (length > patience * most) break;
  }
  return length > most ? undefined : Buffer.concat(pieces);
}
