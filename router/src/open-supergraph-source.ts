import { createFileSupergraph } from './file-supergraph.ts';
import { createHttpSupergraph } from './http-supergraph.ts';
import type { SupergraphSource } from './supergraph-source.ts';

/** The supergraph at a path or an http(s) URL, looked at every `pollMs`. The token is sent to a URL only, as a bearer's. */
export function openSupergraphSource(options: {
  from: string;
  pollMs: number;
  token?: string | undefined;
}): SupergraphSource {
  const { from, pollMs, token } = options;
  const isUrl = /^https?:\/\//i.test(from);
  return isUrl
    ? createHttpSupergraph({ url: from, pollMs, token })
    : createFileSupergraph({ path: from, pollMs });
}
