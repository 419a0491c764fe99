/** So many texts are remembered, and none longer: some megabytes at most. More than clients have that write no texts of their own. */
const maxTexts = 1_000;
const maxLength = 4_096;

/** Texts that were found good before, so that what clients send again and again is not looked through each time. */
export function createSeenTexts() {
  const texts = new Set<string>();
  return {
    has: (text: string) => texts.has(text),
    /** In the place of the oldest when there is no room. */
    add(text: string): void {
      if (text.length > maxLength) return;
      const [oldest] = texts;
      if (oldest !== undefined && texts.size >= maxTexts) texts.delete(oldest);
      texts.add(text);
    },
  };
}
