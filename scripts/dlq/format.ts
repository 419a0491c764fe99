import { type DeadLetter, formatPlace, type Place, type Resolution } from '@shop/shared/events/dead-letters';

/** What moves a terminal's cursor, or what stands elsewhere than it is read. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** The text with every character that could deceive a reader, or command a terminal, as `\u001b`. Valid JSON stays so. */
export function visible(text: string): string {
  return text.replaceAll(unsafe, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

const longest = { key: 60, cause: 200 };

function shorten(text: string, length: number): string {
  return visible(text.length > length ? `${text.slice(0, length)}…` : text);
}

const nameOf = (place: Place | null) => (place ? formatPlace(place) : 'unknown');

export const listHeading = `${'ID'.padEnd(22)}  ${'SET ASIDE'.padEnd(24)}  ${'SOURCE'.padEnd(18)}  KEY  CAUSE`;

/** One line of `list`. */
export function formatRow(letter: DeadLetter): string {
  const { place, setAsideAt, source, key, cause, replayOf } = letter;
  const history = replayOf ? ` (replayed before; first found at ${formatPlace(replayOf)})` : '';
  return [
    formatPlace(place).padEnd(22),
    visible(setAsideAt).padEnd(24),
    nameOf(source).padEnd(18),
    shorten(key, longest.key) || '-',
    shorten(cause, longest.cause) + history,
  ].join('  ');
}

/** All there is to know of a letter, for a person. */
export function formatLetter(letter: DeadLetter, resolution: Resolution | null): string {
  const { place, setAsideAt, source, replayOf, key, cause, cutFromBytes, headers, value } = letter;
  const facts: [string, string][] = [
    ['id', formatPlace(place)],
    ['state', resolution ? `${resolution.kind} ${resolution.at}` : 'open'],
    ['set aside', setAsideAt],
    ['found at', nameOf(source)],
    ...(replayOf ? [['first found', formatPlace(replayOf)] satisfies [string, string]] : []),
    ['key', key],
    ['cause', cause],
    ...Object.entries(headers).map(([name, text]): [string, string] => ['header', `${name}: ${text}`]),
    [
      'value',
      cutFromBytes === null
        ? `${value.length} characters`
        : `its beginning: the record has ${cutFromBytes} bytes`,
    ],
  ];
  const lines = facts.map(([name, text]) => `${name.padEnd(11)}  ${visible(text)}`);
  // Indented, so that no line of a value looks like one of ours.
  return [...lines, ...value.split('\n').map((line) => `  ${visible(line)}`)].join('\n');
}

/** What a program gets: a line of JSON. */
export function formatJson(letter: DeadLetter, rest: { resolution: Resolution | null } | null): string {
  const { place, setAsideAt, source, replayOf, key, cause, cutFromBytes, headers, value } = letter;
  const row = { id: formatPlace(place), setAsideAt, source, replayOf, key, cause, cutFromBytes };
  return visible(JSON.stringify(rest ? { ...row, headers, value, ...rest } : row));
}
