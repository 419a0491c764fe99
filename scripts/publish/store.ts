/**
 * Where supergraphs are kept: texts by key, each replaced by compare-and-set. A key is a relative path of letters, digits
 * and `-._/`. Every function rejects with UnavailableError when the store does not answer.
 */
export interface Store {
  /** For messages: without anything secret. */
  readonly address: string;
  /** The text that was written last, and a version that no other text of this key has; null when there is none. */
  read(key: string): Promise<StoredText | null>;
  /**
   * Replaces the text if the version is still this one; null stands for a text that is not there yet. Afterwards the key
   * has the old text or the new one, whatever crashes; once it is `written` it survives a loss of power. Rejected, it may
   * have been written all the same.
   */
  write(key: string, text: string, expectedVersion: string | null): Promise<'written' | 'conflict'>;
}

export interface StoredText {
  readonly text: string;
  readonly version: string;
}
