/** The partition of a key: FNV-1a over its UTF-16 code units. Stable for ever, since stored records rely on it. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  // The low bits of FNV-1a mix poorly for short keys: fold the high ones in.
  return ((hash ^ (hash >>> 15)) >>> 0) % partitions;
}
